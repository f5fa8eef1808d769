// The list of calls: live ones and ended ones, newest first, with a filter and arrow keys.

import { alertsOf, isLive, matchesFilter, parties, recognizerOf } from "./calls.js";
import { create, hiddenText, setAttribute, setText, setVisible } from "./dom.js";
import { clock, count, recogniser, timeOfDay } from "./format.js";
import { alertNote } from "./line.js";

/**
 * @param elements `{nav, filter, result, live, noLive, ended, endedTitle}`: the elements of the list
 * @param calls the calls
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

  /** Shows all calls in order. Entries keep their elements, so that focus and scroll position do not change. */
  function paint() {
    const [liveCalls, endedCalls] = [calls.inState(true), calls.inState(false)];
    fill(live, liveCalls);
    fill(ended, endedCalls);
    const known = new Set([...liveCalls, ...endedCalls].map((call) => call.id));
    for (const [id, item] of items) {
      if (known.has(id)) continue;
      item.remove();
      items.delete(id);
    }
    setVisible(noLive, liveCalls.length === 0);
    setVisible(endedTitle, endedCalls.length > 0);
    showFilterResult(liveCalls.length + endedCalls.length);
  }

  function fill(list, these) {
    these.forEach((call, index) => {
      const item = items.get(call.id) ?? entry(call.id);
      items.set(call.id, item);
      describe(call, item);
      if (list.children[index] !== item) list.insertBefore(item, list.children[index] ?? null);
    });
  }

  function showFilterResult(all) {
    const filtering = filter.value.trim() !== "";
    setVisible(result, filtering);
    if (!filtering) return;
    const shown = [...items.values()].filter((item) => !item.hidden).length;
    setText(result, `${shown} of ${count(all, "call")}`);
  }

  /** Updates one call. */
  function update(call) {
    const item = items.get(call.id);
    if (item) describe(call, item);
  }

  function describe(call, item) {
    const about = call.about;
    const [who, when, state, said] = item.firstChild.children;
    setAttribute(item, "class", about.state);
    setVisible(item, matchesFilter(call, filter.value));
    describeParties(who, call);
    setText(when, isLive(call) ? clock(calls.durationMs(call)) : `${timeOfDay(about.startedAt)} · ${clock(about.durationMs)}`);
    describeState(state, call);
    const words = isLive(call) ? lastWords(call) : "";
    setText(said, words);
    setVisible(said, words !== "");
    setAttribute(item.firstChild, "aria-current", call.id === selected ? "page" : null);
  }

  /** Updates the durations of live calls. */
  function tick() {
    for (const [id, item] of items) {
      const call = calls.get(id);
      if (call && isLive(call)) setText(item.firstChild.children[1], clock(calls.durationMs(call)));
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
  const item = create("li");
  const link = create("a");
  link.href = `/calls/${encodeURIComponent(callId)}`;
  link.append(create("span", "parties"), create("span", "when"), create("span", "state"), create("span", "last-words"));
  item.append(link);
  return item;
}

/** `…7890 → …4567`, or the call's id if no number is known. */
export function describeParties(element, call) {
  const { from, to } = parties(call);
  const key = `${call.id}|${from}|${to}`;
  if (element.dataset.key === key) return;
  element.dataset.key = key;
  if (!from && !to) return element.replaceChildren(call.id);
  const arrow = create("span", "arrow", " → ");
  setAttribute(arrow, "aria-hidden", "true");
  element.replaceChildren(hiddenText("from "), from ?? "unknown", arrow, hiddenText(" to "), to ?? "unknown");
}

/** Describes the state, the recogniser and the alerts of a call. */
export function describeState(element, call) {
  const { name: recognizer, state: recognizerState } = recognizerOf(call);
  const { complete } = call.about;
  const problem = { unavailable: "recogniser down", reconnecting: "recogniser reconnecting" }[recognizerState];
  const state = isLive(call) ? (problem ?? "live") : complete ? "ended, complete" : "ended, words missing";
  const alerts = alertsOf(call);
  const key = [state, recognizer, ...alerts].join("|");
  if (element.dataset.key === key) return;
  element.dataset.key = key;
  setAttribute(element, "data-state", isLive(call) && problem ? "problem" : !isLive(call) && !complete ? "gaps" : null);
  const by = recognizer ? ` · ${recogniser(recognizer)}` : "";
  element.replaceChildren(`${state}${by}`, ...alerts.slice(0, 3).flatMap((word) => [" ", alertNote(word)]));
}

function lastWords(call) {
  const interim = [...call.tail.interims.values()].at(-1);
  if (interim) return `${interim.text} …`;
  const line = call.tail.lines.findLast(({ kind }) => kind === "final");
  return line?.text ?? "";
}
