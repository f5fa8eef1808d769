package io.verbatim.ingest.connection;

import io.netty.buffer.ByteBuf;
import io.verbatim.ingest.call.AdmissionResult.Admitted;
import io.verbatim.ingest.call.AdmissionResult.Limit;
import io.verbatim.ingest.call.AdmissionResult.Rejected;
import io.verbatim.ingest.call.CallListener;
import io.verbatim.ingest.call.CallSession;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallStart;
import io.verbatim.pubsub.message.CallStart.Source;
import io.verbatim.pubsub.message.Opening.Reason;
import io.verbatim.service.TokenBucket;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One connection and its call: liveness, rate limit, backpressure and close. The [Dialect]
/// interprets the messages. Confined to the event loop.
///
/// Reading pauses while a caller exceeds its rate limit or the call's buffer is full. If the
/// connection is lost, the call ends, unless the dialect's callers can resume it.
///
/// Messages that arrived while a resumed call is being opened have no number yet. If the connection
/// is lost before the log answers, they are dropped: none is acknowledged, and the caller sends
/// them again.
public final class CallConnection implements FrameListener {
  private static final Logger logger = LoggerFactory.getLogger(CallConnection.class);

  /// A message counts as at least this much audio, because it costs processing time.
  private static final long MIN_MESSAGE_NANOS = 1_000_000;

  /// Why reading is paused.
  private enum Hold {
    /// The caller exceeds its rate limit.
    RATE,
    /// The call has no room for more audio.
    BUFFER,
    /// The call is being opened; its frames are numbered from the log's answer.
    OPENING
  }

  private final FrameChannel channel;
  private final ConnectionContext context;
  private final Dialect dialect;
  private final Liveness liveness;
  private final TokenBucket bucket;
  private final Set<Hold> holds = EnumSet.noneOf(Hold.class);
  private @Nullable CallSession call;
  private boolean ending;

  /// Whether a resumed call is being opened. Reading is paused, so messages arrive only when the
  /// connection closes.
  private boolean resuming;

  private boolean silenceIgnored;
  private boolean closing;
  private long receivedNanos;

  /// @param dialects creates the connection's dialect
  public CallConnection(
      FrameChannel channel, ConnectionContext context, Function<CallConnection, Dialect> dialects) {
    this.channel = channel;
    this.context = context;
    liveness = new Liveness(context.timeouts(), now());
    bucket = context.rateLimit().newBucket(now());
    dialect = dialects.apply(this);
  }

  @Override
  public void opened() {
    dialect.connected(now());
  }

  @Override
  public void text(byte[] text, int length) {
    if (!closing && !resuming) {
      long now = now();
      liveness.frame(now);
      receivedNanos = 0;
      dialect.text(text, length, now);
      limitRate(now);
    }
  }

  @Override
  public void binary(ByteBuf content) {
    if (!closing && !resuming) {
      long now = now();
      liveness.frame(now);
      receivedNanos = 0;
      dialect.binary(content, now);
      limitRate(now);
    }
  }

  private void limitRate(long now) {
    double left = bucket.take((double) Math.max(receivedNanos, MIN_MESSAGE_NANOS), now);
    if (left < 0 && !closing && holds.add(Hold.RATE)) {
      context.metrics().rateLimited(dialect.source());
      holdsChanged();
    }
  }

  /// Receives a ping that was answered. It counts as media.
  @Override
  public void ping() {
    liveness.media(now());
  }

  @Override
  public void pong() {
    liveness.frame(now());
  }

  /// Closes the connection because a message exceeds the size limit.
  @Override
  public void tooLarge() {
    fail(
        CloseCode.TOO_BIG,
        "message_too_large",
        "A message is larger than MAX_MESSAGE, %d bytes.".formatted(context.maxMessageBytes()));
    if (!isResumable()) {
      end("protocol_error");
    }
  }

