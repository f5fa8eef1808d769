// The calls this page knows of, with the last lines of each. Pure but for the clock it is given.

import { Transcript } from "./transcript.js";

const LAST_LINES = 2;

/** @typedef Call `{id, about, tail, began, hits}`: what the log says of it, its last lines, when it began
 *  by this machine's clock, and its alerts: line -> words */
export class Calls {
  #calls = new Map();
  #told = new Set(); // calls this connection has told of; the others are gone once it has told all
  #clock;
  listed = false;

  /** @param clock milliseconds that only ever grow */
  constructor(clock = () => performance.now()) {
    this.#clock = clock;
  }

  get(callId) {
    return this.#calls.get(callId);
  }

  all() {
    return [...this.#calls.values()];
  }

  /** Live or ended ones, newest first. */
  inState(live) {
    return this.all()
      .filter((call) => isLive(call) === live)
      .sort((a, b) => b.about.startedAt.localeCompare(a.about.startedAt) || a.id.localeCompare(b.id));
  }

  /** Takes a `call` event; true where the list itself is another one now. */
  told(about) {
    this.#told.add(about.callId);
    if (about.state === "gone") return this.#calls.delete(about.callId);
    const known = this.#calls.get(about.callId);
    const call = known ?? { id: about.callId, tail: new Transcript(LAST_LINES), began: Infinity, hits: new Map() };
    const changed = !known || known.about.state !== about.state;
    call.about = about;
    // The log hears of audio late, never early: the earliest beginning it ever implied is the true one.
    call.began = Math.min(call.began, this.#clock() - about.durationMs);
    this.#calls.set(about.callId, call);
    return changed;
  }

  /** Words that end there were said: the call has lasted so long at least. */
  heardUntil(call, endMs) {
    call.began = Math.min(call.began, this.#clock() - endMs);
  }

  /** How long a call has lasted, by the log for ended ones and by this machine's clock for live ones. */
  durationMs(call) {
    return isLive(call) ? this.#clock() - call.began : call.about.durationMs;
  }

  connectionBegins() {
    this.#told = new Set();
    this.listed = false;
  }

  /** The list is complete: what was not told of is gone. */
  listComplete() {
    for (const id of this.#calls.keys()) {
      if (!this.#told.has(id)) this.#calls.delete(id);
    }
    this.listed = true;
  }

  forgetAll() {
    this.#calls.clear();
    this.connectionBegins();
  }
}

export const isLive = (call) => call.about.state === "live";

/** Who called whom, as far as the log may tell. */
export function parties(call) {
  const { from, to } = call?.about ?? {};
  return { from: from || null, to: to || null };
}

/** Who listens and how that fares, `{name, state}`: by the last lines, which hear of it first, else by the list. */
export function recognizerOf({ about, tail }) {
  const { name, state } = tail.recognizer;
  return { name: name || about.recognizer, state: state === "unknown" ? about.recognizerState : state };
}

/** The words a call raised an alert with, each once, newest first. */
export function alertsOf(call) {
  return [...new Set([...call.hits.values()].reverse().flat())];
}

/** Whether a call has what is asked for in its numbers, name, recogniser, state or alerts. */
export function matchesFilter(call, query) {
  const { callId, from, to, state, language } = call.about;
  const text = [callId, from, to, recognizerOf(call).name, state, language, ...alertsOf(call)].filter(Boolean).join(" ").toLowerCase();
  return query.toLowerCase().split(/\s+/).every((word) => text.includes(word));
}
