// One option of a command: a field of its type, and what is wrong with its value.

import { el, iconButton } from "./dom.js";
import { isTooLarge, readFile } from "./files.js";
import { listbox } from "./listbox.js";
import { entities } from "./parts.js";
import { word } from "./words.js";

const STRING = 3;
const INTEGER = 4;
const BOOLEAN = 5;
const NUMBER = 10;
const ATTACHMENT = 11;
const ENTITIES = { 6: "users", 7: "channels", 8: "roles", 9: "mentionables" };
const TYPING_PAUSE = 150;

/** Make the field of an option; `suggest(text)` asks the bot, `remove` takes an optional one away. */
export function optionField(option, { suggest, remove }) {
  const field = make(option, suggest);
  field.input.setAttribute("aria-required", String(option.required));
  field.input.title = option.description;
  const state = word(option.required ? "required" : "optional");
  const name = el("span", { class: "option-name" }, option.shown, el("span", { class: "option-state", text: ` ${state}` }));
  const away = remove && iconButton("close", word("remove_option", { name: option.shown }), remove, { small: true });
  const element = el(
    "div",
    { class: "option" },
    el("label", {}, name, field.input, el("small", { class: "option-about", text: option.description })),
    field.list?.element,
    away,
  );
  return {
    element,
    value: field.value,
    set: (text) => { field.input.value = text; fit(field.input); },
    focus: () => field.input.focus(),
    problem: () => problem(option, field),
  };
}

function make(option, suggest) {
  if (option.choices.length) return choices(option, option.choices.map((each) => [each.name, each.value]));
  if (option.type === BOOLEAN) return choices(option, [[word("yes"), true], [word("no"), false]]);
  if (option.type in ENTITIES) return choices(option, entities(ENTITIES[option.type]).map((each) => [each.label, each.value]));
  if (option.type === ATTACHMENT) return attachment();
  return option.autocomplete ? suggested(option, suggest) : written(option);
}

function choices(option, pairs) {
  const lines = pairs.map(([name], at) => el("option", { value: String(at), text: name }));
  const input = el("select", {}, el("option", { value: "", text: word("choose") }), ...lines);
  return { input, value: () => (input.value === "" ? null : pairs[Number(input.value)][1]) };
}

function written(option) {
  const input = option.type === STRING
    ? el("textarea", { rows: "1", on: { input: () => fit(input) } })
    : el("input", { inputmode: option.type === INTEGER ? "numeric" : "decimal", autocomplete: "off" });
  return { input, value: () => read(option, input.value) };
}

/** Grow with the text, up to what the stylesheet allows. */
function fit(input) {
  if (input.tagName !== "TEXTAREA") return;
  input.style.height = "auto";
  input.style.height = `${input.scrollHeight}px`;
}

function read(option, text) {
  if (text.trim() === "") return null;
  return option.type === INTEGER || option.type === NUMBER ? Number(text) : text;
}

/** A file is read only when it is sent: its value is a promise. */
function attachment() {
  const input = el("input", { type: "file" });
  return { input, value: () => (input.files.length ? readFile(input.files[0]) : null) };
}

function suggested(option, suggest) {
  const input = el("input", { role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-expanded": "false" });
  let chosen = null;
  let timer;
  const id = `suggestions-${option.name}`;
  input.setAttribute("aria-controls", id);
  const list = listbox(id, input, (choice) => {
    chosen = choice;
    input.value = choice.name;
  });
  async function ask() {
    const typed = input.value;
    const { choices: found = [], problem } = await suggest(typed);
    if (input.value !== typed || document.activeElement !== input) return;
    list.show(word("suggestions"), found.map((each) => ({ value: each, head: each.name })), problem ?? word("no_suggestions"));
  }
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(ask, TYPING_PAUSE);
  };
  input.addEventListener("input", () => { chosen = null; later(); });
  input.addEventListener("focus", later);
  input.addEventListener("keydown", list.pressed);
  return { input, list, value: () => chosen?.value ?? read(option, input.value) };
}

function problem(option, { input, value }) {
  const name = option.shown;
  if (input.files?.length) return isTooLarge(input.files[0]) ? word("too_large", { name }) : null;
  const given = value();
  if (given === null) return option.required ? word("missing", { name }) : null;
  if (typeof given === "number") return numberProblem(option, given);
  if (typeof given !== "string" || input.tagName === "SELECT") return null;
  if (given.length < (option.shortest ?? 0)) return word("too_short", { name, count: option.shortest });
  if (given.length > (option.longest ?? 6000)) return word("too_long", { name, count: option.longest ?? 6000 });
  return null;
}

function numberProblem(option, given) {
  const name = option.shown;
  if (Number.isNaN(given) || (option.type === INTEGER && !Number.isInteger(given))) return word("not_number", { name });
  const min = option.min ?? -Infinity;
  const max = option.max ?? Infinity;
  return given < min || given > max ? word("out_of_range", { name, min, max }) : null;
}
