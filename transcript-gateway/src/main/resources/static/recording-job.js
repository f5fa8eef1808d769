// Follows the work on a recording to its end, over interruptions of the network.

import { eventReader } from "./sse.js";

const PAUSE = 2_000;

/**
 * @param job its address
 * @param signal ends the wait, not the work
 * @param onProgress called with `{chunks_processed, total_chunks}`, where the total is 0 while it is unknown
 * @returns the answer with the transcript or the failure, or null after the end of the wait
 */
export async function followJob(job, signal, onProgress) {
  while (!signal.aborted) {
    await readProgress(job, signal, onProgress).catch(() => {});
    const answer = await fetch(job, { signal }).catch(() => null);
    if (signal.aborted) return null;
    if (answer && !(await isRunning(answer))) return answer;
    await pause(signal);
  }
  return null;
}

/** Reads the stream of progress to its end. */
async function readProgress(job, signal, onProgress) {
  const answer = await fetch(job, { headers: { Accept: "text/event-stream" }, signal });
  if (!answer.ok) return;
  const feed = eventReader({ event: ({ data }) => onProgress(JSON.parse(data)) });
  const text = new TextDecoder();
  const reader = answer.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    feed(text.decode(value, { stream: true }));
  }
}

async function isRunning(answer) {
  return answer.ok && (await answer.clone().json()).state === "running";
}

function pause(signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, PAUSE);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
