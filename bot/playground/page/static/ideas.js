// Prompts to begin with, for a newcomer.

import { el } from "./dom.js";
import { state } from "./state.js";
import { word } from "./words.js";

const WORDS = ["idea_1", "idea_2", "idea_3"];
const key = () => `asked-${state.guild?.id}`;

/** Remember that the visitor knows how to ask. */
export const noteAsked = () => sessionStorage.setItem(key(), "yes");

/** The buttons; none where battles cannot be held, or after the first one. */
export function ideas(commands, attempt, redraw) {
  const battle = commands.find((each) => each.path === "battle");
  if (!battle || !state.member || sessionStorage.getItem(key())) return [];
  const run = async (prompt) => {
    if (!(await attempt("run", { path: battle.path, options: { prompt } }))) return;
    noteAsked();
    redraw();
  };
  const chip = (text) => el("button", { type: "button", class: "chip-button idea", text, on: { click: () => run(text) } });
  return [el("span", { class: "small-caps", text: word("ideas") }), ...WORDS.map((each) => chip(word(each)))];
}
