// Images, files and embeds.

import { colour, el, markup } from "./dom.js";
import { icon } from "./icons.js";
import { language, word } from "./words.js";

const SIZES = ["B", "KB", "MB"];

/** An image or a file of the message; what lies on another machine is a link, since this page loads nothing from there. */
export function mediaItem(item) {
  if (item.link !== undefined) return item.link ? elsewhere(item.link) : null;
  const element = item.image ? image(item) : file(item);
  if (item.spoiler) element.dataset.spoiler = "";
  return element;
}

function elsewhere(link) {
  return el("a", { class: "elsewhere", href: link, target: "_blank", rel: "noopener noreferrer nofollow", text: word("elsewhere", { link }) });
}

function image(item) {
  const alt = item.description || item.name;
  const picture = el("img", { src: item.address, alt, width: item.width, height: item.height, decoding: "async" });
  return el("a", { class: "image", href: item.address, target: "_blank", "aria-label": word("show_image", { name: alt }) }, picture);
}

function file(item) {
  return el(
    "a",
    { class: "file", href: item.address, download: item.name },
    icon("file"),
    el("span", { class: "file-name", text: item.name }),
    el("span", { class: "file-size", text: size(item.size) }),
  );
}

function size(bytes) {
  let step = 0;
  let figure = bytes;
  while (figure >= 1024 && step < SIZES.length - 1) {
    figure /= 1024;
    step += 1;
  }
  return `${figure.toFixed(step ? 1 : 0)} ${SIZES[step]}`;
}

export function embed(it) {
  const title = it.title && markup(it.title, "embed-title markdown");
  const link = /^https?:/.test(it.link) ? it.link : null;
  const fields = it.fields.map((each) =>
    el("div", { class: each.inline ? "field inline" : "field" }, markup(each.name, "field-name markdown"), markup(each.html)),
  );
  const footer = [it.footer, it.timestamp && new Date(it.timestamp).toLocaleString(language)].filter(Boolean).join(" · ");
  const element = el(
    "div",
    { class: "embed accented" },
    it.author && el("div", { class: "embed-author", text: it.author }),
    title && (link ? el("a", { href: link, target: "_blank", rel: "noopener noreferrer nofollow" }, title) : title),
    it.html && markup(it.html),
    fields.length ? el("div", { class: "fields" }, ...fields) : null,
    mediaItem(it.image),
    footer && el("small", { class: "embed-footer", text: footer }),
  );
  const thumbnail = mediaItem(it.thumbnail);
  if (thumbnail) element.append(el("div", { class: "thumbnail" }, thumbnail));
  if (it.colour !== null) element.style.setProperty("--accent-colour", colour(it.colour));
  return element;
}
