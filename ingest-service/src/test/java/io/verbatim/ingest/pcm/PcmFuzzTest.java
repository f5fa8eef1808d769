package io.verbatim.ingest.pcm;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.verbatim.ingest.connection.Problem;
import io.verbatim.ingest.pcm.PcmDecision.End;
import io.verbatim.ingest.pcm.PcmDecision.Frame;
import io.verbatim.ingest.pcm.PcmDecision.Open;
import io.verbatim.ingest.pcm.PcmDecision.Refuse;
import io.verbatim.ingest.pcm.PcmDecision.Report;
import io.verbatim.testkit.fuzz.Assertion;
import java.util.List;

/// Frames of pcm callers: each line is one frame, a binary one unless it starts with `{`.
public class PcmFuzzTest {
  private static final int MAX_FRAMES = 200;
  private static final int MAX_ANSWER_CHARS = 2048;

  /// Reads a connection's frames; the size of the answers is bounded.
  @FuzzTest
  public void frames(byte[] input) {
    PcmStream stream = new PcmStream();
    for (String line : new String(input, ISO_8859_1).split("\n", MAX_FRAMES)) {
      byte[] frame = line.getBytes(ISO_8859_1);
      List<PcmDecision> decisions =
          line.startsWith("{") ? stream.text(new String(frame, UTF_8)) : stream.binary(frame);
      decisions.forEach(PcmFuzzTest::check);
    }
  }

  private static void check(PcmDecision decision) {
    switch (decision) {
      case Open(PcmMessage.Start start) ->
          Assertion.check(start.tenant().length() <= MAX_ANSWER_CHARS, "a tenant without a bound");
      case Frame(_, byte[] bytes) ->
          Assertion.check(bytes.length <= PcmStream.MAX_FRAME_BYTES, "a frame over the limit");
      case Report(Problem problem) -> check(problem);
      case Refuse(_, Problem problem) -> check(problem);
      case End _ -> {}
    }
  }

  private static void check(Problem problem) {
    Assertion.check(
        PcmAnswers.error(problem).length() <= MAX_ANSWER_CHARS, "an answer without a bound");
  }
}
