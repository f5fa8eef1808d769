package io.verbatim.ingest.audiostream;

import io.verbatim.ingest.auth.Caller.TokenHolder;
import io.verbatim.ingest.connection.CallConnection;
import io.verbatim.ingest.connection.CloseCode;
import io.verbatim.ingest.connection.Problem;
import io.verbatim.ingest.transcript.CallerTranscript;
import io.verbatim.ingest.transcript.TranscriptEncoder;
import io.verbatim.ingest.transcript.TranscriptMessage;
import io.verbatim.pubsub.message.AudioFormat;
import io.verbatim.pubsub.message.AudioFormat.Encoding;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallStart;
import io.verbatim.pubsub.message.CallStart.Source;
import io.verbatim.pubsub.message.Opening.Reason;
import io.verbatim.pubsub.message.RecognizerStatus;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// One call of an audio stream: opens it, adds the chunks, and sends the events. The dialects of
/// the two transports share it. Confined to the event loop.
///
/// A lost connection ends the call, because the protocol has no way to resume one: a client that
/// connects again begins a new call.
public final class AudioStream {
  private static final String SOURCE = "audio_stream";
  private static final String BAD_AUDIO = "bad_audio";
  private static final AudioFormat FORMAT = new AudioFormat(Encoding.PCM16, 16_000, 1);
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int MAX_CHUNK_BYTES = 100_000;
  private static final int MAX_BAD_CHUNKS_IN_A_ROW = 50;

  /// The tenant of a caller whose token names none.
  private static final String DEFAULT_TENANT = "default";

  /// Problems that the previous system reported with one sentence.
  private static final Set<String> SERVICE_ERRORS =
      Set.of("log_unavailable", "internal_error", "ended", "transcript_timeout", "recognizer");

  private final CallConnection connection;
  private final TokenHolder caller;
  private final Optional<String> language;
  private final EventFormat format;
  private final Runnable stopped;
  private @Nullable CallerTranscript transcript;
  private boolean opening;
  private boolean stopping;
  private long startedAt;
  private long chunks;
  private int badInARow;

  /// @param language the requested language
  /// @param format how events are written
  /// @param stopped runs when the call has ended as the caller asked, after its last words
  public AudioStream(
      CallConnection connection,
      TokenHolder caller,
      Optional<String> language,
      EventFormat format,
      Runnable stopped) {
    this.connection = connection;
    this.caller = caller;
    this.language =
        language
            .map(String::strip)
            .filter(code -> !code.isEmpty() && code.length() <= CallStart.MAX_LANGUAGE_CHARS);
    this.format = format;
    this.stopped = stopped;
  }

  /// The kinds of this protocol's violations.
  public static List<String> violations() {
    return List.of(BAD_AUDIO);
  }

  /// The label of this protocol's violations.
  public static String source() {
    return SOURCE;
  }

  /// Opens the call: under the token's id, if it names one, else under a random one.
  public void start(long now) {
    opening = true;
    startedAt = now;
    String id = caller.interactionId().orElseGet(() -> UUID.randomUUID().toString());
    if (!CallId.isValid(id)) {
      connection.fail(
          CloseCode.REFUSED,
          "bad_interaction_id",
          "The token's interaction_id is invalid: use 1 to 128 letters, digits, '.', '_' or '-'.");
      return;
    }
    connection.open(
        new CallStart(
            new CallId(id),
            caller.tenantId().filter(tenant -> !tenant.isBlank()).orElse(DEFAULT_TENANT),
            Source.PCM,
            FORMAT,
            null,
            null,
            language.orElse(null),
            connection.context().clock().instant()),
        false);
  }

