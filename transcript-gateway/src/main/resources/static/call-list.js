// The list of calls: live ones and ended ones, newest first, with a filter and arrow keys.

import { alertsOf, isLive, matchesFilter, parties, recognizerOf } from "./calls.js";
import { aside, mark, part, show, write } from "./dom.js";
import { clock, count, recogniser, timeOfDay } from "./format.js";
import { alertNote } from "./line.js";

/**
 * @param at `{nav, filter, result, live, noLive, ended, endedTitle}`: the elements of the list
 * @param calls the calls themselves
 */
export function callList({ nav, filter, result, live, noLive, ended, endedTitle }, calls) {
  const items = new Map(); // call id -> its element
  let selected = null;

  filter.addEventListener("input", paint);
  filter.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && filter.value !== "") {
      event.preventDefault();
      filter.value = "";
      paint();
    }
  });
  nav.addEventListener("keydown", (event) => {
    const links = [...nav.querySelectorAll("li:not([hidden]) > a")];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || links.length === 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const at = links.indexOf(document.activeElement);
    links[Math.max(0, Math.min(links.length - 1, at + step))].focus();
  });

  /** Shows all of them, in order; entries keep their element, so focus and scroll stay where they are. */
  function paint() {
    const [living, over] = [calls.inState(true), calls.inState(false)];
    fill(live, living);
    fill(ended, over);
    const known = new Set([...living, ...over].map((call) => call.id));
    for (const [id, item] of items) {
      if (known.has(id)) continue;
      item.remove();
      items.delete(id);
    }
    show(noLive, living.length === 0);
    show(endedTitle, over.length > 0);
    tellFilter(living.length + over.length);
  }

  function fill(list, these) {
    these.forEach((call, place) => {
      const item = items.get(call.id) ?? entry(call.id);
      items.set(call.id, item);
      describe(call, item);
      if (list.children[place] !== item) list.insertBefore(item, list.children[place] ?? null);
    });
  }

  function tellFilter(all) {
    const filtering = filter.value.trim() !== "";
    show(result, filtering);
    if (!filtering) return;
    const shown = [...items.values()].filter((item) => !item.hidden).length;
    write(result, `${shown} of ${count(all, "call")}`);
  }

  /** Shows what is new of one call. */
  function update(call) {
    const item = items.get(call.id);
    if (item) describe(call, item);
  }

  function describe(call, item) {
    const about = call.about;
    const [who, when, state, said] = item.firstChild.children;
    mark(item, "class", about.state);
    show(item, matchesFilter(call, filter.value));
    describeParties(who, call);
    write(when, isLive(call) ? clock(calls.durationMs(call)) : `${timeOfDay(about.startedAt)} · ${clock(about.durationMs)}`);
    describeState(state, call);
    const words = isLive(call) ? lastWords(call) : "";
    write(said, words);
    show(said, words !== "");
    mark(item.firstChild, "aria-current", call.id === selected ? "page" : null);
  }

  /** The time goes on, also where nobody speaks. */
  function tick() {
    for (const [id, item] of items) {
      const call = calls.get(id);
      if (call && isLive(call)) write(item.firstChild.children[1], clock(calls.durationMs(call)));
    }
  }

  function select(callId) {
    const before = selected;
    selected = callId;
    [before, selected].map((id) => calls.get(id)).filter(Boolean).forEach(update);
  }

  return { paint, update, tick, select };
}

function entry(callId) {
  const item = part("li");
  const link = part("a");
  link.href = `/calls/${encodeURIComponent(callId)}`;
  link.append(part("span", "who"), part("span", "when"), part("span", "state"), part("span", "said"));
  item.append(link);
  return item;
}

/** `…7890 → …4567`, or the call's name where nobody's number is known. */
export function describeParties(element, call) {
  const { from, to } = parties(call);
  const key = `${call.id}|${from}|${to}`;
  if (element.dataset.key === key) return;
  element.dataset.key = key;
  if (!from && !to) return element.replaceChildren(call.id);
  const arrow = part("span", "arrow", " → ");
  mark(arrow, "aria-hidden", "true");
  element.replaceChildren(aside("from "), from ?? "unknown", arrow, aside(" to "), to ?? "unknown");
}

/** Recogniser, state and alerts of a call, in words. */
export function describeState(element, call) {
  const { name: recognizer, state: recognizerState } = recognizerOf(call);
  const { complete } = call.about;
  const troubled = { unavailable: "recogniser down", reconnecting: "recogniser reconnecting" }[recognizerState];
  const state = isLive(call) ? (troubled ?? "live") : complete ? "ended, complete" : "ended, words missing";
  const alerts = alertsOf(call);
  const key = [state, recognizer, ...alerts].join("|");
  if (element.dataset.key === key) return;
  element.dataset.key = key;
  mark(element, "data-state", isLive(call) && troubled ? "troubled" : !isLive(call) && !complete ? "gaps" : null);
  const by = recognizer ? ` · ${recogniser(recognizer)}` : "";
  element.replaceChildren(`${state}${by}`, ...alerts.slice(0, 3).flatMap((word) => [" ", alertNote(word)]));
}

function lastWords(call) {
  const guess = [...call.tail.interims.values()].at(-1);
  if (guess) return `${guess.text} …`;
  const line = call.tail.lines.findLast(({ kind }) => kind === "final");
  return line?.text ?? "";
}
