// A list of choices above a text field, which keeps the focus.

import { clear, el } from "./dom.js";

/** Make a list for a field; `choose(value)` is called with what the member picks. */
export function listbox(id, field, choose) {
  const element = el("div", { class: "listbox", hidden: true });
  const options = el("ul", { id, role: "listbox" });
  let items = [];
  let here = -1;

  function show(title, given, empty) {
    items = given;
    options.setAttribute("aria-label", title);
    clear(options, ...items.map(line));
    clear(element, el("p", { class: "small-caps", text: title }), items.length ? options : el("p", { class: "listbox-empty", text: empty }));
    element.hidden = false;
    tellExpanded(items.length > 0);
    mark(items.length ? 0 : -1);
  }

  /** Say whether there is something to choose; a field of several lines is no combobox, which alone can say it. */
  function tellExpanded(is) {
    if (field.role === "combobox") field.setAttribute("aria-expanded", String(is));
  }

  function line(item, at) {
    const pick = (event) => {
      event.preventDefault();
      take(at);
    };
    return el(
      "li",
      { role: "option", id: `${id}-${at}`, "aria-selected": "false", on: { mousedown: pick, mousemove: () => mark(at) } },
      el("span", { class: "choice-head", text: item.head }),
      item.after && el("span", { class: "choice-after", text: item.after }),
      item.text && el("span", { class: "choice-text", text: item.text }),
    );
  }

  function mark(at) {
    here = at;
    [...options.children].forEach((each, index) => each.setAttribute("aria-selected", String(index === at)));
    if (at < 0) field.removeAttribute("aria-activedescendant");
    else field.setAttribute("aria-activedescendant", `${id}-${at}`);
    options.children[at]?.scrollIntoView({ block: "nearest" });
  }

  function take(at) {
    hide();
    choose(items[at].value);
  }

  function hide() {
    element.hidden = true;
    here = -1;
    tellExpanded(false);
    field.removeAttribute("aria-activedescendant");
  }

  /** Whether the list made use of the key. */
  function pressed(event) {
    if (element.hidden || event.isComposing) return false;
    if (event.key === "Escape") hide();
    else if (!items.length) return false;
    else if (event.key === "ArrowDown") mark((here + 1) % items.length);
    else if (event.key === "ArrowUp") mark((here - 1 + items.length) % items.length);
    else if ((event.key === "Enter" || event.key === "Tab") && here >= 0 && !event.shiftKey) take(here);
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  field.addEventListener("blur", hide);
  const isOpen = () => !element.hidden && items.length > 0;
  return { element, show, hide, pressed, isOpen };
}
