// Shows a transcript's lines, and follows them while the reader is at the end.
//
// Only what is new is touched: what stands is never looked at again, so a line that arrives costs the same
// on line 5,000 as on line 5.

import { count } from "./format.js";
import { mark, part, show, write } from "./dom.js";
import { drawLine, rangeIn } from "./line.js";

const NEAR_THE_END = 60;

/**
 * @param at `{list, scroller, pill}`: the elements that hold the lines, that scroll, and that tell of new
 *     lines below what is seen
 */
export function transcriptView({ list, scroller, pill }) {
  let shown = 0; // how many of the lines that stand have been drawn
  let generation = 0;
  let drawn = null; // the transcript they are of
  let items = []; // the elements of those lines, by their place
  let guesses = new Map(); // line key -> {item, line} of what is being said
  let look = null;
  let following = true;
  let below = 0;

  scroller.addEventListener("scroll", () => {
    following = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_THE_END;
    if (following) seen();
  });
  new ResizeObserver(() => following && toEnd()).observe(scroller);
  pill.addEventListener("click", () => {
    toEnd();
    scroller.focus({ preventScroll: true });
  });

  function toEnd() {
    scroller.scrollTop = scroller.scrollHeight;
    following = true;
    seen();
  }

  function seen() {
    below = 0;
    show(pill, false);
  }

  /**
   * Shows what is new.
   *
   * @param how `{names, alerts, language}`: voice key -> name, what finds alert words in a text, and the
   *     language of the call; another object means that every line is drawn again
   */
  function paint(transcript, how) {
    if (transcript !== drawn || transcript.generation !== generation) clear(transcript);
    if (how !== look) drawAgain(transcript, how);
    list.classList.toggle("voices", how.names.size > 1);
    const before = shown;
    const fresh = document.createDocumentFragment();
    for (; shown < transcript.lines.length; shown++) fresh.append(standing(transcript, transcript.lines[shown]));
    const firstGuess = guesses.values().next().value?.item ?? null;
    if (fresh.childNodes.length > 0) list.insertBefore(fresh, firstGuess);
    paintGuesses(transcript);
    if (following) toEnd();
    else if (before < shown) tellOfNew(shown - before);
  }

  /** The element of a line that stands since now: the one its guess had, where it had one. */
  function standing(transcript, line) {
    const guess = guesses.get(line.key);
    guesses.delete(line.key);
    const item = guess?.item ?? part("li");
    draw(item, transcript, line);
    items.push(item);
    return item;
  }

  function paintGuesses(transcript) {
    const now = [...transcript.interims.values()].sort((a, b) => a.startMs - b.startMs);
    const keys = new Set(now.map((line) => line.key));
    for (const [key, { item }] of guesses) {
      if (!keys.has(key)) item.remove();
    }
    const next = new Map();
    let before = items.at(-1) ?? null;
    for (const line of now) {
      const known = guesses.get(line.key);
      const item = known?.item ?? part("li");
      if (known?.line !== line) draw(item, transcript, line);
      if (item.previousElementSibling !== before || item.parentElement !== list) {
        list.insertBefore(item, before ? before.nextSibling : list.firstChild);
      }
      next.set(line.key, { item, line });
      before = item;
    }
    guesses = next;
  }

  function draw(item, transcript, line) {
    const voice = transcript.voiceOf(line);
    drawLine(item, line, { ...look, voice, name: look.names.get(voice) ?? "" });
  }

  function drawAgain(transcript, how) {
    look = how;
    items.forEach((item, place) => draw(item, transcript, transcript.lines[place]));
    for (const { item, line } of guesses.values()) draw(item, transcript, line);
  }

  function tellOfNew(lines) {
    below += lines;
    write(pill, `${count(below, "new line")} below ↓`);
    show(pill, true);
  }

  function clear(transcript) {
    list.replaceChildren();
    [shown, items, guesses, following] = [0, [], new Map(), true];
    drawn = transcript;
    generation = transcript?.generation ?? 0;
    seen();
  }

  /** Brings a line into view, as the one the reader is at. */
  function goTo(place, range) {
    items.forEach((item, index) => index !== place && mark(item, "aria-current", null));
    const item = items[place];
    if (!item) return;
    mark(item, "aria-current", "true");
    const box = (range ?? item).getBoundingClientRect();
    const frame = scroller.getBoundingClientRect();
    if (box.top < frame.top + 16 || box.bottom > frame.bottom - 72) {
      scroller.scrollTop += box.top - frame.top - frame.height / 3;
    }
  }

  function leaveLine() {
    list.querySelectorAll("[aria-current]").forEach((item) => mark(item, "aria-current", null));
  }

  return {
    paint,
    clear: () => clear(null),
    goTo,
    leaveLine,
    rangeOf: (place, from, to) => rangeIn(items[place], from, to),
  };
}
