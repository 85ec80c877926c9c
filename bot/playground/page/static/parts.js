// Components of a message: containers, texts, sections, galleries, files, buttons and selects.

import { colour, el, markup } from "./dom.js";
import { mediaItem } from "./media.js";
import { state } from "./state.js";
import { word } from "./words.js";

const STYLES = { 1: "primary", 2: "secondary", 3: "success", 4: "danger", 5: "link", 6: "link" };

/** Draw a component. `act(kind, component, values)` is called when a member uses it. */
export function part(component, act) {
  return (drawers[component.kind] ?? unknown)(component, act);
}

const drawers = {
  text: ({ html }) => markup(html),
  container,
  section,
  row: (box, act) => el("div", { class: "row" }, ...box.children.map((each) => part(each, act))),
  separator: ({ divider, wide }) =>
    el("hr", { class: `separator${divider ? "" : " blank"}${wide ? " wide" : ""}`, "aria-hidden": divider ? null : "true" }),
  button,
  select: (menu, act) => select(menu, menu.options, act),
  entities: (menu, act) => select(menu, entities(menu.of, menu.chosen), act),
  thumbnail: (item) => el("div", { class: "thumbnail" }, mediaItem(item)),
  gallery: ({ items }) => el("div", { class: `gallery of-${Math.min(items.length, 4)}` }, ...items.map(mediaItem)),
  file: mediaItem,
};

function unknown({ kind }) {
  return el("p", { class: "unknown", text: `[${kind}]` });
}

function container(box, act) {
  const element = el("div", { class: "container" }, ...box.children.map((each) => part(each, act)));
  if (box.colour !== null) {
    element.classList.add("accented");
    element.style.setProperty("--accent-colour", colour(box.colour));
  }
  if (box.spoiler) element.dataset.spoiler = "";
  return element;
}

function section(box, act) {
  const texts = el("div", { class: "section-texts" }, ...box.children.map((each) => part(each, act)));
  return el("div", { class: "section" }, texts, box.accessory && part(box.accessory, act));
}

function button(it, act) {
  const face = [it.emoji && el("span", { class: "button-emoji", text: it.emoji }), it.label && el("span", { text: it.label })];
  if (it.link) {
    const rel = "noopener noreferrer nofollow";
    return el("a", { class: "button link", href: it.link, target: "_blank", rel, title: it.link }, ...face, el("span", { "aria-hidden": "true", text: " ↗" }));
  }
  return el(
    "button",
    {
      type: "button",
      class: `button ${STYLES[it.style] ?? "secondary"}`,
      disabled: it.disabled,
      data: { key: `press:${it.custom_id}` },
      on: { click: () => act("press", it) },
    },
    ...face,
  );
}

const MARKS = { members: "", roles: "@", channels: "#" };
const LISTS = { users: ["members"], roles: ["roles"], channels: ["channels"], mentionables: ["members", "roles"] };

/** The choices of a select of members, roles or channels. */
export function entities(of, chosen = []) {
  const choice = (kind, { id, name }) => ({ label: MARKS[kind] + name, value: id, description: "", emoji: "", chosen: chosen.includes(id) });
  return LISTS[of].flatMap((kind) => state.guild[kind].map((each) => choice(kind, each)));
}

function select(menu, options, act) {
  const many = menu.max > 1;
  const lines = options.map(selectLine);
  if (!many && !options.some((each) => each.chosen)) {
    lines.unshift(el("option", { value: "", selected: true, disabled: true, text: menu.placeholder || word("choose") }));
  }
  const field = el(
    "select",
    {
      class: "select",
      multiple: many,
      size: many ? Math.min(Math.max(options.length, 2), 6) : null,
      disabled: menu.disabled,
      "aria-label": menu.placeholder || word("choose"),
      data: { key: `choose:${menu.custom_id}` },
      on: { change: () => many || send() },
    },
    ...lines,
  );
  const send = () => act("choose", menu, [...field.selectedOptions].map((each) => each.value));
  return many ? el("div", { class: "many" }, field, doneButton(menu, field, send)) : field;
}

function selectLine(each) {
  const about = each.description ? ` — ${each.description}` : "";
  return el("option", { value: each.value, selected: each.chosen, title: each.description, text: `${each.emoji} ${each.label}${about}`.trim() });
}

/** Of several values the bot hears once they are complete. */
function doneButton(menu, field, send) {
  const button = el("button", { type: "button", class: "button secondary", text: word("done"), data: { key: `done:${menu.custom_id}` }, on: { click: send } });
  const weigh = () => {
    const count = field.selectedOptions.length;
    button.disabled = menu.disabled || count < menu.min || count > menu.max;
  };
  field.addEventListener("change", weigh);
  weigh();
  return button;
}
