package io.verbatim.local.numbers;

import io.verbatim.local.numbers.Shown.Ending;
import io.verbatim.local.numbers.Shown.Gap;
import java.util.ArrayList;
import java.util.List;

/// Finds what is wrong with a call's transcripts.
///
/// @param script how many words should be there
/// @param browser what a watcher was shown as the call went on
/// @param browserVerdict of that
/// @param server what the server tells now
/// @param serverVerdict of that
/// @param complaints what else is wrong; empty where nothing is
public record Hearing(
    int script,
    Shown browser,
    Verdict browserVerdict,
    Shown server,
    Verdict serverVerdict,
    List<String> complaints) {

  /// Hears both readers.
  ///
  /// @param channels of the call, each with words of its own
  /// @param gapsAllowed whether words may be missing where the ledger names a gap
  public static Hearing of(
      int channels, Spoken spoken, Shown browser, CallRecords.Told told, boolean gapsAllowed) {
    Shown server = told.shown();
    Ledger ledger = told.ledger();
    List<String> complaints =
        new ArrayList<>(ledger.contradictions(channels, server.words().size()));
    int received = (int) (ledger.receivedMs() / Verdict.FRAME_MILLIS);
    int script = spoken.cut() ? received : spoken.frames();
    if (received != script || received > spoken.frames() || received < spoken.stored()) {
      complaints.add(
          "%d frames received, but %d sent and %d acknowledged"
              .formatted(received, spoken.frames(), spoken.stored()));
    }
    List<Gap> excused = gapsAllowed ? ledger.gaps() : List.of();
    if (!server.gaps().equals(ledger.gaps()) || !browser.gaps().equals(ledger.gaps())) {
      complaints.add(
          "gaps %s in the ledger, %s at the server, %s at the browser"
              .formatted(ledger.gaps(), server.gaps(), browser.gaps()));
    }
    if (!browser.words().equals(server.words())) {
      complaints.add("the browser shows other words than the server");
    }
    excused.stream()
        .filter(gap -> !gap.reason().equals("log_lost"))
        .forEach(gap -> complaints.add("a gap for another reason: " + gap));
    if (!browser.endings().isEmpty() && !server.endings().isEmpty()) {
      complaints.addAll(ending(browser.endings().getFirst(), server, ledger, spoken));
    }
    return new Hearing(
        script,
        browser,
        Verdict.ofChannels(channels, script, browser, excused),
        server,
        Verdict.ofChannels(channels, script, server, excused),
        complaints);
  }

  private static List<String> ending(Ending browser, Shown server, Ledger ledger, Spoken spoken) {
    List<String> complaints = new ArrayList<>();
    if (!server.endings().getFirst().equals(browser)) {
      complaints.add("the browser was told of another end than the server tells of");
    }
    if (browser.complete() != ledger.complete()) {
      complaints.add("`ended` and the ledger disagree on whether it is complete");
    }
    if (browser.durationMs() != ledger.receivedMs()) {
      complaints.add("`ended` after %d ms".formatted(browser.durationMs()));
    }
    boolean whole = !spoken.cut() && ledger.gapMs() == 0;
    if (browser.complete() != whole) {
      complaints.add(
          "complete=%s (%s), cut=%s, %d ms in gaps"
              .formatted(browser.complete(), browser.reason(), spoken.cut(), ledger.gapMs()));
    }
    return complaints;
  }
}
