// Preferences in this browser's storage: alert words, the agent's speaker, and display options. Never a token. If
// storage is not available, a preference is kept until the page is closed.

const PREFIX = "verbatim.";
const inMemory = new Map();

export function preference(name, fallback) {
  if (inMemory.has(name)) return inMemory.get(name);
  try {
    return JSON.parse(localStorage.getItem(PREFIX + name)) ?? fallback;
  } catch {
    return fallback;
  }
}

export function setPreference(name, value) {
  try {
    localStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    inMemory.set(name, value);
  }
}

/** Calls back when another tab changes a preference. */
export function onPreferenceChange(name, callback) {
  window.addEventListener("storage", (event) => event.key === PREFIX + name && callback());
}
