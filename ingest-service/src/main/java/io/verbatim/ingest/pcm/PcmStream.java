package io.verbatim.ingest.pcm;

import io.verbatim.ingest.connection.CloseCode;
import io.verbatim.ingest.connection.Problem;
import io.verbatim.ingest.pcm.PcmDecision.End;
import io.verbatim.ingest.pcm.PcmDecision.Frame;
import io.verbatim.ingest.pcm.PcmDecision.Open;
import io.verbatim.ingest.pcm.PcmDecision.Refuse;
import io.verbatim.ingest.pcm.PcmDecision.Report;
import io.verbatim.ingest.pcm.PcmMessage.BadStart;
import io.verbatim.ingest.pcm.PcmMessage.Start;
import io.verbatim.ingest.pcm.PcmMessage.Stop;
import io.verbatim.ingest.pcm.PcmMessage.Unknown;
import io.verbatim.ingest.pcm.PcmMessage.Unreadable;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The protocol state of one pcm connection.
///
/// Maps messages to decisions; has no clock, thread or socket. Confined to the event loop.
public final class PcmStream {
  static final int MAX_FRAME_BYTES = 100_000;
  static final int MAX_UNREADABLE_IN_A_ROW = 20;
  static final int MAX_BAD_FRAMES_IN_A_ROW = 50;

  private @Nullable Start started;
  private long nextSeq = 1;
  private boolean stopped;
  private int unreadableInARow;
  private int badFramesInARow;

  /// Receives one text frame.
  public List<PcmDecision> text(String text) {
    PcmMessage message = PcmDecoder.decode(text);
    if (!(message instanceof Unreadable)) {
      unreadableInARow = 0;
    }
    return switch (message) {
      case Start start -> start(start);
      case BadStart(Problem problem) -> badStart(problem);
      case Stop _ -> stop();
      case Unknown(String event) ->
          report(
              "unknown_event",
              "Event " + PcmAnswers.quote(event) + " is unknown: use start or stop.");
      case Unreadable(String cause) -> unreadable(cause);
    };
  }

  /// The call is open, and its next frame has this number.
  public void opened(long nextSeq) {
    this.nextSeq = nextSeq;
  }

  /// Receives one binary frame.
  public List<PcmDecision> binary(byte[] bytes) {
    if (started == null) {
      return refuse(
          CloseCode.UNSUPPORTED_DATA,
          "no_start",
          "A binary frame arrived before start. Send " + PcmAnswers.START_EXAMPLE);
    }
    if (stopped) {
      return List.of();
    }
    if (bytes.length > MAX_FRAME_BYTES) {
      return refuse(
          CloseCode.TOO_BIG,
          "frame_too_large",
          "A frame has " + bytes.length + " bytes: send at most " + MAX_FRAME_BYTES + ".");
    }
    long seq = nextSeq++;
    int partial = bytes.length % bytesPerFrame();
    if (partial == 0) {
      badFramesInARow = 0;
      return List.of(new Frame(seq, bytes));
    }
    return partialSample(seq, Arrays.copyOf(bytes, bytes.length - partial), bytes.length);
  }

  private List<PcmDecision> start(Start start) {
    if (started != null) {
      return alreadyStarted(started);
    }
    started = start;
    return List.of(new Open(start));
  }

  private List<PcmDecision> badStart(Problem problem) {
    if (started != null) {
      return alreadyStarted(started);
    }
    return List.of(new Refuse(CloseCode.REFUSED, problem));
  }

  private static List<PcmDecision> alreadyStarted(Start start) {
    return report(
        "already_started",
        "This connection already carries call \"%s\". Open another connection for another call."
            .formatted(start.call()));
  }

  private List<PcmDecision> stop() {
    if (started == null) {
      return report("no_start", "stop arrived before start. Send " + PcmAnswers.START_EXAMPLE);
    }
    if (stopped) {
      return List.of();
    }
    stopped = true;
    return List.of(new End());
  }

  /// Drops the partial sample, because the log holds whole samples. The frame keeps its number.
  private List<PcmDecision> partialSample(long seq, byte[] whole, int length) {
    Problem problem =
        new Problem(
            "partial_sample",
            "Frame %d has %d bytes, which is not a multiple of %d. Its last bytes are dropped."
                .formatted(seq, length, bytesPerFrame()));
    if (++badFramesInARow == MAX_BAD_FRAMES_IN_A_ROW) {
      return List.of(new Frame(seq, whole), new Refuse(CloseCode.BAD_PAYLOAD, problem));
    }
    return badFramesInARow == 1
        ? List.of(new Frame(seq, whole), new Report(problem))
        : List.of(new Frame(seq, whole));
  }

  private int bytesPerFrame() {
    return started == null ? 1 : started.format().bytesPerFrame();
  }

  private List<PcmDecision> unreadable(String cause) {
    String message = "A text message " + cause + ". Send JSON such as " + PcmAnswers.START_EXAMPLE;
    return ++unreadableInARow == MAX_UNREADABLE_IN_A_ROW
        ? refuse(CloseCode.BAD_PAYLOAD, "bad_json", message)
        : report("bad_json", message);
  }

  private static List<PcmDecision> report(String code, String message) {
    return List.of(new Report(new Problem(code, message)));
  }

  private static List<PcmDecision> refuse(CloseCode code, String problem, String message) {
    return List.of(new Refuse(code, new Problem(problem, message)));
  }
}
