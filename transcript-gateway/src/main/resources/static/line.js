// One line of a transcript as an element. A line is always drawn as a whole, so its size bounds the cost of a change.

import { create, hiddenText } from "./dom.js";
import { clock, delay, languageTag, recogniser } from "./format.js";
import { pieces, unsure } from "./matches.js";

/**
 * Draws a line into its element.
 *
 * @param options `{speaker, name, alerts, language, translation}`: the speaker's key and name, the function that finds
 *     alert words in a text, the language of the call, and the translation of the line, if it has one
 */
export function drawLine(item, line, options) {
  item.className = line.kind;
  const content = line.kind === "gap" ? gap(line) : speech(item, line, options);
  item.replaceChildren(timestamp(line), ...content);
}

/** The range of a part of a line's text in the document, or null if it is not drawn. */
export function rangeIn(item, from, to) {
  const words = item?.querySelector(".words");
  if (!words) return null;
  const range = document.createRange();
  let at = 0;
  for (const node of textNodes(words)) {
    const end = at + node.length;
    if (from >= at && from < end) range.setStart(node, from - at);
    if (to > at && to <= end) {
      range.setEnd(node, to - at);
      return range;
    }
    at = end;
  }
  return null;
}

function* textNodes(element) {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) yield walker.currentNode;
}

function timestamp(line) {
  const time = create("time", "at", clock(line.startMs));
  time.dateTime = `PT${(line.startMs / 1000).toFixed(3)}S`;
  return time;
}

function gap(line) {
  const until = `${clock(line.startMs)} to ${clock(line.endMs)}`;
  return [create("p", "words", `${line.text} (${until})`)];
}

function speech(item, line, { speaker, name, alerts, language, translation }) {
  item.dataset.speaker = speaker;
  const found = line.kind === "final" ? alerts(line.text) : [];
  const uncertain = line.kind === "final" ? unsure(line.text, line.words) : [];
  item.classList.toggle("unconfirmed", line.unconfirmed === true);
  item.classList.toggle("alerted", found.length > 0);
  const words = create("p", "words");
  const tag = languageTag(line.language) ?? languageTag(language);
  if (tag) words.lang = tag;
  words.append(...pieces(line.text, { alert: found, unsure: uncertain }).map(piece));
  const below = translation ? [translated(translation)] : [];
  return [create("b", "speaker", name), words, notes(line, found, uncertain), ...below];
}

function translated({ language, text, reason }) {
  if (text === null) return create("p", "translation none", `No translation: ${reason}`);
  const words = create("p", "translation", text);
  words.lang = language;
  return words;
}

function piece({ text, kinds }) {
  if (kinds.length === 0) return text;
  return create(kinds.includes("alert") ? "mark" : "span", kinds.join(" "), text);
}

/** The notes of a line. They use text or symbols, not colour alone. */
function notes(line, found, uncertain) {
  const all = create("p", "notes");
  for (const word of new Set(found.map(({ word }) => word))) all.append(alertNote(word));
  if (line.kind === "interim") all.append(create("span", "note", "in progress"));
  if (line.unconfirmed) all.append(create("span", "note", "unconfirmed"));
  if (uncertain.length > 0) {
    all.append(create("span", "note", `${uncertain.length} unsure`));
  }
  if (line.kind === "final" && line.latencyMs > 0) all.append(latency(line));
  return all;
}

export function alertNote(word) {
  const note = create("span", "alert-note", word);
  note.prepend(hiddenText("Alert: "));
  return note;
}

function latency(line) {
  const note = create("span", "latency", delay(line.latencyMs));
  note.append(create("span", "detail", ` after it was spoken, ${delay(line.recognizerMs)} of it in ${recogniser(line.recognizer) || "the recogniser"}`));
  return note;
}
