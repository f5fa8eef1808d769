// One stream for the whole page: the list of calls, and one call in full.

const EVENTS = ["call", "final", "interim", "gap", "status", "caught-up", "resync", "ended", "evicted"];
const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 15000;

/**
 * Opens the stream and keeps it open until closed. EventSource itself comes back after a lost line and
 * tells the server where it was; what it gives up on, this tries again, more and more slowly.
 *
 * @param call the call to read in full, or null
 * @param on `{event, connection, refused}`: each event as `{type, id, data}`; the connection's state,
 *     `connecting`, `open` or `reconnecting`; and whether we may not watch any longer, asked before
 *     each new attempt
 */
export function openStream(call, on) {
  let source = null;
  let lastId = "";
  let pause = FIRST_PAUSE;
  let timer = 0;
  let closed = false;

  function connect() {
    const query = new URLSearchParams({ lines: "1" });
    if (call) query.set("call", call);
    if (lastId) query.set("lastEventId", lastId);
    source = new EventSource(`/v1/live?${query}`);
    source.onopen = () => {
      pause = FIRST_PAUSE;
      on.connection("open");
    };
    source.onerror = lost;
    EVENTS.forEach((type) => source.addEventListener(type, (event) => received(type, event)));
  }

  function received(type, event) {
    const evicted = type === "evicted";
    if (!evicted) lastId = event.lastEventId || lastId;
    on.event({ type, id: event.lastEventId, data: JSON.parse(event.data) });
    if (evicted) close();
  }

  function lost() {
    if (closed) return;
    const givenUp = source.readyState === EventSource.CLOSED;
    on.connection("reconnecting");
    if (!givenUp) return;
    source.close();
    timer = setTimeout(tryAgain, pause * (0.75 + Math.random() / 2));
    pause = Math.min(LONGEST_PAUSE, pause * 2);
  }

  async function tryAgain() {
    const refused = await on.refused();
    if (!closed && !refused) connect();
  }

  /** Opens the stream again where it was left, after it was closed from the other side. */
  function resume() {
    closed = false;
    on.connection("connecting");
    connect();
  }

  function close() {
    closed = true;
    clearTimeout(timer);
    source?.close();
  }

  on.connection("connecting");
  connect();
  return { close, resume };
}
