// The engine room: what passes between the bot and the stand-in, and ways to disturb it.

import { byId, clear, el, iconButton } from "./dom.js";
import { on } from "./live.js";
import { announce } from "./moments.js";
import { watch } from "./state.js";
import { language, word } from "./words.js";

const TROUBLES = ["drop", "forget", "reconnect", "busy", "broken", "lost", "slow", "calm"];
const HAPPENINGS = ["bursts", "twenty", "thread", "private", "archive", "lock", "reopen", "idle", "hour"];
const SWITCHES = ["statuses", "threads", "files", "late_edits", "tokens", "limits", "white_space", "every_link", "every_image", "community"];
const panel = byId("panel");
const figures = el("div", { class: "figures" });
const calls = el("ol", { class: "lines", tabindex: "0" });
const events = el("ol", { class: "lines", tabindex: "0" });
let begin = 0;
let framed = "";

export function setUpPanel(attempt) {
  const button = byId("open-panel");
  button.addEventListener("click", () => {
    panel.hidden = !panel.hidden;
    button.setAttribute("aria-expanded", String(!panel.hidden));
    attempt("watch", { on: !panel.hidden });
    if (!panel.hidden) {
      frame(attempt, button);
      panel.querySelector("button").focus();
    }
  });
  panel.addEventListener("keydown", (event) => event.key === "Escape" && button.click());
  on("report", draw);
  on("opened", () => !panel.hidden && attempt("watch", { on: true }));
  watch(() => !panel.hidden && framed !== language && frame(attempt, button));
}

function frame(attempt, opener) {
  framed = language;
  const close = iconButton("close", word("close"), () => { opener.click(); opener.focus(); });
  const troubles = TROUBLES.map((kind) => button(attempt, "trouble", kind, kind === "calm" ? "success" : "secondary"));
  const happenings = HAPPENINGS.map((kind) => button(attempt, "happen", kind, "secondary"));
  calls.setAttribute("aria-label", word("rest_calls"));
  events.setAttribute("aria-label", word("gateway_events"));
  clear(
    panel,
    el("header", { class: "panel-head" }, el("h2", { text: word("panel") }), close),
    figures,
    el("h3", { text: word("trouble") }),
    el("div", { class: "troubles" }, ...troubles),
    part("happen", el("div", { class: "troubles" }, ...happenings)),
    part("strict", el("div", { class: "switches" }, ...SWITCHES.map((name) => toggle(attempt, name)))),
    el("h3", { text: `${word("rest_calls")} · ${word("last_minute")}` }),
    calls,
    el("h3", { text: `${word("gateway_events")} · ${word("last_minute")}` }),
    events,
  );
}

/** A part of the panel that is shut until it is wanted, so that the lists below stay in sight. */
const part = (name, content) => el("details", {}, el("summary", {}, el("h3", { text: word(name) })), content);

function button(attempt, what, kind, look) {
  const click = async () => {
    if (await attempt(what, { kind })) announce(word("made_trouble", { name: word(kind) }));
  };
  return el("button", { type: "button", class: `button ${look}`, text: word(kind), data: { [what]: kind }, on: { click } });
}

function toggle(attempt, name) {
  const change = (event) => attempt("switch", { name, on: event.target.checked });
  const box = el("input", { type: "checkbox", data: { switch: name }, on: { change } });
  return el("label", { class: "switch" }, box, el("span", { text: word(name) }));
}

function draw(report) {
  begin = Math.floor(Date.now() / 1000);
  clear(
    figures,
    el("p", { class: "figure", text: word("limited_now", { count: report.limited_second, limit: report.limit }) }),
    el("meter", { min: "0", max: String(report.limit), high: "40", value: String(Math.min(report.limited_second, report.limit)), "aria-hidden": "true" }),
    el("p", { text: word("minute_counts", { limited: report.limited_minute, unlimited: report.unlimited_minute }) }),
    el("p", { text: word("busiest", { count: report.busiest_second }) }),
    el("p", { text: word("connection", report) }),
    report.missing.length ? el("p", { class: "bad", text: word("not_implemented", { routes: report.missing.join(", ") }) }) : null,
  );
  for (const box of panel.querySelectorAll("[data-switch]")) box.checked = report.switches[box.dataset.switch];
  fill(calls, report.calls.map(callLine));
  fill(events, report.events.map((each) => el("li", {}, el("span", { class: "ago", text: ago(each.at) }), el("span", { text: each.name }))));
}

function fill(list, lines) {
  clear(list, ...(lines.length ? lines.reverse() : [el("li", { text: word("no_calls") })]));
}

function callLine(call) {
  const good = call.status < 400;
  return el(
    "li",
    {},
    el("span", { class: "ago", text: ago(call.at) }),
    el("span", { class: `status ${good ? "good" : "bad"}`, text: String(call.status) }),
    el("span", { class: "method", text: call.method }),
    el("span", { class: "route", title: call.template }, ...route(call.template)),
    call.limited ? el("span", { class: "counted", title: word("counts"), "aria-label": word("counts"), role: "img", text: "●" }) : null,
  );
}

/** The parts of a route, between which a line may break. */
const route = (template) =>
  template.replaceAll(/\{[^}]*\}/g, "…").split(/(?=\/)/).flatMap((part) => [part, el("wbr")]);

const ago = (at) => `${Math.max(0, Math.round(begin - at))} s`;
