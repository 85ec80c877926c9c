// A slash command that is being filled in.

import { clear, el, iconButton } from "./dom.js";
import { noteAsked } from "./ideas.js";
import { optionField } from "./option.js";
import { word } from "./words.js";

/** Make the form of a command; `leave(text)` goes back to plain text. */
export function commandForm(command, text, attempt, leave) {
  const fields = new Map();
  const line = el("div", { class: "option-line" });
  const more = el("div", { class: "option-more" });
  const problem = el("p", { class: "problem", role: "alert" });
  const sending = iconButton("send", word("send"), send);
  const leaving = iconButton("close", word("cancel"), () => leave(""));
  const element = el(
    "div",
    { class: "command", role: "group", "aria-label": `/${command.path}`, on: { keydown: pressed } },
    el("p", { class: "command-about" }, el("strong", { text: `/${command.path}` }), " ", command.description),
    problem,
    el("div", { class: "command-line" }, el("span", { class: "command-name", text: `/${command.path}` }), line, sending, leaving),
    more,
  );

  function add(option, value = "") {
    const field = optionField(option, {
      suggest: (typed) => suggest(option, typed),
      remove: option.required ? null : () => drop(option),
    });
    fields.set(option.name, field);
    line.append(field.element);
    if (value) field.set(value);
    drawMore();
    return field;
  }

  function drop(option) {
    fields.get(option.name).element.remove();
    fields.delete(option.name);
    drawMore();
    focus();
  }

  function drawMore() {
    const left = command.options.filter((each) => !fields.has(each.name));
    const adder = (option) =>
      el("button", {
        type: "button", class: "chip-button", text: `+ ${option.shown}`, title: option.description,
        "aria-label": word("add_option", { name: option.shown }), on: { click: () => add(option).focus() },
      });
    clear(more, ...left.map(adder));
  }

  /** Ask the bot for choices; why there are none is told in their place. */
  async function suggest(option, typed) {
    let problem;
    const options = { ...given(), [option.name]: typed };
    const plain = Object.fromEntries(Object.entries(options).filter(([, value]) => typeof value !== "object"));
    const answer = await attempt("suggest", { path: command.path, focused: option.name, options: plain }, (text) => { problem = text; });
    return { choices: answer?.choices, problem };
  }

  function given() {
    const values = [...fields].map(([name, field]) => [name, field.value()]);
    return Object.fromEntries(values.filter(([, value]) => value !== null));
  }

  async function settled() {
    const values = Object.entries(given()).map(async ([name, value]) => [name, await value]);
    return Object.fromEntries(await Promise.all(values));
  }

  async function send() {
    if (sending.disabled) return;
    for (const field of fields.values()) {
      const wrong = field.problem();
      problem.textContent = wrong ?? "";
      if (wrong) {
        field.focus();
        return;
      }
    }
    sending.disabled = true;
    const done = await attempt("run", { path: command.path, options: await settled() });
    if (done && command.path === "battle") noteAsked();
    if (done) leave("");
    else sending.disabled = false;
  }

  function pressed(event) {
    if (event.defaultPrevented || event.isComposing) return;
    if (event.key === "Escape") leave("");
    else if (event.key === "Enter" && !event.shiftKey && event.target.matches("input, textarea, select")) send();
    else if (event.key === "Backspace" && event.target.value === "" && fields.size <= 1) leave(`/${command.path}`);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  function focus() {
    ([...fields.values()][0] ?? { focus: () => sending.focus() }).focus();
  }

  const required = command.options.filter((each) => each.required);
  // Where no option is needed, what one would write is offered first.
  const written = text || command.options[0]?.name === "prompt";
  const shown = required.length ? required : written ? command.options.slice(0, 1) : [];
  shown.forEach((each, at) => add(each, at === 0 ? text : ""));
  drawMore();
  return { element, focus, path: command.path };
}
