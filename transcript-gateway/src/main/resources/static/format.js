// Times and lengths in the words people use. Pure.

const two = (number) => String(number).padStart(2, "0");

/** A place in a call: `1:02` or `1:00:02`. */
export function clock(millis) {
  const seconds = Math.max(0, Math.floor(millis / 1000));
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** A length to one tenth: `3.2 s`, never less than `0.1 s`. */
export function seconds(millis) {
  return `${(Math.max(100, millis) / 1000).toFixed(1)} s`;
}

/** A delay: `310 ms`, or `1.3 s` from a second on. */
export function delay(millis) {
  return millis < 1000 ? `${Math.round(millis)} ms` : seconds(millis);
}

/** The time of day an ISO instant falls on, with the date where that is not today. */
export function timeOfDay(iso, now = new Date()) {
  const at = new Date(iso);
  const today = at.toDateString() === now.toDateString();
  const time = at.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  return today ? time : `${at.toLocaleDateString([], { day: "numeric", month: "short" })}, ${time}`;
}

/** `1 call`, `2 calls`. */
export function count(number, one, many = `${one}s`) {
  return `${number} ${number === 1 ? one : many}`;
}

/** What the log's short reasons mean to somebody on the phone. */
export function gapReason(reason) {
  const words = {
    retention: "the recogniser was away for too long",
    recognizer_unavailable: "no recogniser was available",
    log_lost: "the audio was lost in the log",
    poisonous: "the recogniser failed on it again and again",
  };
  return words[reason] ?? reason.replaceAll("_", " ");
}

/** Which recogniser is at work, saying so where it is none. */
export function recogniser(name) {
  return name === "simulated" ? "a simulated recogniser" : name;
}

/** The BCP 47 tag of a language the log names, or null where it names none (`multi`, nothing). */
export function languageTag(language) {
  return language && language !== "multi" && /^[a-z]{2,3}(-[a-z0-9]+)*$/i.test(language) ? language : null;
}
