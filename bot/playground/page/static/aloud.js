// Reading messages out to a screen reader: once they are there, and once what changed has come to rest.

import { byId } from "./dom.js";
import { announce } from "./moments.js";
import { word } from "./words.js";

const QUIET_MILLISECONDS = 1500;
const LONGEST = 300;
const known = new Map();

/** Take note of messages that nobody needs to be told of. */
export function keepQuiet(messages) {
  for (const id of known.keys()) forget(id);
  for (const each of messages) known.set(each.id, { says: says(each) });
}

/** Tell of a message that came, or that says something else than when it was last told. */
export function tellSoon(it) {
  const before = known.get(it.id);
  clearTimeout(before?.timer);
  const timer = setTimeout(tell, before ? QUIET_MILLISECONDS : 0, it, before?.says);
  known.set(it.id, { says: before?.says, timer });
}

export function forget(id) {
  clearTimeout(known.get(id)?.timer);
  known.delete(id);
}

function tell(it, before) {
  known.set(it.id, { says: says(it) });
  if (says(it) === before) return;
  const text = byId(`m-${it.id}`)?.querySelector(".body").innerText.replaceAll(/\s+/g, " ").trim().slice(0, LONGEST);
  if (text) announce(word(before ? "changed_message" : "new_message", { name: it.author.name, text }));
}

const says = (it) => JSON.stringify([it.loading, it.html, it.components, it.embeds]);
