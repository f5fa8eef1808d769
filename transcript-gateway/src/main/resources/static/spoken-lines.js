// The words of a recording as lines. Pure.

const PAUSE_SECONDS = 0.8;
const MAX_WORDS = 40;

/**
 * Groups words into lines: a new one begins after a pause, with another speaker, and after 40 words.
 *
 * @param words `{word, start, end, speaker}` with times in seconds; the speaker may be missing
 * @returns lines as `{startMs, speaker, text}`
 */
export function linesOf(words) {
  const lines = [];
  let last = null;
  for (const word of words) {
    const line = lines.at(-1);
    if (line && last.speaker === word.speaker && word.start - last.end < PAUSE_SECONDS && line.words.length < MAX_WORDS) line.words.push(word.word);
    else lines.push({ startMs: Math.round(word.start * 1000), speaker: word.speaker, words: [word.word] });
    last = word;
  }
  return lines.map(({ startMs, speaker, words }) => ({ startMs, speaker, text: words.join(" ") }));
}
