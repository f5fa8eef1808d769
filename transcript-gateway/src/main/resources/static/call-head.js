// The head of a call: its parties, its data, notices about the recogniser, and the choice of the agent.

import { describeParties } from "./call-list.js";
import { isLive } from "./calls.js";
import { $, create, setText, setVisible } from "./dom.js";
import { clock, delay, recogniser, seconds, timeOfDay } from "./format.js";

/** @param onAgent called with the key of the agent's speaker, or null */
export function callHead(onAgent) {
  let choices = "";

  function paint({ callId, call, transcript, names, agent, durationMs }) {
    describeParties($("call-title"), call ?? { id: callId });
    setText($("call-facts"), facts(callId, call, transcript, durationMs));
    setVisible($("simulated"), nameOf(call, transcript) === "simulated");
    paintNotice(transcript);
    paintSpeakers(names, agent);
    const nothing = transcript.lines.length === 0 && transcript.interims.size === 0 && !transcript.ended;
    setVisible($("waiting"), nothing);
    setText($("waiting"), call ? "Nothing has been said yet." : "No call with this id is known yet. Its transcript appears here when it begins.");
    setVisible($("ending"), transcript.ended !== null);
    if (transcript.ended) setText($("ending"), ending(transcript));
  }

  function paintNotice({ recognizer, ended }) {
    const reason = recognizer.reason ? `: ${recognizer.reason}` : "";
    const words = {
      unavailable: `The recogniser is down${reason}. Words may be missing until it is back.`,
      reconnecting: `The recogniser is reconnecting${reason}. Words spoken now will appear later.`,
      connected: recognizer.reason ? `Note: ${recognizer.reason}.` : "",
    }[recognizer.state];
    setVisible($("notice"), !ended && Boolean(words));
    if (!ended && words) setText($("notice"), words);
  }

  /** Lets the reader select the agent with one click. */
  function paintSpeakers(names, agent) {
    setVisible($("speakers"), names.size > 1);
    const now = JSON.stringify([[...names.keys()], agent]);
    if (choices === now) return;
    choices = now;
    const focused = document.activeElement?.closest("#speakers")  ? document.activeElement.value : null;
    const none = choice("", "not set", agent === null);
    const speakers = [...names.keys()].map((speaker) => choice(speaker, `Speaker ${Number(speaker.slice(1)) + 1}`, speaker === agent));
    $("speaker-choices").replaceChildren(...speakers, none);
    if (focused !== null) $("speakers").querySelector(`input[value="${focused}"]`)?.focus();
  }

  function choice(speaker, name, checked) {
    const label = create("label", speaker ? `choice speaker-${speaker}` : "choice");
    const input = create("input");
    Object.assign(input, { type: "radio", name: "agent", value: speaker, checked });
    input.addEventListener("change", () => onAgent(speaker || null));
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
    name ? `transcribed by ${recogniser(name)}` : "",
    last && isLive(call) ? `last line after ${delay(last.latencyMs)}, ${delay(last.recognizerMs)} of it in the recogniser` : "",
  ]
    .filter(Boolean)
    .join(" · ");
}

const nameOf = (call, transcript) => transcript.recognizer.name || call?.about.recognizer || "";

function ending({ ended, gapMillis }) {
  const length = clock(ended.durationMs);
  if (ended.complete) return `The call ended after ${length}. The transcript is complete.`;
  return gapMillis > 0
    ? `The call ended after ${length}. ${seconds(gapMillis)} of it could not be transcribed.`
    : `The call ended after ${length}. Some words were not confirmed.`;
}
