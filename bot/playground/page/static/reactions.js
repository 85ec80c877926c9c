// The reactions under a message, and who put them there.

import { el, openDialog } from "./dom.js";
import { nameOf, state } from "./state.js";
import { word } from "./words.js";

const NAMES_SHOWN = 12;

export function reactions(it, actions) {
  if (!it.reactions.length) return null;
  return el("div", { class: "reactions" }, ...it.reactions.map((each) => reaction(it, each, actions)));
}

function reaction(it, { emoji, shown, users, bursts }, actions) {
  const mine = users.includes(state.member?.id);
  const count = users.length + bursts.length;
  const people = [names(users), bursts.length ? word("super_reactions", { names: names(bursts) }) : ""];
  const label = word("reaction", { emoji: shown, count, names: people.filter(Boolean).join(" ") });
  return el(
    "button",
    {
      type: "button",
      class: ["reaction", mine && "mine", bursts.length && "super"].filter(Boolean).join(" "),
      "aria-pressed": String(mine),
      "aria-label": label,
      title: label,
      data: { key: `react:${emoji}`, emoji },
      on: { click: () => actions.react(it, emoji, !mine) },
    },
    el("span", { class: "emoji", text: shown }),
    el("span", { class: "count", text: String(count) }),
  );
}

/** List who reacted with what, for those who cannot hover. */
export function showReactions(it) {
  const lines = it.reactions.map(({ shown, users, bursts }) => {
    const people = [users.map(nameOf).join(", "), bursts.length ? word("super_reactions", { names: bursts.map(nameOf).join(", ") }) : ""];
    return el("li", { class: "who" }, el("span", { class: "emoji", text: shown }), el("span", { text: people.filter(Boolean).join(" ") }));
  });
  openDialog(word("who_reacted"), el("ul", { class: "who-reacted" }, ...lines));
}

function names(users) {
  const known = users.slice(0, NAMES_SHOWN).map(nameOf);
  if (users.length > NAMES_SHOWN) known.push(word("and_more", { count: users.length - NAMES_SHOWN }));
  return known.join(", ");
}
