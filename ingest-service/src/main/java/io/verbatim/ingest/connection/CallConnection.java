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
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One connection and the call that it feeds: its liveness, its rate limit, its backpressure and
/// its close. What its messages mean is its [Dialect]'s part. Confined to the event loop.
///
/// A caller that sends faster than it may, or than the log accepts, is not read until there is
/// room. Where the connection is lost, an Exotel call ends, for Exotel does not reconnect; a pcm
/// call waits for its caller to resume it.
public final class CallConnection {
  private static final Logger logger = LoggerFactory.getLogger(CallConnection.class);

  /// Why nothing is read from the peer.
  private enum Hold {
    /// The caller is ahead of its rate limit.
    RATE,
    /// The call has no room for more audio.
    BUFFER,
    /// The call is being opened, and its frames are numbered from the answer on.
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
  private boolean silent;
  private boolean closing;
  private long receivedNanos;

  /// @param dialects gives the connection its dialect
  CallConnection(
      FrameChannel channel, ConnectionContext context, Function<CallConnection, Dialect> dialects) {
    this.channel = channel;
    this.context = context;
    liveness = new Liveness(context.timeouts(), now());
    bucket = new TokenBucket(context.rateLimit(), now());
    dialect = dialects.apply(this);
  }

  /// A text message has arrived, in the first `length` bytes of the array.
  void text(byte[] text, int length) {
    if (!closing) {
      long now = now();
      liveness.frame(now);
      receivedNanos = 0;
      dialect.text(text, length, now);
      limitRate(now);
    }
  }

  /// A binary message has arrived.
  void binary(ByteBuf content) {
    if (!closing) {
      long now = now();
      liveness.frame(now);
      receivedNanos = 0;
      dialect.binary(content, now);
      limitRate(now);
    }
  }

  private void limitRate(long now) {
    if (!bucket.take(receivedNanos, now) && !closing && holds.add(Hold.RATE)) {
      context.metrics().rateLimited(dialect.source());
      holdsChanged();
    }
  }

  /// A ping has arrived and has been answered. It counts as media.
  void ping() {
    liveness.media(now());
  }

  /// A ping of ours has been answered.
  void pong() {
    liveness.frame(now());
  }

  /// A message is larger than any may be.
  void tooLarge() {
    fail(CloseCode.TOO_BIG, "message_too_large", "A message is larger than MAX_MESSAGE.");
    if (!isResumable()) {
      end("protocol_error");
    }
  }

  /// The peer does not keep to RFC 6455.
  void violatesProtocol(String message) {
    fail(CloseCode.PROTOCOL_ERROR, "websocket_protocol", message);
  }

  /// Something failed here that must not.
  void internalError() {
    fail(CloseCode.INTERNAL_ERROR, "internal_error", "The service failed. Try again.");
  }

  /// Time has passed.
  void tick() {
    long now = now();
    if (closing) {
      return;
    }
    if (bucket.isRefilled(now)) {
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
      case NO_START -> fail(CloseCode.REFUSED, "no_start", "No start arrived in time.");
      case NO_PONG -> fail(CloseCode.GOING_AWAY, "no_pong", "A ping was not answered.");
      case NO_MEDIA -> {
        fail(CloseCode.GOING_AWAY, "media_timeout", "No media arrived for MEDIA_TIMEOUT.");
        end("media_timeout");
      }
      case TOO_LONG -> {
        fail(CloseCode.TRY_AGAIN_LATER, "session_timeout", "SESSION_TIMEOUT is reached.");
        end("session_timeout");
      }
    }
  }

  /// The channel is closed, by whichever side.
  ///
  /// @param code as the peer gave it, 1006 where there was no close frame
  void closed(int code) {
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
    return dialect.source() == Source.PCM;
  }

  /// Opens a call, of which this connection is the source from now on.
  ///
  /// @param resume whether a live call of that id is to be taken over; frames are then read only
  ///   once it is open
  public void open(CallStart start, boolean resume) {
    Events events = new Events();
    switch (context.calls().admit(start, resume, events)) {
      case Admitted(CallSession session) -> {
        events.session = session;
        call = session;
        ending = false;
        silent = false;
        if (isResumable()) {
          hold(Hold.OPENING);
        }
        liveness.started(now());
        holdsChanged();
        session.open();
      }
      case Rejected(Limit limit) -> fail(CloseCode.TRY_AGAIN_LATER, limit.code(), limit.sentence());
    }
  }

  /// Adds one frame to the call: whole sample frames, possibly none. The array is handed over.
  ///
  /// @param seq its number, where frames are numbered; else 0
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

  /// Ends the call behind all audio added so far. Silence means nothing from now on.
  public void end(String reason) {
    if (call != null && !ending) {
      ending = true;
      silent = true;
      holdsChanged();
      call.end(reason);
    }
  }

  /// The call has not opened in time: this connection does not wait any longer.
  public void abandon() {
    CallSession abandoned = call;
    call = null;
    if (abandoned != null) {
      abandoned.abandon();
    }
  }

  /// Tells the peer why, and closes the connection.
  public void fail(CloseCode code, String problem, String message) {
    fail(code, new Problem(problem, message));
  }

  public void fail(CloseCode code, Problem problem) {
    if (!closing) {
      dialect.report(problem);
      close(code, problem.code(), problem.message());
    }
  }

  /// Closes the connection after what was sent. Only the first close counts.
  ///
  /// @param reason stable, for the counters; also the beginning of the close frame's reason
  /// @param detail may follow it there
  public void close(CloseCode code, String reason, String detail) {
    if (!closing) {
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

  /// The call this connection feeds.
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
    liveness.paused(silent || !holds.isEmpty(), now());
    if (!closing) {
      channel.reading(holds.isEmpty());
    }
  }

  /// What happens to one call. Counts only while the connection feeds that call.
  private final class Events implements CallListener {
    private @Nullable CallSession session;

    private boolean isCurrent() {
      return session != null && session.equals(call);
    }

    @Override
    public void opened(CallId id, long nextSeq, long storedSeq) {
      if (isCurrent()) {
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
      leave(CloseCode.INTERNAL_ERROR, new Problem(code, "The call has been ended."));
    }

    private void leave(CloseCode code, Problem problem) {
      if (isCurrent()) {
        call = null;
        fail(code, problem);
      }
    }
  }
}
