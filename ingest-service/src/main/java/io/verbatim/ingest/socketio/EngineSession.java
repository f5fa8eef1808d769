package io.verbatim.ingest.socketio;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.verbatim.ingest.connection.Base64Decoder;
import io.verbatim.ingest.connection.CallConnection;
import io.verbatim.ingest.connection.CloseCode;
import io.verbatim.ingest.connection.ConnectionTimeouts;
import io.verbatim.ingest.connection.FrameChannel;
import io.verbatim.ingest.connection.OpenConnection;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One Engine.IO session: the channel of its connection, over polling requests or over a WebSocket.
/// Confined to the event loop.
///
/// While it polls, what is sent waits for the next request, up to a limit, and the answer to a body
/// waits until its packets are handled, which is the backpressure for the client. A session that
/// moves to a WebSocket stays the same connection.
final class EngineSession implements FrameChannel, OpenConnection {
  private static final Logger logger = LoggerFactory.getLogger(EngineSession.class);
  private static final long CLOSE_TIMEOUT_NANOS = Duration.ofSeconds(5).toNanos();
  private static final char SEPARATOR = 0x1e;
  private static final String CLOSE = "1";
  private static final String PING = "2";
  private static final String NOOP = "6";
  private static final int ABNORMAL_CLOSURE = 1006;
  private static final int NORMAL_CLOSURE = 1000;

  /// Characters that may wait for a polling request.
  private static final int MAX_WAITING_CHARS = 64 * 1024;

  private final String id;
  private final EngineSessions sessions;
  private final CallConnection connection;
  private final ConnectionTimeouts timeouts;
  private final Queue<String> outgoing = new ArrayDeque<>();
  private int outgoingChars;
  private boolean flushing;
  private @Nullable Consumer<String> poll;
  private byte[] body = {};
  private int bodyAt;
  private @Nullable Runnable bodyHandled;
  private boolean posting;
  private boolean processing;
  private boolean reading = true;
  private @Nullable EngineSocket socket;

  /// The WebSocket that is to take over.
  private @Nullable EngineSocket next;

  /// Whether that WebSocket has asked to take over.
  private boolean probed;

  private boolean closing;
  private boolean closed;
  private long closeDeadline;
  private long seenAt;
  private long pingedAt;

  EngineSession(
      String id, EngineSessions sessions, Function<EngineSession, CallConnection> connections) {
    this.id = id;
    this.sessions = sessions;
    connection = connections.apply(this);
    timeouts = connection.context().timeouts();
    seenAt = now();
    pingedAt = seenAt;
  }

  String id() {
    return id;
  }

  CallConnection connection() {
    return connection;
  }

  boolean isPolling() {
    return socket == null && !closed;
  }

  /// Begins over a WebSocket, without polling.
  void begin(EngineSocket first) {
    socket = first;
    first.channel().send(sessions.openPacket(id, false));
    connection.opened();
  }

  /// Begins with polling requests.
  void beginPolling() {
    sessions.connections().add(this);
    enqueue(sessions.openPacket(id, true));
    connection.opened();
  }

  /// A request waits for packets. False if another one already does.
  boolean poll(Consumer<String> answer) {
    if (poll != null) {
      return false;
    }
    seenAt = now();
    poll = answer;
    if (probed && outgoing.isEmpty()) {
      enqueue(NOOP);
    }
    flushPoll();
    return true;
  }

  /// The waiting request is gone.
  void pollCancelled(Consumer<String> answer) {
    if (answer.equals(poll)) {
      poll = null;
      seenAt = now();
    }
  }

  /// A body begins. False if another one is not handled yet.
  boolean beginPost() {
    boolean first = !posting && bodyHandled == null;
    posting |= first;
    seenAt = now();
    return first;
  }

  void endPost() {
    posting = false;
    seenAt = now();
  }

  /// Handles the packets of a body.
  ///
  /// @param handled runs when all packets are handled, or the session is closed
  void post(byte[] packets, Runnable handled) {
    body = packets;
    bodyAt = 0;
    bodyHandled = handled;
    processBody();
  }

  private void processBody() {
    if (processing) {
      return;
    }
    processing = true;
    try {
      while (reading && !closing && !closed && bodyAt < body.length) {
        int end = bodyAt;
        while (end < body.length && body[end] != SEPARATOR) {
          end++;
        }
        int from = bodyAt;
        bodyAt = end + 1;
        packet(sessions.copy(body, from, end), end - from);
      }
    } catch (RuntimeException failure) {
      failed(failure);
    } finally {
      processing = false;
    }
    if (bodyAt >= body.length || closing || closed) {
      body = new byte[0];
      bodyAt = 0;
      Runnable handled = bodyHandled;
      bodyHandled = null;
      if (handled != null) {
        handled.run();
      }
    }
  }

  /// Receives a packet of a body.
  private void packet(byte[] packet, int length) {
    if (length > 1 && packet[0] == 'b') {
      byte @Nullable [] decoded = Base64Decoder.decode(packet, 1, length);
      if (decoded == null) {
        connection.violatesProtocol("A binary packet is not base64.");
      } else {
        connection.binary(Unpooled.wrappedBuffer(decoded));
      }
    } else {
      text(packet, length);
    }
  }

  /// Receives a packet of text.
  void text(byte[] packet, int length) {
    switch (length == 0 ? 0 : packet[0]) {
      case '1' -> clientCloses();
      case '3' -> connection.pong();
      case '4' -> connection.text(packet, length);
      case '6' -> {}
      default -> connection.violatesProtocol("A packet has no known Engine.IO type.");
    }
  }

  void binary(ByteBuf content) {
    connection.binary(content);
  }

