// The calls that this page knows, with the last lines of each. Pure, except for the clock that is passed in.

import { Transcript } from "./transcript.js";

const LAST_LINES = 2;

/** @typedef Call `{id, about, tail, began, hits}`: the data of its last `call` event, its last lines, its start by
 *  this machine's clock, and its alerts: line -> words */
export class Calls {
  #calls = new Map();
  #received = new Set(); // calls that this connection has sent; the others are removed when its list is complete
  #clock;
  listed = false;

  /** @param clock monotonic milliseconds */
  constructor(clock = () => performance.now()) {
    this.#clock = clock;
  }

  get(callId) {
    return this.#calls.get(callId);
  }

  all() {
    return [...this.#calls.values()];
  }

  /** The live or the ended calls, newest first. */
  inState(live) {
    return this.all()
      .filter((call) => isLive(call) === live)
      .sort((a, b) => b.about.startedAt.localeCompare(a.about.startedAt) || a.id.localeCompare(b.id));
  }

  /** Applies a `call` event. Returns whether the list's entries or their order changed. */
  update(about) {
    this.#received.add(about.callId);
    if (about.state === "gone") return this.#calls.delete(about.callId);
    const known = this.#calls.get(about.callId);
    const call = known ?? { id: about.callId, tail: new Transcript(LAST_LINES), began: Infinity, hits: new Map() };
    const changed = !known || known.about.state !== about.state;
    call.about = about;
    // Durations arrive late, never early, so the earliest start that they imply is the most accurate.
    call.began = Math.min(call.began, this.#clock() - about.durationMs);
    this.#calls.set(about.callId, call);
    return changed;
  }

  /** Words end at this time, so the call has lasted at least that long. */
  extendTo(call, endMs) {
    call.began = Math.min(call.began, this.#clock() - endMs);
  }

  /** The duration of a call: from the log if it has ended, else by this machine's clock. */
  durationMs(call) {
    return isLive(call) ? this.#clock() - call.began : call.about.durationMs;
  }

  onConnected() {
    this.#received = new Set();
    this.listed = false;
  }

  /** The list is complete. Removes the calls that this connection has not sent. */
  listComplete() {
    for (const id of this.#calls.keys()) {
      if (!this.#received.has(id)) this.#calls.delete(id);
    }
    this.listed = true;
  }

  clear() {
    this.#calls.clear();
    this.onConnected();
  }
}

export const isLive = (call) => call.about.state === "live";

/** The numbers of caller and callee; null if unknown. */
export function parties(call) {
  const { from, to } = call?.about ?? {};
  return { from: from || null, to: to || null };
}

/** The recogniser `{name, state}`, from the last lines, which receive it first, else from the list. */
export function recognizerOf({ about, tail }) {
  const { name, state } = tail.recognizer;
  return { name: name || about.recognizer, state: state === "unknown" ? about.recognizerState : state };
}

/** The alert words of a call, without repetitions, newest first. */
export function alertsOf(call) {
  return [...new Set([...call.hits.values()].reverse().flat())];
}

/** Whether all words of a query are in a call's numbers, id, recogniser, state, language or alerts. */
export function matchesFilter(call, query) {
  const { callId, from, to, state, language } = call.about;
  const text = [callId, from, to, recognizerOf(call).name, state, language, ...alertsOf(call)].filter(Boolean).join(" ").toLowerCase();
  return query.toLowerCase().split(/\s+/).every((word) => text.includes(word));
}
