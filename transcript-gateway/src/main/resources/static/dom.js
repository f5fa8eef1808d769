// The few things done to elements everywhere. Each leaves alone what is right already, so that a repaint
// of the same changes nothing in the document.

export const $ = (id) => document.getElementById(id);

/** A new element of a class, with words in it. */
export function part(tag, className, words = "") {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (words) element.textContent = words;
  return element;
}

/** Words for who listens rather than looks. */
export const aside = (words) => part("span", "unseen", words);

export function write(element, words) {
  if (element.textContent !== words) element.textContent = words;
}

export function show(element, visible) {
  if (element.hidden === visible) element.hidden = !visible;
}

/** Sets an attribute, or takes it away where the value is null. */
export function mark(element, name, value) {
  if (element.getAttribute(name) === value) return;
  if (value === null) element.removeAttribute(name);
  else element.setAttribute(name, value);
}
