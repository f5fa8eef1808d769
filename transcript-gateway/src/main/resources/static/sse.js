// Parses server-sent events from text as it arrives, as the HTML standard defines. Pure.

/**
 * Creates a parser for one stream. Its pieces are passed in order and may be split anywhere.
 *
 * @param on `{event, id, retry}`: called with each event as `{type, id, data}`, where `id` is null if the event has none
 *     and `data` is text; with an id that comes without an event; and with the pause in ms that the server requests
 *     before a reconnect
 */
export function eventReader(on) {
  let buffered = "";
  let type = "";
  let id = null;
  let data = [];

  function line(text) {
    if (text === "") return dispatch();
    const colon = text.indexOf(":");
    const field = colon < 0 ? text : text.slice(0, colon);
    const value = colon < 0 ? "" : text.slice(colon + (text[colon + 1] === " " ? 2 : 1));
    if (field === "event") type = value;
    else if (field === "data") data.push(value);
    else if (field === "id" && !value.includes("\0")) id = value;
    else if (field === "retry" && /^\d+$/.test(value)) on.retry?.(Number(value));
  }

  function dispatch() {
    if (data.length > 0) on.event({ type: type || "message", id, data: data.join("\n") });
    else if (id !== null) on.id?.(id);
    type = "";
    id = null;
    data = [];
  }

  return function feed(piece) {
    // A carriage return at the very end may be half of a line break.
    const lines = (buffered + piece).split(/\r\n|\n|\r(?!$)/);
    buffered = lines.pop();
    lines.forEach(line);
  };
}
