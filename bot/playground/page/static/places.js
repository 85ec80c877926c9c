// Servers and channels at the left, members at the right, and whom one acts as.

import { avatar, byId, clear, el, hue } from "./dom.js";
import { people, state, visibleChannels } from "./state.js";
import { word } from "./words.js";

const NEWCOMERS = ["Newcomer", "新メンバー"];

/** Draw the places. `go({guild, channel, member})` is called when the member moves. */
export function drawPlaces(go) {
  redraw(byId("servers"), ...state.guilds.map((each) => server(each, go)));
  byId("server-name").textContent = state.guild?.name ?? "";
  redraw(byId("channels"), ...(state.guild ? visibleChannels().map((each) => channel(each, go)) : []));
  drawActingAs(go);
  clear(byId("members"), ...(state.guild ? memberGroups() : []));
  byId("channel-name").textContent = `# ${state.channel?.name ?? ""}`;
}

/** Replace the children; the focus goes to what takes the place of the focused one. */
function redraw(element, ...children) {
  const key = element.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  clear(element, ...children);
  if (key) (element.querySelector(`[data-key="${key}"]`) ?? element.firstElementChild)?.focus();
}

function server(guild, go) {
  const here = guild.id === state.guild?.id;
  const unread = !here && guild.channels.some((each) => state.unread.has(each.id) && !each.hidden_from.includes(state.member?.id));
  return el("button", {
    type: "button",
    class: `server ${hue(guild.name)}${unread ? " unread" : ""}`,
    text: [...guild.name].slice(0, 2).join(""),
    title: guild.name,
    "aria-label": unread ? word("unread", { name: guild.name }) : guild.name,
    "aria-current": here ? "true" : null,
    data: { key: guild.id },
    on: { click: () => go({ guild }) },
  });
}

function channel(it, go) {
  const here = it.id === state.channel?.id;
  const unread = state.unread.has(it.id);
  const classes = ["channel", it.thread && "thread", unread && "unread"].filter(Boolean);
  return el(
    "button",
    {
      type: "button",
      class: classes.join(" "),
      "aria-current": here ? "page" : null,
      "aria-label": unread ? word("unread", { name: it.name }) : null,
      data: { key: it.id },
      on: { click: () => go({ channel: it }) },
    },
    el("span", { class: "channel-mark", "aria-hidden": "true", text: it.thread ? "↳" : "#" }),
    el("span", { class: "channel-name", text: it.name }),
    marks(it),
  );
}

/** What is special about a thread. */
function marks(it) {
  const found = ["private", "archived", "locked"].filter((each) => it[each]).map((each) => word(`is_${each}`));
  return found.length ? el("span", { class: "channel-marks", text: found.join(" · ") }) : null;
}

/** Draw the choice of members, but only when it changed: it may be open just now. */
function drawActingAs(go) {
  const offered = state.guild ? people().map((each) => ({ each, text: [each.name, role(each)].filter(Boolean).join(" · ") })) : [];
  const drawn = JSON.stringify([word("acting_as"), state.member?.id, offered.map(({ each, text }) => [each.id, text])]);
  const box = byId("acting");
  if (box.dataset.drawn === drawn) return;
  box.dataset.drawn = drawn;
  const focused = box.contains(document.activeElement);
  clear(box, state.member && actingAs(offered, go));
  if (focused) byId("member")?.focus();
}

function actingAs(offered, go) {
  const options = offered.map(({ each, text }) => el("option", { value: each.id, selected: each.id === state.member.id, text }));
  const change = (event) => go({ member: people().find((each) => each.id === event.target.value) });
  return el(
    "label",
    { class: "acting-as" },
    avatar(state.member),
    el("span", { class: "acting-words" }, el("span", { class: "small-caps", text: word("acting_as") }), el("select", { id: "member", on: { change } }, ...options)),
  );
}

function role(member) {
  if (member.bot) return word("bot");
  if (member.moderator) return word("moderator");
  return member.roles.some((each) => NEWCOMERS.includes(each)) ? word("newcomer") : "";
}

function memberGroups() {
  const everyone = state.guild.members.filter((each) => !each.owner);
  const groups = [
    [word("moderator"), everyone.filter((each) => each.moderator && !each.bot)],
    [word("online"), everyone.filter((each) => !each.moderator && !each.bot)],
    [word("apps"), everyone.filter((each) => each.bot)],
  ];
  return groups
    .filter(([, members]) => members.length)
    .flatMap(([title, members]) => [
      el("h2", { class: "small-caps", text: `${title} — ${members.length}` }),
      el("ul", {}, ...members.map(memberLine)),
    ]);
}

function memberLine(member) {
  return el(
    "li",
    { class: member.id === state.member?.id ? "member you" : "member" },
    avatar(member),
    el("span", { class: "member-name", text: member.name }),
    member.bot ? el("span", { class: "tag", text: word("app") }) : null,
  );
}