  private void clientCloses() {
    if (socket != null) {
      socket.channel().close(CloseCode.NORMAL, "closed by the client");
    } else {
      end(NORMAL_CLOSURE);
    }
  }

  /// Whether a WebSocket may take over. Only one at a time may try, because each counts as a
  /// connection.
  boolean isUpgradable() {
    return socket == null && next == null && !closing;
  }

  /// A WebSocket that is to take over is open. False if it may not.
  boolean upgrading(EngineSocket opened) {
    boolean allowed = isUpgradable();
    if (allowed) {
      next = opened;
    }
    return allowed;
  }

  /// The WebSocket that is to take over asks for it. The waiting request is answered, so that the
  /// client can stop polling.
  void probed() {
    probed = true;
    if (poll != null) {
      enqueue(NOOP);
    }
  }

  /// A WebSocket takes over. False if it has not asked before.
  boolean upgraded(EngineSocket upgraded) {
    if (closing || !probed || !upgraded.equals(next)) {
      return false;
    }
    next = null;
    probed = false;
    socket = upgraded;
    sessions.connections().remove(this);
    Consumer<String> waiting = poll;
    poll = null;
    if (waiting != null) {
      waiting.accept(NOOP);
    }
    for (String packet = outgoing.poll(); packet != null; packet = outgoing.poll()) {
      upgraded.channel().send(packet);
    }
    outgoingChars = 0;
    upgraded.channel().reading(reading);
    return true;
  }

  /// A WebSocket of the session is closed.
  ///
  /// @param isFirst whether it was to begin the session, which it may not have done
  void socketClosed(EngineSocket gone, boolean isFirst, int code) {
    if (isFirst || gone.equals(socket)) {
      end(code);
    } else if (gone.equals(next)) {
      next = null;
      probed = false;
    }
  }

  boolean isOn(EngineSocket some) {
    return some.equals(socket);
  }

  private void enqueue(String packet) {
    outgoing.add(packet);
    outgoingChars += packet.length();
    flushLater();
  }

  private void flushLater() {
    if (!flushing) {
      flushing = true;
      sessions.execute(() -> {
        flushing = false;
        flushPoll();
      });
    }
  }

  /// Answers the waiting request. The close is the only packet of the last answer, because the
  /// client's parser hands messages on later than it handles a close, and drops them then.
  private void flushPoll() {
    Consumer<String> waiting = poll;
    boolean last = outgoing.isEmpty() && closing;
    if (waiting == null || (outgoing.isEmpty() && !closing)) {
      return;
    }
    String packets = last ? CLOSE : String.join(String.valueOf(SEPARATOR), outgoing);
    outgoing.clear();
    outgoingChars = 0;
    poll = null;
    seenAt = now();
    waiting.accept(packets);
    if (last) {
      end(NORMAL_CLOSURE);
    }
  }

  @Override
  public void send(String text) {
    if (socket != null) {
      socket.channel().send(text);
    } else if (closing || outgoingChars > MAX_WAITING_CHARS) {
      connection.context().metrics().violation("connection", "unread_answers", 1);
    } else {
      enqueue(text);
    }
  }

  @Override
  public boolean hasRoom() {
    return socket == null ? outgoingChars < MAX_WAITING_CHARS / 2 : socket.channel().hasRoom();
  }

  @Override
  public void ping() {
    pingedAt = now();
    send(PING);
  }

  @Override
  public void reading(boolean on) {
    reading = on;
    if (socket != null) {
      socket.channel().reading(on);
    }
    processBody();
  }

  @Override
  public void close(CloseCode code, String reason) {
    if (socket != null) {
      socket.channel().close(code, reason);
    } else if (!closing) {
      closing = true;
      flushLater();
      closeDeadline = now() + CLOSE_TIMEOUT_NANOS;
      processBody();
    }
  }

  /// Closes the session in favour of a newer one. Without a waiting request the client is not
  /// notified: until its next request the session would count as a connection.
  void evict() {
    connection.fail(
        CloseCode.REFUSED,
        "too_many_unauthenticated",
        "Too many connections have not authenticated yet.");
    if (socket == null) {
      flushPoll();
      end(NORMAL_CLOSURE);
    }
  }

  @Override
  public void tick() {
    long now = now();
    if (closing) {
      if (now - closeDeadline >= 0) {
        end(ABNORMAL_CLOSURE);
      }
      return;
    }
    long patience = timeouts.ping().plus(timeouts.pong()).toNanos();
    if (socket == null && poll == null && !posting && now - seenAt >= patience) {
      end(ABNORMAL_CLOSURE);
      return;
    }
    if (now - pingedAt >= timeouts.ping().toNanos()) {
      ping();
    }
    try {
      connection.tick();
    } catch (RuntimeException failure) {
      failed(failure);
    }
  }

  private void failed(RuntimeException failure) {
    logger.error("connection.failed", failure);
    connection.internalError();
  }

  @Override
  public boolean isFinishing() {
    return !closing && connection.isFinishing();
  }

  @Override
  public void shutDown() {
    connection.shutDown();
  }

  private void end(int code) {
    if (closed) {
      return;
    }
    if (!closing) {
      reading = true; // The packets that have arrived are not lost.
      processBody();
    }
    closed = true;
    closing = true;
    sessions.remove(this);
    sessions.connections().remove(this);
    if (next != null) {
      next.channel().close(CloseCode.NORMAL, "session closed");
    }
    Consumer<String> waiting = poll;
    poll = null;
    if (waiting != null) {
      waiting.accept(NOOP);
    }
    processBody();
    connection.closed(code);
  }

  private long now() {
    return connection.context().nanos().getAsLong();
  }
}
