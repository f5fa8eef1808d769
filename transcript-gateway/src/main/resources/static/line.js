// One line of a transcript as an element. A line is drawn whole, so its size bounds what a change costs.

import { aside, part } from "./dom.js";
import { clock, delay, gapReason, languageTag, recogniser, seconds } from "./format.js";
import { pieces, unsure } from "./matches.js";

/**
 * Draws a line into its element.
 *
 * @param how `{voice, name, alerts, language}`: the speaker's key and name, what finds alert words in a
 *     text, and the language of the call
 */
export function drawLine(item, line, how) {
  item.className = line.kind;
  const content = line.kind === "gap" ? gap(line) : speech(item, line, how);
  item.replaceChildren(stamp(line), ...content);
}

/** The place of some of a line's text in the document, or null where it is not drawn. */
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

function stamp(line) {
  const time = part("time", "at", clock(line.startMs));
  time.dateTime = `PT${(line.startMs / 1000).toFixed(3)}S`;
  return time;
}

function gap(line) {
  const length = seconds(line.endMs - line.startMs);
  const until = `${clock(line.startMs)} to ${clock(line.endMs)}`;
  return [part("p", "words", `${length} not transcribed (${until}): ${gapReason(line.reason)}.`)];
}

function speech(item, line, { voice, name, alerts, language }) {
  item.dataset.voice = voice;
  const found = line.kind === "final" ? alerts(line.text) : [];
  const doubtful = line.kind === "final" ? unsure(line.text, line.words) : [];
  item.classList.toggle("unconfirmed", line.unconfirmed === true);
  item.classList.toggle("alerted", found.length > 0);
  const words = part("p", "words");
  const tag = languageTag(line.language) ?? languageTag(language);
  if (tag) words.lang = tag;
  words.append(...pieces(line.text, { alert: found, unsure: doubtful }).map(piece));
  return [part("b", "voice", name), words, notes(line, found, doubtful)];
}

function piece({ text, kinds }) {
  if (kinds.length === 0) return text;
  return part(kinds.includes("alert") ? "mark" : "span", kinds.join(" "), text);
}

/** What there is to say of a line beside its words; always in words or signs, never by colour alone. */
function notes(line, found, doubtful) {
  const all = part("p", "notes");
  for (const word of new Set(found.map(({ word }) => word))) all.append(alertNote(word));
  if (line.kind === "interim") all.append(part("span", "note", "being said"));
  if (line.unconfirmed) all.append(part("span", "note", "unconfirmed"));
  if (doubtful.length > 0) {
    all.append(part("span", "note", `${doubtful.length} unsure`));
  }
  if (line.kind === "final" && line.latencyMs > 0) all.append(latency(line));
  return all;
}

export function alertNote(word) {
  const note = part("span", "alert-note", word);
  note.prepend(aside("Alert: "));
  return note;
}

function latency(line) {
  const note = part("span", "latency", delay(line.latencyMs));
  note.append(part("span", "detail", ` after it was said, ${delay(line.recognizerMs)} of it in ${recogniser(line.recognizer) || "the recogniser"}`));
  return note;
}
