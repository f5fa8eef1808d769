// Search inside the running transcript: how often, where, next and previous.
//
// Places are painted by the browser over the text (CSS highlights), so searching changes nothing in the
// document, and a line that arrives is looked at once.

import { mark, show, write } from "./dom.js";
import { search } from "./matches.js";

/**
 * @param at `{form, field, count, next, previous}`: the elements of the bar
 * @param view what can show a place: `{rangeOf, goTo, leaveLine}`
 */
export function searchBar({ form, field, count, next, previous }, view) {
  const highlights = globalThis.CSS?.highlights;
  let find = search("");
  let asked = "";
  let transcript = null;
  let generation = 0;
  let looked = 0; // how many lines have been looked at
  let found = []; // {place, from, to}
  let current = -1;
  let painted = newHighlight("found");

  function newHighlight(name) {
    if (!highlights) return null;
    const highlight = new Highlight();
    highlights.set(name, highlight);
    return highlight;
  }

  /**
   * Looks at what is new; at everything where the question or the transcript is another.
   *
   * @param drawnAgain whether lines were drawn again, so that places found earlier have to be painted anew
   */
  function look(now, drawnAgain = false) {
    if (now !== transcript || now.generation !== generation || field.value !== asked) begin(now);
    else if (drawnAgain) paintAnew();
    if (asked.trim() !== "") {
      for (; looked < now.lines.length; looked++) lookAt(now.lines[looked], looked);
    }
    tell();
  }

  function begin(now) {
    [transcript, generation, asked] = [now, now.generation, field.value];
    [looked, found, current] = [0, [], -1];
    find = search(asked);
    painted = newHighlight("found");
    highlights?.delete("found-here");
    view.leaveLine();
  }

  function lookAt(line, place) {
    if (line.kind !== "final") return;
    for (const { from, to } of find(line.text)) {
      found.push({ place, from, to });
      paint(painted, found.at(-1));
    }
  }

  /** @return the range that was painted, or null where the place is not drawn */
  function paint(highlight, { place, from, to }) {
    const range = view.rangeOf(place, from, to);
    if (range) highlight?.add(range);
    return range;
  }

  function paintAnew() {
    painted = newHighlight("found");
    for (const somewhere of found) paint(painted, somewhere);
    if (current >= 0) paint(newHighlight("found-here"), found[current]);
  }

  function tell() {
    const searching = asked.trim() !== "";
    show(count, searching);
    if (searching) write(count, words());
    mark(next, "disabled", found.length === 0 ? "" : null);
    mark(previous, "disabled", found.length === 0 ? "" : null);
  }

  function words() {
    if (found.length === 0) return "Not found";
    return current < 0 ? `${found.length} found` : `${current + 1} of ${found.length}`;
  }

  function go(step) {
    if (found.length === 0) return;
    const start = current < 0 ? (step > 0 ? -1 : 0) : current;
    current = (start + step + found.length) % found.length;
    const here = found[current];
    view.goTo(here.place, paint(newHighlight("found-here"), here));
    tell();
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    go(1);
  });
  field.addEventListener("input", () => transcript && look(transcript));
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.shiftKey) {
      event.preventDefault();
      go(-1);
    } else if (event.key === "Escape" && field.value !== "") {
      event.preventDefault();
      field.value = "";
      if (transcript) look(transcript);
    }
  });
  next.addEventListener("click", () => go(1));
  previous.addEventListener("click", () => go(-1));

  function clear() {
    field.value = "";
    if (transcript) begin(transcript);
    tell();
  }

  tell();
  return { look, clear };
}