  /// Closes the connection because the peer violates RFC 6455.
  @Override
  public void violatesProtocol(String message) {
    fail(CloseCode.PROTOCOL_ERROR, "websocket_protocol", message);
  }

  /// Closes the connection after an internal error.
  @Override
  public void internalError() {
    fail(CloseCode.INTERNAL_ERROR, "internal_error", "The service failed. Connect again.");
  }

  /// Checks the timeouts and resumes reading. Called several times a second.
  @Override
  public void tick() {
    long now = now();
    if (closing) {
      return;
    }
    if (bucket.available(now) >= 0) {
      release(Hold.RATE);
    }
    if (call != null && call.hasRoom()) {
      release(Hold.BUFFER);
    }
    dialect.tick(now);
    if (!closing) {
      checkLiveness(now);
    }
  }

  private void checkLiveness(long now) {
    switch (liveness.check(now)) {
      case NOTHING -> {}
      case PING -> channel.ping();
      case MEDIA_STALLED -> context.metrics().mediaStalled(dialect.source());
      case NO_START ->
          fail(CloseCode.REFUSED, "no_start", "No start arrived within START_TIMEOUT.");
      case NO_PONG -> fail(CloseCode.GOING_AWAY, "no_pong", "No pong arrived within PONG_TIMEOUT.");
      case NO_MEDIA -> {
        fail(CloseCode.GOING_AWAY, "media_timeout", "No media arrived within MEDIA_TIMEOUT.");
        end("media_timeout");
      }
      case TOO_LONG -> {
        fail(
            CloseCode.TRY_AGAIN_LATER,
            "session_timeout",
            "The connection has lasted SESSION_TIMEOUT.");
        end("session_timeout");
      }
    }
  }

  @Override
  public void closed(int code) {
    closing = true;
    dialect.closed();
    CallSession lost = call;
    if (lost == null || ending) {
      logger.debug("connection.closed code={}", code);
      return;
    }
    logger.info("connection.lost callId={} code={}", lost.id(), code);
    if (isResumable()) {
      lost.awaitResumption();
    } else {
      lost.end("socket_lost");
    }
  }

  private boolean isResumable() {
    return dialect.isResumable();
  }

  /// Opens a call, whose audio this connection supplies from now on.
  ///
  /// @param resume whether to take over a live call with that id
  public void open(CallStart start, boolean resume) {
    Events events = new Events();
    switch (context.calls().admit(start, resume, events)) {
      case Admitted(CallSession session) -> {
        events.session = session;
        call = session;
        ending = false;
        resuming = resume;
        silenceIgnored = false;
        if (dialect.source() == Source.PCM) {
          hold(Hold.OPENING);
        }
        liveness.started(now());
        holdsChanged();
        session.open();
      }
      case Rejected(Limit limit) -> fail(CloseCode.TRY_AGAIN_LATER, limit.code(), limit.sentence());
    }
  }

  /// Adds one frame to the call: whole sample frames, possibly none. Takes ownership of the array.
  ///
  /// @param seq the frame's number; 0 if frames are not numbered
  public void audio(byte[] pcm, long seq, long now) {
    liveness.media(now);
    CallSession session = call;
    if (session != null) {
      receivedNanos += session.nanosOf(pcm.length);
      if (!session.add(pcm, seq) && !closing) {
        hold(Hold.BUFFER);
      }
    }
  }

  /// Ends the call after all audio added so far. Silence is ignored from now on.
  public void end(String reason) {
    if (call != null && !ending) {
      ending = true;
      silenceIgnored = true;
      holdsChanged();
      call.end(reason);
    }
  }

  /// Stops waiting for the call to open.
  public void abandon() {
    CallSession abandoned = call;
    call = null;
    if (abandoned != null) {
      abandoned.abandon();
    }
  }

  /// Reports the problem to the peer and closes the connection.
  public void fail(CloseCode code, String problem, String message) {
    fail(code, new Problem(problem, message));
  }

