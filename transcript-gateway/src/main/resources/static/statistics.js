// The statistics of a call: who spoke how long, and how the speakers took turns. The gateway counts them.

import { create, setAttribute, setText, setVisible } from "./dom.js";
import { clock, count, delay } from "./format.js";

const NOTHING = { callId: null, isOver: false, statistics: null };

/**
 * Shows the statistics while its button is pressed. Those of a live call are as of the press of the button.
 *
 * @param elements `{button, panel, facts, list}`
 */
export function statisticsPanel({ button, panel, facts, list }) {
  let open = false;
  let call = { callId: null, isOver: false, names: new Map() };
  let loaded = NOTHING;
  let painted = "";

  button.addEventListener("click", () => {
    open = !open;
    setAttribute(button, "aria-expanded", String(open));
    if (open) load();
    show();
  });

  /** @param names speaker key -> name */
  function paint(now) {
    call = now;
    if (open && (loaded.callId !== call.callId || (call.isOver && !loaded.isOver))) load();
    show();
  }

  async function load() {
    const { callId, isOver } = call;
    const wanted = { callId, isOver, statistics: loaded.callId === callId ? loaded.statistics : null };
    loaded = wanted;
    const answer = await fetch(`/v1/calls/${encodeURIComponent(callId)}`).catch(() => null);
    const statistics = answer?.ok ? (await answer.json()).statistics : undefined;
    if (loaded !== wanted) return;
    loaded = { callId, isOver, statistics };
    show();
  }

  function show() {
    setVisible(panel, open);
    const key = JSON.stringify([loaded, [...call.names]]);
    if (!open || key === painted) return;
    painted = key;
    const { statistics, isOver } = loaded;
    setText(facts, describe(statistics, isOver));
    list.replaceChildren(...(statistics?.speakers ?? []).map((speaker) => create("li", "", describeSpeaker(speaker, call.names))));
  }

  /** Forgets the call. */
  function clear() {
    [loaded, painted] = [NOTHING, ""];
    setText(facts, "");
    list.replaceChildren();
  }

  return { paint, clear };
}

/** The call as a whole, in words. Pure. `statistics` is null before they are known, and undefined if they are not available. */
export function describe(statistics, isOver) {
  if (!statistics) return statistics === null ? "Counting." : "The statistics are not available at the moment.";
  const { talkMs, silenceMs, overlapMs, untranscribedMs, interruptions, firstResponseMs } = statistics;
  const parts = [
    `Speech ${clock(talkMs)}`,
    `silence ${clock(silenceMs)}`,
    overlapMs > 0 ? `at the same time ${clock(overlapMs)}` : "",
    untranscribedMs > 0 ? `not transcribed ${clock(untranscribedMs)}` : "",
    interruptions > 0 ? count(interruptions, "interruption") : "",
    firstResponseMs === null ? "" : `first response after ${delay(firstResponseMs)}`,
  ];
  return `${isOver ? "" : "So far: "}${parts.filter(Boolean).join(" · ")}`;
}

/** One speaker, in words. Pure. */
export function describeSpeaker({ channel, speaker, talkMs, words, wordsPerMinute, interruptions }, names) {
  const number = channel ?? speaker;
  const name = names.get(channel === null ? `s${speaker}` : `c${channel}`) ?? `Speaker ${number + 1}`;
  const parts = [
    `${name}: ${clock(talkMs)}`,
    count(words, "word"),
    wordsPerMinute === null ? "" : `${wordsPerMinute} a minute`,
    interruptions > 0 ? count(interruptions, "interruption") : "",
  ];
  return parts.filter(Boolean).join(" · ");
}
