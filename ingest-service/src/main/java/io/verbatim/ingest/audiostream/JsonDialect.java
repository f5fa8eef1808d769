package io.verbatim.ingest.audiostream;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.verbatim.ingest.auth.Caller.TokenHolder;
import io.verbatim.ingest.connection.CallConnection;
import io.verbatim.ingest.connection.CloseCode;
import io.verbatim.ingest.connection.Dialect;
import io.verbatim.ingest.connection.FrameJson;
import io.verbatim.ingest.connection.Problem;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallStart.Source;
import io.verbatim.pubsub.message.Opening.Reason;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The audio stream on a plain WebSocket: each event is a JSON object with its name in `event`; a
/// binary message is a chunk, too. Confined to the event loop.
public final class JsonDialect implements Dialect {
  static final int MAX_UNREADABLE_IN_A_ROW = 20;
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final byte[] CHUNK_START =
      "{\"event\":\"audio_chunk\",\"data\":\"".getBytes(US_ASCII);
  private static final byte[] CHUNK_END = "\"}".getBytes(US_ASCII);
  private static final String EXAMPLE = "{\"event\":\"audio_chunk\",\"data\":\"<base64>\"}";

  private final CallConnection connection;
  private final AudioStream stream;
  private int unreadableInARow;

  public JsonDialect(CallConnection connection, TokenHolder caller, Optional<String> language) {
    this.connection = connection;
    stream =
        new AudioStream(
            connection,
            caller,
            language,
            JsonDialect::encode,
            () -> connection.close(CloseCode.NORMAL, "stopped", ""));
  }

  static String encode(String event, ObjectNode fields) {
    return JSON.writeValueAsString(JSON.createObjectNode().put("event", event).setAll(fields));
  }

  @Override
  public Source source() {
    return Source.PCM;
  }

  @Override
  public boolean isResumable() {
    return false;
  }

  @Override
  public void connected(long now) {
    stream.start(now);
  }

  @Override
  public void text(byte[] text, int length, long now) {
    Optional<byte[]> usual = AudioChunk.scan(text, 0, length, CHUNK_START, CHUNK_END);
    if (usual.isPresent()) {
      unreadableInARow = 0;
      stream.add(usual.get(), now);
      return;
    }
    JsonNode message = FrameJson.object(new String(text, 0, length, UTF_8)).orElse(null);
    if (message == null || !message.path("event").isString()) {
      unreadable();
      return;
    }
    unreadableInARow = 0;
    event(message, now);
  }

  private void event(JsonNode message, long now) {
    switch (message.path("event").stringValue()) {
      case AudioChunk.EVENT -> {
        Optional<byte[]> audio = AudioChunk.decode(message);
        if (audio.isPresent()) {
          stream.add(audio.get(), now);
        } else {
          stream.invalid("An audio_chunk has no base64 audio. Send " + EXAMPLE);
        }
      }
      case "stop" -> stream.stop();
      default ->
          report(new Problem("unknown_event", "The event is unknown: use audio_chunk or stop."));
    }
  }

  private void unreadable() {
    Problem problem =
        new Problem(
            "bad_json", "A text message is not a JSON object with an event. Send " + EXAMPLE);
    if (++unreadableInARow == MAX_UNREADABLE_IN_A_ROW) {
      connection.fail(CloseCode.BAD_PAYLOAD, problem);
      connection.end("protocol_error");
    } else {
      report(problem);
    }
  }

  @Override
  public void binary(ByteBuf content, long now) {
    if (content.isReadable()) {
      stream.add(ByteBufUtil.getBytes(content), now);
    }
  }

  @Override
  public void tick(long now) {
    stream.tick(now);
  }

  @Override
  public void report(Problem problem) {
    stream.report(problem);
  }

  @Override
  public void opened(CallId id, long nextSeq, long storedSeq) {
    stream.opened(id);
  }

  @Override
  public void ended(boolean requested) {
    stream.ended(requested);
  }

  @Override
  public boolean isFinishing() {
    return stream.isFinishing();
  }

  @Override
  public Problem refusal(Reason reason) {
    return AudioStream.refusal(reason);
  }

  @Override
  public void closed() {
    stream.closed();
  }
}
