package io.verbatim.ingest.exotel;

import io.verbatim.ingest.connection.CloseCode;
import io.verbatim.ingest.exotel.ExotelMessage.Ignored;
import io.verbatim.ingest.exotel.ExotelMessage.Malformed;
import io.verbatim.ingest.exotel.ExotelMessage.Media;
import io.verbatim.ingest.exotel.ExotelMessage.Start;
import io.verbatim.ingest.exotel.ExotelMessage.Stop;
import io.verbatim.ingest.exotel.ExotelMessage.Unknown;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The protocol state of one Exotel connection.
///
/// Takes values and calls [ExotelActions]; has no clock, thread or socket. A protocol violation
/// costs as little audio as possible: only the faulty message is dropped and counted, and the call
/// continues, until so many messages in a row are unreadable that the peer cannot be Exotel.
/// Confined to the event loop.
public final class ExotelStream {
  static final int MAX_BAD_JSON_IN_A_ROW = 20;
  static final int MAX_BAD_BASE64_IN_A_ROW = 50;
  private static final int MAX_NAMES = 32;
  private static final int MAX_REASON_CHARS = 200;

  private final ExotelHints hints;
  private final ExotelActions actions;
  private final ExotelDecoder decoder = new ExotelDecoder();
  private final EarlyMedia early = new EarlyMedia();
  private final Set<String> recordedNames = new HashSet<>();
  private ChunkNumbers numbers = new ChunkNumbers();
  private @Nullable ExotelStart open;
  private @Nullable FormatCheck formatCheck;
  private @Nullable String lastStreamSid;
  private boolean stopped;
  private int badJsonInARow;
  private int badBase64InARow;

  public ExotelStream(ExotelHints hints, ExotelActions actions) {
    this.hints = hints;
    this.actions = actions;
  }

  /// Receives one text frame.
  ///
  /// @param frame the frame's UTF-8 bytes, from index 0; not retained
  /// @param length the number of bytes
  /// @param nowNanos monotonic time of arrival
  public void text(byte[] frame, int length, long nowNanos) {
    on(decoder.decode(frame, length), nowNanos);
  }

  /// Receives a binary frame, which Exotel never sends.
  public void binary() {
    record(ProtocolViolation.BINARY_FRAME);
  }

  /// Whether a call is open: started and not stopped.
  public boolean isOpen() {
    return open != null;
  }

  /// Whether a stream has stopped and no other has started since.
  public boolean isStopped() {
    return stopped;
  }

  private void on(ExotelMessage message, long nowNanos) {
    if (!(message instanceof Malformed)) {
      badJsonInARow = 0;
    }
    switch (message) {
      case Media media -> media(media, nowNanos);
      case Start start -> start(start, nowNanos);
      case Stop stop -> stop(stop);
      case Malformed _ -> malformed();
      case Unknown unknown -> recordName(ProtocolViolation.UNKNOWN_EVENT, unknown.event());
      case Ignored _ -> {}
    }
  }

  private void start(Start message, long nowNanos) {
    message.unknownFields().forEach(field -> recordName(ProtocolViolation.UNKNOWN_FIELD, field));
    ExotelStart start = ExotelStart.of(message, hints);
    if (open != null) {
      if (start.streamSid() == null || start.streamSid().equals(open.streamSid())) {
        record(ProtocolViolation.SECOND_START);
        return;
      }
      actions.end("next_stream");
    } else if (stopped && start.streamSid() != null && start.streamSid().equals(lastStreamSid)) {
      record(ProtocolViolation.SECOND_START);
      return;
    }
    open = start;
    lastStreamSid = start.streamSid();
    stopped = false;
    numbers = new ChunkNumbers();
    formatCheck = new FormatCheck(start.format());
    badBase64InARow = 0;
    actions.open(start);
    start.violations().forEach(this::record);
    record(
        ProtocolViolation.MEDIA_BEFORE_START, early.dropOlderThan(nowNanos - EarlyMedia.MAX_NANOS));
    early.removeAll().forEach(media -> audio(media, start));
  }

