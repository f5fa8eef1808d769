package io.verbatim.ingest.exotel;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.verbatim.ingest.auth.AwaitedProof;
import io.verbatim.ingest.call.CallEntry;
import io.verbatim.ingest.call.CallEntry.Limit;
import io.verbatim.ingest.call.CallListener;
import io.verbatim.ingest.call.LiveCall;
import io.verbatim.ingest.websocket.CloseCode;
import io.verbatim.ingest.websocket.Dialect;
import io.verbatim.ingest.websocket.DialectTools;
import io.verbatim.ingest.websocket.Socket;
import io.verbatim.ingest.websocket.SocketPace;
import io.verbatim.ingest.websocket.SocketWatch;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallStart;
import io.verbatim.pubsub.message.CallStart.Source;
import io.verbatim.pubsub.message.Opening.Reason;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One socket that speaks Exotel's dialect: carries out what its stream decides.
///
/// Exotel does not come back: whatever ends the socket ends the call, once. Its audio comes as it
/// is spoken and cannot be made to wait, so it is always read on; only who sends faster than
/// anybody speaks is held back.
public final class ExotelConnection implements Dialect {
  private static final Logger logger = LoggerFactory.getLogger(ExotelConnection.class);
  private static final Duration PATIENCE_AFTER_STOP = Duration.ofSeconds(2);
  private static final int LONGEST_LANGUAGE = 32;
  private static final int LONGEST_TENANT = 128;
  private static final int LONGEST_NUMBER = 64;

  private final Socket socket;
  private final DialectTools tools;
  private final ExotelStream stream;
  private final SocketWatch watch;
  private final SocketPace pace;
  private final Optional<AwaitedProof> proof;
  private CompletableFuture<Void> inPace = CompletableFuture.completedFuture(null);
  private @Nullable LiveCall call;
  private long heardNanos;
  private boolean closing;
  private long stoppedAt;

  /// @param proof what `start` must show, where the handshake has proved nothing
  public ExotelConnection(
      Socket socket, DialectTools tools, ExotelHints hints, Optional<AwaitedProof> proof) {
    this.socket = socket;
    this.tools = tools;
    this.proof = proof;
    stream = new ExotelStream(hints, new Actions());
    watch = new SocketWatch(tools.times(), now());
    pace = new SocketPace(tools.pace(), now());
    proof.ifPresent(owed -> owed.crowdedOut().thenRun(this::makeWay));
  }

  @Override
  public synchronized CompletionStage<Void> text(String text) {
    watch.frame(now());
    awaitsProof(text.length());
    if (!closing) {
      heardNanos = 0;
      byte[] frame = text.getBytes(UTF_8);
      stream.text(frame, frame.length, now());
    }
    return paced(heardNanos);
  }

  @Override
  public synchronized CompletionStage<Void> binary(byte[] bytes) {
    watch.frame(now());
    awaitsProof(bytes.length);
    if (!closing) {
      stream.binary();
    }
    return paced(0);
  }

  private synchronized void makeWay() {
    if (!closing && proof.isPresent() && proof.get().isOwed()) {
      tools.metrics().refusedHandshake("too_many_unproven");
      close(CloseCode.REFUSED, "too_many_unproven", "too many sockets owe a start with a token");
    }
  }

  /// @param size of what came: bytes, or a text's characters
  private void awaitsProof(int size) {
    if (!closing && proof.isPresent() && !proof.get().receives(size)) {
      tools.metrics().refusedHandshake("no_start_token");
      close(CloseCode.REFUSED, "no_start_token", "16 KiB came before a start with a token");
    }
  }

  @Override
  public synchronized void tooLarge() {
    end("protocol_error");
    close(CloseCode.TOO_BIG, "message_too_large", "MAX_MESSAGE is exceeded");
  }

  @Override
  public synchronized void ping() {
    watch.media(now());
  }

  @Override
  public synchronized void pong() {
    watch.frame(now());
  }

  @Override
  public synchronized void tick() {
    if (!pace.isAhead(now())) {
      inPace.complete(null);
    }
    if (closing) {
      return;
    }
    if (stream.isStopped()) {
      if (now() - stoppedAt >= PATIENCE_AFTER_STOP.toNanos()) {
        close(CloseCode.NORMAL, "stopped", "");
      }
      return;
    }
    switch (watch.tick(now())) {
      case NOTHING -> {}
      case PING -> socket.ping();
      case MEDIA_STALLED -> tools.metrics().mediaStalled(Source.EXOTEL.wireName());
      case NO_START -> close(CloseCode.REFUSED, "no_start", "no start came in time");
      case TOO_LONG -> {
        end("session_timeout");
        close(CloseCode.TRY_AGAIN_LATER, "session_timeout", "SESSION_TIMEOUT is reached");
      }
      case NO_PONG -> close(CloseCode.GOING_AWAY, "no_pong", "no answer to a ping");
      case NO_MEDIA -> {
        end("media_timeout");
        close(CloseCode.GOING_AWAY, "media_timeout", "no media came for too long");
      }
    }
  }

  @Override
  public synchronized void closed(int code) {
    closing = true;
    inPace.complete(null);
    proof.ifPresent(AwaitedProof::settle);
    if (call != null) {
      logger.info("socket.lost callId={} code={}", call.id(), code);
      end("socket_lost");
    } else {
      logger.debug("socket.closed code={}", code);
    }
  }

