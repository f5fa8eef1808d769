// Times and lengths in the words people use. Pure.

const two = (number) => String(number).padStart(2, "0");

/** A place in a call: `1:02` or `1:00:02`. */
export function clock(millis) {
  const seconds = Math.max(0, Math.floor(millis / 1000));
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** A length to one tenth: `3.2 s`. */
export function seconds(millis) {
  return `${(Math.max(0, millis) / 1000).toFixed(1)} s`;
}

/** The time of day an ISO instant falls on, with the date where that is not today. */
export function timeOfDay(iso, now = new Date()) {
  const at = new Date(iso);
  const today = at.toDateString() === now.toDateString();
  const time = at.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  return today ? time : `${at.toLocaleDateString([], { day: "numeric", month: "short" })}, ${time}`;
}

/** What the log's short reasons mean to somebody on the phone. */
export function gapReason(reason) {
  const words = {
    retention: "the recogniser was away for too long",
    recognizer_unavailable: "no recogniser was available",
    log_lost: "the audio was lost in the log",
    hole: "the line lost this part",
    dropped: "this part did not reach us",
    unfinished: "the recogniser did not finish",
  };
  return words[reason] ?? reason.replaceAll("_", " ");
}
