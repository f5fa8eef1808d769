// Signing in and out. The token goes to the gateway once and comes back as a cookie that no script can
// read; nothing is kept here.

const changed = new EventTarget();

/** Calls back whenever somebody has signed in. */
export function onSignedIn(callback) {
  changed.addEventListener("signed-in", callback);
}

/** Opens a session. Answers null, or in one sentence why not. */
export async function signIn(token) {
  const answer = await fetch("/v1/session", {
    method: "POST",
    headers: { Authorization: `Bearer ${token}` },
  });
  if (!answer.ok) return await cause(answer);
  changed.dispatchEvent(new Event("signed-in"));
  return null;
}

export async function signOut() {
  await fetch("/v1/session", { method: "DELETE" });
}

/** Whether we may watch: `{ok}`, or the status and the cause of the refusal. */
export async function mayWatch() {
  const answer = await fetch("/v1/calls?limit=1");
  if (answer.ok || answer.status >= 500) return { ok: true };
  return { ok: false, status: answer.status, cause: await cause(answer) };
}

async function cause(answer) {
  try {
    return (await answer.json()).detail;
  } catch {
    return `The gateway answered ${answer.status}.`;
  }
}
