// The box on the page of recordings that translates a text.

import { $, setText, setVisible } from "./dom.js";
import { count, languageTag } from "./format.js";
import { showProblem, showText } from "./problem.js";

const PART = "translation-";
const LANGUAGES = ["ar", "bn", "de", "en", "es", "fr", "gu", "hi", "it", "ja", "kn", "ko", "ml", "mr", "nl", "pl", "pt", "ru", "ta", "te", "tr", "uk", "ur", "zh"];
let isBusy = false;

async function open() {
  const answer = await fetch("/translations").catch(() => null);
  if (!answer?.ok) return showProblem(answer, PART);
  const { services } = await answer.json();
  if (services.length === 0) return showText(PART, "No provider is set up. The operator sets the key of OpenAI, Google or DeepSeek.");
  const names = new Intl.DisplayNames(["en"], { type: "language" });
  $("translator").replaceChildren(...services.map(({ service, title }) => new Option(title, service)));
  $("languages").replaceChildren(...LANGUAGES.map((code) => new Option(names.of(code), code)));
  setVisible($("translation-form"), true);
}

async function translate() {
  isBusy = true;
  $("translate").disabled = true;
  setVisible($("translation-problem"), false);
  setVisible($("translated"), false);
  setText($("translation-result"), "Translating.");
  const fields = { text: $("text").value, source_language: $("source").value.trim() || "auto", target_language: $("target").value.trim() };
  const answer = await fetch(`/translations/${$("translator").value}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(fields),
  }).catch(() => null);
  isBusy = false;
  $("translate").disabled = false;
  if (!answer?.ok) return showProblem(answer, PART);
  paint(await answer.json());
}

/** A provider that is asked by a webhook answers only a message. */
function paint({ message, translated_text: text, detected_source_language: detected, target_language: target, model_used: model, chunks_processed: chunks }) {
  if (text === undefined) return setText($("translation-result"), message);
  const source = detected ? ` from ${detected}` : "";
  setText($("translation-result"), `Translated${source} by ${model}${chunks > 1 ? `, in ${count(chunks, "part")}` : ""}.`);
  setText($("translated"), text);
  $("translated").lang = languageTag(target) ?? "";
  setVisible($("translated"), true);
}

$("translation-form").addEventListener("submit", (event) => {
  event.preventDefault();
  if (!isBusy) translate();
});
open();