  /// Adds a chunk. Returns its number; 0 if it was not added.
  public long add(byte[] audio, long now) {
    if (stopping) {
      return 0;
    }
    if (audio.length > MAX_CHUNK_BYTES) {
      invalid("A chunk has " + audio.length + " bytes: send at most " + MAX_CHUNK_BYTES + ".");
      return 0;
    }
    int partial = audio.length % FORMAT.bytesPerFrame();
    if (partial == 0) {
      badInARow = 0;
      connection.audio(audio, ++chunks, now);
    } else {
      connection.audio(Arrays.copyOf(audio, audio.length - partial), ++chunks, now);
      invalid("A chunk ends within a sample. Its last byte is dropped.");
    }
    return chunks;
  }

  /// Reports an event without audio that can be read.
  public void invalid(String detail) {
    connection.context().metrics().violation(SOURCE, BAD_AUDIO, 1);
    Problem problem = new Problem(BAD_AUDIO, detail);
    if (++badInARow == MAX_BAD_CHUNKS_IN_A_ROW) {
      connection.fail(CloseCode.BAD_PAYLOAD, problem);
      connection.end("protocol_error");
    } else if (badInARow == 1) {
      report(problem);
    }
  }

  /// Ends the call after all chunks added so far.
  public void stop() {
    stopping = true;
    connection.end("stop");
  }

  /// The number of the last chunk.
  public long chunks() {
    return chunks;
  }

  /// Checks timeouts. Called several times a second.
  public void tick(long now) {
    if (connection.closeIfRevoked(caller.keyId())) {
      return;
    }
    if (opening && now - startedAt >= connection.context().timeouts().start().toNanos()) {
      opening = false;
      connection.fail(
          CloseCode.TRY_AGAIN_LATER,
          "log_unavailable",
          "The call could not be opened within START_TIMEOUT. Connect again later.");
      connection.abandon();
    }
    if (transcript != null) {
      transcript.tick(now);
    }
  }

  /// Sends an `error` event.
  public void report(Problem problem) {
    String message =
        problem.code().equals(BAD_AUDIO)
            ? "Invalid audio data format"
            : SERVICE_ERRORS.contains(problem.code())
                ? "Transcription service error"
                : problem.message();
    send(
        "error",
        fields()
            .put("message", message)
            .put("code", problem.code())
            .put("detail", problem.message()));
  }

  public void opened(CallId id) {
    opening = false;
    send(
        "connected",
        fields()
            .put("message", "Connected to the audio stream")
            .put("user_id", caller.userId().orElse(null))
            .put("auth_type", caller.keyId().isPresent() ? "api_key" : "jwt")
            .put("language", language.orElse(null))
            .put("timestamp", connection.context().clock().instant().toString())
            .put("interaction_id", id.value()));
    transcript = new CallerTranscript(connection, id, this::encode, this::finished, this::report);
    transcript.open(Optional.empty());
  }

  private String encode(TranscriptMessage message) {
    if (message instanceof TranscriptMessage.Status(RecognizerStatus status)
        && status.state() == RecognizerStatus.State.UNAVAILABLE) {
      report(new Problem("recognizer", status.reason()));
    }
    return format.encode(
        TranscriptEncoder.event(message), TranscriptEncoder.addFields(message, fields()));
  }

  /// The call's end is in the log.
  public void ended(boolean requested) {
    if (requested && stopping && !connection.isClosing() && transcript != null) {
      transcript.audioEnded();
    }
  }

  private void finished() {
    send("stopped", fields().put("chunks", chunks));
    stopped.run();
  }

  /// Whether only the last words are still on their way.
  public boolean isFinishing() {
    return transcript != null && transcript.isFinishing();
  }

  public void closed() {
    if (transcript != null) {
      transcript.close();
    }
  }

  /// The problem to report if the log refuses to open the call.
  public static Problem refusal(Reason reason) {
    return switch (reason) {
      case EXISTS, OTHER_TENANT, OTHER_FORMAT ->
          new Problem("already_live", "A call with the token's interaction_id is live.");
      case ENDED ->
          new Problem("already_ended", "The call with the token's interaction_id has ended.");
    };
  }

  private void send(String event, ObjectNode fields) {
    connection.send(format.encode(event, fields));
  }

  private static ObjectNode fields() {
    return JSON.createObjectNode();
  }
}
