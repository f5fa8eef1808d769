package io.verbatim.fuzz;

import io.verbatim.asr.WorkerSettingsReading;
import io.verbatim.asr.deepgram.DeepgramReading;
import io.verbatim.gateway.WatcherReading;
import io.verbatim.ingest.IngestSettingsReading;
import io.verbatim.ingest.auth.CallerReading;
import io.verbatim.ingest.exotel.ExotelReading;
import io.verbatim.ingest.handshake.UrlReading;
import io.verbatim.ingest.pcm.PcmReading;
import io.verbatim.local.WavReading;
import io.verbatim.pubsub.redis.EntryReading;
import io.verbatim.tokens.KeysReading;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// Every parser of what comes from outside, by who sends it.
@SuppressWarnings("ImmutableEnumChecker") // A reading keeps nothing, and the list is a constant.
public enum Target {
  EXOTEL_FRAMES(
      ExotelReading::frames,
      "@",
      "{\"event\":\"media\",\"media\":{\"chunk\":1,\"payload\":\"@\"}}",
      "{\"event\":\"media\",\"media\":{\"chunk\":@}}",
      "{\"event\":\"start\",\"start\":{\"call_sid\":\"c\",\"custom_parameters\":{@\"z\":1}}}",
      "{\"event\":\"start\",\"start\":{\"call_sid\":\"c\",\"media_format\":{\"sample_rate\":\"8000@\"}}}",
      "{\"event\":\"stop\",\"stop\":{\"reason\":\"@\"}}"),
  EXOTEL_HINTS(ExotelReading::hints, "@", "8000@", "16000\n@"),
  PCM_FRAMES(
      PcmReading::frames,
      "@",
      "{\"event\":\"start\",\"interaction_id\":\"@\"}",
      "{\"event\":\"start\",\"sample_rate\":@}",
      "{\"event\":\"@\"}",
      "{\"event\":\"stop\",@\"z\":1}"),
  DEEPGRAM_MESSAGES(
      DeepgramReading::messages,
      "@",
      "{\"type\":\"Results\",\"start\":0,\"duration\":9,\"is_final\":true,\"channel\":{\"alternatives\":[{\"transcript\":\"@\"}]}}",
      "{\"type\":\"Results\",\"start\":0,\"duration\":9,\"is_final\":true,\"channel\":{\"alternatives\":[{\"transcript\":\"a\",\"words\":[@{}]}]}}",
      "{\"type\":\"Results\",\"start\":@}",
      "{\"type\":\"Error\",\"message\":\"@\"}",
      "{\"type\":\"Metadata\",@\"z\":1}"),
  DEEPGRAM_CLOSES(DeepgramReading::closes, "@", "DATA-0000 @"),
  REDIS_AUDIO(EntryReading::audio, "@", "640-0\nt=1\npcm=@", "640-0\nt=@\npcm=ab", "640-1\nend=@"),
  REDIS_TRANSCRIPT(
      WatcherReading::transcript,
      "@",
      Entries.FINAL + "{\"segment\":\"s\",\"text\":\"@\",\"recognizer\":\"r\",\"words\":[]}",
      Entries.FINAL
          + "{\"segment\":\"s\",\"text\":\"a\",\"recognizer\":\"r\",\"words\":[@{\"text\":\"a\"}]}",
      "640-0\ntype=gap\ndata={\"startMs\":@,\"reason\":\"r\"}",
      "640-1\ntype=ended\nreason=@\nduration=1\ncomplete=1"),
  REDIS_REGISTER(
      WatcherReading::register,
      "@",
      "{\"segment\":\"s\",\"text\":\"@\",\"recognizer\":\"r\",\"words\":[]}",
      "{\"state\":\"CONNECTED\",\"recognizer\":\"r\",\"reason\":\"@\"}"),
  REDIS_CALL(
      WatcherReading::call,
      "@",
      "tenant=t\nsource=pcm\nformat=pcm16/8000/1\nstarted=1\nfrom=@",
      "tenant=t\nsource=@",
      "tenant=t\nsource=pcm\nformat=@/8000/1"),
  CALLERS(CallerReading::handshake, "@", "Bearer @", "Basic @", "\n@", "\n\n\n@"),
  SOCKET_URLS(UrlReading::urls, "@", "\n@", "\n\n@", "\n\n\n@"),
  TOKENS(KeysReading::token, "@", "eyJhbGciOiJSUzI1NiJ9.@.AA"),
  REQUESTS(WatcherReading::request, "@", "https://@", "@-0", "1-@"),
  PUBLISHED_KEYS(
      KeysReading::published,
      "@",
      "{\"keys\":[@]}",
      "{\"keys\":[{\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\"@\"}]}"),
  PEM(
      KeysReading::pem,
      "@",
      "-----BEGIN PUBLIC KEY-----@-----END PUBLIC KEY-----",
      "-----BEGIN CERTIFICATE-----@-----END CERTIFICATE-----"),
  ADDRESSES(CallerReading::addresses, "@", "10.0.0.0/@", "@/8"),
  INGEST_SETTINGS(
      IngestSettingsReading::settings,
      "@",
      "EXOTEL_ALLOWED_IPS=@",
      "MAX_CALLS=@",
      "DRAIN_TIMEOUT=@",
      "PUBLIC_URL=https://@"),
  WORKER_SETTINGS(
      WorkerSettingsReading::settings,
      "@",
      "DEEPGRAM_API_KEY=k\nDEEPGRAM_OPTIONS=@",
      "DEEPGRAM_API_KEY=k\nREPLAY_SPEED=@"),
  GATEWAY_SETTINGS(WatcherReading::settings, "@", "CORS_ORIGINS=@", "SSE_BUFFER=@"),
  WAV(WavReading::file, "@");

  private final Reading reading;
  private final List<String> frames;

  /// @param frames what stands around hostile bytes, which take the place of `@`, so that they
  ///   reach the parser's inside
  Target(Reading reading, String... frames) {
    this.reading = reading;
    this.frames = List.of(frames);
  }

  /// The name it has on the command line and in `corpus/`.
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  Reading reading() {
    return reading;
  }

  /// The reading alone, where the target goes on to write what it has read.
  Reading parsing() {
    return switch (this) {
      case REDIS_TRANSCRIPT -> EntryReading::transcript;
      case REDIS_REGISTER -> EntryReading::interim;
      case REDIS_CALL -> EntryReading::call;
      default -> reading;
    };
  }

  /// The largest input whose cost matters: settings are the operator's own, and read once.
  int largest() {
    return name().endsWith("_SETTINGS") ? 4 * 1024 : 256 * 1024;
  }

  List<String> frames() {
    return frames;
  }

  /// @throws IllegalArgumentException where there is none of that name
  static Target named(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  /// The targets of a list of names between commas.
  ///
  /// @throws IllegalArgumentException where there is none of a name
  static List<Target> allNamed(String words) {
    return Arrays.stream(words.split(",", -1)).map(Target::named).toList();
  }

  /// How entries begin; an enum's own constants cannot see a constant of the enum.
  private static final class Entries {
    static final String FINAL = "640-0\ntype=final\nseq=1\ndata=";
  }
}
