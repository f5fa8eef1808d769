package io.verbatim.ingest.pcm;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.verbatim.fuzz.Claim;
import io.verbatim.ingest.connection.Problem;
import io.verbatim.ingest.pcm.PcmDecision.End;
import io.verbatim.ingest.pcm.PcmDecision.Frame;
import io.verbatim.ingest.pcm.PcmDecision.Open;
import io.verbatim.ingest.pcm.PcmDecision.Refuse;
import io.verbatim.ingest.pcm.PcmDecision.Report;
import java.util.List;

/// What pcm callers send: each line is one frame, a binary one where it does not begin with `{`.
public final class PcmReading {
  private static final int MOST_FRAMES = 200;
  private static final int LONGEST_ANSWER = 2048;

  private PcmReading() {}

  /// Reads a socket's frames; what is answered never grows with what was sent.
  public static void frames(byte[] input) {
    PcmStream stream = new PcmStream();
    for (String line : new String(input, ISO_8859_1).split("\n", MOST_FRAMES)) {
      byte[] frame = line.getBytes(ISO_8859_1);
      List<PcmDecision> decisions =
          line.startsWith("{") ? stream.text(new String(frame, UTF_8)) : stream.binary(frame);
      decisions.forEach(PcmReading::check);
    }
  }

  private static void check(PcmDecision decision) {
    switch (decision) {
      case Open(PcmMessage.Start start) ->
          Claim.that(start.tenant().length() <= LONGEST_ANSWER, "a tenant without a bound");
      case Frame(_, byte[] bytes) ->
          Claim.that(bytes.length <= PcmStream.MAX_FRAME_BYTES, "a frame over the limit");
      case Report(Problem problem) -> check(problem);
      case Refuse(_, Problem problem) -> check(problem);
      case End _ -> {}
    }
  }

  private static void check(Problem problem) {
    Claim.that(PcmAnswers.error(problem).length() <= LONGEST_ANSWER, "an answer without a bound");
  }
}
