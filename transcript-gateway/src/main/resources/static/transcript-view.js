// Shows a transcript's lines, and scrolls with them while the reader is at the end.
//
// Only new lines are drawn; final lines are not checked again, so line 5,000 costs the same as line 5.

import { count } from "./format.js";
import { create, setAttribute, setText, setVisible } from "./dom.js";
import { drawLine, rangeIn } from "./line.js";

const NEAR_THE_END = 60;

/**
 * @param elements `{list, scroller, pill}`: the list of lines, the scrolled element, and the button that shows the
 *     number of new lines below
 */
export function transcriptView({ list, scroller, pill }) {
  let shown = 0; // number of final lines that were drawn
  let generation = 0;
  let drawn = null; // their transcript
  let items = []; // their elements, by index
  let finals = new Map(); // number of a final -> {item, line}
  let translated = 0; // number of translations that were drawn
  let interims = new Map(); // line key -> {item, line}
  let options = null;
  let following = true;
  let below = 0;

  scroller.addEventListener("scroll", () => {
    following = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_THE_END;
    if (following) onEndSeen();
  });
  new ResizeObserver(() => following && toEnd()).observe(scroller);
  pill.addEventListener("click", () => {
    toEnd();
    scroller.focus({ preventScroll: true });
  });

  function toEnd() {
    scroller.scrollTop = scroller.scrollHeight;
    following = true;
    onEndSeen();
  }

  function onEndSeen() {
    below = 0;
    setVisible(pill, false);
  }

  /**
   * Shows new lines and interims.
   *
   * @param newOptions `{names, alerts, language, translation}`: speaker key -> name, the function that finds alert words
   *     in a text, the language of the call and that of its translation; another object causes all lines to be drawn
   *     again
   */
  function paint(transcript, newOptions) {
    if (transcript !== drawn || transcript.generation !== generation) clear(transcript);
    if (newOptions !== options) redraw(transcript, newOptions);
    list.classList.toggle("speakers", newOptions.names.size > 1);
    const before = shown;
    const newItems = document.createDocumentFragment();
    for (; shown < transcript.lines.length; shown++) newItems.append(finalItem(transcript, transcript.lines[shown]));
    const firstInterim = interims.values().next().value?.item ?? null;
    if (newItems.childNodes.length > 0) list.insertBefore(newItems, firstInterim);
    paintInterims(transcript);
    paintTranslations(transcript);
    if (following) toEnd();
    else if (before < shown) showNewLines(shown - before);
  }

  /** The element of a new final line: the element of its interim, if it had one. */
  function finalItem(transcript, line) {
    const interim = interims.get(line.key);
    interims.delete(line.key);
    const item = interim?.item ?? create("li");
    draw(item, transcript, line);
    items.push(item);
    if (line.kind === "final") finals.set(line.seq, { item, line });
    return item;
  }

  function paintInterims(transcript) {
    const now = [...transcript.interims.values()].sort((a, b) => a.startMs - b.startMs);
    const keys = new Set(now.map((line) => line.key));
    for (const [key, { item }] of interims) {
      if (!keys.has(key)) item.remove();
    }
    const next = new Map();
    let before = items.at(-1) ?? null;
    for (const line of now) {
      const known = interims.get(line.key);
      const item = known?.item ?? create("li");
      if (known?.line !== line) draw(item, transcript, line);
      if (item.previousElementSibling !== before || item.parentElement !== list) {
        list.insertBefore(item, before ? before.nextSibling : list.firstChild);
      }
      next.set(line.key, { item, line });
      before = item;
    }
    interims = next;
  }

  /** Draws the lines whose translation is new. */
  function paintTranslations(transcript) {
    for (; translated < transcript.translated.length; translated++) {
      const final = finals.get(transcript.translated[translated]);
      if (final) draw(final.item, transcript, final.line);
    }
  }

  function draw(item, transcript, line) {
    const speaker = transcript.speakerOf(line);
    const translation = line.kind === "final" ? transcript.translations.get(line.seq) : undefined;
    drawLine(item, line, { ...options, speaker, name: options.names.get(speaker) ?? "", translation });
  }

  function redraw(transcript, newOptions) {
    options = newOptions;
    translated = transcript.translated.length;
    items.forEach((item, index) => draw(item, transcript, transcript.lines[index]));
    for (const { item, line } of interims.values()) draw(item, transcript, line);
  }

  function showNewLines(lines) {
    below += lines;
    setText(pill, `${count(below, "new line")} below ↓`);
    setVisible(pill, true);
  }

  function clear(transcript) {
    list.replaceChildren();
    [shown, items, interims, following] = [0, [], new Map(), true];
    [finals, translated] = [new Map(), 0];
    drawn = transcript;
    generation = transcript?.generation ?? 0;
    onEndSeen();
  }

  /** Scrolls a line into view and marks it as the current one. */
  function goTo(index, range) {
    items.forEach((item, at) => at !== index && setAttribute(item, "aria-current", null));
    const item = items[index];
    if (!item) return;
    setAttribute(item, "aria-current", "true");
    const box = (range ?? item).getBoundingClientRect();
    const frame = scroller.getBoundingClientRect();
    if (box.top < frame.top + 16 || box.bottom > frame.bottom - 72) {
      scroller.scrollTop += box.top - frame.top - frame.height / 3;
      following = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_THE_END;
    }
  }

  function leaveLine() {
    list.querySelectorAll("[aria-current]").forEach((item) => setAttribute(item, "aria-current", null));
  }

  return {
    paint,
    clear: () => clear(null),
    goTo,
    leaveLine,
    rangeOf: (index, from, to) => rangeIn(items[index], from, to),
  };
}
