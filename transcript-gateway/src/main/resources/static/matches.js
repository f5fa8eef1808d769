// Finds words in text: search queries and alert words. Pure.

/** Returns a function that finds all matches of a query in a text, ignoring case: `[{from, to}]`. */
export function search(query) {
  const trimmed = query.trim();
  if (trimmed === "") return () => [];
  const pattern = new RegExp(trimmed.split(/\s+/).map(escaped).join("\\s+"), "giu");
  return (text) => ranges(pattern, text);
}

/**
 * Returns a function that finds these words and phrases in a text, as whole words: `[{from, to, word}]`. In scripts
 * without spaces they match anywhere.
 */
export function alerts(words) {
  const known = new Map(words.map((word) => [folded(word), word]).filter(([key]) => key !== ""));
  if (known.size === 0) return () => [];
  const longestFirst = [...known.keys()].sort((a, b) => b.length - a.length);
  const pattern = new RegExp(longestFirst.map(whole).join("|"), "giu");
  return (text) =>
    ranges(pattern, text).map(({ from, to }) => ({ from, to, word: known.get(folded(text.slice(from, to))) ?? text.slice(from, to) }));
}

/** The ranges of the words with a confidence below the threshold: `[{from, to}]`. */
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
 * Splits a text where a range begins or ends.
 *
 * @param ranges kind -> `[{from, to}]`
 * @returns `[{text, kinds}]` in order; together they are the whole text
 */
export function pieces(text, ranges) {
  const cuts = new Set([0, text.length]);
  const all = Object.entries(ranges).flatMap(([kind, list]) => list.map((range) => ({ ...range, kind })));
  all.forEach(({ from, to }) => cuts.add(from).add(to));
  const edges = [...cuts].sort((a, b) => a - b);
  return edges.slice(1).map((to, index) => {
    const from = edges[index];
    const kinds = all.filter((range) => range.from <= from && to <= range.to).map(({ kind }) => kind);
    return { text: text.slice(from, to), kinds: [...new Set(kinds)] };
  });
}

function ranges(pattern, text) {
  return [...text.matchAll(pattern)].map((match) => ({ from: match.index, to: match.index + match[0].length }));
}

const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");

const folded = (text) => text.trim().replace(/\s+/g, " ").toLowerCase();

const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;

function whole(word) {
  const pattern = word.split(" ").map(escaped).join("\\s+");
  return UNSPACED.test(word) ? pattern : `(?<![\\p{L}\\p{N}])${pattern}(?![\\p{L}\\p{N}])`;
}
