// Where everything comes together.

import { setUpComposer } from "./composer.js";
import { byId, clear, el, iconButton } from "./dom.js";
import { openForm } from "./form.js";
import { icon } from "./icons.js";
import { ask, connect, on } from "./live.js";
import { dismiss, point, put, setActions, showHistory, take } from "./log.js";
import { revealSpoiler } from "./message.js";
import { alertMember, announce, fillMoments } from "./moments.js";
import { setUpPanel } from "./panel.js";
import { drawPlaces } from "./places.js";
import { changed, enter, setPlaces, state, watch } from "./state.js";
import { language, languages, setLanguage, translatePage, word } from "./words.js";

let looking = "";
let noticeHidden = false;
let wanted = null;
let searched = null;

/** Ask, and tell the member where that was refused: in an alert, or where `tell` puts it. */
async function attempt(what, fields, tell = alertMember) {
  try {
    return await ask(what, fields);
  } catch (error) {
    tell(explanation(error.reason, error.message));
    return null;
  }
}

function explanation(reason, text) {
  const known = word(reason, { text });
  return known === reason ? word("refused", { text: text || reason }) : known;
}

const actions = {
  use: (kind, it, component, values) => attempt(kind, { message: it.id, custom_id: component.custom_id, values }),
  react: (it, emoji, wanted) => attempt("react", { message: it.id, emoji, on: wanted }),
  clearReactions: (it) => attempt("clear_reactions", { message: it.id }),
  remove: (it) => attempt("delete", { message: it.id }),
  useOn: (it, name) => attempt("use_on", { message: it.id, name }),
  dismiss,
  async copyId(it) {
    await navigator.clipboard.writeText(it.id);
    announce(word("copied"));
  },
};

function look() {
  if (!state.channel || !state.member) return;
  const now = [state.member.id, state.channel.id, language].join();
  if (now === looking) return;
  looking = now;
  attempt("look", { member: state.member.id, channel: state.channel.id, language });
}

function go({ guild = state.guild, channel = state.channel, member = state.member }) {
  enter(guild, channel?.id, member?.id);
  closeDrawers();
  changed();
}

function closeDrawers() {
  document.body.classList.remove("sidebar-open");
  tellDrawers();
}

function tellDrawers() {
  for (const id of ["sidebar", "members"]) byId(`open-${id}`).setAttribute("aria-expanded", String(byId(id).checkVisibility()));
}

function toggle(className, drawer) {
  document.body.classList.toggle(className);
  tellDrawers();
  if (drawer.checkVisibility()) drawer.querySelector("button")?.focus();
}

/** Close the sidebar where it lies over the page and the member turns elsewhere. */
function leaveDrawer(event) {
  if (!document.body.classList.contains("sidebar-open")) return;
  if (event.type === "keydown" ? event.key === "Escape" : !event.target.closest("#servers, #sidebar, #open-sidebar")) {
    closeDrawers();
    if (event.type === "keydown") byId("open-sidebar").focus();
  }
}

function setUpTools() {
  for (const each of document.querySelectorAll("[data-icon]")) each.append(icon(each.dataset.icon));
  byId("open-sidebar").addEventListener("click", () => toggle("sidebar-open", byId("channels")));
  byId("open-members").addEventListener("click", () => toggle("members-toggled", byId("members")));
  byId("theme").addEventListener("click", changeTheme);
  byId("language").addEventListener("click", changeLanguage);
  byId("crowd").addEventListener("click", async () => {
    if (await attempt("crowd", { count: 20 })) announce(word("crowd_started"));
  });
  byId("scroller").addEventListener("click", revealSpoiler);
  byId("scroller").addEventListener("keydown", revealSpoiler);
  byId("scroller").addEventListener("click", followLink);
  document.addEventListener("keydown", leaveDrawer);
  document.addEventListener("pointerdown", leaveDrawer);
  addEventListener("resize", tellDrawers);
  tellDrawers();
}

/** Go to the message that a link leads to, also in another channel. */
function followLink(event) {
  const link = event.target.closest?.("a[data-channel]");
  if (!link || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const guild = state.guilds.find((each) => each.channels.some(({ id }) => id === link.dataset.channel));
  wanted = link.dataset.message ?? null;
  if (link.dataset.channel === state.channel?.id) pointToWanted();
  else if (guild) go({ guild, channel: { id: link.dataset.channel } });
  else alertMember(word("missing_access"));
}

/** Bring the message into sight that a link led to; one that is older than what is here is asked for first. */
function pointToWanted() {
  if (!wanted) return;
  const found = point(wanted);
  if (!found && searched !== wanted) {
    searched = wanted;
    attempt("look", { member: state.member.id, channel: state.channel.id, language, around: wanted });
    return;
  }
  if (!found) alertMember(word("unknown_message"));
  wanted = searched = null;
}

function showChannel({ channel, messages }) {
  if (channel !== state.channel?.id) return;
  showHistory(messages);
  pointToWanted();
}

function changeTheme() {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  localStorage.setItem("theme", root.dataset.theme);
}

function changeLanguage() {
  setLanguage(languages[(languages.indexOf(language) + 1) % languages.length]);
  showNotice();
  changed();
}

function showOffline(reason) {
  byId("offline").dataset.word = reason;
  byId("offline").textContent = word(reason);
  byId("offline").hidden = false;
}

function showNotice() {
  const texts = JSON.parse(document.querySelector("meta[name=notices]").content);
  const text = texts[language] ?? Object.values(texts)[0] ?? "";
  const hide = iconButton("close", word("hide_notice"), hideNotice, { small: true });
  byId("notice").hidden = !text || noticeHidden;
  clear(byId("notice"), el("p", { text }), hide);
}

function hideNotice() {
  noticeHidden = true;
  showNotice();
  byId("entry")?.focus();
}

translatePage();
showNotice();
setActions(actions);
setUpTools();
setUpPanel(attempt);
setUpComposer(attempt);
watch(() => drawPlaces(go));
watch(look);
on("opened", () => { byId("offline").hidden = true; looking = ""; });
on("closed", () => showOffline("offline"));
on("locked_out", () => showOffline("locked_out"));
on("places", setPlaces);
on("history", showChannel);
on("message", ({ message }) => message.channel === state.channel?.id && put(message));
on("gone", ({ ids }) => take(ids));
on("unread", ({ channel }) => { state.unread.add(channel); changed(); });
on("form", (form) => openForm(form, attempt));
on("failed", ({ reason, text }) => alertMember(explanation(reason, text)));
setInterval(fillMoments, 1000);
connect();
