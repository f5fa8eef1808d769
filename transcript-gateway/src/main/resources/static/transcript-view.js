// Shows the lines of a transcript, and follows them while the reader is at the end.

import { clock, gapReason, seconds } from "./format.js";

const NEAR_THE_END = 60;

/**
 * @param list the element that holds the lines
 * @param scroller the element that scrolls
 * @param pill shown while there are new lines below what is seen
 */
export function transcriptView(list, scroller, pill) {
  const elements = new Map(); // line key -> [line, element]
  let following = true;

  scroller.addEventListener("scroll", () => {
    following = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_THE_END;
    if (following) pill.hidden = true;
  });
  pill.addEventListener("click", toEnd);

  function toEnd() {
    scroller.scrollTop = scroller.scrollHeight;
    following = true;
    pill.hidden = true;
  }

  function show(lines, speakers) {
    const gone = new Set(elements.keys());
    let grown = false;
    lines.forEach((line, place) => {
      gone.delete(line.key);
      const [known, element] = elements.get(line.key) ?? [null, null];
      const item = element ?? document.createElement("li");
      if (known !== line) {
        render(item, line, speakers);
        elements.set(line.key, [line, item]);
        grown ||= known === null;
      }
      if (list.children[place] !== item) list.insertBefore(item, list.children[place] ?? null);
    });
    for (const key of gone) {
      elements.get(key)[1].remove();
      elements.delete(key);
    }
    if (following) {
      scroller.scrollTop = scroller.scrollHeight;
    } else if (grown) {
      pill.hidden = false;
    }
  }

  function clear() {
    elements.clear();
    list.replaceChildren();
    pill.hidden = true;
    following = true;
  }

  return { show, clear, toEnd };
}

function render(item, line, speakers) {
  item.className = line.kind;
  item.classList.toggle("unconfirmed", line.unconfirmed === true);
  item.replaceChildren(time(line), ...(line.kind === "gap" ? gap(line) : speech(line, speakers)));
}

function time(line) {
  const stamp = part("time", "at", clock(line.startMs));
  stamp.dateTime = `PT${(line.startMs / 1000).toFixed(3)}S`;
  return stamp;
}

function gap(line) {
  const length = seconds(line.endMs - line.startMs);
  return [part("p", "words", `${length} not transcribed: ${gapReason(line.reason)}.`)];
}

function speech(line, speakers) {
  const words = part("p", "words", line.text);
  const notes = [];
  if (speakers) words.prepend(part("b", `voice voice-${speaker(line) % 2}`, `${name(line)} `));
  if (line.kind === "interim") notes.push(part("span", "note", "being said"));
  if (line.unconfirmed) notes.push(part("span", "note", "unconfirmed"));
  if (line.kind === "final" && line.latencyMs > 0) notes.push(latency(line));
  return [words, ...notes];
}

function latency(line) {
  const note = part("span", "note latency", seconds(line.latencyMs));
  note.title = `${line.latencyMs} ms after it was said, ${line.recognizerMs} ms of it in the recogniser`;
  return note;
}

const speaker = (line) => (line.channel > 0 ? line.channel : (line.speaker ?? 0));
const name = (line) => `Speaker ${speaker(line) + 1}`;

function part(tag, className, text) {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
}