  private void media(Media media, long nowNanos) {
    if (!media.unknownFields().isEmpty()) {
      media.unknownFields().forEach(field -> recordName(ProtocolViolation.UNKNOWN_FIELD, field));
    }
    if (open != null) {
      audio(media, open);
    } else if (stopped) {
      record(ProtocolViolation.MEDIA_AFTER_STOP);
    } else {
      record(ProtocolViolation.MEDIA_BEFORE_START, early.add(media, nowNanos));
    }
  }

  private void audio(Media media, ExotelStart start) {
    if (isForeign(media.streamSid(), start)) {
      record(ProtocolViolation.FOREIGN_STREAM);
      return;
    }
    ChunkNumbers.Order order = numbers.next(media.sequence(), media.chunk());
    record(ProtocolViolation.MISSING_CHUNK, numbers.missing());
    switch (order) {
      case NEXT -> payload(media, start);
      case OUT_OF_ORDER -> {
        record(ProtocolViolation.OUT_OF_ORDER);
        payload(media, start);
      }
      case RENUMBERED -> {
        record(ProtocolViolation.RENUMBERED);
        payload(media, start);
      }
      case DUPLICATE -> record(ProtocolViolation.DUPLICATE);
    }
  }

  private void payload(Media media, ExotelStart start) {
    ProtocolViolation fault = media.payloadFault();
    if (fault != null) {
      record(fault);
      if (fault == ProtocolViolation.BAD_BASE64 && ++badBase64InARow == MAX_BAD_BASE64_IN_A_ROW) {
        actions.close(CloseCode.BAD_PAYLOAD, "bad_base64", "50 payloads in a row");
      }
      return;
    }
    badBase64InARow = 0;
    byte[] bytes = media.audio();
    if (bytes.length > 1 && bytes[0] == '{' && bytes[1] == '"') {
      record(ProtocolViolation.JSON_PAYLOAD);
    }
    if (formatCheck != null && formatCheck.contradicts(media.timestampMs(), bytes.length)) {
      record(ProtocolViolation.FORMAT_CONTRADICTED);
    }
    int whole = bytes.length - bytes.length % start.format().bytesPerFrame();
    if (whole < bytes.length) {
      record(ProtocolViolation.PARTIAL_SAMPLE);
    }
    if (whole > 0) {
      actions.audio(whole == bytes.length ? bytes : Arrays.copyOf(bytes, whole));
    }
  }

  private void malformed() {
    record(ProtocolViolation.BAD_JSON);
    if (++badJsonInARow == MAX_BAD_JSON_IN_A_ROW) {
      actions.close(CloseCode.BAD_PAYLOAD, "bad_json", "20 texts in a row");
    }
  }

  private void stop(Stop stop) {
    if (open == null) {
      record(ProtocolViolation.SECOND_STOP);
      return;
    }
    if (isForeign(stop.streamSid(), open)) {
      record(ProtocolViolation.FOREIGN_STREAM);
      return;
    }
    open = null;
    stopped = true;
    String reason = stop.reason() == null ? "stop" : stop.reason();
    actions.end(reason.substring(0, Math.min(reason.length(), MAX_REASON_CHARS)));
    actions.awaitClose();
  }

  private static boolean isForeign(@Nullable String streamSid, ExotelStart start) {
    return streamSid != null && start.streamSid() != null && !streamSid.equals(start.streamSid());
  }

  private void record(ProtocolViolation violation) {
    actions.record(violation, 1, "");
  }

  private void record(ProtocolViolation violation, long times) {
    if (times > 0) {
      actions.record(violation, times, "");
    }
  }

  /// Counts an undocumented name at its first occurrence.
  private void recordName(ProtocolViolation violation, String name) {
    if (recordedNames.size() < MAX_NAMES && recordedNames.add(violation + ":" + name)) {
      actions.record(violation, 1, name);
    }
  }
}
