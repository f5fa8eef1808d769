package io.verbatim.numbers;

import io.verbatim.numbers.ReceivedTranscript.Ending;
import io.verbatim.numbers.ReceivedTranscript.Gap;
import java.util.ArrayList;
import java.util.List;

/// Checks the transcripts of a call.
///
/// @param expectedWords the number of words of each channel
/// @param browser the transcript that a subscriber received during the call
/// @param browserVerdict the verdict on it
/// @param server the transcript that the gateway returns after the call
/// @param serverVerdict the verdict on it
/// @param problems other problems; empty if there are none
public record CallCheck(
    int expectedWords,
    ReceivedTranscript browser,
    Verdict browserVerdict,
    ReceivedTranscript server,
    Verdict serverVerdict,
    List<String> problems) {

  /// Checks both transcripts of a call.
  ///
  /// @param channels the number of channels, each with its own words
  /// @param gapsAllowed whether words may be missing if the ledger lists a gap
  public static CallCheck of(
      int channels,
      SentAudio sent,
      ReceivedTranscript browser,
      CallRecords.CallRecord record,
      boolean gapsAllowed) {
    ReceivedTranscript server = record.transcript();
    Ledger ledger = record.ledger();
    List<String> problems = new ArrayList<>(ledger.contradictions(channels, server.words().size()));
    int received = (int) (ledger.receivedMs() / Verdict.FRAME_MILLIS);
    int expectedWords = sent.cut() ? received : sent.frames();
    if (received != expectedWords || received > sent.frames() || received < sent.stored()) {
      problems.add(
          "%d frames received, %d sent, %d acknowledged"
              .formatted(received, sent.frames(), sent.stored()));
    }
    List<Gap> allowedGaps = gapsAllowed ? ledger.gaps() : List.of();
    if (!server.gaps().equals(ledger.gaps()) || !browser.gaps().equals(ledger.gaps())) {
      problems.add(
          "gaps differ: %s in the ledger, %s at the server, %s at the browser"
              .formatted(ledger.gaps(), server.gaps(), browser.gaps()));
    }
    if (!browser.words().equals(server.words())) {
      problems.add("the words of the browser and the server differ");
    }
    allowedGaps.stream()
        .filter(gap -> !gap.reason().equals("log_lost"))
        .forEach(gap -> problems.add("gap with a reason other than log_lost: " + gap));
    if (!browser.endings().isEmpty() && !server.endings().isEmpty()) {
      problems.addAll(ending(browser.endings().getFirst(), server, ledger, sent));
    }
    return new CallCheck(
        expectedWords,
        browser,
        Verdict.ofChannels(channels, expectedWords, browser, allowedGaps),
        server,
        Verdict.ofChannels(channels, expectedWords, server, allowedGaps),
        problems);
  }

  private static List<String> ending(
      Ending browser, ReceivedTranscript server, Ledger ledger, SentAudio sent) {
    List<String> problems = new ArrayList<>();
    if (!server.endings().getFirst().equals(browser)) {
      problems.add("`ended` of the browser and the server differ");
    }
    if (browser.complete() != ledger.complete()) {
      problems.add("`complete` of `ended` and the ledger differ");
    }
    if (browser.durationMs() != ledger.receivedMs()) {
      problems.add(
          "`durationMs` of `ended` is %d, `receivedMs` of the ledger %d"
              .formatted(browser.durationMs(), ledger.receivedMs()));
    }
    boolean whole = !sent.cut() && ledger.gapMs() == 0;
    if (browser.complete() != whole) {
      problems.add(
          "complete=%s (%s), cut=%s, %d ms in gaps"
              .formatted(browser.complete(), browser.reason(), sent.cut(), ledger.gapMs()));
    }
    return problems;
  }
}
