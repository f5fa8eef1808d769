package io.verbatim.fuzz;

import io.verbatim.asr.WorkerSettingsFuzzTest;
import io.verbatim.asr.deepgram.DeepgramFuzzTest;
import io.verbatim.batch.media.MediaFuzzTest;
import io.verbatim.gateway.GatewayFuzzTest;
import io.verbatim.ingest.IngestSettingsFuzzTest;
import io.verbatim.ingest.auth.StreamAuthenticatorFuzzTest;
import io.verbatim.ingest.exotel.ExotelFuzzTest;
import io.verbatim.ingest.handshake.SocketUrlFuzzTest;
import io.verbatim.ingest.pcm.PcmFuzzTest;
import io.verbatim.ingest.socketio.SocketIoFuzzTest;
import io.verbatim.local.audio.WavFuzzTest;
import io.verbatim.pubsub.redis.RedisFuzzTest;
import io.verbatim.security.client.AddressRangeFuzzTest;
import io.verbatim.security.token.TokenFuzzTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// Every parser of external input, by sender: the fuzz tests of all modules.
@SuppressWarnings("ImmutableEnumChecker") // The targets are stateless, and the list is constant.
public enum Target {
  EXOTEL_FRAMES(
      ExotelFuzzTest.class,
      "frames",
      "@",
      "{\"event\":\"media\",\"media\":{\"chunk\":1,\"payload\":\"@\"}}",
      "{\"event\":\"media\",\"media\":{\"chunk\":@}}",
      "{\"event\":\"start\",\"start\":{\"call_sid\":\"c\",\"custom_parameters\":{@\"z\":1}}}",
      "{\"event\":\"start\",\"start\":{\"call_sid\":\"c\",\"media_format\":{\"sample_rate\":\"8000@\"}}}",
      "{\"event\":\"stop\",\"stop\":{\"reason\":\"@\"}}"),
  EXOTEL_HINTS(ExotelFuzzTest.class, "hints", "@", "8000@", "16000\n@"),
  PCM_FRAMES(
      PcmFuzzTest.class,
      "frames",
      "@",
      "{\"event\":\"start\",\"interaction_id\":\"@\"}",
      "{\"event\":\"start\",\"sample_rate\":@}",
      "{\"event\":\"@\"}",
      "{\"event\":\"stop\",@\"z\":1}"),
  DEEPGRAM_MESSAGES(
      DeepgramFuzzTest.class,
      "messages",
      "@",
      "{\"type\":\"Results\",\"start\":0,\"duration\":9,\"is_final\":true,\"channel\":{\"alternatives\":[{\"transcript\":\"@\"}]}}",
      "{\"type\":\"Results\",\"start\":0,\"duration\":9,\"is_final\":true,\"channel\":{\"alternatives\":[{\"transcript\":\"a\",\"words\":[@{}]}]}}",
      "{\"type\":\"Results\",\"start\":@}",
      "{\"type\":\"Error\",\"message\":\"@\"}",
      "{\"type\":\"Metadata\",@\"z\":1}"),
  DEEPGRAM_CLOSES(DeepgramFuzzTest.class, "closes", "@", "DATA-0000 @"),
  REDIS_AUDIO(
      RedisFuzzTest.class, "audio", "@", "640-0\nt=1\npcm=@", "640-0\nt=@\npcm=ab", "640-1\nend=@"),
  REDIS_TRANSCRIPT(
      GatewayFuzzTest.class,
      "transcript",
      "@",
      Entries.FINAL + "{\"segment\":\"s\",\"text\":\"@\",\"recognizer\":\"r\",\"words\":[]}",
      Entries.FINAL
          + "{\"segment\":\"s\",\"text\":\"a\",\"recognizer\":\"r\",\"words\":[@{\"text\":\"a\"}]}",
      "640-0\ntype=gap\ndata={\"startMs\":@,\"reason\":\"r\"}",
      "640-1\ntype=ended\nreason=@\nduration=1\ncomplete=1"),
  REDIS_REGISTER(
      GatewayFuzzTest.class,
      "liveState",
      "@",
      "{\"segment\":\"s\",\"text\":\"@\",\"recognizer\":\"r\",\"words\":[]}",
      "{\"state\":\"CONNECTED\",\"recognizer\":\"r\",\"reason\":\"@\"}"),
  REDIS_CALL(
      GatewayFuzzTest.class,
      "call",
      "@",
      "tenant=t\nsource=pcm\nformat=pcm16/8000/1\nstarted=1\nfrom=@",
      "tenant=t\nsource=@",
      "tenant=t\nsource=pcm\nformat=@/8000/1"),
  CALLERS(
      StreamAuthenticatorFuzzTest.class, "handshake", "@", "Bearer @", "Basic @", "\n@", "\n\n\n@"),
  SOCKET_URLS(SocketUrlFuzzTest.class, "urls", "@", "\n@", "\n\n@", "\n\n\n@"),
  TOKENS(TokenFuzzTest.class, "token", "@", "eyJhbGciOiJSUzI1NiJ9.@.AA"),
  REQUESTS(GatewayFuzzTest.class, "request", "@", "https://@", "@-0", "1-@"),
  PUBLISHED_KEYS(
      TokenFuzzTest.class,
      "published",
      "@",
      "{\"keys\":[@]}",
      "{\"keys\":[{\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\"@\"}]}"),
  PEM(
      TokenFuzzTest.class,
      "pem",
      "@",
      "-----BEGIN PUBLIC KEY-----@-----END PUBLIC KEY-----",
      "-----BEGIN CERTIFICATE-----@-----END CERTIFICATE-----"),
  ADDRESSES(AddressRangeFuzzTest.class, "addresses", "@", "10.0.0.0/@", "@/8"),
  INGEST_SETTINGS(
      IngestSettingsFuzzTest.class,
      "settings",
      "@",
      "EXOTEL_ALLOWED_IPS=@",
      "MAX_CALLS=@",
      "DRAIN_TIMEOUT=@",
      "PUBLIC_URL=https://@"),
  WORKER_SETTINGS(
      WorkerSettingsFuzzTest.class,
      "settings",
      "@",
      "DEEPGRAM_API_KEY=k\nDEEPGRAM_OPTIONS=@",
      "DEEPGRAM_API_KEY=k\nREPLAY_SPEED=@"),
  GATEWAY_SETTINGS(GatewayFuzzTest.class, "settings", "@", "CORS_ORIGINS=@", "SSE_BUFFER=@"),
  SOCKET_IO_PACKETS(SocketIoFuzzTest.class, "packets", "@", "2@", "0/@,{}", "51-/audio-stream,@[]"),
  RECORDING_WAV(MediaFuzzTest.class, "wav", "@", "RIFF0000WAVE@"),
  RECORDING_FORMATS(MediaFuzzTest.class, "formats", "@", "RIFF@WAVE", "0000ftyp@"),
  WAV(WavFuzzTest.class, "file", "@");

