// The box below the messages: text, or a slash command with its options.

import { commandForm } from "./command.js";
import { byId, clear, el, iconButton } from "./dom.js";
import { ideas } from "./ideas.js";
import { listbox } from "./listbox.js";
import { state, watch } from "./state.js";
import { word } from "./words.js";

const box = byId("composer");
let attempt;
let entry;
let form = null;
let list;
let offered;
const narrow = matchMedia("(max-width: 760px)");

export function setUpComposer(given) {
  attempt = given;
  showEntry();
  watch(() => {
    if (form && !commands().some((each) => each.path === form.path)) showEntry();
    if (!form) label();
    if (!form) suggest();
    if (!form && list.isOpen() && state.guild?.commands !== offered) typed();
  });
  narrow.addEventListener("change", () => !form && label());
  box.addEventListener("focus", () => (form ?? entry).focus());
}

/** The commands that the member may use here; Discord shows no others. */
function commands() {
  const allowed = BigInt(state.member?.permissions ?? 0);
  return (state.guild?.commands ?? []).filter(({ needs }) => (allowed & BigInt(needs)) === BigInt(needs));
}

function showEntry(text = "") {
  form = null;
  entry = el("textarea", {
    id: "entry", rows: "1", maxlength: "2000", "aria-autocomplete": "list", "aria-haspopup": "listbox",
    "aria-controls": "commands", data: { key: "entry" },
    on: { input: typed, keydown: pressed },
  });
  entry.value = text;
  const send = iconButton("send", word("send"), submit);
  list = listbox("commands", entry, choose);
  clear(box, list.element, el("div", { class: "ideas", role: "group" }), el("div", { class: "entry-line" }, entry, send));
  label();
  suggest();
}

/** Offer prompts to who has not asked anything yet. */
function suggest() {
  const place = box.querySelector(".ideas");
  if (!place) return;
  place.setAttribute("aria-label", word("ideas"));
  clear(place, ...ideas(commands(), attempt, suggest));
}

function label() {
  const words = word("placeholder", { channel: state.channel?.name ?? "" });
  entry.placeholder = narrow.matches ? word("short_placeholder") : words;
  entry.setAttribute("aria-label", words);
  box.querySelector(".send")?.setAttribute("aria-label", word("send"));
}

function typed() {
  const command = commands().find((each) => entry.value.startsWith(`/${each.path} `));
  if (command) {
    begin(command, entry.value.slice(command.path.length + 2));
    return;
  }
  if (entry.value.startsWith("/") && !entry.value.includes("\n")) offer(entry.value.slice(1).toLowerCase());
  else list.hide();
}

function offer(start) {
  offered = state.guild?.commands;
  const found = commands().filter((each) => isNamed(each, start)).sort((one, other) => rank(one, start) - rank(other, start));
  const empty = word(commands().length ? "no_match" : "no_commands");
  list.show(word("commands"), found.map((each) => ({ value: each, head: `/${each.path}`, text: each.description, after: parameters(each) })), empty);
}

const isNamed = (command, text) => command.path.includes(text) || command.shown.toLowerCase().includes(text);

/** What is called so comes first, then what begins so, then what has it elsewhere. */
function rank({ path, shown }, text) {
  const names = [path, shown.toLowerCase()];
  if (names.includes(text)) return 0;
  return names.some((name) => name.startsWith(text)) ? 1 : 2;
}

const parameters = (command) => command.options.map((each) => (each.required ? each.shown : `${each.shown}?`)).join(" ");

function choose(command) {
  begin(command, "");
}

function begin(command, text) {
  list.hide();
  form = commandForm(command, text, attempt, (rest) => {
    showEntry(rest);
    entry.focus();
  });
  clear(box, form.element);
  form.focus();
}

function pressed(event) {
  if (list.pressed(event)) return;
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    submit();
  }
}

async function submit() {
  const text = entry.value.trim();
  const exact = commands().find((each) => `/${each.path}` === text);
  if (exact) begin(exact, "");
  else if (text) {
    const place = entry;
    place.value = "";
    if (!(await attempt("say", { text }))) place.value ||= text;
  }
}
