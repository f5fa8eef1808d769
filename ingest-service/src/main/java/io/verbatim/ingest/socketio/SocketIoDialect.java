package io.verbatim.ingest.socketio;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.verbatim.ingest.audiostream.AudioChunk;
import io.verbatim.ingest.audiostream.AudioStream;
import io.verbatim.ingest.auth.Caller;
import io.verbatim.ingest.auth.Caller.TokenHolder;
import io.verbatim.ingest.connection.CallConnection;
import io.verbatim.ingest.connection.CloseCode;
import io.verbatim.ingest.connection.Dialect;
import io.verbatim.ingest.connection.FrameJson;
import io.verbatim.ingest.connection.Problem;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallStart.Source;
import io.verbatim.pubsub.message.Opening.Reason;
import io.verbatim.security.http.AuthResult;
import io.verbatim.security.http.AuthResult.Accepted;
import io.verbatim.security.http.AuthResult.Rejected;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The audio stream of a Socket.IO client: one namespace, in which the client connects with its
/// token. Confined to the event loop.
///
/// A chunk that is emitted with a callback is acknowledged when it is stored in the log.
final class SocketIoDialect implements Dialect {
  private static final byte[] CHUNK_START =
      ("42" + SocketIoEncoder.NAMESPACE + ",[\"audio_chunk\",\"").getBytes(US_ASCII);
  private static final byte[] CHUNK_END = "\"]".getBytes(US_ASCII);
  private static final int MAX_UNREADABLE_IN_A_ROW = 20;
  private static final int MAX_UNAUTHENTICATED_BYTES = 16 * 1024;
  private static final int MAX_WAITING_ACKS = 10_000;
  private static final String BAD_CHUNK =
      "An audio_chunk has no base64 audio. Emit it with base64 text or with binary data.";

  private enum State {
    UNAUTHENTICATED,
    AUTHENTICATING,
    CONNECTED,
    LEFT
  }

  /// A client's wait for the storage of a chunk.
  private record WaitingAck(long chunk, long ack) {}

  private final CallConnection connection;
  private final Access access;
  private final Optional<String> language;
  private final Queue<WaitingAck> acks = new ArrayDeque<>();
  private State state = State.UNAUTHENTICATED;
  private @Nullable AudioStream stream;
  private @Nullable SocketIoPacket awaitingAttachment;
  private int unauthenticatedBytes;
  private int unreadableInARow;
  private long stored;

  /// What a connection needs to authenticate its client.
  interface Access {
    /// Authenticates, calls back on the event loop, and counts a rejection.
    ///
    /// @param token the token of `auth`
    /// @param apiKey the API key of `auth`; if both are empty, those of the handshake are used
    void authenticate(
        Optional<String> token, Optional<String> apiKey, Consumer<AuthResult<Caller>> decided);

    /// The id of the connected socket.
    String socketId();
  }

  SocketIoDialect(CallConnection connection, Access access, Optional<String> language) {
    this.connection = connection;
    this.access = access;
    this.language = language;
  }

  @Override
  public Source source() {
    return Source.PCM;
  }

  @Override
  public boolean isResumable() {
    return false;
  }

  /// @param text an Engine.IO message: its type, and the Socket.IO packet
  @Override
  public void text(byte[] text, int length, long now) {
    AudioStream open = stream;
    if (open != null && awaitingAttachment == null) {
      Optional<byte[]> usual = AudioChunk.scan(text, 0, length, CHUNK_START, CHUNK_END);
      if (usual.isPresent()) {
        unreadableInARow = 0;
        open.add(usual.get(), now);
        return;
      }
    }
    if (state != State.CONNECTED && exceedsLimit(length)) {
      return;
    }
    Optional<SocketIoPacket> packet = SocketIoDecoder.decode(text, 1, length);
    if (packet.isEmpty()) {
      unreadable("A message is not a Socket.IO packet.");
    } else if (!packet.get().namespace().equals(SocketIoEncoder.NAMESPACE)) {
      otherNamespace(packet.get());
    } else {
      received(packet.get(), text, length, now);
    }
  }

