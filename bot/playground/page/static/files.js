// Files that a member picks.

const LARGEST = 10 * 1024 * 1024;
const STEP = 32768;

export const isTooLarge = (file) => file.size > LARGEST;

/** A picked file as the server takes it, its content in base64. */
export async function readFile(picked) {
  const bytes = new Uint8Array(await picked.arrayBuffer());
  let text = "";
  for (let at = 0; at < bytes.length; at += STEP) text += String.fromCharCode(...bytes.subarray(at, at + STEP));
  return { name: picked.name, type: picked.type, content: btoa(text) };
}
