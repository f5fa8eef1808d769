// What a screen reader is told, politely: lines that stand as they come, and short news of the page.
// What is still being said is never spoken, since it changes with each word.

import { part } from "./dom.js";

const MOST = 3;

/** @param at `{log, news}`: live regions nobody sees */
export function spoken({ log, news }) {
  function line(name, text, lang) {
    const item = part("p", "", name ? `${name}: ${text}` : text);
    if (lang) item.lang = lang;
    log.append(item);
    while (log.children.length > MOST) log.firstChild.remove();
  }

  function say(text) {
    news.textContent = text;
  }

  function clear() {
    log.replaceChildren();
    news.textContent = "";
  }

  return { line, say, clear };
}
