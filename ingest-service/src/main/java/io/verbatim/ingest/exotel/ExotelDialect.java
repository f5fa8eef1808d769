package io.verbatim.ingest.exotel;

import io.netty.buffer.ByteBuf;
import io.verbatim.ingest.auth.PendingAuth;
import io.verbatim.ingest.connection.CallConnection;
import io.verbatim.ingest.connection.CloseCode;
import io.verbatim.ingest.connection.Dialect;
import io.verbatim.ingest.connection.Problem;
import io.verbatim.ingest.metrics.IngestMetrics;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallStart;
import io.verbatim.pubsub.message.CallStart.Source;
import io.verbatim.pubsub.message.Opening.Reason;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Exotel's dialect on one connection: executes the decisions of its stream. Exotel receives only
/// close codes. Confined to the event loop.
public final class ExotelDialect implements Dialect, ExotelActions {
  private static final Logger logger = LoggerFactory.getLogger(ExotelDialect.class);
  private static final long CLOSE_AFTER_STOP_NANOS = Duration.ofSeconds(2).toNanos();
  private static final int MAX_NUMBER_CHARS = 64;

  private final CallConnection connection;
  private final IngestMetrics metrics;
  private final Optional<PendingAuth> auth;
  private final ExotelStream stream;
  private long now;
  private long stoppedAt;

  /// @param auth the pending authentication; empty if the handshake authenticated the caller
  public ExotelDialect(CallConnection connection, ExotelHints hints, Optional<PendingAuth> auth) {
    this.connection = connection;
    this.auth = auth;
    metrics = connection.context().metrics();
    stream = new ExotelStream(hints, this);
    auth.ifPresent(pending -> pending.onEvicted(this::closeAsEvicted));
  }

  /// The kinds of violations that this dialect counts.
  public static List<String> violations() {
    return Arrays.stream(ProtocolViolation.values()).map(ProtocolViolation::tag).toList();
  }

  @Override
  public Source source() {
    return Source.EXOTEL;
  }

  @Override
  public void text(byte[] text, int length, long now) {
    this.now = now;
    if (isWithinAuthLimit(length)) {
      stream.text(text, length, now);
    }
  }

  @Override
  public void binary(ByteBuf content, long now) {
    this.now = now;
    if (isWithinAuthLimit(content.readableBytes())) {
      stream.binary();
    }
  }

  /// Counts bytes before authentication. Closes the connection if they exceed the limit.
  private boolean isWithinAuthLimit(int bytes) {
    if (auth.isEmpty() || auth.get().receives(bytes)) {
      return true;
    }
    reject("no_start_token", "More than 16 KiB arrived before a start with the token.");
    return false;
  }

  private void closeAsEvicted() {
    reject("too_many_unauthenticated", "Too many connections have not authenticated yet.");
  }

  private void reject(String reason, String message) {
    if (!connection.isClosing()) {
      metrics.handshakeRejected(reason);
      connection.fail(CloseCode.REFUSED, reason, message);
    }
  }

  @Override
  public void tick(long now) {
    if (stream.isStopped() && now - stoppedAt >= CLOSE_AFTER_STOP_NANOS) {
      connection.close(CloseCode.NORMAL, "stopped", "");
    }
  }

  @Override
  public void closed() {
    auth.ifPresent(PendingAuth::settle);
  }

  @Override
  public Problem refusal(Reason reason) {
    return new Problem(
        "call_refused",
        "The log refused the call: " + reason.name().toLowerCase(Locale.ROOT) + ".");
  }

  @Override
  public void open(ExotelStart start) {
    String token = start.customParameters().getOrDefault("token", "");
    if (connection.isClosing()) {
      return;
    }
    if (auth.isPresent() && !auth.get().authenticate(token)) {
      reject("bad_start_token", "custom_parameters.token is missing or wrong.");
    } else if (!CallId.isValid(start.callSid())) {
      connection.fail(
          CloseCode.REFUSED,
          "bad_call_id",
          "call_sid is invalid: use 1 to 128 letters, digits, '.', '_' or '-'.");
    } else {
      connection.open(callStart(start), false);
    }
  }

  private CallStart callStart(ExotelStart start) {
    String language = start.language();
    String tenant = start.tenant();
    return new CallStart(
        new CallId(start.callSid()),
        tenant.substring(0, Math.min(tenant.length(), CallStart.MAX_TENANT_CHARS)),
        Source.EXOTEL,
        start.format(),
        cut(start.from()),
        cut(start.to()),
        language == null || language.length() > CallStart.MAX_LANGUAGE_CHARS ? null : language,
        connection.context().clock().instant());
  }

  private static @Nullable String cut(@Nullable String number) {
    return number == null || number.length() <= MAX_NUMBER_CHARS
        ? number
        : number.substring(0, MAX_NUMBER_CHARS);
  }

  @Override
  public void audio(byte[] pcm) {
    if (!connection.isClosing()) {
      connection.audio(pcm, 0, now);
    }
  }

  @Override
  public void end(String reason) {
    connection.end(reason);
  }

  @Override
  public void awaitClose() {
    stoppedAt = now;
  }

  @Override
  public void record(ProtocolViolation violation, long times, String detail) {
    metrics.violation(Source.EXOTEL.wireName(), violation.tag(), times);
    if (violation == ProtocolViolation.FORMAT_CONTRADICTED) {
      connection
          .callId()
          .ifPresent(call -> logger.warn("exotel.format_contradicted callId={}", call));
    }
    if (!detail.isEmpty() && logger.isDebugEnabled()) {
      logger.debug(
          "exotel.violation kind={} name=\"{}\"", violation.tag(), detail.replaceAll("\\W", "?"));
    }
  }

  @Override
  public void close(CloseCode code, String reason, String detail) {
    connection.close(code, reason, detail);
    connection.end("protocol_error");
  }
}
