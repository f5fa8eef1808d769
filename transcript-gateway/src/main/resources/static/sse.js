// Reads server-sent events out of text as it arrives, as the HTML standard has it. Pure.

/**
 * A reader of one stream: feed it the pieces, in order and cut anywhere.
 *
 * @param on `{event, retry}`: each event as `{type, id, data}`, its id null where it carries none, its
 *     data text; and the pause in ms the server asks for before a new attempt
 */
export function eventReader(on) {
  let rest = "";
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
    type = "";
    id = null;
    data = [];
  }

  return function feed(piece) {
    // A carriage return at the very end may be half of a line break.
    const lines = (rest + piece).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop();
    lines.forEach(line);
  };
}
