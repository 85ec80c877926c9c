// Building elements. Text always goes in as text; only `markup` takes HTML, and only the server's own.

import { icon } from "./icons.js";

const policy = window.trustedTypes?.createPolicy("server-markup", { createHTML: (html) => html });

/** Make an element. `on` maps event names to listeners, `data` and plain names set attributes. */
export function el(tag, { on = {}, data = {}, text, ...attributes } = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  for (const [name, value] of Object.entries(data)) element.dataset[name] = value;
  for (const [name, listener] of Object.entries(on)) element.addEventListener(name, listener);
  if (text !== undefined) element.textContent = text;
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false && child !== ""));
  return element;
}

/** An element around HTML that the server's Markdown renderer wrote. */
export function markup(html, className = "markdown", tag = "div") {
  const element = el(tag, { class: className });
  element.innerHTML = policy ? policy.createHTML(html) : html;
  return element;
}

export const byId = (id) => document.getElementById(id);

export function clear(element, ...children) {
  element.replaceChildren(...children.filter(Boolean));
}

/** One of eight colours that stays with a name. */
export function hue(name) {
  let sum = 7;
  for (const character of name) sum = (sum * 31 + character.codePointAt(0)) % 9973;
  return `hue-${sum % 8}`;
}

export function avatar(person) {
  const initial = [...person.name][0]?.toUpperCase() ?? "?";
  return el("span", { class: `avatar ${hue(person.name)}`, "aria-hidden": "true" }, person.bot ? icon("bot") : initial);
}

/** Open a dialog under a title; it leaves the page when it closes. */
export function openDialog(title, ...children) {
  const heading = el("h2", { id: "dialog-title", text: title });
  const box = el("dialog", { "aria-labelledby": heading.id }, el("div", { class: "dialog-inside" }, heading, ...children));
  const opener = document.activeElement;
  box.addEventListener("close", () => {
    box.remove();
    opener?.focus?.({ preventScroll: true });
  });
  document.body.append(box);
  box.showModal();
  return box;
}

/** A button that shows an icon and is called by its label. */
export function iconButton(name, label, listener, { small = false, ...attributes } = {}) {
  const classes = `icon-button${small ? " small" : ""}${name === "send" ? " send" : ""}`;
  return el("button", { type: "button", class: classes, "aria-label": label, title: label, on: { click: listener }, ...attributes }, icon(name));
}

export const colour = (number) => `#${number.toString(16).padStart(6, "0")}`;

/** Whether one snowflake is older than another. */
export const isBefore = (one, other) => BigInt(one) < BigInt(other);
