// Timestamps: `<t:…:R>` counts, the others stand still. Also the alerts and announcements of the page.

import { byId, el } from "./dom.js";
import { language } from "./words.js";

const STEPS = [["year", 31536000], ["month", 2592000], ["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];
const STYLES = {
  t: { timeStyle: "short" },
  T: { timeStyle: "medium" },
  d: { dateStyle: "short" },
  D: { dateStyle: "long" },
  f: { dateStyle: "long", timeStyle: "short" },
  F: { dateStyle: "full", timeStyle: "short" },
};

/** Write every moment below this element. */
export function fillMoments(root = document) {
  for (const element of root.querySelectorAll("time[data-moment]")) {
    const seconds = Number(element.dataset.moment);
    const text = element.dataset.style === "R" ? relative(seconds) : fixed(seconds, element.dataset.style);
    if (element.textContent !== text) element.textContent = text;
    element.title ||= fixed(seconds, "F");
    element.dateTime ||= moment(seconds)?.toISOString() ?? "";
  }
}

function moment(seconds) {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? null : date;
}

function fixed(seconds, style) {
  const date = moment(seconds);
  return date ? new Intl.DateTimeFormat(language, STYLES[style] ?? STYLES.f).format(date) : String(seconds);
}

function relative(seconds) {
  const away = seconds - Date.now() / 1000;
  const [unit, size] = STEPS.find(([, each]) => Math.abs(away) >= each) ?? STEPS.at(-1);
  return new Intl.RelativeTimeFormat(language, { numeric: "always" }).format(Math.round(away / size), unit);
}

/** Show a message for a few seconds; screen readers hear it at once. */
export function alertMember(text, kind = "bad") {
  const note = el("p", { class: `toast ${kind}`, text });
  byId("alerts").append(note);
  setTimeout(() => note.remove(), 6000);
}

export function announce(text) {
  byId("announcer").textContent = text;
}
