package io.verbatim.batch.provider;

import java.util.List;
import java.util.stream.Stream;

/// The language codes of the recognisers.
final class Languages {

  /// The recogniser detects the language.
  static final String AUTO = "auto";

  /// Of nova-2; `multi` is for recordings that change between languages.
  static final List<String> DEEPGRAM =
      codes(
          "multi bg ca cs da da-DK de de-CH el en en-AU en-GB en-IN en-NZ en-US es es-419 et fi fr"
              + " fr-CA hi hu id it ja ko ko-KR lt lv ms nl nl-BE no pl pt pt-BR pt-PT ro ru sk sv"
              + " sv-SE th th-TH tr uk vi zh zh-CN zh-HK zh-TW zh-Hans zh-Hant");

  static final List<String> WHISPER =
      codes(
          "af ar az be bg bs ca cs cy da de el en es et fa fi fr gl he hi hr hu hy id is it ja kk"
              + " kn ko lt lv mi mk mr ms ne nl no pl pt ro ru sk sl sr sv sw ta th tl tr uk ur vi"
              + " zh");

  static final List<String> ASSEMBLYAI =
      Stream.concat(WHISPER.stream(), Stream.of("en_au", "en_uk", "en_us")).toList();

  private Languages() {}

  private static List<String> codes(String codes) {
    return Stream.concat(Stream.of(AUTO), Stream.of(codes.split(" ", -1))).toList();
  }
}
