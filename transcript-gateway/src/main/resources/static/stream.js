// One stream for the whole page: the list of calls, the last lines of each, and one call in full.
//
// It is read with fetch, not EventSource. Only with fetch can the page see why it was refused (401, 403, 404), detect a
// dead connection, and reconnect at once when the network is back.

import { eventReader } from "./sse.js";

const LINES = 2;
const MAX_PAUSE = 15_000;
/** The gateway sends at least every 15 s; after this time without a byte the connection is dead. */
const SILENCE_LIMIT = 40_000;
/** Statuses that do not change on a retry. Others may, such as 429. */
const FINAL_ANSWERS = [400, 401, 403, 404];

/**
 * Opens the stream and keeps it open until it is closed or refused.
 *
 * @param call the call to read in full, or null
 * @param language the language into which it is translated, or null
 * @param on `{event, connection, refused}`: called with each event as `{type, data}`; with the connection's state,
 *     `connecting`, `open` or `reconnecting`; and with a refusal as `{status, code, cause}`, which is the last call
 * @returns `{close, resume, translate}`: `resume` continues after the gateway ended the stream with `evicted`;
 *     `translate` continues with another language
 */
export function openStream(call, language, on) {
  let lastId = "";
  let retryPause = 2_000;
  let failures = 0;
  let running = null;

  async function run() {
    const current = (running = new AbortController());
    on.connection("connecting");
    while (running === current) {
      const over = await attempt(current).catch(() => false);
      if (running !== current || over) return;
      on.connection("reconnecting");
      await pause(current.signal);
    }
  }

  /** Connects once and reads to the end. Returns true if no further attempt is needed. */
  async function attempt(current) {
    const connection = new AbortController();
    const abort = () => connection.abort();
    current.signal.addEventListener("abort", abort);
    let silenceTimer = setTimeout(abort, SILENCE_LIMIT);
    try {
      const answer = await fetch(address(), { headers: headers(), signal: connection.signal, cache: "no-store" });
      if (answer.status === 204) return true;
      if (FINAL_ANSWERS.includes(answer.status)) {
        on.refused(await refusalOf(answer));
        return true;
      }
      if (!answer.ok) return false;
      failures = 0;
      on.connection("open");
      let evicted = false;
      const feed = eventReader({
        event: (event) => (evicted = received(event) || evicted),
        id: (id) => (lastId = id),
        retry: (millis) => (retryPause = millis),
      });
      const text = new TextDecoder();
      const reader = answer.body.getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done || running !== current) return evicted;
        clearTimeout(silenceTimer);
        silenceTimer = setTimeout(abort, SILENCE_LIMIT);
        feed(text.decode(value, { stream: true }));
        if (evicted) return true;
      }
    } finally {
      clearTimeout(silenceTimer);
      current.signal.removeEventListener("abort", abort);
      connection.abort();
    }
  }

  function received({ type, id, data }) {
    const evicted = type === "evicted";
    if (id && !evicted) lastId = id;
    on.event({ type, data: JSON.parse(data) });
    return evicted;
  }

  const address = () =>
    `/v1/live?${new URLSearchParams({ lines: String(LINES), ...(call ? { call } : {}), ...(call && language ? { translate: language } : {}) })}`;

  const headers = () => ({ Accept: "text/event-stream", ...(lastId ? { "Last-Event-ID": lastId } : {}) });

  /**
   * Waits before a reconnect: short after a good connection, longer with each failure, with jitter. Ends at once when
   * the network is back.
   */
  function pause(signal) {
    const longest = Math.min(MAX_PAUSE, (retryPause / 4) * 2 ** failures++);
    return new Promise((resolve) => {
      const timer = setTimeout(done, longest * (0.1 + 0.9 * Math.random()));
      function done() {
        clearTimeout(timer);
        window.removeEventListener("online", done);
        signal.removeEventListener("abort", done);
        resolve();
      }
      window.addEventListener("online", done);
      signal.addEventListener("abort", done);
    });
  }

  function close() {
    running?.abort();
    running = null;
  }

  function translate(other) {
    language = other;
    lastId = lastId.split("~")[0]; // The rest names the last translation into the language before.
    if (running === null) return;
    running.abort();
    run();
  }

  run();
  return { close, resume: () => running !== null && run(), translate };
}

/** The refusal in a response: the code and detail of its problem, its error, or a sentence with its status. */
export async function refusalOf(answer) {
  const { status } = answer;
  try {
    const { code, detail, error } = await answer.json();
    return { status, code, cause: detail ?? error };
  } catch {
    return { status, code: "", cause: `The gateway answered with status ${status}.` };
  }
}