  private final Class<?> test;
  private final String method;
  private final FuzzTarget fuzzTarget;
  private final List<String> frames;

  /// @param method a public method of the test, annotated with `@FuzzTest`
  /// @param frames valid input around hostile bytes, which replace `@`, so that they get past the
  ///   first checks of the parser
  Target(Class<?> test, String method, String... frames) {
    this.test = test;
    this.method = method;
    this.fuzzTarget = fuzzTarget(test, method);
    this.frames = List.of(frames);
  }

  /// Calls the method on a new instance of the test, as JUnit does. Initializes the test only when
  /// it runs, so that a process loads the parsers of its own targets.
  private static FuzzTarget fuzzTarget(Class<?> test, String method) {
    MethodHandles.Lookup lookup = MethodHandles.publicLookup();
    try {
      MethodHandle instance = lookup.findConstructor(test, MethodType.methodType(void.class));
      MethodHandle run =
          lookup.findVirtual(test, method, MethodType.methodType(void.class, byte[].class));
      return MethodHandleProxies.asInterfaceInstance(
          FuzzTarget.class, MethodHandles.collectArguments(run, 0, instance));
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException(test.getName() + "." + method + " is not accessible", e);
    }
  }

  /// The name on the command line.
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  FuzzTarget fuzzTarget() {
    return fuzzTarget;
  }

  /// The parser alone, for targets that also write what they have parsed.
  FuzzTarget parserOnly() {
    return switch (this) {
      case REDIS_TRANSCRIPT -> RedisFuzzTest::transcript;
      case REDIS_REGISTER -> RedisFuzzTest::interim;
      case REDIS_CALL -> RedisFuzzTest::call;
      default -> fuzzTarget;
    };
  }

  /// The size of the inputs whose cost is measured. Smaller for settings, which come from the
  /// operator and are read once.
  int maxCostBytes() {
    return name().endsWith("_SETTINGS") ? 4 * 1024 : 256 * 1024;
  }

  List<String> frames() {
    return frames;
  }

  Class<?> test() {
    return test;
  }

  String method() {
    return method;
  }

  /// The folder of the committed inputs: where the test reads them, in the one module that contains
  /// its package.
  ///
  /// @param repository the folder that contains the modules
  Path inputs(Path repository) {
    String folder =
        "src/test/resources/%s/%sInputs/%s"
            .formatted(test.getPackageName().replace('.', '/'), test.getSimpleName(), method);
    try (Stream<Path> modules = Files.list(repository)) {
      return modules
          .map(module -> module.resolve(folder))
          .filter(Files::isDirectory)
          .findFirst()
          .orElseThrow(() -> new IllegalStateException("no module contains " + folder));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// @throws IllegalArgumentException if no target has this name
  static Target named(String id) {
    return valueOf(id.toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  /// The targets of a list of names separated by commas.
  ///
  /// @throws IllegalArgumentException if no target has one of the names
  static List<Target> allNamed(String ids) {
    return Arrays.stream(ids.split(",", -1)).map(Target::named).toList();
  }

  /// Prefixes of entries, in a nested class because enum constants cannot use constants of the
  /// enum.
  private static final class Entries {
    static final String FINAL = "640-0\ntype=final\nseq=1\ndata=";
  }
}
