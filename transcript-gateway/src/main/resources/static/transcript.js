// One call's transcript, built from its events. Pure: no DOM, no clock, no network.
//
// Lines (finals and gaps) are only added, so a view that has shown n lines must check only those after them. Interims
// are replaced: at most one per channel.

const AVAILABLE = { state: "available", reason: "" };
const NO_RECOGNIZER = { state: "unknown", name: "", reason: "" };

/** @typedef line `{key, kind, …}` the event's data; kind is `final`, `gap` or `interim`. Interims and the final of a
 *  segment have the same key, so that a view can replace them in place. */
export class Transcript {
  #maxLines;
  #seen = new Set(); // identities of the lines, so that none is shown twice
  #finalEnds = new Map(); // channel -> end of its last final
  #gapEnd = 0; // end of the last gap, which covers all channels

  lines = []; // finals and gaps, in the order of the log
  interims = new Map(); // channel -> the newest interim
  generation = 0; // grows with each resync
  recognizer = NO_RECOGNIZER;
  caughtUp = false;
  ended = null;
  gapMillis = 0;
  translations = new Map(); // number of a final -> its translation, `{language, text, reason}`
  translated = []; // the numbers of those finals, in the order of arrival
  translator = AVAILABLE;
  stereo = false; // whether speakers are distinguished by channel
  #speakerNumbers = new Set();

  /** @param maxLines number of the newest lines that are kept */
  constructor(maxLines = Infinity) {
    this.#maxLines = maxLines;
  }

  /**
   * Applies one event, `{type, data}`. Ignores events of unknown types.
   *
   * @returns the line that was added, or null
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
      case "translation":
        this.#translation(data);
        return null;
      case "translation-status":
        this.translator = { state: data.state, reason: data.reason };
        return null;
      case "resync":
        this.#reset();
        return null;
      case "ended":
        Object.assign(this, { ended: data, caughtUp: true, interims: new Map() });
        return null;
      default:
        return null;
    }
  }

  /** The connection was lost. Interims may be outdated, and history comes first on the new connection. */
  interrupted() {
    this.caughtUp = this.ended !== null;
    this.interims = new Map();
  }

  /** Another language was chosen, or none. */
  forgetTranslations() {
    this.translations = new Map();
    this.translated = [];
    this.translator = AVAILABLE;
  }

  #translation({ seq, language, text, reason }) {
    if (!this.translations.has(seq)) this.translated.push(seq);
    this.translations.set(seq, { language, text, reason });
  }

  /** The keys of the speakers, in the order of their numbers. */
  speakers() {
    if (this.stereo) return ["c0", "c1"];
    return [...this.#speakerNumbers].sort((a, b) => a - b).map((speaker) => `s${speaker}`);
  }

  speakerOf(line) {
    return this.stereo ? `c${line.channel ?? 0}` : `s${line.speaker ?? 0}`;
  }

  #reset() {
    this.#seen = new Set();
    this.#finalEnds = new Map();
    this.#gapEnd = 0;
    this.lines = [];
    this.interims = new Map();
    this.generation++;
    this.caughtUp = false;
    this.ended = null;
    this.gapMillis = 0;
    this.forgetTranslations();
  }

  #final(data) {
    const line = this.#add({ ...words(data), kind: "final" }, `${data.seq} ${data.segment}`);
    if (line === null) return null;
    this.#recordSpeaker(line);
    this.#finalEnds.set(line.channel, Math.max(this.#finalEnds.get(line.channel) ?? 0, line.endMs));
    this.#dropCovered();
    return line;
  }

  #gap(data) {
    const key = `gap ${data.startMs}-${data.endMs}`;
    // During an upgrade an older gateway may send a gap without its text.
    const line = this.#add({ text: "not transcribed", ...data, key, kind: "gap" }, key);
    if (line === null) return null;
    this.gapMillis += line.endMs - line.startMs;
    this.#gapEnd = Math.max(this.#gapEnd, line.endMs);
    this.#dropCovered();
    return line;
  }

  #add(line, identity) {
    if (this.#seen.has(identity)) return null;
    this.#seen.add(identity);
    line.identity = identity;
    this.lines.push(line);
    if (this.lines.length > this.#maxLines) this.#seen.delete(this.lines.shift().identity);
    return line;
  }

  #interim(data) {
    const interim = { ...words(data), kind: "interim" };
    this.#recordSpeaker(interim);
    if (interim.text === "" || this.#isCovered(interim)) this.interims.delete(interim.channel);
    else this.interims.set(interim.channel, interim);
  }

  #dropCovered() {
    for (const [channel, interim] of this.interims) {
      if (this.#isCovered(interim)) this.interims.delete(channel);
    }
  }

  /** An interim that begins before the end of the last final or gap was replaced by it. */
  #isCovered(interim) {
    return interim.startMs < Math.max(this.#gapEnd, this.#finalEnds.get(interim.channel) ?? 0);
  }

  /** Records the speaker and the recogniser of a line. */
  #recordSpeaker(line) {
    if (line.channel > 0) this.stereo = true;
    this.#speakerNumbers.add(line.speaker ?? 0);
    if (line.recognizer && line.recognizer !== this.recognizer.name) {
      this.recognizer = { ...this.recognizer, name: line.recognizer };
    }
  }
}

function words(data) {
  return { ...data, key: `segment ${data.segment}`, channel: data.channel ?? 0 };
}
