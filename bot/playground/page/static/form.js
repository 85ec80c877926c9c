// A form that the bot puts before a member.

import { el, markup, openDialog } from "./dom.js";
import { isTooLarge, readFile } from "./files.js";
import { entities } from "./parts.js";
import { word } from "./words.js";

/** Open the form; `attempt` sends it in. It stays open until the stand-in has taken it. */
export function openForm({ form, title, parts }, attempt) {
  const problem = el("p", { class: "problem", role: "alert" });
  const tell = (text) => { problem.textContent = text; };
  const sending = el("button", { type: "submit", class: "button primary", text: word("submit") });
  const leaving = el("button", { type: "button", class: "button secondary", text: word("cancel"), on: { click: () => box.close() } });
  const send = async (event) => {
    event.preventDefault();
    if (sending.disabled || !check(box)) return;
    sending.disabled = true;
    if (await attempt("submit", { form, values: await valuesOf(box) }, tell)) box.close();
    sending.disabled = false;
  };
  const inside = el("form", { novalidate: true, on: { submit: send } }, ...parts.map(line), problem, el("div", { class: "form-buttons" }, leaving, sending));
  const box = openDialog(title, inside);
  box.querySelector("input, textarea, select")?.focus();
}

function line(part) {
  if (part.kind === "text") return markup(part.html);
  if (part.kind === "row") return el("div", {}, ...part.children.map((each) => labelled(each.label, "", each)));
  return labelled(part.label, part.description, part.field);
}

function labelled(label, description, field) {
  if (!field) return null;
  const control = fieldOf(field);
  const id = `about-${field.custom_id}`;
  const about = [
    el("span", { class: "form-label" }, label, field.required && field.kind !== "checkbox" ? el("span", { class: "needed", "aria-hidden": "true", text: " *" }) : null),
    description && el("small", { id, text: description }),
  ].filter(Boolean);
  if (description) control.setAttribute("aria-describedby", id);
  if (field.kind === "checkbox") return el("label", { class: "form-choice" }, control, el("span", {}, ...about));
  if (control.tagName !== "FIELDSET") return el("label", { class: "form-line" }, ...about, control);
  control.prepend(el("legend", {}, ...about));
  return control;
}

function fieldOf(field) {
  const name = field.custom_id;
  switch (field.kind) {
    case "input":
      return written(field);
    case "radio":
    case "checkboxes":
      return el("fieldset", { class: "form-line", data: { kind: field.kind, name, ...amount(field) } }, ...field.options.map((each) => choice(field, each)));
    case "checkbox":
      return el("input", { type: "checkbox", name, checked: field.checked, data: { kind: "flag" } });
    case "upload":
      return el("input", { type: "file", name, multiple: field.max > 1, required: field.required, data: { kind: "upload", ...amount(field) } });
    default:
      return list(field);
  }
}

/** How many values there must be; none at all will do where the field is optional. */
const amount = ({ required, min, max }) => ({ min: required ? Math.max(min, 1) : 0, max });

function written({ custom_id: name, required, placeholder, long, shortest, longest, value }) {
  const limits = { minlength: required ? shortest || 1 : shortest || null, maxlength: longest };
  const input = el(long ? "textarea" : "input", { name, required, placeholder, rows: long ? 5 : null, data: { kind: "text" }, ...limits });
  input.value = value;
  return input;
}

function list(field) {
  const options = field.kind === "entities" ? entities(field.of, field.chosen) : field.options ?? [];
  const many = field.max > 1;
  const chosen = options.some((each) => each.chosen);
  const first = many || (field.required && chosen) ? [] : [el("option", { value: "", text: field.placeholder || word("choose") })];
  const lines = options.map((each) => el("option", { value: each.value, selected: each.chosen, text: `${each.emoji} ${each.label}`.trim() }));
  const data = { kind: "list", ...amount(field) };
  return el("select", { name: field.custom_id, multiple: many, required: field.required, data }, ...first, ...lines);
}

function choice(field, option) {
  const type = field.kind === "radio" ? "radio" : "checkbox";
  const input = el("input", { type, name: field.custom_id, value: option.value, checked: option.chosen });
  const about = option.description && el("small", { text: option.description });
  return el("label", { class: "form-choice" }, input, el("span", {}, option.label, about));
}

/** Tell the member of the first field that is wrong. */
function check(box) {
  for (const field of box.querySelectorAll("[data-kind]")) {
    const first = field.matches("fieldset") ? field.querySelector("input") : field;
    first.setCustomValidity("");
    first.setCustomValidity(first.validity.valid ? wrong(field) : "");
    if (!first.reportValidity()) return false;
  }
  return true;
}

function wrong(field) {
  if (field.dataset.min === undefined) return "";
  const { min, max } = field.dataset;
  if (field.files && [...field.files].some(isTooLarge)) return word("too_large", { name: field.name });
  const count = chosenOf(field).length;
  if (count < Number(min)) return word("too_few", { count: min });
  return count > Number(max) ? word("too_many", { count: max }) : "";
}

function chosenOf(field) {
  if (field.matches("fieldset")) return [...field.querySelectorAll("input:checked")].map((each) => each.value);
  return field.files ? [...field.files] : [...field.selectedOptions].map((each) => each.value).filter(Boolean);
}

async function valuesOf(box) {
  const values = {};
  for (const field of box.querySelectorAll("[data-kind]")) {
    const value = await valueOf(field);
    if (value !== null) values[field.dataset.name ?? field.name] = value;
  }
  return values;
}

async function valueOf(field) {
  switch (field.dataset.kind) {
    case "flag":
      return field.checked;
    case "radio":
      return chosenOf(field)[0] ?? null;
    case "upload":
      return Promise.all(chosenOf(field).map(readFile));
    case "text":
      return field.value;
    default:
      return chosenOf(field);
  }
}
