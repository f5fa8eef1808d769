// Finds words in text: what a reader searches for, and the words that raise an alert. Pure.

/** Every place of a text that has what is searched for, capitals aside: `[{from, to}]`. */
export function search(query) {
  const wanted = query.trim();
  if (wanted === "") return () => [];
  const pattern = new RegExp(wanted.split(/\s+/).map(escaped).join("\\s+"), "giu");
  return (text) => places(pattern, text);
}

/**
 * Every place of a text that has one of these words or phrases, as whole words: `[{from, to, word}]`.
 * Scripts that write without spaces have no whole words; there any place will do.
 */
export function alerts(words) {
  const known = new Map(words.map((word) => [folded(word), word]).filter(([key]) => key !== ""));
  if (known.size === 0) return () => [];
  const longestFirst = [...known.keys()].sort((a, b) => b.length - a.length);
  const pattern = new RegExp(longestFirst.map(whole).join("|"), "giu");
  return (text) =>
    places(pattern, text).map(({ from, to }) => ({ from, to, word: known.get(folded(text.slice(from, to))) ?? text.slice(from, to) }));
}

/** The places of words the recogniser was not sure of: `[{from, to}]`. */
export function unsure(text, words, threshold = 0.6) {
  const found = [];
  let at = 0;
  for (const word of words ?? []) {
    const from = text.indexOf(word.text, at);
    if (from < 0 || word.text === "") continue;
    at = from + word.text.length;
    if (word.confidence < threshold) found.push({ from, to: at });
  }
  return found;
}

/**
 * A text cut where any of the places begins or ends, so that each piece is one thing.
 *
 * @param places kind -> `[{from, to}]`
 * @returns `[{text, kinds}]`, in order, together the whole text
 */
export function pieces(text, places) {
  const cuts = new Set([0, text.length]);
  const all = Object.entries(places).flatMap(([kind, list]) => list.map((place) => ({ ...place, kind })));
  all.forEach(({ from, to }) => cuts.add(from).add(to));
  const edges = [...cuts].sort((a, b) => a - b);
  return edges.slice(1).map((to, index) => {
    const from = edges[index];
    const kinds = all.filter((place) => place.from <= from && to <= place.to).map(({ kind }) => kind);
    return { text: text.slice(from, to), kinds: [...new Set(kinds)] };
  });
}

function places(pattern, text) {
  return [...text.matchAll(pattern)].map((match) => ({ from: match.index, to: match.index + match[0].length }));
}

const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");

const folded = (text) => text.trim().replace(/\s+/g, " ").toLowerCase();

const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;

function whole(word) {
  const pattern = word.split(" ").map(escaped).join("\\s+");
  return UNSPACED.test(word) ? pattern : `(?<![\\p{L}\\p{N}])${pattern}(?![\\p{L}\\p{N}])`;
}
