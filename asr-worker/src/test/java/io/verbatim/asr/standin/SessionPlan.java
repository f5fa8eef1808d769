package io.verbatim.asr.standin;

import java.time.Duration;

/// How one session of the stand-in behaves.
///
/// @param refusalStatus the HTTP status instead of an upgrade; 0 for none, [#NO_ANSWER] for silence
/// @param refusalText what `dg-error` says then
/// @param framesPerFinal a final every so many frames of 20 ms
/// @param framesPerInterim an interim every so many
/// @param mishapAfter what goes wrong happens when this many frames have been heard
/// @param atTheEnd what happens between `CloseStream` and `Metadata`
/// @param finals how finals are told
/// @param idleLimit closes with NET-0001 after this long without audio or text
public record SessionPlan(
    int refusalStatus,
    String refusalText,
    int framesPerFinal,
    int framesPerInterim,
    int mishapAfter,
    Mishap mishap,
    AtTheEnd atTheEnd,
    Finals finals,
    Duration idleLimit) {

  /// Instead of a status: the handshake is never answered.
  static final int NO_ANSWER = -1;

  /// What goes wrong in mid-call.
  public sealed interface Mishap {
    record None() implements Mishap {}

    /// The connection goes without a close frame.
    record Drop() implements Mishap {}

    record Close(int code, String reason) implements Mishap {}

    /// It hears and says nothing any more, not even to `Finalize`.
    record FallSilent() implements Mishap {}

    /// It says nothing any more until it is asked with `Finalize`.
    record WaitForFinalize() implements Mishap {}

    /// It says things nobody understands, and goes on.
    record TalkNonsense() implements Mishap {}

    /// It does not send its next final.
    record LoseFinal() implements Mishap {}

    /// It sends only the first half of its next final.
    record GarbleFinal() implements Mishap {}

    /// It says nothing any more but what nobody understands.
    record TalkOnlyNonsense() implements Mishap {}
  }

  /// What happens to the last words.
  public enum AtTheEnd {
    SAID,
    /// `Finalize` is not answered, and the connection goes after `CloseStream`, before any last
    /// word.
    DIES,
    /// `Finalize` is not answered, and `Metadata` covers only what finals were sent of.
    STOPS_SHORT,
    /// The last final comes, `Metadata` does not, and the connection stays.
    NO_METADATA,
    /// `Finalize` is not answered, and `Metadata` comes without the last final.
    NO_LAST_WORDS,
    /// `Finalize` is not answered, and the last final comes behind `Metadata`.
    METADATA_FIRST,
    /// The last final comes, and instead of `Metadata` a close.
    CLOSES
  }

  /// How finals are told.
  public enum Finals {
    ONCE,
    TWICE,
    /// Every second one comes only after the one behind it.
    SWAPPED,
    /// Each reaches back over the end of the one before.
    OVERLAPPING,
    /// Each half a second after what it is about.
    LATE,
    /// Never, until `Finalize` or `CloseStream`.
    WITHHELD,
    /// Never, and no interim either.
    NEVER
  }

  /// Says a final every second and an interim every 200 ms, and does nothing wrong.
  public static SessionPlan honest() {
    return new SessionPlan(
        0,
        "",
        50,
        10,
        Integer.MAX_VALUE,
        new Mishap.None(),
        AtTheEnd.SAID,
        Finals.ONCE,
        Duration.ofSeconds(10));
  }

  public static SessionPlan refusing(int status, String text) {
    return new SessionPlan(
        status,
        text,
        50,
        10,
        Integer.MAX_VALUE,
        new Mishap.None(),
        AtTheEnd.SAID,
        Finals.ONCE,
        Duration.ofSeconds(10));
  }

  /// Takes the connection and never answers the handshake.
  public static SessionPlan unanswered() {
    return refusing(NO_ANSWER, "");
  }

  /// After so many frames of 20 ms, this goes wrong.
  public SessionPlan after(int frames, Mishap what) {
    return new SessionPlan(
        refusalStatus,
        refusalText,
        framesPerFinal,
        framesPerInterim,
        frames,
        what,
        atTheEnd,
        finals,
        idleLimit);
  }

  public SessionPlan ending(AtTheEnd how) {
    return new SessionPlan(
        refusalStatus,
        refusalText,
        framesPerFinal,
        framesPerInterim,
        mishapAfter,
        mishap,
        how,
        finals,
        idleLimit);
  }

  public SessionPlan telling(Finals how) {
    return new SessionPlan(
        refusalStatus,
        refusalText,
        framesPerFinal,
        framesPerInterim,
        mishapAfter,
        mishap,
        atTheEnd,
        how,
        idleLimit);
  }

  public SessionPlan idleLimit(Duration limit) {
    return new SessionPlan(
        refusalStatus,
        refusalText,
        framesPerFinal,
        framesPerInterim,
        mishapAfter,
        mishap,
        atTheEnd,
        finals,
        limit);
  }
}