  private CompletionStage<Void> paced(long audioNanos) {
    if (!pace.take(audioNanos, now()) || closing) {
      return READ_ON;
    }
    tools.metrics().heldBack(Source.EXOTEL.wireName());
    watch.paused(true, now());
    inPace = new CompletableFuture<>();
    return inPace.thenRun(this::readOn);
  }

  private synchronized void readOn() {
    watch.paused(false, now());
  }

  private final class Actions implements ExotelActions {
    @Override
    public void open(ExotelStart start) {
      if (!closing) {
        ExotelConnection.this.open(start);
      }
    }

    @Override
    public void audio(byte[] pcm) {
      if (!closing) {
        ExotelConnection.this.audio(pcm);
      }
    }

    @Override
    public void end(String reason) {
      if (!closing) {
        ExotelConnection.this.end(reason);
      }
    }

    @Override
    public void awaitClose() {
      stoppedAt = now();
    }

    @Override
    public void record(ProtocolViolation violation, long times, String detail) {
      if (!closing) {
        odd(violation, times, detail);
      }
    }

    @Override
    public void close(CloseCode code, String reason) {
      if (!closing) {
        ExotelConnection.this.end("protocol_error");
        ExotelConnection.this.close(code, reason, "");
      }
    }
  }

  private void audio(byte[] bytes) {
    watch.media(now());
    if (call != null) {
      heardNanos += call.durationOf(bytes.length).toNanos();
      call.add(bytes, 0);
    }
  }

  private void open(ExotelStart start) {
    String shown = start.customParameters().getOrDefault("token", "");
    if (proof.isPresent() && proof.get().isOwed() && !proof.get().isShownBy(shown)) {
      tools.metrics().refusedHandshake("bad_start_token");
      close(CloseCode.REFUSED, "bad_start_token", "custom_parameters.token is wrong");
      return;
    }
    if (!CallId.isValid(start.callSid())) {
      close(CloseCode.REFUSED, "bad_call_id", "call_sid must be 1-128 of A-Z a-z 0-9 . _ -");
      return;
    }
    watch.started(now());
    Events events = new Events();
    switch (tools.calls().open(callStart(start), false, events)) {
      case CallEntry.In(LiveCall opened) -> {
        call = opened;
        events.call = opened;
      }
      case CallEntry.Full(Limit limit) ->
          close(CloseCode.TRY_AGAIN_LATER, limit.code(), limit.sentence());
    }
  }

  private CallStart callStart(ExotelStart start) {
    String language = start.language();
    String tenant = start.tenant();
    return new CallStart(
        new CallId(start.callSid()),
        tenant.substring(0, Math.min(tenant.length(), LONGEST_TENANT)),
        Source.EXOTEL,
        start.format(),
        cut(start.from()),
        cut(start.to()),
        language == null || language.length() > LONGEST_LANGUAGE ? null : language,
        tools.clock().instant());
  }

  private static @Nullable String cut(@Nullable String number) {
    return number == null || number.length() <= LONGEST_NUMBER
        ? number
        : number.substring(0, LONGEST_NUMBER);
  }

  /// Lets go of the call first: its end may be told before this returns.
  private void end(String reason) {
    LiveCall ending = call;
    if (ending != null) {
      call = null;
      ending.end(reason);
    }
  }

  private void odd(ProtocolViolation oddity, long times, String name) {
    tools.metrics().odd(Source.EXOTEL.wireName(), oddity.tag(), times);
    if (oddity == ProtocolViolation.FORMAT_CONTRADICTED && call != null) {
      logger.warn("exotel.format_contradicted callId={}", call.id());
    }
    if (!name.isEmpty() && logger.isDebugEnabled()) {
      logger.debug("exotel.{} name=\"{}\"", oddity.tag(), name.replaceAll("\\W", "?"));
    }
  }

  private void close(CloseCode code, String cause, String detail) {
    closing = true;
    inPace.complete(null);
    socket.close(code, cause, detail);
  }

  private long now() {
    return tools.nanos().getAsLong();
  }

  /// A call may be refused or taken away; the socket then has no use.
  private final class Events implements CallListener {
    private @Nullable LiveCall call;

    @Override
    public void opened(CallId id, long nextSeq, long storedSeq) {}

    @Override
    public void stored(long seq) {}

    /// By nobody here, for this connection has let go of the calls it ends.
    @Override
    public void ended() {
      leave(CloseCode.SERVICE_RESTART, "shutdown", "this instance stops");
    }

    @Override
    public void refused(Reason reason) {
      leave(CloseCode.REFUSED, "call_refused", reason.name().toLowerCase(Locale.ROOT));
    }

    @Override
    public void superseded() {
      leave(CloseCode.REFUSED, "superseded", "another socket has the call");
    }

    @Override
    public void endedElsewhere() {
      leave(CloseCode.INTERNAL_ERROR, "ended_elsewhere", "the call has been ended");
    }

    private void leave(CloseCode code, String cause, String detail) {
      synchronized (ExotelConnection.this) {
        if (!closing && Objects.equals(call, ExotelConnection.this.call)) {
          ExotelConnection.this.call = null;
          close(code, cause, detail);
        }
      }
    }
  }
}
