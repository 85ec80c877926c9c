// The one WebSocket: asks go out with a number, everything comes in by its type.

const FIRST_DELAY = 250;
const LONGEST_DELAY = 2000;
const FORBIDDEN = 403;
const listeners = new Map();
const waiting = new Map();
let socket;
let number = 0;
let delay = FIRST_DELAY;

export class Refused extends Error {
  constructor(reason, text) {
    super(text);
    this.reason = reason;
  }
}

/** Hear of everything of this type; `opened`, `closed` and `locked_out` tell of the connection. */
export function on(type, listener) {
  listeners.set(type, [...(listeners.get(type) ?? []), listener]);
}

/** Ask the server; resolves once it is done, or with its choices; rejects with `Refused`. */
export function ask(what, fields = {}) {
  number += 1;
  const n = number;
  const wants = what === "suggest" ? "choices" : "done";
  return new Promise((resolve, reject) => {
    if (socket?.readyState !== WebSocket.OPEN) {
      reject(new Refused("offline", ""));
      return;
    }
    waiting.set(n, { resolve, reject, wants });
    socket.send(JSON.stringify({ ask: what, n, ...fields }));
  });
}

export function connect() {
  let opened = false;
  socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/live`);
  socket.addEventListener("open", () => {
    opened = true;
    delay = FIRST_DELAY;
    tell("opened", {});
  });
  socket.addEventListener("message", (event) => receive(JSON.parse(event.data)));
  socket.addEventListener("close", () => closed(opened));
}

async function closed(wasOpen) {
  for (const { reject } of waiting.values()) reject(new Refused("offline", ""));
  waiting.clear();
  tell("closed", {});
  if (!wasOpen && (await isLockedOut())) {
    tell("locked_out", {});
    return;
  }
  setTimeout(connect, delay);
  delay = Math.min(delay * 2, LONGEST_DELAY);
}

/** Whether a server is there that does not know our key: another one than gave us this page. */
async function isLockedOut() {
  try {
    return (await fetch("/")).status === FORBIDDEN;
  } catch {
    return false;
  }
}

function receive(said) {
  const asked = waiting.get(said.n);
  if (said.type === "failed") {
    waiting.delete(said.n);
    // What fails after it was accepted has nobody waiting any more.
    if (asked) asked.reject(new Refused(said.reason, said.text));
    else tell("failed", said);
    return;
  }
  if (asked?.wants === said.type) {
    waiting.delete(said.n);
    asked.resolve(said);
  }
  tell(said.type, said);
}

function tell(type, said) {
  for (const listener of listeners.get(type) ?? []) listener(said);
}
