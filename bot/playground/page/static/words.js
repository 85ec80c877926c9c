// The page's own words.

import { byId } from "./dom.js";
import en from "./words-en.js";
import ja from "./words-ja.js";

const tables = { en, ja };
export const languages = Object.keys(tables);
const served = document.documentElement.lang in tables ? document.documentElement.lang : "en";
const chosenBefore = sessionStorage.getItem("language");
export let language = chosenBefore in tables ? chosenBefore : served;

/** A word or sentence, with `{names}` filled in. */
export function word(name, values = {}) {
  const text = tables[language][name] ?? en[name] ?? name;
  return text.replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");
}

export function setLanguage(chosen) {
  language = chosen;
  sessionStorage.setItem("language", chosen);
  translatePage();
}

/** Fill in the words of the elements that stand in index.html. */
export function translatePage() {
  document.documentElement.lang = language;
  document.title = word("title");
  for (const element of document.querySelectorAll("[data-word]")) element.textContent = word(element.dataset.word);
  for (const element of document.querySelectorAll("[data-label]")) {
    element.setAttribute("aria-label", word(element.dataset.label));
    if (element.matches("button")) element.title = word(element.dataset.label);
  }
  const button = byId("language");
  button.textContent = language === "ja" ? "EN" : "日本語";
  button.setAttribute("aria-label", word("other_language"));
}

export const clock = (seconds) =>
  new Date(seconds * 1000).toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit" });
