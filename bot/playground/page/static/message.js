// One message.

import { avatar, el, iconButton, markup } from "./dom.js";
import { icon } from "./icons.js";
import { embed, mediaItem } from "./media.js";
import { messageMenu, openPicker } from "./menu.js";
import { fillMoments } from "./moments.js";
import { part } from "./parts.js";
import { reactions } from "./reactions.js";
import { clock, word } from "./words.js";

/** Draw a message. `actions` says what happens to a wish of the member. */
export function message(it, actions) {
  const act = (kind, component, values) => actions.use(kind, it, component, values);
  const body = el("div", { class: "body" }, ...bodyOf(it, act));
  if (it.edited && !it.loading) body.append(el("small", { class: "edited", text: word("edited") }));
  const element = el(
    "li",
    { class: "message", id: `m-${it.id}`, data: { id: it.id, author: it.author.id, at: it.at } },
    it.asked?.command && el("div", { class: "asked" }, ...asked(it.asked)),
    it.reply && el("div", { class: "asked" }, ...reply(it.reply)),
    el(
      "article",
      { "aria-labelledby": `h-${it.id}` },
      avatar(it.author),
      el("div", { class: "inside" }, header(it), body, reactions(it, actions), it.ephemeral ? onlyYou(it, actions) : null),
      toolbar(it, actions),
    ),
  );
  if (it.ephemeral) element.classList.add("ephemeral");
  hideSpoilers(element);
  fillMoments(element);
  return element;
}

function bodyOf(it, act) {
  if (it.loading) {
    const dots = el("span", { class: "dots", "aria-hidden": "true" }, el("i"), el("i"), el("i"));
    return [el("p", { class: "thinking" }, dots, el("span", { text: word("thinking", { name: it.author.name }) }))];
  }
  if (it.thread) {
    const { id, name } = it.thread;
    const to = el("a", { href: `#${id}`, class: "chip", data: { channel: id }, text: `#${name}` });
    return [el("p", {}, `${word("started_thread")} `, to)];
  }
  return [
    it.html ? markup(it.html) : null,
    ...it.components.map((each) => part(each, act)),
    ...it.attachments.map(mediaItem),
    ...it.embeds.map(embed),
  ].filter(Boolean);
}

function header(it) {
  return el(
    "h2",
    { class: "head", id: `h-${it.id}` },
    el("span", { class: "author", text: it.author.name }),
    " ",
    it.author.bot ? el("span", { class: "tag", text: word("app") }) : null,
    " ",
    el("time", { class: "at", text: clock(it.at), datetime: new Date(it.at * 1000).toISOString() }),
  );
}

function asked({ name, command }) {
  return [el("span", { class: "asked-curve", "aria-hidden": "true" }), el("span", { text: word("used", { name, command }) })];
}

/** A line that leads to the message that this one replies to. */
function reply({ message, channel, name, text }) {
  const curve = el("span", { class: "asked-curve", "aria-hidden": "true" });
  if (!name) return [curve, el("i", { text: word("reply_to_deleted") })];
  const words = [el("b", { text: name }), " ", text || word("show_replied")];
  return [curve, el("a", { class: "replied", href: `#m-${message}`, data: { channel, message } }, ...words)];
}

function onlyYou(it, actions) {
  return el(
    "p",
    { class: "only-you" },
    icon("eye"),
    el("span", { text: `${word("only_you")} · ` }),
    el("button", { type: "button", class: "as-link", text: word("dismiss"), on: { click: () => actions.dismiss(it) } }),
  );
}

function toolbar(it, actions) {
  const button = (name, open) =>
    iconButton(name, word(name), (event) => open(event.currentTarget), { "aria-haspopup": "menu", "aria-expanded": "false", data: { key: `tool:${name}` } });
  if (it.ephemeral || it.loading) return null;
  return el(
    "div",
    { class: "message-tools" },
    button("react", (anchor) => openPicker(anchor, (emoji) => actions.react(it, emoji, true))),
    button("more", (anchor) => messageMenu(anchor, it, actions)),
  );
}

function hideSpoilers(element) {
  for (const spoiler of element.querySelectorAll("[data-spoiler]")) {
    spoiler.classList.add("hidden-spoiler");
    spoiler.tabIndex = 0;
    spoiler.role = "button";
    spoiler.ariaLabel = word("spoiler");
  }
}

/** Show the spoiler that was clicked, or on which Enter was pressed. */
export function revealSpoiler(event) {
  const spoiler = event.target.closest?.(".hidden-spoiler");
  if (!spoiler || (event.type === "keydown" && event.key !== "Enter" && event.key !== " ")) return;
  event.preventDefault();
  showSpoiler(spoiler);
}

export function showSpoiler(spoiler) {
  spoiler.classList.remove("hidden-spoiler");
  for (const name of ["role", "tabindex", "aria-label"]) spoiler.removeAttribute(name);
}
