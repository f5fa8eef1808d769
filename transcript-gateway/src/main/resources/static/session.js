// Signing in and out. The token goes to the gateway once and comes back as a cookie that no script can
// read; nothing is kept here.

import { refusalOf } from "./stream.js";

const AWAY = { status: 0, code: "away", cause: "The gateway cannot be reached at the moment." };

/** Opens a session. Answers null, or the refusal as `{status, code, cause}`. */
export function signIn(token) {
  return ask("/v1/session", { method: "POST", headers: { Authorization: `Bearer ${token}` } });
}

/** Ends the session. Answers null, or why it could not be ended. */
export function signOut() {
  return ask("/v1/session", { method: "DELETE" });
}

async function ask(address, request) {
  try {
    const answer = await fetch(address, request);
    return answer.ok ? null : await refusalOf(answer);
  } catch {
    return AWAY;
  }
}

/** What the operator has set for this page: `{words}`, or `{refused}` where we may not watch. */
export async function alertWords() {
  try {
    const answer = await fetch("/v1/alert-words");
    if (answer.ok) return { words: (await answer.json()).alertWords };
    if (answer.status === 401 || answer.status === 403) {
      return { refused: await refusalOf(answer) };
    }
  } catch {
    // The stream will say that nobody answers.
  }
  return { words: [] };
}