  public void fail(CloseCode code, Problem problem) {
    if (!closing) {
      dialect.report(problem);
      close(code, problem.code(), problem.message());
    }
  }

  /// Closes the connection if its API key was revoked or has expired. The call ends as after a lost
  /// connection: a caller with another key can resume it, if the dialect has resumption.
  ///
  /// @param keyId empty if the caller has no API key
  /// @return whether it was closed
  public boolean closeIfRevoked(Optional<String> keyId) {
    boolean revoked = keyId.filter(context.isRevoked()).isPresent();
    if (revoked) {
      fail(CloseCode.REFUSED, "key_revoked", "The API key was revoked or has expired.");
    }
    return revoked;
  }

  /// Closes the connection after everything sent. Only the first close has an effect.
  ///
  /// @param reason the stable reason for the counters, and the start of the close frame's reason
  /// @param detail follows it in the close frame if not empty
  public void close(CloseCode code, String reason, String detail) {
    if (!closing) {
      dialect.closing(code);
      closing = true;
      context.metrics().connectionClosed(code.code(), reason);
      channel.close(code, detail.isEmpty() ? reason : reason + ": " + detail);
    }
  }

  /// Sends one text message.
  public void send(String text) {
    if (!closing) {
      channel.send(text);
    }
  }

  /// Whether there is room for an unrequested message, such as words of the call.
  public boolean hasRoom() {
    return !closing && channel.hasRoom();
  }

  @Override
  public boolean isFinishing() {
    return dialect.isFinishing();
  }

  @Override
  public void shutDown() {
    close(CloseCode.SERVICE_RESTART, "shutdown", "This instance is shutting down.");
  }

  /// The call of this connection.
  public Optional<CallId> callId() {
    return Optional.ofNullable(call).map(CallSession::id);
  }

  public boolean isClosing() {
    return closing;
  }

  public ConnectionContext context() {
    return context;
  }

  private long now() {
    return context.nanos().getAsLong();
  }

  private void hold(Hold hold) {
    if (holds.add(hold)) {
      holdsChanged();
    }
  }

  private void release(Hold hold) {
    if (holds.remove(hold)) {
      holdsChanged();
    }
  }

  private void holdsChanged() {
    liveness.paused(silenceIgnored || !holds.isEmpty(), now());
    if (!closing) {
      channel.reading(holds.isEmpty());
    }
  }

  /// Receives the events of one call. Ignores them if the connection has left that call.
  private final class Events implements CallListener {
    private @Nullable CallSession session;

    private boolean isCurrent() {
      return session != null && session.equals(call);
    }

    @Override
    public void opened(CallId id, long nextSeq, long storedSeq) {
      if (isCurrent()) {
        resuming = false;
        dialect.opened(id, nextSeq, storedSeq);
        release(Hold.OPENING);
      }
    }

    @Override
    public void stored(long seq) {
      if (isCurrent()) {
        dialect.stored(seq);
      }
    }

    @Override
    public void roomAvailable() {
      if (isCurrent()) {
        release(Hold.BUFFER);
      }
    }

    @Override
    public void ended() {
      if (isCurrent()) {
        dialect.ended(ending);
        if (!ending) {
          fail(
              CloseCode.SERVICE_RESTART,
              "shutdown",
              "This instance is shutting down and has ended the call.");
        }
      }
    }

    @Override
    public void refused(Reason reason) {
      leave(CloseCode.REFUSED, dialect.refusal(reason));
    }

    @Override
    public void superseded() {
      leave(
          CloseCode.REFUSED,
          new Problem("superseded", "A newer connection has taken over the call."));
    }

    @Override
    public void endedElsewhere() {
      String code = isResumable() ? "ended" : "ended_elsewhere";
      leave(CloseCode.INTERNAL_ERROR, new Problem(code, "Another process has ended the call."));
    }

    private void leave(CloseCode code, Problem problem) {
      if (isCurrent()) {
        call = null;
        fail(code, problem);
      }
    }
  }
}
