package io.verbatim.testkit.deepgram;

import io.verbatim.testkit.deepgram.SessionPlan.FinalDelivery;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// The results of one channel of a session. Confined to the session's thread.
final class ChannelResults {
  private static final int OVERLAP_FRAMES = 10;
  private static final int LATENESS_FRAMES = 25;

  private final int channel;
  private final SessionPlan plan;
  private final StandInFaults faults;
  private final StandInResults results;
  private final Consumer<String> out;
  private final int framesPerFinal;
  private final List<String> delayed = new ArrayList<>();
  private int received;
  private int covered;
  private int finals;
  private boolean skipping;
  private boolean truncating;

  /// @param out sends a message
  ChannelResults(
      int channel,
      SessionPlan plan,
      StandInFaults faults,
      StandInResults results,
      Consumer<String> out) {
    this.channel = channel;
    this.plan = plan;
    this.faults = faults;
    this.results = results;
    this.out = out;
    framesPerFinal = plan.pace().framesPerFinal() + channel * plan.pace().extraPerChannel();
  }

  /// The number of frames that finals cover, whether they were sent or not.
  int covered() {
    return covered;
  }

  boolean hasUncovered() {
    return covered < received;
  }

  /// Counts a frame that was received.
  void add() {
    received++;
  }

  /// Does not send the next final.
  void skipFinal() {
    skipping = true;
  }

  /// Sends only the first half of the next final.
  void truncateFinal() {
    truncating = true;
  }

  /// Sends what is due after the newest frame.
  void answer() {
    if (plan.finals() == FinalDelivery.NEVER) {
      return;
    }
    if (plan.finals() == FinalDelivery.LATE && received - covered == LATENESS_FRAMES) {
      sendDelayed();
    }
    int framesPerInterim = plan.pace().framesPerInterim();
    if (plan.finals() != FinalDelivery.ON_REQUEST && received - covered >= framesPerFinal) {
      skipping |= faults.omitsFinal();
      sendFinal(false);
    } else if (framesPerInterim > 0 && received % framesPerInterim == 0) {
      out.accept(results.result(channel, covered, received, false, false));
    }
  }

  /// Sends a final of all frames that no final covers.
  void flush() {
    sendFinal(true);
  }

  private void sendFinal(boolean fromFinalize) {
    if (!hasUncovered() || plan.finals() == FinalDelivery.NEVER) {
      return;
    }
    int overlap = plan.finals() == FinalDelivery.OVERLAPPING ? OVERLAP_FRAMES : 0;
    String text =
        results.result(channel, Math.max(0, covered - overlap), received, true, fromFinalize);
    covered = received;
    finals++;
    List<String> left =
        skipping ? List.of() : List.of(truncating ? text.substring(0, text.length() / 2) : text);
    skipping = false;
    truncating = false;
    deliver(left, fromFinalize);
  }

  private void deliver(List<String> texts, boolean fromFinalize) {
    switch (plan.finals()) {
      case ONCE, ON_REQUEST, OVERLAPPING, NEVER -> texts.forEach(out);
      case LATE -> {
        delayed.addAll(texts);
        if (fromFinalize) {
          sendDelayed();
        }
      }
      case TWICE -> {
        texts.forEach(out);
        texts.forEach(out);
      }
      case SWAPPED -> {
        if (finals % 2 == 1 && !fromFinalize) {
          delayed.addAll(texts);
        } else {
          texts.forEach(out);
          sendDelayed();
        }
      }
    }
  }

  /// Sends the finals that were kept back.
  void sendDelayed() {
    delayed.forEach(out);
    delayed.clear();
  }
}
