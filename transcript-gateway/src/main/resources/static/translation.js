// The choice of a language into which the call is translated.

import { create, setText, setVisible } from "./dom.js";
import { preference, setPreference } from "./preferences.js";

const LANGUAGES = ["ar", "bn", "cs", "da", "de", "el", "en", "es", "fi", "fr", "he", "hi", "hu", "id", "it", "ja", "ko", "nl", "no", "pl", "pt", "ro", "ru", "sv", "th", "tr", "uk", "vi", "zh"];

/**
 * @param elements `{select, notice}`: the list of languages, and the element that says why there is no translation
 * @param onChange called with the code of the language, or null for none
 */
export function translationChoice({ select, notice }, onChange) {
  const names = new Intl.DisplayNames(["en"], { type: "language" });
  const known = LANGUAGES.map((code) => ({ code, name: names.of(code) })).sort((a, b) => a.name.localeCompare(b.name));
  for (const { code, name } of known) {
    const option = create("option", "", name);
    option.value = code;
    select.append(option);
  }
  select.value = preference("translation", "");
  if (select.selectedIndex < 0) select.value = "";
  select.addEventListener("change", () => {
    setPreference("translation", select.value);
    onChange(language());
  });

  const language = () => select.value || null;

  /** Shows the state of the translator, `{state, reason}`. */
  function paint({ state, reason }) {
    const away = language() !== null && state === "unavailable";
    if (away) setText(notice, `The translation is not available at the moment: ${reason} The lines follow when it is back.`);
    setVisible(notice, away || select.disabled);
  }

  /** The gateway does not translate calls. */
  function refuse(cause) {
    select.value = "";
    select.disabled = true;
    setText(notice, cause);
  }

  return { language, paint, refuse };
}
