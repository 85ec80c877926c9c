// The page's own icons: lines in a square of 24, in the colour of the text around them.

const LINES = {
  menu: "M4 6h16M4 12h16M4 18h16",
  vote: "M6 12H4v8h16v-8h-2M8 16h8M7 12V4h10v8M9.8 8.2l1.7 1.7 3-3.6",
  theme: "M12 3a9 9 0 1 0 0 18 9 9 0 1 0 0-18z|M12 3a9 9 0 0 1 0 18z",
  panel: "M3 12h4l3-8 4 16 3-8h4",
  members: "M16 20v-1a4 4 0 0 0-4-4H7a4 4 0 0 0-4 4v1M9.5 4a3.5 3.5 0 1 0 0 7 3.5 3.5 0 1 0 0-7zM21 20v-1a4 4 0 0 0-3-3.9M15.5 4.2a3.5 3.5 0 0 1 0 6.6",
  send: "M4 11.5 20 4l-6.5 16-2.5-6.5zM11 13.5 20 4",
  close: "M6 6l12 12M18 6 6 18",
  react: "M12 3a9 9 0 1 0 0 18 9 9 0 1 0 0-18zM8 14a5 5 0 0 0 8 0M9 9.5v.01M15 9.5v.01",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  file: "M14 3H6v18h12V7zM14 3v4h4",
  eye: "M2 12s4-7 10-7 10 7 10 7-4 7-10 7S2 12 2 12zM12 9a3 3 0 1 0 0 6 3 3 0 1 0 0-6z",
  bot: "M6 8h12v10H6zM12 8V4M9.7 12.5v1M14.3 12.5v1M3 12v3M21 12v3",
};
const SPACE = "http://www.w3.org/2000/svg";

export function icon(name) {
  const drawing = document.createElementNS(SPACE, "svg");
  drawing.setAttribute("viewBox", "0 0 24 24");
  drawing.setAttribute("class", `icon of-${name}`);
  drawing.setAttribute("aria-hidden", "true");
  for (const each of LINES[name].split("|")) {
    const line = document.createElementNS(SPACE, "path");
    line.setAttribute("d", each);
    drawing.append(line);
  }
  return drawing;
}
