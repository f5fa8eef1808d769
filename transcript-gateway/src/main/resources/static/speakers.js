// The names of speakers: agent and customer, as the reader selected. Stored in this browser.
//
// A selection applies to its call. For calls on two channels the last selection also applies to the next calls, because
// the channels of a phone line do not change. Speakers that the recogniser distinguishes have no fixed order.

import { preference, setPreference } from "./preferences.js";

const MAX_CALLS = 200;

/** The key of the agent's speaker in a call, or null if none was selected. */
export function agentOf(callId, speakers) {
  const selected = preference("agents", []).find(([id]) => id === callId);
  if (selected) return selected[1];
  const last = preference("agent-channel", null);
  return speakers.includes(last) ? last : null;
}

/** @param speaker the agent's key, or null to remove the selection */
export function setAgent(callId, speaker) {
  const others = preference("agents", []).filter(([id]) => id !== callId);
  setPreference("agents", [[callId, speaker], ...others].slice(0, MAX_CALLS));
  if (speaker === null || speaker.startsWith("c")) setPreference("agent-channel", speaker);
}

/** The name of each speaker: key -> name. Pure. */
export function names(speakers, agent) {
  return new Map(speakers.map((speaker) => [speaker, name(speaker, speakers, agent)]));
}

function name(speaker, speakers, agent) {
  if (speaker === agent) return "Agent";
  if (speakers.includes(agent) && speakers.length === 2) return "Customer";
  return `Speaker ${Number(speaker.slice(1)) + 1}`;
}
