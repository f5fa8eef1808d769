// The page of recordings: one is uploaded and transcribed, and its transcript is shown. The address names the job, so
// that the page continues after a reload.

import { $, create, setText, setVisible } from "./dom.js";
import { fileLinks } from "./export.js";
import { clock, count, languageName, languageTag, megabytes } from "./format.js";
import { showProblem, showText } from "./problem.js";
import { followJob } from "./recording-job.js";
import { linesOf } from "./spoken-lines.js";
import { upload } from "./upload.js";

const JOBS = "/transcriptions/jobs/";
const STEPS = 10; // of an upload that screen readers are told
let accepted = { services: [], max_upload_bytes: 0 };
let work = null; // the controller of the upload or of the wait
let job = null; // the address of the work, once the upload is complete

async function open() {
  const answer = await fetch("/transcriptions").catch(() => null);
  if (!answer?.ok) return showProblem(answer);
  accepted = await answer.json();
  const { services, max_upload_bytes: limit } = accepted;
  setVisible($("recording-form"), services.length > 0);
  if (services.length === 0) return setText($("file-help"), "No provider is set up. The operator sets the key of Deepgram, OpenAI or AssemblyAI.");
  setText($("file-help"), `At most ${megabytes(limit)}. The recording is sent to the provider that you select, and deleted here afterwards.`);
  $("service").replaceChildren(...services.map(({ service, title }) => new Option(title, service)));
  paintChoices();
  const id = new URLSearchParams(location.search).get("job");
  if (id) follow(JOBS + encodeURIComponent(id), "recording");
}

function paintChoices() {
  const { languages, separates_speakers: separates } = accepted.services.find(({ service }) => service === $("service").value);
  const before = $("language").value || "en";
  $("language").replaceChildren(...languages.map((code) => new Option(languageName(code), code)));
  $("language").value = languages.includes(before) ? before : "en";
  $("diarize").disabled = !separates;
}

async function transcribe(file) {
  if (file.size > accepted.max_upload_bytes) return showText("", `The file has ${megabytes(file.size)}. The gateway takes at most ${megabytes(accepted.max_upload_bytes)}.`);
  begin();
  job = null;
  const { signal } = work;
  const form = new FormData();
  form.append("language", $("language").value);
  form.append("diarize", String($("diarize").checked && !$("diarize").disabled));
  form.append("audio", file);
  const answer = await upload(`/transcriptions/${$("service").value}`, form, signal, paintUpload);
  if (signal.aborted) return;
  const name = file.name.replace(/\.\w+$/, "");
  if (answer?.status === 202) return follow(answer.headers.get("Location"), name);
  end();
  if (answer === null) return showText("", "The upload was interrupted. Check the connection, and that the gateway takes files of this size.");
  return answer.ok ? paint(await answer.json()) : showProblem(answer);
}

async function follow(address, name) {
  begin();
  job = address;
  history.replaceState(null, "", `/recordings?${new URLSearchParams({ job: job.slice(JOBS.length) })}`);
  paintWork({ chunks_processed: 0, total_chunks: 0 });
  const answer = await followJob(job, work.signal, paintWork);
  if (answer === null) return;
  end();
  if (!answer.ok) return showProblem(answer);
  $("files").replaceChildren(...fileLinks(job, name));
  paint(await answer.json());
}

function begin() {
  work?.abort();
  work = new AbortController();
  setVisible($("problem"), false);
  setVisible($("transcript"), false);
  $("files").replaceChildren();
  $("transcribe").disabled = true;
  paintUpload(0);
  setVisible($("work"), true);
}

function end() {
  work = null;
  $("transcribe").disabled = false;
  setVisible($("work"), false);
}

function cancel() {
  work?.abort();
  end();
  setText($("result"), "Cancelled.");
  $("transcribe").focus();
  if (job) fetch(job, { method: "DELETE" }).catch(() => null);
  history.replaceState(null, "", "/recordings");
}

function paintUpload(part) {
  $("progress").max = 1;
  $("progress").value = part;
  setText($("result"), part < 1 ? `Uploading, ${Math.floor(part * STEPS) * (100 / STEPS)} %.` : "Uploaded.");
}

function paintWork({ chunks_processed: done, total_chunks: total }) {
  if (total > 1) {
    $("progress").max = total;
    $("progress").value = done;
    setText($("result"), `Transcribing, ${done} of ${total} parts.`);
  } else {
    $("progress").removeAttribute("value");
    setText($("result"), "Transcribing.");
  }
}

function paint({ transcript, message, words, duration_seconds: seconds, processing_info: info }) {
  const { service, model_used: model } = info;
  const language = languageTag(info.language_requested) ?? languageTag(info.language_detected ?? "");
  const title = accepted.services.find((known) => known.service === service)?.title ?? service;
  setText($("result"), message ?? `${clock(seconds * 1000)} and ${count(words.length, "word")}, transcribed by ${title} (${model}).`);
  const lines = words.length > 0 ? linesOf(words) : transcript ? [{ startMs: 0, text: transcript }] : [];
  $("lines").classList.toggle("speakers", lines.some(({ speaker }) => speaker !== undefined));
  $("lines").replaceChildren(...lines.map((line) => lineOf(line, language)));
  setVisible($("transcript"), lines.length > 0);
}

function lineOf({ startMs, speaker, text }, language) {
  const item = create("li");
  if (speaker !== undefined) item.dataset.speaker = `s${speaker % 4}`;
  const at = create("time", "at", clock(startMs));
  at.dateTime = `PT${(startMs / 1000).toFixed(3)}S`;
  const words = create("p", "words", text);
  if (language) words.lang = language;
  item.append(at, create("b", "speaker", speaker === undefined ? "" : `Speaker ${speaker + 1}`), words);
  return item;
}

$("service").addEventListener("change", paintChoices);
$("cancel").addEventListener("click", cancel);
$("recording-form").addEventListener("submit", (event) => {
  event.preventDefault();
  if (!work) transcribe($("file").files[0]);
});
open();
