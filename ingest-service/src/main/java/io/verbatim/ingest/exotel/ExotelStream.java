package io.verbatim.ingest.exotel;

import io.verbatim.ingest.exotel.ExotelDecision.Audio;
import io.verbatim.ingest.exotel.ExotelDecision.AwaitClose;
import io.verbatim.ingest.exotel.ExotelDecision.Close;
import io.verbatim.ingest.exotel.ExotelDecision.End;
import io.verbatim.ingest.exotel.ExotelDecision.Odd;
import io.verbatim.ingest.exotel.ExotelDecision.Open;
import io.verbatim.ingest.exotel.ExotelMessage.Clear;
import io.verbatim.ingest.exotel.ExotelMessage.Connected;
import io.verbatim.ingest.exotel.ExotelMessage.Dtmf;
import io.verbatim.ingest.exotel.ExotelMessage.Malformed;
import io.verbatim.ingest.exotel.ExotelMessage.Mark;
import io.verbatim.ingest.exotel.ExotelMessage.Media;
import io.verbatim.ingest.exotel.ExotelMessage.Start;
import io.verbatim.ingest.exotel.ExotelMessage.Stop;
import io.verbatim.ingest.exotel.ExotelMessage.Unknown;
import io.verbatim.ingest.websocket.CloseCode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What one Exotel socket has said so far, and so what its next message means.
///
/// Messages in, decisions out: no clock, no thread, no socket. Not for use by two threads at once.
/// Whatever a peer gets wrong costs as little audio as possible: it is dropped alone, counted, and
/// the call goes on, until so much in a row is unreadable that this cannot be Exotel.
public final class ExotelStream {
  static final int MAX_BAD_JSON_IN_A_ROW = 20;
  static final int MAX_BAD_BASE64_IN_A_ROW = 50;
  static final int MAX_PAYLOAD_BYTES = 100_000;
  private static final int MAX_PAYLOAD_CHARS = (MAX_PAYLOAD_BYTES + 2) / 3 * 4;
  private static final int MOST_NAMES = 32;
  private static final int LONGEST_REASON = 200;

  private final ExotelHints hints;
  private final EarlyMedia early = new EarlyMedia();
  private final Set<String> namesTold = new HashSet<>();
  private List<ExotelDecision> decisions = new ArrayList<>();
  private ChunkNumbers numbers = new ChunkNumbers();
  private @Nullable ExotelStart open;
  private @Nullable FormatCheck formatCheck;
  private @Nullable String lastStreamSid;
  private boolean stopped;
  private int badJsonInARow;
  private int badBase64InARow;

  public ExotelStream(ExotelHints hints) {
    this.hints = hints;
  }

  /// Takes in one text frame.
  ///
  /// @param nowNanos when it came, by any monotonic clock
  public List<ExotelDecision> text(String text, long nowNanos) {
    return on(ExotelDecoder.decode(text), nowNanos);
  }

  /// Takes in a binary frame, which Exotel never sends.
  public List<ExotelDecision> binary() {
    odd(ExotelOddity.BINARY_FRAME);
    return decided();
  }

  /// Whether a call is open: started and not stopped.
  public boolean isOpen() {
    return open != null;
  }

  /// Whether a stream was stopped and none has begun since.
  public boolean isStopped() {
    return stopped;
  }

  List<ExotelDecision> on(ExotelMessage message, long nowNanos) {
    if (!(message instanceof Malformed)) {
      badJsonInARow = 0;
    }
    switch (message) {
      case Media media -> media(media, nowNanos);
      case Start start -> start(start, nowNanos);
      case Stop stop -> stop(stop);
      case Malformed _ -> malformed();
      case Unknown unknown -> told(ExotelOddity.UNKNOWN_EVENT, unknown.event());
      case Connected _, Dtmf _, Mark _, Clear _ -> {}
    }
    return decided();
  }

  private void start(Start message, long nowNanos) {
    message.unknownFields().forEach(field -> told(ExotelOddity.UNKNOWN_FIELD, field));
    ExotelStart start = ExotelStart.of(message, hints);
    if (open != null) {
      if (start.streamSid() == null || start.streamSid().equals(open.streamSid())) {
        odd(ExotelOddity.SECOND_START);
        return;
      }
      decisions.add(new End("next_stream"));
    } else if (stopped && start.streamSid() != null && start.streamSid().equals(lastStreamSid)) {
      odd(ExotelOddity.SECOND_START);
      return;
    }
    open = start;
    lastStreamSid = start.streamSid();
    stopped = false;
    numbers = new ChunkNumbers();
    formatCheck = new FormatCheck(start.format());
    badBase64InARow = 0;
    decisions.add(new Open(start));
    start.oddities().forEach(this::odd);
    odd(ExotelOddity.MEDIA_BEFORE_START, early.dropOlderThan(nowNanos - EarlyMedia.MAX_NANOS));
    early.take().forEach(media -> audio(media, start));
  }

