package io.verbatim.asr.call;

import io.verbatim.testkit.deepgram.DeepgramStandIn;
import io.verbatim.testkit.deepgram.SessionPlan;
import io.verbatim.testkit.deepgram.SessionPlan.Fault;
import io.verbatim.testkit.deepgram.SessionPlan.FinalDelivery;
import io.verbatim.testkit.deepgram.SessionPlan.FinishBehavior;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// One behaviour of a recogniser, and the expected outcome for a call of [#FRAMES] frames of 20 ms.
///
/// The names are those of the table in `docs/recognizer.md`.
///
/// @param statuses what a subscriber receives, in this order; other statuses may be in between
/// @param statusesFirst whether the caller hangs up only after these statuses
/// @param inTwoParts whether the caller sends [#FIRST_PART], waits for its interim, sends the rest,
///   and hangs up only after the watchdog has acted
/// @param counters the least increase of each counter, by `name{tag=value}`
record Scenario(
    String name,
    Consumer<DeepgramStandIn> behaviour,
    String words,
    List<String> gaps,
    boolean complete,
    List<String> statuses,
    boolean statusesFirst,
    boolean inTwoParts,
    Map<String, Integer> counters) {

  static final int FRAMES = 120;

  /// The stand-in's last words before a fault after 70 frames are an interim from 50 to 60.
  static final int FIRST_PART = 70;

  private static final String CONNECTED = "connected";
  private static final SessionPlan REGULAR = SessionPlan.regular();

  static Stream<Scenario> all() {
    return Stream.of(
        once("refuses the key (401)", SessionPlan.rejecting(401, "INVALID_AUTH"))
            .expectStatuses("unavailable: the recogniser refuses this service", CONNECTED)
            .expectCloseCause("denied_401"),
        once("requires payment (402)", SessionPlan.rejecting(402, "ASR_PAYMENT_REQUIRED"))
            .expectStatuses("unavailable: the recogniser refuses this service", CONNECTED)
            .expectCloseCause("denied_402"),
        once("denies permission (403)", SessionPlan.rejecting(403, "INSUFFICIENT_PERMISSIONS"))
            .expectStatuses("unavailable: the recogniser refuses this service", CONNECTED)
            .expectCloseCause("denied_403"),
        always("refuses the request (400)", SessionPlan.rejecting(400, "bad sample rate"))
            .expectStatuses(
                "unavailable: the recogniser cannot transcribe this call: bad sample rate (request"
                    + " stand-in-0)")
            .expectCloseCause("bad_request")
            .expectWordsAndGap("", "0-2400 recognizer_unavailable"),
        always("rejects the audio (DATA-0000)", after(5, close(1008, "DATA-0000 not audio")))
            .expectStatuses(
                CONNECTED,
                "unavailable: the recogniser cannot transcribe this call: DATA-0000 not audio")
            .expectCloseCause("not_audio")
            .expectWordsAndGap("", "0-2400 recognizer_unavailable"),
        once("has no free stream (429)", SessionPlan.rejecting(429, "TOO_MANY_REQUESTS"))
            .expectStatuses("reconnecting: no recogniser stream is free", CONNECTED)
            .expectCloseCause("busy"),
        once("fails the handshake (5xx)", SessionPlan.rejecting(503, ""))
            .expectStatuses("reconnecting: the recogniser refused the session (503)", CONNECTED)
            .expectCloseCause("refused"),
        once("does not answer the handshake", SessionPlan.unanswered())
            .expectStatuses("reconnecting: the recogniser does not answer", CONNECTED)
            .expectCloseCause("no_handshake"),
        of("cannot be reached", DeepgramStandIn::stopListening)
            .expectStatuses("reconnecting: the recogniser cannot be reached", CONNECTED)
            .expectCloseCause("unreachable"),
        once("drops the connection", after(70, new Fault.Drop()))
            .expectStatuses(
                CONNECTED, "reconnecting: the connection to the recogniser was lost", CONNECTED)
            .expectCloseCause("dropped"),
        once("closes normally (1000)", after(70, close(1000, "")))
            .expectStatuses(
                CONNECTED, "reconnecting: the recogniser closed the session (1000)", CONNECTED)
            .expectCloseCause("closed"),
        once("closes with an error (1008)", after(70, close(1008, "go away")))
            .expectStatuses(
                CONNECTED, "reconnecting: the recogniser closed the session (1008)", CONNECTED)
            .expectCloseCause("closed"),
        once(
                "times out without a message (NET-0000)",
                after(70, close(1011, "NET-0000 no message")))
            .expectStatuses(
                CONNECTED, "reconnecting: the recogniser closed the session (NET-0000)", CONNECTED)
            .expectCloseCause("net_0000"),
        once("times out without audio (NET-0001)", after(70, close(1011, "NET-0001 no audio")))
            .expectStatuses(
                CONNECTED, "reconnecting: the recogniser closed the session (NET-0001)", CONNECTED)
            .expectCloseCause("net_0001"),
        once("stops answering", after(70, new Fault.StopAnswering()))
            .expectStatuses(CONNECTED, "reconnecting: the recogniser sends no results", CONNECTED)
            .expectCloseCause("silent")
            .expectCounter("verbatim.asr.watchdog{action=probe}")
            .expectCounter("verbatim.asr.watchdog{action=reconnect}")
            .sentInTwoParts(),
        once("answers only Finalize", after(70, new Fault.AnswerOnlyFinalize()))
            .expectStatuses(CONNECTED)
            .expectCloseCause("finished")
            .expectCounter("verbatim.asr.watchdog{action=probe}")
            .sentInTwoParts(),
        once("sends invalid messages", after(70, new Fault.SendInvalidMessages()))
            .expectStatuses(CONNECTED)
            .expectCloseCause("finished")
            .expectCounter("verbatim.asr.signals{kind=malformed}")
            .expectCounter("verbatim.asr.signals{kind=unknown}")
            .expectCounter("verbatim.asr.signals{kind=problem}")
            .expectCounter("verbatim.asr.protocol.violations{kind=no_such_channel}"),
        once("sends only invalid messages", after(70, new Fault.SendOnlyInvalidMessages()))
            .expectStatuses(CONNECTED, "reconnecting: the recogniser sends no results", CONNECTED)
            .expectCloseCause("silent")
            .expectCounter("verbatim.asr.signals{kind=unknown}")
            .expectCounter("verbatim.asr.watchdog{action=reconnect}")
            .sentInTwoParts(),
        always("sends finals late", REGULAR.delivering(FinalDelivery.LATE))
            .expectStatuses(CONNECTED)
            .expectCloseCause("finished")
            .expectCounter("verbatim.asr.protocol.violations{kind=late}"),
        always("sends finals twice", REGULAR.delivering(FinalDelivery.TWICE))
            .expectStatuses(CONNECTED)
            .expectCloseCause("finished")
            .expectCounter("verbatim.asr.protocol.violations{kind=repeated}"),
        always("sends finals out of order", REGULAR.delivering(FinalDelivery.SWAPPED))
            .expectStatuses(CONNECTED)
            .expectCloseCause("finished")
            .expectCounter("verbatim.asr.protocol.violations{kind=early_held}"),
        always("sends finals that overlap", REGULAR.delivering(FinalDelivery.OVERLAPPING))
            .expectStatuses(CONNECTED)
            .expectCloseCause("finished")
            .expectCounter("verbatim.asr.protocol.violations{kind=overlapping}"),
        once("skips a final", after(40, new Fault.SkipFinal()))
            .expectStatuses(
                CONNECTED, "reconnecting: the recogniser skipped a part of the call", CONNECTED)
            .expectCloseCause("final_missing")
            .expectCounter("verbatim.asr.protocol.violations{kind=missing}"),
        once("sends an unreadable final", after(40, new Fault.TruncateFinal()))
            .expectStatuses(
                CONNECTED, "reconnecting: the recogniser skipped a part of the call", CONNECTED)
            .expectCloseCause("final_missing")
            .expectCounter("verbatim.asr.signals{kind=malformed}")
            .expectCounter("verbatim.asr.protocol.violations{kind=missing}"),
        always("skips the same final in every session", after(40, new Fault.SkipFinal()))
            .expectStatuses(
                CONNECTED, "reconnecting: the recogniser skipped a part of the call", CONNECTED)
            .expectCounter("verbatim.asr.sessions.closed{cause=final_missing}", 2)
            .expectCounter("verbatim.asr.protocol.violations{kind=missing}", 3)
            .expectWordsAndGap(numbers(50, FRAMES), "0-1000 recognizer_unavailable"),
        once("drops the connection before Metadata", REGULAR.finishing(FinishBehavior.DROP))
            .expectStatuses(
                CONNECTED, "reconnecting: the connection to the recogniser was lost", CONNECTED)
            .expectCloseCause("dropped")
            .afterHangUp(),
        once("closes without Metadata", REGULAR.finishing(FinishBehavior.CLOSE_WITHOUT_METADATA))
            // The call ends without another status if the finals were stored before the close.
            .expectStatuses(CONNECTED)
            .expectCloseCause("closed")
            .afterHangUp(),
        once("does not send Metadata", REGULAR.finishing(FinishBehavior.NO_METADATA))
            .expectStatuses(CONNECTED, "reconnecting: the recogniser did not send the last results")
            .expectCloseCause("no_metadata")
            .afterHangUp(),
        once("skips the last final", REGULAR.finishing(FinishBehavior.NO_LAST_FINAL))
            .expectStatuses(
                CONNECTED, "reconnecting: the recogniser skipped a part of the call", CONNECTED)
            .expectCloseCause("final_missing")
            .expectCounter("verbatim.asr.protocol.violations{kind=missing}")
            .afterHangUp(),
        always(
                "sends Metadata without the last final",
                REGULAR.finishing(FinishBehavior.NO_LAST_FINAL))
            .expectStatuses(
                CONNECTED, "reconnecting: the recogniser skipped a part of the call", CONNECTED)
            .expectCounter("verbatim.asr.sessions.closed{cause=final_missing}", 2)
            .expectCounter("verbatim.asr.protocol.violations{kind=missing}", 3)
            .expectCounter("verbatim.asr.protocol.violations{kind=unconfirmed}")
            .expectIncomplete()
            .afterHangUp(),
        always(
                "sends Metadata before the last final",
                REGULAR.finishing(FinishBehavior.METADATA_FIRST))
            .expectStatuses(
                CONNECTED, "reconnecting: the recogniser skipped a part of the call", CONNECTED)
            .expectCounter("verbatim.asr.sessions.closed{cause=final_missing}", 2)
            .expectCounter("verbatim.asr.protocol.violations{kind=missing}", 3)
            .expectCounter("verbatim.asr.protocol.violations{kind=unconfirmed}")
            .expectIncomplete()
            .afterHangUp(),
        once("processes only a part", REGULAR.finishing(FinishBehavior.SHORT_METADATA))
            .expectStatuses(
                CONNECTED, "reconnecting: the recogniser did not process all of the audio")
            .expectCloseCause("cut_short")
            .afterHangUp(),
        always(
                "processes only a part in every session",
                REGULAR.finishing(FinishBehavior.SHORT_METADATA))
            .expectStatuses(
                CONNECTED, "reconnecting: the recogniser did not process all of the audio")
            .expectCounter("verbatim.asr.sessions.closed{cause=cut_short}", 3)
            .expectIncomplete()
            .afterHangUp(),
        always("sends only Metadata", REGULAR.delivering(FinalDelivery.NEVER))
            .expectStatuses(CONNECTED)
            .expectCloseCause("finished")
            .afterHangUp()
            .expectWords(""),
        always("drops every connection before Metadata", REGULAR.finishing(FinishBehavior.DROP))
            .expectStatuses(
                CONNECTED, "reconnecting: the connection to the recogniser was lost", CONNECTED)
            .expectCounter("verbatim.asr.sessions.closed{cause=dropped}", 3)
            .expectIncomplete()
            .afterHangUp());
  }

  /// The first session follows the plan, later ones are regular.
  private static Scenario once(String name, SessionPlan plan) {
    return of(name, standIn -> standIn.script(plan));
  }

  private static Scenario always(String name, SessionPlan plan) {
    return of(name, standIn -> standIn.plan(_ -> plan));
  }

  private static Scenario of(String name, Consumer<DeepgramStandIn> behaviour) {
    return new Scenario(
        name, behaviour, numbers(0, FRAMES), List.of(), true, List.of(), true, false, Map.of());
  }

  private static SessionPlan after(int frames, Fault fault) {
    return REGULAR.after(frames, fault);
  }

  private static Fault close(int code, String reason) {
    return new Fault.Close(code, reason);
  }

  private Scenario expectStatuses(String... states) {
    return new Scenario(
        name,
        behaviour,
        words,
        gaps,
        complete,
        List.of(states),
        statusesFirst,
        inTwoParts,
        counters);
  }

  /// Sessions closed by this cause.
  private Scenario expectCloseCause(String cause) {
    return expectCounter("verbatim.asr.sessions.closed{cause=" + cause + "}");
  }

  private Scenario expectCounter(String counter) {
    return expectCounter(counter, 1);
  }

  private Scenario expectCounter(String counter, int least) {
    Map<String, Integer> more = new TreeMap<>(counters);
    more.put(counter, least);
    return new Scenario(
        name, behaviour, words, gaps, complete, statuses, statusesFirst, inTwoParts, more);
  }

  private Scenario expectWordsAndGap(String expectedWords, String gap) {
    return new Scenario(
        name,
        behaviour,
        expectedWords,
        List.of(gap),
        false,
        statuses,
        statusesFirst,
        inTwoParts,
        counters);
  }

  private Scenario expectWords(String expectedWords) {
    return new Scenario(
        name,
        behaviour,
        expectedWords,
        gaps,
        complete,
        statuses,
        statusesFirst,
        inTwoParts,
        counters);
  }

  private Scenario expectIncomplete() {
    return new Scenario(
        name, behaviour, words, gaps, false, statuses, statusesFirst, inTwoParts, counters);
  }

  /// The behaviour appears only in audio that is sent after the last interim.
  private Scenario sentInTwoParts() {
    return new Scenario(
        name, behaviour, words, gaps, complete, statuses, statusesFirst, true, counters);
  }

  /// The behaviour appears only after the caller has hung up.
  private Scenario afterHangUp() {
    return new Scenario(
        name, behaviour, words, gaps, complete, statuses, false, inTwoParts, counters);
  }

  /// The expected labels of closed sessions.
  List<String> causes() {
    return tagsOf("verbatim.asr.sessions.closed{cause=");
  }

  /// The expected labels of unexpected finals.
  List<String> violations() {
    return tagsOf("verbatim.asr.protocol.violations{kind=");
  }

  private List<String> tagsOf(String counted) {
    List<String> tags = new ArrayList<>();
    for (String counter : counters.keySet()) {
      if (counter.startsWith(counted)) {
        tags.add(counter.substring(counted.length(), counter.length() - 1));
      }
    }
    return tags;
  }

  static String numbers(int from, int to) {
    return String.join(" ", IntStream.range(from, to).mapToObj(Integer::toString).toList());
  }

  @Override
  public String toString() {
    return name;
  }
}
