// Signing in and out. The token is sent to the gateway once and returned as an HttpOnly cookie; this page stores
// nothing.

import { refusalOf } from "./stream.js";

const UNREACHABLE = { status: 0, code: "away", cause: "The gateway cannot be reached at the moment." };

/** Opens a session. Returns null, or the refusal as `{status, code, cause}`. */
export function signIn(token) {
  return send("/v1/session", { method: "POST", headers: { Authorization: `Bearer ${token}` } });
}

/** Ends the session. Returns null, or the refusal. */
export function signOut() {
  return send("/v1/session", { method: "DELETE" });
}

async function send(address, request) {
  try {
    const answer = await fetch(address, request);
    return answer.ok ? null : await refusalOf(answer);
  } catch {
    return UNREACHABLE;
  }
}

/** The operator's alert words as `{words}`, or `{refused}` if the session is missing or insufficient. */
export async function alertWords() {
  try {
    const answer = await fetch("/v1/alert-words");
    if (answer.ok) return { words: (await answer.json()).alertWords };
    if (answer.status === 401 || answer.status === 403) {
      return { refused: await refusalOf(answer) };
    }
  } catch {
    // The stream will report that the gateway cannot be reached.
  }
  return { words: [] };
}
