// Exports of a transcript: files from the gateway, and text for the clipboard.

import { create } from "./dom.js";
import { clock } from "./format.js";

const FORMATS = { txt: "text", srt: "SubRip subtitles", vtt: "WebVTT subtitles", json: "JSON, complete record" };

/** Links to the files of a transcript at an address, with a name without its extension. */
export function fileLinks(address, name) {
  return Object.entries(FORMATS).map(([format, title]) => {
    const link = create("a", "quiet", format);
    link.href = `${address}?format=${format}`;
    link.download = `${name}.${format}`;
    link.setAttribute("aria-label", `Save as ${format}: ${title}`);
    return link;
  });
}

/** The finals and gaps as text, each with its time and speaker. Pure. */
export function asText(transcript, names) {
  const several = names.size > 1;
  return transcript.lines
    .map((line) => {
      const at = `[${clock(line.startMs)}]`;
      if (line.kind === "gap") return `${at} (${line.text})`;
      const speaker = several ? `${names.get(transcript.speakerOf(line))}: ` : "";
      return `${at} ${speaker}${line.text}${line.unconfirmed ? " (unconfirmed)" : ""}`;
    })
    .join("\n");
}

/** Copies text to the clipboard. Returns whether it was copied. Without TLS a browser copies only a selection. */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = create("textarea", "visually-hidden");
    field.value = text;
    document.body.append(field);
    const before = document.activeElement;
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    before?.focus();
    return done;
  }
}
