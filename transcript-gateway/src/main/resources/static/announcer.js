// Announces final lines and short messages to screen readers, politely. Interims are not announced, because they
// change with each word.

import { create } from "./dom.js";

const MAX_LINES = 3;

/** @param elements `{lines, message}`: visually hidden live regions */
export function announcer({ lines, message }) {
  function announceLine(name, text, lang) {
    const item = create("p", "", name ? `${name}: ${text}` : text);
    if (lang) item.lang = lang;
    lines.append(item);
    while (lines.children.length > MAX_LINES) lines.firstChild.remove();
  }

  function announce(text) {
    message.textContent = text;
  }

  function clear() {
    lines.replaceChildren();
    message.textContent = "";
  }

  return { announceLine, announce, clear };
}
