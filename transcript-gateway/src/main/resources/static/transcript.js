// One call's transcript as its events tell it. Pure: no DOM, no clock, no network.
//
// What stands (finals and gaps) is only ever added to, so a view that has shown n lines has nothing to
// look at but those behind. What is being said is replaced: at most one guess for each channel.

const NOBODY = { state: "unknown", name: "", reason: "" };

/** @typedef line `{key, kind, …}` the event's data; kind is `final`, `gap` or `interim`. The key of words
 *  is their segment's, from first guess to final, so that a view can replace them in place. */
export class Transcript {
  #most;
  #seen = new Set(); // of the lines that stand, so that none is shown twice
  #finalEnds = new Map(); // channel -> where its last final ends
  #gapEnd = 0; // where the last gap ends, on every channel

  lines = []; // what stands, in the order of the log
  interims = new Map(); // channel -> the newest guess
  generation = 0; // grows when all is told anew
  recognizer = NOBODY;
  caughtUp = false;
  ended = null;
  gapMillis = 0;
  stereo = false; // whether channels tell the voices apart
  #speakers = new Set();

  /** @param most how many of the newest lines are kept */
  constructor(most = Infinity) {
    this.#most = most;
  }

  /**
   * Takes one event, `{type, data}`; one of another kind changes nothing.
   *
   * @returns the line that stands since now, or null
   */
  apply({ type, data }) {
    switch (type) {
      case "final":
        return this.#final(data);
      case "gap":
        return this.#gap(data);
      case "interim":
        this.#interim(data);
        return null;
      case "status":
        this.recognizer = {
          state: data.recognizer,
          name: data.name || this.recognizer.name,
          reason: data.reason ?? "",
        };
        return null;
      case "caught-up":
        this.caughtUp = true;
        return null;
      case "resync":
        this.#beginAnew();
        return null;
      case "ended":
        Object.assign(this, { ended: data, caughtUp: true, interims: new Map() });
        return null;
      default:
        return null;
    }
  }

  /** The line was lost: what was only guessed may be long gone, and what comes now is history first. */
  interrupted() {
    this.caughtUp = this.ended !== null;
    this.interims = new Map();
  }

  /** Who speaks, by keys in the order people count them. */
  voices() {
    if (this.stereo) return ["c0", "c1"];
    return [...this.#speakers].sort((a, b) => a - b).map((speaker) => `s${speaker}`);
  }

  voiceOf(line) {
    return this.stereo ? `c${line.channel ?? 0}` : `s${line.speaker ?? 0}`;
  }

  #beginAnew() {
    this.#seen = new Set();
    this.#finalEnds = new Map();
    this.#gapEnd = 0;
    this.lines = [];
    this.interims = new Map();
    this.generation++;
    this.caughtUp = false;
    this.ended = null;
    this.gapMillis = 0;
  }

  #final(data) {
    const line = this.#stands({ ...words(data), kind: "final" }, `${data.seq} ${data.segment}`);
    if (line === null) return null;
    this.#hears(line);
    this.#finalEnds.set(line.channel, Math.max(this.#finalEnds.get(line.channel) ?? 0, line.endMs));
    this.#dropCovered();
    return line;
  }

  #gap(data) {
    const key = `gap ${data.startMs}-${data.endMs}`;
    const line = this.#stands({ ...data, key, kind: "gap" }, key);
    if (line === null) return null;
    this.gapMillis += line.endMs - line.startMs;
    this.#gapEnd = Math.max(this.#gapEnd, line.endMs);
    this.#dropCovered();
    return line;
  }

  #stands(line, identity) {
    if (this.#seen.has(identity)) return null;
    this.#seen.add(identity);
    line.identity = identity;
    this.lines.push(line);
    if (this.lines.length > this.#most) this.#seen.delete(this.lines.shift().identity);
    return line;
  }

  #interim(data) {
    const guess = { ...words(data), kind: "interim" };
    this.#hears(guess);
    if (guess.text === "" || this.#isCovered(guess)) this.interims.delete(guess.channel);
    else this.interims.set(guess.channel, guess);
  }

  #dropCovered() {
    for (const [channel, guess] of this.interims) {
      if (this.#isCovered(guess)) this.interims.delete(channel);
    }
  }

  /** A guess that begins before the last final's end is what that final replaced. */
  #isCovered(guess) {
    return guess.startMs < Math.max(this.#gapEnd, this.#finalEnds.get(guess.channel) ?? 0);
  }

  /** Whose words arrive is at work, whatever was last said of its state. */
  #hears(line) {
    if (line.channel > 0) this.stereo = true;
    this.#speakers.add(line.speaker ?? 0);
    if (line.recognizer && line.recognizer !== this.recognizer.name) {
      this.recognizer = { ...this.recognizer, name: line.recognizer };
    }
  }
}

function words(data) {
  return { ...data, key: `segment ${data.segment}`, channel: data.channel ?? 0 };
}
