package io.verbatim.ingest.exotel;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.verbatim.ingest.connection.CloseCode;
import io.verbatim.ingest.exotel.ExotelMessage.Media;
import io.verbatim.testkit.fuzz.Assertion;
import java.util.Arrays;
import java.util.Objects;

/// Exotel's frames: each line is one text frame of a connection.
public class ExotelFuzzTest {
  private static final int MAX_FRAMES = 200;
  private static final int MAX_TEXT_CHARS = 1024;
  private static final long FRAME_NANOS = 20_000_000;

  /// Reads a connection's frames. At most one call is open, retained data is bounded, and the
  /// scanner returns the same results as the complete parser.
  @FuzzTest
  public void frames(byte[] input) {
    ExotelStream stream = new ExotelStream(ExotelHints.NONE, new CheckedActions());
    MediaScanner scanner = new MediaScanner();
    long now = 0;
    for (String text : new String(input, UTF_8).split("\n", MAX_FRAMES)) {
      byte[] frame = text.getBytes(UTF_8);
      stream.text(frame, frame.length, now);
      Media scanned = scanner.scan(frame, frame.length);
      Assertion.check(
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

  /// Reads the audio hints of a handshake's query, one a line: the sample rate, the language.
  @FuzzTest
  public void hints(byte[] input) {
    String[] lines = new String(input, UTF_8).split("\n", 2);
    ExotelHints hints = new ExotelHints(lines[0], lines.length > 1 ? lines[1] : null);
    CheckedActions actions = new CheckedActions();
    byte[] start = "{\"event\":\"start\",\"start\":{\"call_sid\":\"c\"}}".getBytes(UTF_8);
    new ExotelStream(hints, actions).text(start, start.length, 0);
    Assertion.check(actions.open, "a hint that prevents a call from opening");
  }

  private static final class CheckedActions implements ExotelActions {
    private boolean open;

    @Override
    public void open(ExotelStart start) {
      Assertion.check(!open, "a call opens while another is open");
      Assertion.check(start.callSid().length() <= MAX_TEXT_CHARS, "a call id without a bound");
      Assertion.check(start.customParameters().size() <= 16, "parameters without a bound");
      open = true;
    }

    @Override
    public void audio(byte[] pcm) {
      Assertion.check(open, "audio without an open call");
      Assertion.check(pcm.length > 0, "empty audio");
      Assertion.check(pcm.length <= ExotelDecoder.MAX_PAYLOAD_BYTES, "audio over the limit");
    }

    @Override
    public void end(String reason) {
      Assertion.check(open, "an end without an open call");
      Assertion.check(reason.length() <= MAX_TEXT_CHARS, "a reason without a bound");
      open = false;
    }

    @Override
    public void awaitClose() {
      Assertion.check(!open, "a stopped call is still open");
    }

    @Override
    public void record(ProtocolViolation violation, long times, String detail) {
      Assertion.check(times > 0 && times < 1_000_000, "a count taken from the input");
      Assertion.check(detail.length() <= MAX_TEXT_CHARS, "a name without a bound");
    }

    @Override
    public void close(CloseCode code, String reason, String detail) {
      Assertion.check(code == CloseCode.BAD_PAYLOAD, "closed with a code other than bad payload");
    }
  }
}
