package io.verbatim.testkit.deepgram;

import java.time.Duration;

/// How one session of the stand-in behaves.
///
/// @param refusalStatus the HTTP status instead of an upgrade; 0 for none, [#NO_ANSWER] for silence
/// @param refusalText the `dg-error` header of the refusal
/// @param pace how often results are sent
/// @param faultAfter frames received before the fault
/// @param finishBehavior what is sent after `CloseStream`
/// @param finals how finals are sent
/// @param idleLimit closes with NET-0001 after this long without audio or text
public record SessionPlan(
    int refusalStatus,
    String refusalText,
    Pace pace,
    int faultAfter,
    Fault fault,
    FinishBehavior finishBehavior,
    FinalDelivery finals,
    Duration idleLimit) {

  /// Instead of a status: the handshake is never answered.
  static final int NO_ANSWER = -1;

  /// How often results are sent, and their words.
  ///
  /// @param framesPerFinal frames of 20 ms per final
  /// @param extraPerChannel more frames per final for each further channel, so that finals of
  ///   different channels end at different times
  /// @param framesPerInterim frames per interim; 0 for no interims
  /// @param onlyLastWord whether a result has only its last word
  public record Pace(
      int framesPerFinal, int extraPerChannel, int framesPerInterim, boolean onlyLastWord) {
    /// A final every second and an interim every 200 ms.
    public static final Pace REGULAR = new Pace(50, 0, 10, false);

    /// A final every half second, of the second channel every 700 ms, and an interim every 200 ms.
    public static final Pace FAST = new Pace(25, 10, 10, false);

    /// A final every second with one word, which costs least.
    public static final Pace SPARSE = new Pace(50, 0, 0, true);
  }

  /// A fault during the call.
  public sealed interface Fault {
    record None() implements Fault {}

    /// Drops the connection without a close frame.
    record Drop() implements Fault {}

    record Close(int code, String reason) implements Fault {}

    /// Receives audio but sends nothing further, not even after `Finalize`.
    record StopAnswering() implements Fault {}

    /// Sends nothing further until `Finalize`.
    record AnswerOnlyFinalize() implements Fault {}

    /// Sends messages that cannot be used, then continues normally.
    record SendInvalidMessages() implements Fault {}

    /// Does not send the next final.
    record SkipFinal() implements Fault {}

    /// Sends only the first half of the next final.
    record TruncateFinal() implements Fault {}

    /// Sends only messages that cannot be used.
    record SendOnlyInvalidMessages() implements Fault {}
  }

  /// What is sent at the end of a session.
  public enum FinishBehavior {
    COMPLETE,
    /// Does not answer `Finalize` and drops the connection after `CloseStream`, without the last
    /// final.
    DROP,
    /// Does not answer `Finalize`; `Metadata` covers only the audio of the finals sent.
    SHORT_METADATA,
    /// Sends the last final but no `Metadata`, and keeps the connection.
    NO_METADATA,
    /// Does not answer `Finalize`; sends `Metadata` without the last final.
    NO_LAST_FINAL,
    /// Does not answer `Finalize`; sends the last final after `Metadata`.
    METADATA_FIRST,
    /// Sends the last final, then closes without `Metadata`.
    CLOSE_WITHOUT_METADATA
  }

  /// How finals are sent.
  public enum FinalDelivery {
    ONCE,
    TWICE,
    /// Each pair in reverse order.
    SWAPPED,
    /// Each starts before the end of the previous one.
    OVERLAPPING,
    /// Each half a second late.
    LATE,
    /// Only after `Finalize` or `CloseStream`.
    ON_REQUEST,
    /// Never, and no interims either.
    NEVER
  }

  /// Sends a final every second and an interim every 200 ms, without any fault.
  public static SessionPlan regular() {
    return rejecting(0, "");
  }

  /// Refuses the handshake with a status and a `dg-error`.
  public static SessionPlan rejecting(int status, String text) {
    return new SessionPlan(
        status,
        text,
        Pace.REGULAR,
        Integer.MAX_VALUE,
        new Fault.None(),
        FinishBehavior.COMPLETE,
        FinalDelivery.ONCE,
        Duration.ofSeconds(10));
  }

  /// Accepts the connection and never answers the handshake.
  public static SessionPlan unanswered() {
    return rejecting(NO_ANSWER, "");
  }

  /// With results at another pace.
  public SessionPlan pace(Pace newPace) {
    return new SessionPlan(
        refusalStatus, refusalText, newPace, faultAfter, fault, finishBehavior, finals, idleLimit);
  }

  /// With a fault after this many frames of 20 ms.
  public SessionPlan after(int frames, Fault newFault) {
    return new SessionPlan(
        refusalStatus, refusalText, pace, frames, newFault, finishBehavior, finals, idleLimit);
  }

  public SessionPlan finishing(FinishBehavior behavior) {
    return new SessionPlan(
        refusalStatus, refusalText, pace, faultAfter, fault, behavior, finals, idleLimit);
  }

  public SessionPlan delivering(FinalDelivery delivery) {
    return new SessionPlan(
        refusalStatus, refusalText, pace, faultAfter, fault, finishBehavior, delivery, idleLimit);
  }

  public SessionPlan idleLimit(Duration limit) {
    return new SessionPlan(
        refusalStatus, refusalText, pace, faultAfter, fault, finishBehavior, finals, limit);
  }
}
