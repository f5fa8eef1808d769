// Search in the shown transcript: the number of matches, next and previous.
//
// Matches are painted with CSS highlights, so that a search does not change the document. Each new line is searched
// once.

import { setAttribute, setText, setVisible } from "./dom.js";
import { search } from "./matches.js";

/**
 * @param elements `{form, field, count, next, previous}`: the elements of the bar
 * @param view shows matches: `{rangeOf, goTo, leaveLine}`
 */
export function searchBar({ form, field, count, next, previous }, view) {
  const highlights = globalThis.CSS?.highlights;
  let find = search("");
  let query = "";
  let transcript = null;
  let generation = 0;
  let searched = 0; // number of lines that were searched
  let found = []; // {line, from, to}; line is an index
  let current = -1;
  let painted = newHighlight("found");

  function newHighlight(name) {
    if (!highlights) return null;
    const highlight = new Highlight();
    highlights.set(name, highlight);
    return highlight;
  }

  /**
   * Searches the new lines, or all lines if the query or the transcript has changed.
   *
   * @param redrawn whether lines were drawn again, so that their matches must be painted again
   */
  function update(now, redrawn = false) {
    if (now !== transcript || now.generation !== generation || field.value !== query) begin(now);
    else if (redrawn) repaint();
    if (query.trim() !== "") {
      for (; searched < now.lines.length; searched++) searchLine(now.lines[searched], searched);
    }
    showCount();
  }

  function begin(now) {
    [transcript, generation, query] = [now, now.generation, field.value];
    [searched, found, current] = [0, [], -1];
    find = search(query);
    painted = newHighlight("found");
    highlights?.delete("found-here");
    view.leaveLine();
  }

  function searchLine(line, index) {
    if (line.kind !== "final") return;
    for (const { from, to } of find(line.text)) {
      found.push({ line: index, from, to });
      paint(painted, found.at(-1));
    }
  }

  /** Returns the range that was painted, or null if the line is not drawn. */
  function paint(highlight, { line, from, to }) {
    const range = view.rangeOf(line, from, to);
    if (range) highlight?.add(range);
    return range;
  }

  function repaint() {
    painted = newHighlight("found");
    for (const match of found) paint(painted, match);
    if (current >= 0) paint(newHighlight("found-here"), found[current]);
  }

  function showCount() {
    const searching = query.trim() !== "";
    setVisible(count, searching);
    if (searching) setText(count, countText());
    setAttribute(next, "disabled", found.length === 0 ? "" : null);
    setAttribute(previous, "disabled", found.length === 0 ? "" : null);
  }

  function countText() {
    if (found.length === 0) return "Not found";
    return current < 0 ? `${found.length} found` : `${current + 1} of ${found.length}`;
  }

  function go(step) {
    if (found.length === 0) return;
    const start = current < 0 ? (step > 0 ? -1 : 0) : current;
    current = (start + step + found.length) % found.length;
    const match = found[current];
    view.goTo(match.line, paint(newHighlight("found-here"), match));
    showCount();
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    go(1);
  });
  field.addEventListener("input", () => transcript && update(transcript));
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.shiftKey) {
      event.preventDefault();
      go(-1);
    } else if (event.key === "Escape" && field.value !== "") {
      event.preventDefault();
      field.value = "";
      if (transcript) update(transcript);
    }
  });
  next.addEventListener("click", () => go(1));
  previous.addEventListener("click", () => go(-1));

  function clear() {
    field.value = "";
    if (transcript) begin(transcript);
    showCount();
  }

  showCount();
  return { update, clear };
}
