// Menus that open at a button: the emoji picker, and what one can do with a message.

import { byId, el } from "./dom.js";
import { showReactions } from "./reactions.js";
import { state } from "./state.js";
import { word } from "./words.js";

const EMOJI = "🅰️ 🅱️ 🤝 👎 👍 ❤️ 😂 🎉 🔥 👀 🙏 😮 😢 🤔 💯 ✅ ❌ ⭐ 🚀 🐛 ☕ 🍣 🌸 🏆".split(" ");
let open = null;

export function openPicker(anchor, choose) {
  const buttons = EMOJI.map((emoji) => item(emoji, () => choose(emoji)));
  show(anchor, el("div", { class: "popup picker", role: "menu", "aria-label": word("picker") }, ...buttons));
}

export function messageMenu(anchor, it, actions) {
  const mine = it.author.id === state.member.id;
  const moderator = state.member.moderator;
  const lines = [
    ...state.guild.message_commands.map((name) => item(`${word("apps_menu")}: ${name}`, () => actions.useOn(it, name))),
    it.reactions.length ? item(word("who_reacted"), () => showReactions(it)) : null,
    item(word("copy_id"), () => actions.copyId(it)),
    moderator && it.reactions.length ? item(word("clear_reactions"), () => actions.clearReactions(it)) : null,
    mine || moderator ? item(word("delete"), () => actions.remove(it), "dangerous") : null,
  ].filter(Boolean);
  show(anchor, el("div", { class: "popup menu", role: "menu", "aria-label": word("more") }, ...lines));
}

function item(text, choose, className = "") {
  const listener = () => {
    leave();
    choose();
  };
  return el("button", { type: "button", role: "menuitem", class: className, text, tabindex: "-1", on: { click: listener } });
}

function show(anchor, popup) {
  close();
  document.querySelector("main").append(popup);
  const { id } = anchor.closest(".message");
  open = { anchor: () => byId(id)?.querySelector(`[data-key="${anchor.dataset.key}"]`), popup };
  place(anchor, popup);
  anchor.setAttribute("aria-expanded", "true");
  popup.addEventListener("keydown", move);
  popup.querySelector("button")?.focus();
}

function place(anchor, popup) {
  const at = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = popup;
  const below = at.bottom + 4 + height < innerHeight;
  const top = below ? at.bottom + 4 : at.top - height - 4;
  popup.style.top = `${Math.max(4, Math.min(top, innerHeight - height - 4))}px`;
  popup.style.left = `${Math.max(4, Math.min(at.right - width, innerWidth - width - 4))}px`;
}

function move(event) {
  const items = [...open.popup.querySelectorAll("button")];
  const here = items.indexOf(document.activeElement);
  const columns = open.popup.classList.contains("picker") ? 6 : 1;
  const steps = { ArrowDown: columns, ArrowUp: -columns, ArrowRight: 1, ArrowLeft: -1 };
  if (event.key in steps) {
    event.preventDefault();
    items[(here + steps[event.key] + items.length) % items.length].focus();
  } else if (event.key === "Escape" || event.key === "Tab") {
    event.preventDefault();
    leave();
  }
}

/** Close, and go back to the button that opened the menu; its message may have been drawn anew since. */
function leave() {
  const anchor = open.anchor();
  close();
  anchor?.focus({ preventScroll: true });
}

function close() {
  open?.popup.remove();
  open?.anchor()?.setAttribute("aria-expanded", "false");
  open = null;
}

document.addEventListener("pointerdown", (event) => {
  if (open && !open.popup.contains(event.target) && !open.anchor()?.contains(event.target)) close();
});
