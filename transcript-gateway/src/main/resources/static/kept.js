// What this browser remembers for whoever uses it: alert words, who is the agent, how much is shown.
// Never a token. Where storage is refused, it is remembered as long as the page is open.

const PREFIX = "verbatim.";
const here = new Map();

export function kept(name, otherwise) {
  if (here.has(name)) return here.get(name);
  try {
    return JSON.parse(localStorage.getItem(PREFIX + name)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

export function keep(name, value) {
  try {
    localStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    here.set(name, value);
  }
}

/** Calls back when another tab has changed what is kept under a name. */
export function onKeptElsewhere(name, callback) {
  window.addEventListener("storage", (event) => event.key === PREFIX + name && callback());
}