  private boolean exceedsLimit(int bytes) {
    unauthenticatedBytes += bytes;
    boolean exceeds = unauthenticatedBytes > MAX_UNAUTHENTICATED_BYTES;
    if (exceeds) {
      connection.fail(
          CloseCode.REFUSED,
          "no_token",
          "More than 16 KiB arrived before the client has authenticated.");
    }
    return exceeds;
  }

  private void otherNamespace(SocketIoPacket packet) {
    if (packet.type() == SocketIoPacket.Type.CONNECT) {
      connection.send(
          SocketIoEncoder.rejected(packet.namespace(), "Invalid namespace", "invalid_namespace"));
    }
  }

  private void received(SocketIoPacket packet, byte[] text, int length, long now) {
    switch (packet.type()) {
      case CONNECT -> connect(json(packet, text, length), now);
      case DISCONNECT -> leave();
      case EVENT ->
          json(packet, text, length)
              .ifPresentOrElse(
                  data -> event(packet, data, now),
                  () -> unreadable("The data of an event is not a JSON array."));
      case BINARY_EVENT -> binaryEvent(packet, text, length);
      case ACK, BINARY_ACK, CONNECT_ERROR -> {}
    }
  }

  private static Optional<JsonNode> json(SocketIoPacket packet, byte[] text, int length) {
    return FrameJson.parse(new String(text, packet.data(), length - packet.data(), UTF_8));
  }

  private void connect(Optional<JsonNode> auth, long now) {
    if (state != State.UNAUTHENTICATED) {
      return;
    }
    state = State.AUTHENTICATING;
    access.authenticate(text(auth, "token"), text(auth, "apiKey"), result -> decided(result, now));
  }

  private static Optional<String> text(Optional<JsonNode> auth, String field) {
    return auth.map(data -> data.path(field)).filter(JsonNode::isString).map(JsonNode::stringValue);
  }

  private void decided(AuthResult<Caller> result, long now) {
    if (connection.isClosing() || state != State.AUTHENTICATING) {
      return;
    }
    switch (result) {
      case Accepted<Caller>(TokenHolder caller) -> {
        state = State.CONNECTED;
        stream =
            new AudioStream(connection, caller, language, SocketIoEncoder::event, this::stopped);
        connection.send(SocketIoEncoder.connected(access.socketId()));
        stream.start(now);
      }
      case Accepted<Caller>(Caller.Exotel _), Accepted<Caller>(Caller.UnprovenExotel _) ->
          throw new IllegalStateException("A token authenticates no Exotel caller.");
      case Rejected<Caller>(io.verbatim.security.http.Problem problem) -> {
        connection.send(
            SocketIoEncoder.rejected(SocketIoEncoder.NAMESPACE, problem.detail(), problem.code()));
        if (problem.status() >= 500) {
          connection.close(CloseCode.TRY_AGAIN_LATER, "keys_unavailable", "");
        } else {
          connection.close(CloseCode.REFUSED, "not_authenticated", "");
        }
      }
    }
  }

  /// The client leaves the namespace: it receives nothing more.
  private void leave() {
    state = State.LEFT;
    connection.end("stop");
    connection.close(CloseCode.NORMAL, "left", "");
  }

  private void event(SocketIoPacket packet, JsonNode data, long now) {
    if (!data.isArray() || !data.path(0).isString()) {
      unreadable("An event has no name.");
      return;
    }
    unreadableInARow = 0;
    AudioStream open = stream;
    if (open == null) {
      notConnected();
      return;
    }
    switch (data.path(0).stringValue()) {
      case AudioChunk.EVENT -> {
        Optional<byte[]> audio = AudioChunk.decode(data.path(1));
        if (audio.isPresent()) {
          acknowledgeAdded(packet.ack(), open.add(audio.get(), now));
        } else {
          open.invalid(BAD_CHUNK);
        }
      }
      case "stop" -> {
        open.stop();
        acknowledge(packet.ack(), open.chunks());
      }
      default ->
          open.report(
              new Problem("unknown_event", "The event is unknown: use audio_chunk or stop."));
    }
  }

