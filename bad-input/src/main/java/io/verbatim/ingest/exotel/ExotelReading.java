package io.verbatim.ingest.exotel;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.verbatim.fuzz.Claim;
import io.verbatim.ingest.exotel.ExotelDecision.Audio;
import io.verbatim.ingest.exotel.ExotelDecision.AwaitClose;
import io.verbatim.ingest.exotel.ExotelDecision.Close;
import io.verbatim.ingest.exotel.ExotelDecision.End;
import io.verbatim.ingest.exotel.ExotelDecision.Odd;
import io.verbatim.ingest.exotel.ExotelDecision.Open;

/// What Exotel sends: each line is one text frame of a socket.
public final class ExotelReading {
  private static final int MOST_FRAMES = 200;
  private static final int LONGEST_TEXT = 1024;
  private static final long FRAME_NANOS = 20_000_000;

  private boolean open;

  private ExotelReading() {}

  /// Reads a socket's frames; whatever they are, at most one call is open, and what is kept of them
  /// is bounded.
  public static void frames(byte[] input) {
    new ExotelReading().readAll(new String(input, UTF_8));
  }

  /// Reads what a handshake's query says of the audio, a line each: the sample rate, the language.
  public static void hints(byte[] input) {
    String[] lines = new String(input, UTF_8).split("\n", 2);
    ExotelHints hints = new ExotelHints(lines[0], lines.length > 1 ? lines[1] : null);
    ExotelReading reading = new ExotelReading();
    new ExotelStream(hints)
        .text("{\"event\":\"start\",\"start\":{\"call_sid\":\"c\"}}", 0)
        .forEach(reading::check);
    Claim.that(reading.open, "a hint that keeps a call from opening");
  }

  private void readAll(String frames) {
    ExotelStream stream = new ExotelStream(ExotelHints.NONE);
    long now = 0;
    for (String frame : frames.split("\n", MOST_FRAMES)) {
      for (ExotelDecision decision : stream.text(frame, now)) {
        check(decision);
      }
      now += FRAME_NANOS;
    }
  }

  private void check(ExotelDecision decision) {
    switch (decision) {
      case Open(ExotelStart start) -> {
        Claim.that(!open, "a call opens while another is open");
        Claim.that(start.callSid().length() <= LONGEST_TEXT, "a call id without a bound");
        Claim.that(start.customParameters().size() <= 16, "parameters without a bound");
        open = true;
      }
      case Audio(byte[] bytes) -> {
        Claim.that(open, "audio of no call");
        Claim.that(bytes.length > 0, "audio of no bytes");
        Claim.that(bytes.length <= ExotelStream.MAX_PAYLOAD_BYTES, "audio over the limit");
      }
      case End(String reason) -> {
        Claim.that(open, "no call ends");
        Claim.that(reason.length() <= LONGEST_TEXT, "a reason without a bound");
        open = false;
      }
      case Odd(_, long times, String detail) -> {
        Claim.that(times > 0 && times < 1_000_000, "a count by the sender's number");
        Claim.that(detail.length() <= LONGEST_TEXT, "a name without a bound");
      }
      case AwaitClose _, Close _ -> {}
    }
  }
}
