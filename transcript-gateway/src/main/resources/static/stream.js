// One stream for the whole page: the list of calls, the last lines of each, and one call in full.
//
// It is read with fetch, not EventSource: only so does the page learn why it may not watch (401, 403, 404),
// notice a line that is dead but not closed, and come back at once when the network does.

import { eventReader } from "./sse.js";

const LINES = 2;
const LONGEST_PAUSE = 15_000;
/** The gateway lets no 15 s pass without a byte; after so long without one, the line is dead. */
const SILENCE = 40_000;
/** What will not change by asking again; anything else, such as a limit that was reached, may. */
const FINAL_ANSWERS = [400, 401, 403, 404];

/**
 * Opens the stream and keeps it open until it is closed or refused.
 *
 * @param call the call to read in full, or null
 * @param on `{event, connection, refused}`: each event as `{type, data}`; the connection's state,
 *     `connecting`, `open` or `reconnecting`; and a refusal as `{status, code, cause}`, after which nothing follows
 * @returns `{close, resume}`: resume goes on where the other side ended it with `evicted`
 */
export function openStream(call, on) {
  let lastId = "";
  let usualPause = 2_000;
  let failures = 0;
  let running = null;

  async function run() {
    const mine = (running = new AbortController());
    on.connection("connecting");
    while (running === mine) {
      const over = await attempt(mine).catch(() => false);
      if (running !== mine || over) return;
      on.connection("reconnecting");
      await pause(mine.signal);
    }
  }

  /** True when there is no use in another one. */
  async function attempt(mine) {
    const line = new AbortController();
    const cut = () => line.abort();
    mine.signal.addEventListener("abort", cut);
    let alive = setTimeout(cut, SILENCE);
    try {
      const answer = await fetch(address(), { headers: headers(), signal: line.signal, cache: "no-store" });
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
        retry: (millis) => (usualPause = millis),
      });
      const text = new TextDecoder();
      const reader = answer.body.getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done || running !== mine) return evicted;
        clearTimeout(alive);
        alive = setTimeout(cut, SILENCE);
        feed(text.decode(value, { stream: true }));
        if (evicted) return true;
      }
    } finally {
      clearTimeout(alive);
      mine.signal.removeEventListener("abort", cut);
      line.abort();
    }
  }

  function received({ type, id, data }) {
    const evicted = type === "evicted";
    if (id && !evicted) lastId = id;
    on.event({ type, data: JSON.parse(data) });
    return evicted;
  }

  const address = () =>
    `/v1/live?${new URLSearchParams({ lines: String(LINES), ...(call ? { call } : {}) })}`;

  const headers = () => ({ Accept: "text/event-stream", ...(lastId ? { "Last-Event-ID": lastId } : {}) });

  /**
   * Short after a line that was good, longer with each failure, never the same for two pages, and over at
   * once when the network is back.
   */
  function pause(signal) {
    const longest = Math.min(LONGEST_PAUSE, (usualPause / 4) * 2 ** failures++);
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

  run();
  return { close, resume: () => running !== null && run() };
}

/** What a refusing answer says: its problem's code and sentence, or a sentence with its status. */
export async function refusalOf(answer) {
  const { status } = answer;
  try {
    const { code, detail } = await answer.json();
    return { status, code, cause: detail };
  } catch {
    return { status, code: "", cause: `The gateway answered ${status}.` };
  }
}