  private void media(Media media, long nowNanos) {
    media.unknownFields().forEach(field -> told(ExotelOddity.UNKNOWN_FIELD, field));
    if (open != null) {
      audio(media, open);
    } else if (stopped) {
      odd(ExotelOddity.MEDIA_AFTER_STOP);
    } else {
      odd(ExotelOddity.MEDIA_BEFORE_START, early.add(media, nowNanos));
    }
  }

  private void audio(Media media, ExotelStart start) {
    if (isForeign(media.streamSid(), start)) {
      odd(ExotelOddity.FOREIGN_STREAM);
      return;
    }
    ChunkNumbers.Verdict verdict = numbers.next(media.sequence(), media.chunk());
    odd(ExotelOddity.MISSING_CHUNK, verdict.missing());
    switch (verdict.order()) {
      case NEXT -> payload(media, start);
      case OUT_OF_ORDER -> {
        odd(ExotelOddity.OUT_OF_ORDER);
        payload(media, start);
      }
      case RENUMBERED -> {
        odd(ExotelOddity.RENUMBERED);
        payload(media, start);
      }
      case DUPLICATE -> odd(ExotelOddity.DUPLICATE);
    }
  }

  private void payload(Media media, ExotelStart start) {
    String payload = media.payload();
    if (payload == null || payload.isEmpty()) {
      odd(ExotelOddity.EMPTY_PAYLOAD);
      return;
    }
    if (payload.length() > MAX_PAYLOAD_CHARS) {
      odd(ExotelOddity.PAYLOAD_TOO_LARGE);
      return;
    }
    ExotelPayload.decode(payload)
        .ifPresentOrElse(bytes -> bytes(bytes, media, start), this::badBase64);
  }

  private void bytes(byte[] bytes, Media media, ExotelStart start) {
    badBase64InARow = 0;
    if (bytes.length > MAX_PAYLOAD_BYTES) {
      odd(ExotelOddity.PAYLOAD_TOO_LARGE);
      return;
    }
    if (bytes.length > 1 && bytes[0] == '{' && bytes[1] == '"') {
      odd(ExotelOddity.JSON_PAYLOAD);
    }
    if (formatCheck != null && formatCheck.contradicts(media.timestampMs(), bytes.length)) {
      odd(ExotelOddity.FORMAT_CONTRADICTED);
    }
    int whole = bytes.length - bytes.length % start.format().bytesPerFrame();
    if (whole < bytes.length) {
      odd(ExotelOddity.PARTIAL_SAMPLE);
    }
    if (whole > 0) {
      decisions.add(new Audio(whole == bytes.length ? bytes : Arrays.copyOf(bytes, whole)));
    }
  }

  private void badBase64() {
    odd(ExotelOddity.BAD_BASE64);
    if (++badBase64InARow == MAX_BAD_BASE64_IN_A_ROW) {
      decisions.add(new Close(CloseCode.BAD_PAYLOAD, "bad_base64: 50 payloads in a row"));
    }
  }

  private void malformed() {
    odd(ExotelOddity.BAD_JSON);
    if (++badJsonInARow == MAX_BAD_JSON_IN_A_ROW) {
      decisions.add(new Close(CloseCode.BAD_PAYLOAD, "bad_json: 20 texts in a row"));
    }
  }

  private void stop(Stop stop) {
    if (open == null) {
      odd(ExotelOddity.SECOND_STOP);
      return;
    }
    if (isForeign(stop.streamSid(), open)) {
      odd(ExotelOddity.FOREIGN_STREAM);
      return;
    }
    String reason = stop.reason() == null ? "stop" : stop.reason();
    decisions.add(new End(reason.substring(0, Math.min(reason.length(), LONGEST_REASON))));
    decisions.add(new AwaitClose());
    open = null;
    stopped = true;
  }

  private static boolean isForeign(@Nullable String streamSid, ExotelStart start) {
    return streamSid != null && start.streamSid() != null && !streamSid.equals(start.streamSid());
  }

  private void odd(ExotelOddity oddity) {
    decisions.add(Odd.once(oddity));
  }

  private void odd(ExotelOddity oddity, long times) {
    if (times > 0) {
      decisions.add(new Odd(oddity, times, ""));
    }
  }

  /// Counts a name nobody has documented, the first time it is met.
  private void told(ExotelOddity oddity, String name) {
    if (namesTold.size() < MOST_NAMES && namesTold.add(oddity + ":" + name)) {
      decisions.add(new Odd(oddity, 1, name));
    }
  }

  private List<ExotelDecision> decided() {
    List<ExotelDecision> all = decisions;
    decisions = new ArrayList<>(2);
    return all;
  }
}
