// What can be taken away from a call: files from the gateway, and the text to paste.

import { part } from "./dom.js";
import { clock, gapReason, seconds } from "./format.js";

const FORMATS = { txt: "text", srt: "SubRip subtitles", vtt: "WebVTT subtitles", json: "JSON, the whole record" };

/** Links to a call's files, during it and after it. */
export function fileLinks(callId) {
  return Object.entries(FORMATS).map(([format, name]) => {
    const link = part("a", "quiet", format);
    link.href = `/v1/calls/${encodeURIComponent(callId)}/transcript?format=${format}`;
    link.download = `${callId}.${format}`;
    link.setAttribute("aria-label", `Save as ${format}: ${name}`);
    return link;
  });
}

/** The lines that stand as text, each with its time and who said it. Pure. */
export function asText(transcript, names) {
  const several = names.size > 1;
  return transcript.lines
    .map((line) => {
      const at = `[${clock(line.startMs)}]`;
      if (line.kind === "gap") {
        return `${at} (${seconds(line.endMs - line.startMs)} not transcribed: ${gapReason(line.reason)})`;
      }
      const who = several ? `${names.get(transcript.voiceOf(line))}: ` : "";
      return `${at} ${who}${line.text}${line.unconfirmed ? " (unconfirmed)" : ""}`;
    })
    .join("\n");
}

/** Puts text on the clipboard; true when it is there. Without TLS a browser lets only a selection be copied. */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = part("textarea", "unseen");
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
