// The state and the text of the badge. Pure.

/**
 * @param now `{signedIn, connection, paused, missing, logReachable, listed, callId, known, transcript}`
 * @returns `{state, words}`
 */
export function badge(now) {
  if (!now.signedIn) return { state: "signed-out", words: "Signed out" };
  if (now.paused) return { state: "paused", words: "Paused" };
  if (now.connection === "connecting") return { state: "connecting", words: "Connecting" };
  if (now.connection === "reconnecting") return { state: "reconnecting", words: "Reconnecting" };
  if (!now.logReachable) return { state: "reconnecting", words: "Reconnecting to the log" };
  if (now.missing) return { state: "missing", words: "Call not found" };
  if (now.callId !== null) return badgeOfCall(now);
  return now.listed ? { state: "live", words: "Live" } : { state: "catching-up", words: "Catching up" };
}

function badgeOfCall({ listed, known, transcript }) {
  if (transcript.ended) {
    return transcript.ended.complete
      ? { state: "complete", words: "Ended, complete" }
      : { state: "gaps", words: transcript.gapMillis > 0 ? "Ended with gaps" : "Ended, not all confirmed" };
  }
  if (!listed || (known && !transcript.caughtUp)) return { state: "catching-up", words: "Catching up" };
  if (!known) return { state: "waiting", words: "Waiting for the call" };
  if (transcript.recognizer.state === "unavailable") return { state: "down", words: "Recogniser down" };
  if (transcript.recognizer.state === "reconnecting") return { state: "recogniser", words: "Recogniser reconnecting" };
  return { state: "live", words: "Live" };
}
