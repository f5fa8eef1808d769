// The list of calls: a pure reducer over `call` events, and its view.

import { clock, timeOfDay } from "./format.js";

/** The calls after one more `call` event; a call whose transcript has expired leaves. */
export function withCall(calls, call) {
  const next = new Map(calls);
  if (call.state === "gone") {
    next.delete(call.callId);
  } else {
    next.set(call.callId, call);
  }
  return next;
}

/** Live calls and ended ones, each newest first. */
export function grouped(calls) {
  const newest = [...calls.values()].sort((a, b) => b.startedAt.localeCompare(a.startedAt));
  return {
    live: newest.filter((call) => call.state === "live"),
    ended: newest.filter((call) => call.state !== "live"),
  };
}

/**
 * Shows the list. Entries keep their element, so that focus and scroll stay where they are.
 *
 * @param nav `{live, ended, none}` the elements that hold the entries, and the word for "none"
 * @param lastWords call id -> what was said last
 */
export function showCalls(nav, calls, selected, lastWords, now = Date.now()) {
  const { live, ended } = grouped(calls);
  fill(nav.live, live, selected, lastWords, now);
  fill(nav.ended, ended, selected, lastWords, now);
  nav.none.hidden = live.length > 0;
  nav.endedTitle.hidden = ended.length === 0;
}

function fill(list, calls, selected, lastWords, now) {
  const known = new Map([...list.children].map((item) => [item.dataset.call, item]));
  calls.forEach((call, place) => {
    const item = known.get(call.callId) ?? entry(call.callId);
    known.delete(call.callId);
    describe(item, call, selected, lastWords.get(call.callId), now);
    if (list.children[place] !== item) list.insertBefore(item, list.children[place] ?? null);
  });
  known.forEach((item) => item.remove());
}

function entry(callId) {
  const item = document.createElement("li");
  item.dataset.call = callId;
  const link = document.createElement("a");
  link.href = `/calls/${encodeURIComponent(callId)}`;
  for (const name of ["who", "when", "said"]) {
    const part = document.createElement("span");
    part.className = name;
    link.append(part);
  }
  item.append(link);
  return item;
}

function describe(item, call, selected, words, now) {
  const link = item.firstChild;
  const [who, when, said] = link.children;
  text(who, call.from || call.callId);
  link.title = call.callId;
  text(when, call.state === "live" ? clock(now - Date.parse(call.startedAt)) : ending(call));
  text(said, words ?? "");
  said.hidden = !words || call.state !== "live";
  item.className = call.state;
  if (call.callId === selected) {
    link.setAttribute("aria-current", "page");
  } else {
    link.removeAttribute("aria-current");
  }
}

function ending(call) {
  const length = `${timeOfDay(call.startedAt)} · ${clock(call.durationMs)}`;
  return call.complete ? length : `${length} · words missing`;
}

function text(element, value) {
  if (element.textContent !== value) element.textContent = value;
}
