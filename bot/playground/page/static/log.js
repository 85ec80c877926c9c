// The messages of the channel, in order, live.

import { forget, keepQuiet, tellSoon } from "./aloud.js";
import { byId, clear, el, isBefore } from "./dom.js";
import { message, showSpoiler } from "./message.js";
import { state } from "./state.js";
import { word } from "./words.js";

const TOGETHER_SECONDS = 420;
const NEAR_THE_END = 120;
const POINTED_MS = 2000;
const FOCUSABLE = ":is(a[href], button, select, [tabindex='0']):not(:disabled)";
const list = byId("log");
const scroller = byId("scroller");
const messages = new Map();
const dismissed = new Set();
let actions;

export const setActions = (given) => {
  actions = given;
};

export function showHistory(drawn) {
  messages.clear();
  clear(list, beginning());
  for (const each of drawn) {
    if (!dismissed.has(each.id)) insert(each);
  }
  keepQuiet(drawn);
  toNewest();
}

export function put(it) {
  if (dismissed.has(it.id)) return;
  const pinned = isAtEnd() || isOwnNews(it);
  insert(it);
  if (it.author.id !== state.member?.id) tellSoon(it);
  if (pinned) toNewest();
  updateJump();
}

/** Whether it is new, and the member's own or an answer to them: who acts wants to see what comes of it. */
function isOwnNews(it) {
  const mine = it.author.id === state.member?.id || it.asked?.id === state.member?.id || it.ephemeral;
  return mine && !messages.has(it.id);
}

/** Bring a message into sight; tells whether it is here. */
export function point(id) {
  const element = byId(`m-${id}`);
  if (!element) return false;
  element.scrollIntoView({ block: element.clientHeight < scroller.clientHeight ? "center" : "start" });
  element.tabIndex = -1;
  element.focus({ preventScroll: true });
  element.classList.add("pointed");
  setTimeout(() => element.classList.remove("pointed"), POINTED_MS);
  return true;
}

/** Put an ephemeral answer out of this member's sight for good. */
export function dismiss(it) {
  dismissed.add(it.id);
  take([it.id]);
  byId("entry")?.focus();
}

export function take(ids) {
  for (const id of ids) {
    messages.delete(id);
    forget(id);
    const old = byId(`m-${id}`);
    const next = old?.nextElementSibling;
    old?.remove();
    if (next) join(next);
  }
  if (!messages.size) clear(list, beginning());
}

function insert(it) {
  const fresh = message(it, actions);
  const old = byId(`m-${it.id}`);
  if (old) {
    keepState(old, fresh);
  } else {
    if (!messages.size) clear(list);
    const after = [...list.children].find((each) => isBefore(it.id, each.dataset.id));
    list.insertBefore(fresh, after ?? null);
    if (after) join(after);
  }
  messages.set(it.id, it);
  join(fresh);
}

/** Replace a message without losing the focus, an open spoiler, or the place in a code block. */
function keepState(old, fresh) {
  for (const each of old.querySelectorAll("select[multiple]")) {
    const chosen = [...each.selectedOptions].map((option) => option.value);
    const next = fresh.querySelector(`[data-key="${CSS.escape(each.dataset.key)}"]`);
    for (const option of next?.options ?? []) option.selected = chosen.includes(option.value);
    next?.dispatchEvent(new Event("change"));
  }
  const shown = [...old.querySelectorAll("[data-spoiler]")].map((each) => !each.classList.contains("hidden-spoiler"));
  [...fresh.querySelectorAll("[data-spoiler]")].forEach((each, at) => shown[at] && showSpoiler(each));
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  const place = [...old.querySelectorAll(FOCUSABLE)].indexOf(focused);
  old.replaceWith(fresh);
  if (focused) successor(focused, place, fresh).focus({ preventScroll: true });
}

/** What takes the place of an element: the same by its key, or by its words, or what stands where it stood. */
function successor(old, place, fresh) {
  const focusable = [...fresh.querySelectorAll(FOCUSABLE)];
  const same = fresh.querySelector(`[data-key="${CSS.escape(old.dataset.key ?? "")}"]`);
  const alike = same ?? focusable.find((each) => each.matches(".row button") && each.textContent === old.textContent);
  const found = alike?.disabled ? alike.parentElement.querySelector("button:enabled") : alike;
  return found ?? focusable[place] ?? focusable.at(-1) ?? scroller;
}

/** Leave out the head of a message that follows one of the same author. */
function join(element) {
  const before = element.previousElementSibling;
  const near = before?.dataset.id && Number(element.dataset.at) - Number(before.dataset.at) < TOGETHER_SECONDS;
  const alike = (one, other) => one.dataset.author === other.dataset.author && one.classList.contains("ephemeral") === other.classList.contains("ephemeral");
  const same = near && alike(before, element) && !element.querySelector(".asked");
  element.classList.toggle("joined", Boolean(same));
}

function beginning() {
  const channel = state.channel?.name ?? "";
  return el(
    "li",
    { class: "beginning" },
    el("p", { class: "beginning-mark", "aria-hidden": "true", text: "#" }),
    el("p", { class: "beginning-title", text: word("empty", { channel }) }),
    el("p", { text: word("hint") }),
  );
}

const isAtEnd = () => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_THE_END;

export function toNewest() {
  scroller.scrollTop = scroller.scrollHeight;
  updateJump();
}

function updateJump() {
  byId("to-newest").hidden = isAtEnd();
}

scroller.addEventListener("scroll", updateJump, { passive: true });
byId("to-newest").addEventListener("click", toNewest);
// Images and fonts that come late, and a composer that grows, must not push the newest message out of sight.
let wasAtEnd = true;
scroller.addEventListener("scroll", () => { wasAtEnd = isAtEnd(); }, { passive: true });
// Not within the observer: what it moves would be told to it again, which browsers report as an error.
new ResizeObserver(() => requestAnimationFrame(() => { if (wasAtEnd) toNewest(); })).observe(scroller);
