// Who is the agent and who the customer, as whoever reads has said; kept in this browser.
//
// What was said of a call holds for it. Of calls on two channels the last choice holds for the next ones
// too, since a line's wiring does not change from call to call; voices told apart by ear have no such order.

import { keep, kept } from "./kept.js";

const MOST_CALLS = 200;

/** The key of the agent's voice in a call, or null where nobody has said. */
export function agentOf(callId, voices) {
  const said = kept("agents", []).find(([id]) => id === callId);
  if (said) return said[1];
  const usual = kept("agent-channel", null);
  return voices.includes(usual) ? usual : null;
}

/** @param voice the agent's key, or null to take back what was said */
export function setAgent(callId, voice) {
  const others = kept("agents", []).filter(([id]) => id !== callId);
  keep("agents", [[callId, voice], ...others].slice(0, MOST_CALLS));
  if (voice === null || voice.startsWith("c")) keep("agent-channel", voice);
}

/** What each voice is called: key -> name. Pure. */
export function names(voices, agent) {
  return new Map(voices.map((voice) => [voice, name(voice, voices, agent)]));
}

function name(voice, voices, agent) {
  if (voice === agent) return "Agent";
  if (voices.includes(agent) && voices.length === 2) return "Customer";
  return `Speaker ${Number(voice.slice(1)) + 1}`;
}
