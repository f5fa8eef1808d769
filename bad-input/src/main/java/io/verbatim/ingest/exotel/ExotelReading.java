package io.verbatim.ingest.exotel;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.verbatim.fuzz.Claim;
import io.verbatim.ingest.connection.CloseCode;
import io.verbatim.ingest.exotel.ExotelMessage.Media;
import java.util.Arrays;
import java.util.Objects;

/// What Exotel sends: each line is one text frame of a connection.
public final class ExotelReading {
  private static final int MAX_FRAMES = 200;
  private static final int MAX_TEXT_CHARS = 1024;
  private static final long FRAME_NANOS = 20_000_000;

  private ExotelReading() {}

  /// Reads a connection's frames. Whatever they are, at most one call is open, what is kept of them
  /// is bounded, and the scanner answers as the complete parser does.
  public static void frames(byte[] input) {
    ExotelStream stream = new ExotelStream(ExotelHints.NONE, new CheckedActions());
    MediaScanner scanner = new MediaScanner();
    long now = 0;
    for (String text : new String(input, UTF_8).split("\n", MAX_FRAMES)) {
      byte[] frame = text.getBytes(UTF_8);
      stream.text(frame, frame.length, now);
      Media scanned = scanner.scan(frame, frame.length);
      Claim.that(
          scanned == null
              || (ExotelDecoder.parse(text) instanceof Media parsed && same(scanned, parsed)),
          "scanner and parser disagree");
      now += FRAME_NANOS;
    }
  }

  private static boolean same(Media one, Media other) {
    return Objects.equals(one.streamSid(), other.streamSid())
        && one.sequence() == other.sequence()
        && one.chunk() == other.chunk()
        && one.timestampMs() == other.timestampMs()
        && Arrays.equals(one.audio(), other.audio())
        && one.payloadFault() == other.payloadFault()
        && one.unknownFields().equals(other.unknownFields());
  }

  /// Reads what a handshake's query says of the audio, a line each: the sample rate, the language.
  public static void hints(byte[] input) {
    String[] lines = new String(input, UTF_8).split("\n", 2);
    ExotelHints hints = new ExotelHints(lines[0], lines.length > 1 ? lines[1] : null);
    CheckedActions actions = new CheckedActions();
    byte[] start = "{\"event\":\"start\",\"start\":{\"call_sid\":\"c\"}}".getBytes(UTF_8);
    new ExotelStream(hints, actions).text(start, start.length, 0);
    Claim.that(actions.open, "a hint that keeps a call from opening");
  }

  private static final class CheckedActions implements ExotelActions {
    private boolean open;

    @Override
    public void open(ExotelStart start) {
      Claim.that(!open, "a call opens while another is open");
      Claim.that(start.callSid().length() <= MAX_TEXT_CHARS, "a call id without a bound");
      Claim.that(start.customParameters().size() <= 16, "parameters without a bound");
      open = true;
    }

    @Override
    public void audio(byte[] pcm) {
      Claim.that(open, "audio of no call");
      Claim.that(pcm.length > 0, "audio of no bytes");
      Claim.that(pcm.length <= ExotelDecoder.MAX_PAYLOAD_BYTES, "audio over the limit");
    }

    @Override
    public void end(String reason) {
      Claim.that(open, "no call ends");
      Claim.that(reason.length() <= MAX_TEXT_CHARS, "a reason without a bound");
      open = false;
    }

    @Override
    public void awaitClose() {
      Claim.that(!open, "a call is open that has stopped");
    }

    @Override
    public void record(ProtocolViolation violation, long times, String detail) {
      Claim.that(times > 0 && times < 1_000_000, "a count by the sender's number");
      Claim.that(detail.length() <= MAX_TEXT_CHARS, "a name without a bound");
    }

    @Override
    public void close(CloseCode code, String reason) {
      Claim.that(code == CloseCode.BAD_PAYLOAD, "closed for another reason than bad input");
    }
  }
}