  private void notConnected() {
    connection.send(
        SocketIoEncoder.event(
            "error",
            JsonMapper.shared()
                .createObjectNode()
                .put("message", "Connection not initialized")
                .put("code", "not_connected")
                .put("detail", "Connect to the namespace first.")));
  }

  /// @param chunk the chunk's number; 0 if it was not added, which is never acknowledged
  private void acknowledgeAdded(long ack, long chunk) {
    if (chunk > 0) {
      acknowledge(ack, chunk);
    }
  }

  private void acknowledge(long ack, long chunk) {
    if (ack == SocketIoPacket.NO_ACK) {
      return;
    }
    if (chunk <= stored) {
      connection.send(SocketIoEncoder.acknowledged(ack));
    } else if (acks.size() < MAX_WAITING_ACKS) {
      acks.add(new WaitingAck(chunk, ack));
    } else {
      connection.fail(
          CloseCode.REFUSED,
          "too_many_acks",
          "More than " + MAX_WAITING_ACKS + " chunks wait for an acknowledgement.");
      connection.end("protocol_error");
    }
  }

  private void binaryEvent(SocketIoPacket packet, byte[] text, int length) {
    AudioStream open = stream;
    if (open == null) {
      notConnected();
    } else if (packet.attachments() == 1
        && json(packet, text, length)
            .filter(data -> data.path(0).asString("").equals(AudioChunk.EVENT))
            .isPresent()) {
      awaitingAttachment = packet;
    } else {
      open.invalid(BAD_CHUNK);
    }
  }

  @Override
  public void binary(ByteBuf content, long now) {
    SocketIoPacket packet = awaitingAttachment;
    awaitingAttachment = null;
    AudioStream open = stream;
    if (open == null) {
      exceedsLimit(content.readableBytes());
    } else if (packet == null || !content.isReadable()) {
      open.invalid(BAD_CHUNK);
    } else {
      acknowledgeAdded(packet.ack(), open.add(ByteBufUtil.getBytes(content), now));
    }
  }

  private void unreadable(String message) {
    Problem problem = new Problem("bad_packet", message);
    if (++unreadableInARow == MAX_UNREADABLE_IN_A_ROW) {
      connection.fail(CloseCode.BAD_PAYLOAD, problem);
      connection.end("protocol_error");
    } else {
      report(problem);
    }
  }

  @Override
  public void tick(long now) {
    if (stream != null) {
      stream.tick(now);
    }
  }

  @Override
  public void report(Problem problem) {
    if (stream != null && state == State.CONNECTED) {
      stream.report(problem);
    }
  }

  /// Tells a client that it should not connect again by itself, unless that is what it should do.
  @Override
  public void closing(CloseCode code) {
    boolean again =
        switch (code) {
          case SERVICE_RESTART, TRY_AGAIN_LATER, INTERNAL_ERROR -> true;
          case NORMAL,
              GOING_AWAY,
              PROTOCOL_ERROR,
              UNSUPPORTED_DATA,
              BAD_PAYLOAD,
              REFUSED,
              TOO_BIG ->
              false;
        };
    if (state == State.CONNECTED && !again) {
      connection.send(SocketIoEncoder.disconnected());
    }
  }

  private void stopped() {
    connection.close(CloseCode.NORMAL, "stopped", "");
  }

  @Override
  public void opened(CallId id, long nextSeq, long storedSeq) {
    if (stream != null) {
      stream.opened(id);
    }
  }

  @Override
  public void stored(long seq) {
    stored = seq;
    for (WaitingAck first = acks.peek();
        first != null && first.chunk() <= seq;
        first = acks.peek()) {
      connection.send(SocketIoEncoder.acknowledged(first.ack()));
      acks.remove();
    }
  }

  @Override
  public void ended(boolean requested) {
    if (stream != null) {
      stream.ended(requested);
    }
  }

  @Override
  public boolean isFinishing() {
    return stream != null && stream.isFinishing();
  }

  @Override
  public Problem refusal(Reason reason) {
    return AudioStream.refusal(reason);
  }

  @Override
  public void closed() {
    if (stream != null) {
      stream.closed();
    }
  }
}
