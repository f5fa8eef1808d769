// What stands above a transcript: who called whom, what is known of the call, what may be missing, who speaks.

import { describeParties } from "./call-list.js";
import { isLive } from "./calls.js";
import { $, part, show, write } from "./dom.js";
import { clock, delay, recogniser, seconds, timeOfDay } from "./format.js";

/** @param onAgent called with the voice key that is the agent's, or null */
export function callHead(onAgent) {
  let choices = "";

  function paint({ callId, call, transcript, names, agent, durationMs }) {
    describeParties($("call-title"), call ?? { id: callId });
    write($("call-facts"), facts(callId, call, transcript, durationMs));
    show($("simulated"), nameOf(call, transcript) === "simulated");
    paintNotice(transcript);
    paintVoices(names, agent);
    const nothing = transcript.lines.length === 0 && transcript.interims.size === 0 && !transcript.ended;
    show($("waiting"), nothing);
    write($("waiting"), call ? "Nothing has been said yet." : "No call of this name is known yet. When it begins, it appears here.");
    show($("ending"), transcript.ended !== null);
    if (transcript.ended) write($("ending"), ending(transcript));
  }

  function paintNotice({ recognizer, ended }) {
    const why = recognizer.reason ? `: ${recognizer.reason}` : "";
    const words = {
      unavailable: `The recogniser is down${why}. Words may be missing until it is back.`,
      reconnecting: `The recogniser is reconnecting${why}. What is said now will follow.`,
      connected: recognizer.reason ? `Note: ${recognizer.reason}.` : "",
    }[recognizer.state];
    show($("notice"), !ended && Boolean(words));
    if (!ended && words) write($("notice"), words);
  }

  /** One click says who the agent is; who the other is follows. */
  function paintVoices(names, agent) {
    show($("voices"), names.size > 1);
    const now = JSON.stringify([[...names.keys()], agent]);
    if (choices === now) return;
    choices = now;
    const focused = document.activeElement?.closest("#voices")  ? document.activeElement.value : null;
    const none = choice("", "not said", agent === null);
    const voices = [...names.keys()].map((voice) => choice(voice, `Speaker ${Number(voice.slice(1)) + 1}`, voice === agent));
    $("voice-choices").replaceChildren(...voices, none);
    if (focused !== null) $("voices").querySelector(`input[value="${focused}"]`)?.focus();
  }

  function choice(voice, name, checked) {
    const label = part("label", voice ? `choice voice-${voice}` : "choice");
    const input = part("input");
    Object.assign(input, { type: "radio", name: "agent", value: voice, checked });
    input.addEventListener("change", () => onAgent(voice || null));
    label.append(input, name);
    return label;
  }

  return { paint };
}

function facts(callId, call, transcript, durationMs) {
  if (!call) return callId;
  const about = call.about;
  const named = about.from || about.to ? about.callId : "";
  const state = isLive(call) ? `live for ${clock(durationMs)}` : `lasted ${clock(about.durationMs)}`;
  const name = nameOf(call, transcript);
  const last = transcript.lines.findLast(({ kind, latencyMs }) => kind === "final" && latencyMs > 0);
  return [
    named,
    timeOfDay(about.startedAt),
    state,
    about.language,
    name ? `heard by ${recogniser(name)}` : "",
    last && isLive(call) ? `last line after ${delay(last.latencyMs)}, ${delay(last.recognizerMs)} of it in the recogniser` : "",
  ]
    .filter(Boolean)
    .join(" · ");
}

const nameOf = (call, transcript) => transcript.recognizer.name || call?.about.recognizer || "";

function ending({ ended, gapMillis }) {
  const length = clock(ended.durationMs);
  if (ended.complete) return `The call ended after ${length}. Every word is here.`;
  return gapMillis > 0
    ? `The call ended after ${length}. ${seconds(gapMillis)} of it could not be transcribed.`
    : `The call ended after ${length}. Some words were never confirmed.`;
}
