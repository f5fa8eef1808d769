// Helpers for elements. Each changes an element only if needed, so that a repaint without changes does not modify
// the document.

export const $ = (id) => document.getElementById(id);

/** Creates an element with a class and a text. */
export function create(tag, className, text = "") {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
}

/** Text for screen readers only. */
export const hiddenText = (text) => create("span", "visually-hidden", text);

export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export function setVisible(element, visible) {
  if (element.hidden === visible) element.hidden = !visible;
}

/** Sets an attribute, or removes it if the value is null. */
export function setAttribute(element, name, value) {
  if (element.getAttribute(name) === value) return;
  if (value === null) element.removeAttribute(name);
  else element.setAttribute(name, value);
}
