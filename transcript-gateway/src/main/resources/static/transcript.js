// From the events of a call's stream to the lines on the screen. Pure: no DOM, no clock, no network.
//
// A line is final words, a gap, or an interim. A line keeps its key for life, from first interim to
// final, so that a view can replace it in place; a line that changed is a new object.

/** A transcript of which nothing is known yet. */
export function empty() {
  return {
    lines: [], // what stands, in the order of the log
    seen: new Set(), // ids of entries that stand, so that none is shown twice
    interims: new Map(), // channel -> the newest guess
    lastFinalEnd: new Map(), // channel -> where its last final ends
    covered: 0, // where the last gap ends, on every channel
    recognizer: { state: "unknown", name: "", reason: "" },
    caughtUp: false,
    ended: null,
  };
}

/**
 * The transcript after one more event.
 *
 * @param event `{type, id, data}` as the stream had it; an event of another kind changes nothing
 */
export function reduce(transcript, { type, id, data }) {
  switch (type) {
    case "final":
      return transcript.seen.has(id) ? transcript : withFinal(transcript, id, data);
    case "gap":
      return transcript.seen.has(id) ? transcript : withGap(transcript, id, data);
    case "interim":
      return withInterim(transcript, data);
    case "status":
      return { ...transcript, recognizer: { ...recognizer(transcript, data) } };
    case "caught-up":
      // What is being said right now follows; a guess from before a lost line may be long gone.
      return { ...transcript, caughtUp: true, interims: new Map() };
    case "resync":
      return { ...empty(), recognizer: transcript.recognizer };
    case "ended":
      return { ...transcript, ended: data, caughtUp: true, interims: new Map() };
    default:
      return transcript;
  }
}

/** The lines in the order they are shown: what stands, then what is being said. */
export function shown(transcript) {
  const interims = [...transcript.interims.values()].sort((a, b) => a.startMs - b.startMs);
  return [...transcript.lines, ...interims];
}

/** Milliseconds of the call that nobody will transcribe. */
export function gapMillis(transcript) {
  return transcript.lines
    .filter((line) => line.kind === "gap")
    .reduce((sum, gap) => sum + gap.endMs - gap.startMs, 0);
}

function withFinal(transcript, id, data) {
  const line = { ...words(data), kind: "final", id };
  const lastFinalEnd = new Map(transcript.lastFinalEnd);
  lastFinalEnd.set(line.channel, Math.max(lastFinalEnd.get(line.channel) ?? 0, line.endMs));
  return standing({ ...transcript, lastFinalEnd, recognizer: heard(transcript, data) }, id, line);
}

function withGap(transcript, id, data) {
  const line = { ...data, kind: "gap", key: `gap ${id}`, id };
  return standing({ ...transcript, covered: Math.max(transcript.covered, data.endMs) }, id, line);
}

function standing(transcript, id, line) {
  const next = {
    ...transcript,
    lines: [...transcript.lines, line],
    seen: new Set(transcript.seen).add(id),
  };
  next.interims = new Map([...next.interims].filter(([, guess]) => !isCovered(next, guess)));
  return next;
}

function withInterim(transcript, data) {
  const guess = { ...words(data), kind: "interim" };
  const interims = new Map(transcript.interims);
  interims.delete(guess.channel);
  if (guess.text !== "" && !isCovered(transcript, guess)) {
    interims.set(guess.channel, guess);
  }
  return { ...transcript, interims, recognizer: heard(transcript, data) };
}

/** A guess that begins before the last final's end is what that final replaced. */
function isCovered(transcript, guess) {
  return guess.startMs < Math.max(transcript.covered, transcript.lastFinalEnd.get(guess.channel) ?? 0);
}

function words(data) {
  return { ...data, key: `segment ${data.segment}`, channel: data.channel ?? 0 };
}

/** Whose words arrive is at work, whatever was last said of its state. */
function heard(transcript, data) {
  const name = data.recognizer || transcript.recognizer.name;
  return name === transcript.recognizer.name ? transcript.recognizer : { ...transcript.recognizer, name };
}

function recognizer(transcript, data) {
  return {
    state: data.recognizer,
    name: data.name || transcript.recognizer.name,
    reason: data.reason ?? "",
  };
}
