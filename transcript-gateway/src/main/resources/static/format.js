// Formats times, lengths and codes for people. Pure.

const two = (number) => String(number).padStart(2, "0");

/** A time in a call: `1:02` or `1:00:02`. */
export function clock(millis) {
  const seconds = Math.max(0, Math.floor(millis / 1000));
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** A length in tenths of a second: `3.2 s`, at least `0.1 s`. */
export function seconds(millis) {
  return `${(Math.max(100, millis) / 1000).toFixed(1)} s`;
}

/** A delay: `310 ms`, or `1.3 s` from one second. */
export function delay(millis) {
  return millis < 1000 ? `${Math.round(millis)} ms` : seconds(millis);
}

/** The time of day of an ISO instant, with the date if it is not today. */
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

/** The name of a recogniser, or a text for the simulated one. */
export function recogniser(name) {
  return name === "simulated" ? "a simulated recogniser" : name;
}

/** The BCP 47 tag of a call's language, or null if there is none (`multi` or empty). */
export function languageTag(language) {
  return language && language !== "multi" && /^[a-z]{2,3}(-[a-z0-9]+)*$/i.test(language) ? language : null;
}

const NAMES = { auto: "Detect the language", multi: "Several languages" };
const languageNames = new Intl.DisplayNames(["en"], { type: "language" });

/** The English name of a provider's language code, such as `es-419` or `en_us`. */
export function languageName(code) {
  return NAMES[code] ?? `${languageNames.of(code.replace("_", "-"))} (${code})`;
}

/** A size in megabytes of 1024 × 1024 bytes, as the gateway counts them. */
export function megabytes(bytes) {
  return `${(bytes / 2 ** 20).toFixed(bytes < 10 * 2 ** 20 ? 1 : 0)} MB`;
}
