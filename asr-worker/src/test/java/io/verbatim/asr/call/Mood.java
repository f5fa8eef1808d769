package io.verbatim.asr.call;

import io.verbatim.asr.standin.DeepgramStandIn;
import io.verbatim.asr.standin.SessionPlan;
import io.verbatim.asr.standin.SessionPlan.AtTheEnd;
import io.verbatim.asr.standin.SessionPlan.Finals;
import io.verbatim.asr.standin.SessionPlan.Mishap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// One thing a recogniser may do, and what then becomes of a call of [#FRAMES] frames of 20 ms.
///
/// The names are those of the table in `docs/recognizer.md`.
///
/// @param statuses what a watcher sees, in this order, perhaps with more in between
/// @param statusesFirst whether the caller hangs up only then
/// @param inTwoParts whether the caller says [#FIRST_PART], waits for what is made of it, says the
///   rest, and hangs up only when the watchdog has acted
/// @param counters the least each has moved, by `name{tag}`
record Mood(
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

  /// The stand-in's last words before a mishap after 70 frames are an interim from 50 to 60.
  static final int FIRST_PART = 70;

  private static final String CONNECTED = "connected";
  private static final SessionPlan HONEST = SessionPlan.honest();

  static Stream<Mood> all() {
    return Stream.of(
        once("refuses the key (401)", SessionPlan.refusing(401, "INVALID_AUTH"))
            .shows("unavailable: the recogniser refuses this service", CONNECTED)
            .counts("denied_401"),
        once("asks for payment (402)", SessionPlan.refusing(402, "ASR_PAYMENT_REQUIRED"))
            .shows("unavailable: the recogniser refuses this service", CONNECTED)
            .counts("denied_402"),
        once("withholds permission (403)", SessionPlan.refusing(403, "INSUFFICIENT_PERMISSIONS"))
            .shows("unavailable: the recogniser refuses this service", CONNECTED)
            .counts("denied_403"),
        always("refuses the request (400)", SessionPlan.refusing(400, "bad sample rate"))
            .shows(
                "unavailable: the recogniser cannot hear this call: bad sample rate (request"
                    + " stand-in-0)")
            .counts("bad_request")
            .leaves("", "0-2400 recognizer_unavailable"),
        always("finds no audio in it (DATA-0000)", after(5, close(1008, "DATA-0000 not audio")))
            .shows(
                CONNECTED, "unavailable: the recogniser cannot hear this call: DATA-0000 not audio")
            .counts("not_audio")
            .leaves("", "0-2400 recognizer_unavailable"),
        once("is full (429)", SessionPlan.refusing(429, "TOO_MANY_REQUESTS"))
            .shows("reconnecting: no recogniser stream is free", CONNECTED)
            .counts("busy"),
        once("fails the handshake (5xx)", SessionPlan.refusing(503, ""))
            .shows("reconnecting: the recogniser refused the session (503)", CONNECTED)
            .counts("refused"),
        once("never answers the handshake", SessionPlan.unanswered())
            .shows("reconnecting: the recogniser does not answer", CONNECTED)
            .counts("no_handshake"),
        of("cannot be reached", DeepgramStandIn::goAway)
            .shows("reconnecting: the recogniser cannot be reached", CONNECTED)
            .counts("unreachable"),
        once("drops the line", after(70, new Mishap.Drop()))
            .shows(CONNECTED, "reconnecting: the connection to the recogniser was lost", CONNECTED)
            .counts("dropped"),
        once("closes unasked (1000)", after(70, close(1000, "")))
            .shows(CONNECTED, "reconnecting: the recogniser closed the session (1000)", CONNECTED)
            .counts("closed"),
        once("closes for another reason (1008)", after(70, close(1008, "go away")))
            .shows(CONNECTED, "reconnecting: the recogniser closed the session (1008)", CONNECTED)
            .counts("closed"),
        once("has nothing to say (NET-0000)", after(70, close(1011, "NET-0000 no message")))
            .shows(
                CONNECTED, "reconnecting: the recogniser gave the session up (NET-0000)", CONNECTED)
            .counts("net_0000"),
        once("misses audio (NET-0001)", after(70, close(1011, "NET-0001 no audio")))
            .shows(
                CONNECTED, "reconnecting: the recogniser gave the session up (NET-0001)", CONNECTED)
            .counts("net_0001"),
        once("falls silent", after(70, new Mishap.FallSilent()))
            .shows(CONNECTED, "reconnecting: the recogniser says nothing", CONNECTED)
            .counts("silent")
            .moves("verbatim.asr.watchdog{action=probe}")
            .moves("verbatim.asr.watchdog{action=reconnect}")
            .falling(),
        once("speaks only when asked", after(70, new Mishap.WaitForFinalize()))
            .shows(CONNECTED)
            .counts("finished")
            .moves("verbatim.asr.watchdog{action=probe}")
            .falling(),
        once("talks nonsense in between", after(70, new Mishap.TalkNonsense()))
            .shows(CONNECTED)
            .counts("finished")
            .moves("verbatim.asr.signals{kind=malformed}")
            .moves("verbatim.asr.signals{kind=unknown}")
            .moves("verbatim.asr.signals{kind=problem}")
            .moves("verbatim.asr.finals.odd{kind=no_such_channel}"),
        once("talks nonsense only", after(70, new Mishap.TalkOnlyNonsense()))
            .shows(CONNECTED, "reconnecting: the recogniser says nothing", CONNECTED)
            .counts("silent")
            .moves("verbatim.asr.signals{kind=unknown}")
            .moves("verbatim.asr.watchdog{action=reconnect}")
            .falling(),
        always("tells finals late", HONEST.telling(Finals.LATE))
            .shows(CONNECTED)
            .counts("finished")
            .moves("verbatim.asr.finals.odd{kind=late}"),
        always("tells finals twice", HONEST.telling(Finals.TWICE))
            .shows(CONNECTED)
            .counts("finished")
            .moves("verbatim.asr.finals.odd{kind=repeated}"),
        always("tells finals in the wrong order", HONEST.telling(Finals.SWAPPED))
            .shows(CONNECTED)
            .counts("finished")
            .moves("verbatim.asr.finals.odd{kind=early_held}"),
        always("tells finals that overlap", HONEST.telling(Finals.OVERLAPPING))
            .shows(CONNECTED)
            .counts("finished")
            .moves("verbatim.asr.finals.odd{kind=overlapping}"),
        once("loses a final", after(40, new Mishap.LoseFinal()))
            .shows(CONNECTED, "reconnecting: the recogniser left a part of the call out", CONNECTED)
            .counts("final_missing")
            .moves("verbatim.asr.finals.odd{kind=missing}"),
        once("sends a final that cannot be read", after(40, new Mishap.GarbleFinal()))
            .shows(CONNECTED, "reconnecting: the recogniser left a part of the call out", CONNECTED)
            .counts("final_missing")
            .moves("verbatim.asr.signals{kind=malformed}")
            .moves("verbatim.asr.finals.odd{kind=missing}"),
        always("loses the same final in every session", after(40, new Mishap.LoseFinal()))
            .shows(CONNECTED, "reconnecting: the recogniser left a part of the call out", CONNECTED)
            .moves("verbatim.asr.sessions.closed{cause=final_missing}", 2)
            .moves("verbatim.asr.finals.odd{kind=missing}", 3)
            .leaves(numbers(50, FRAMES), "0-1000 recognizer_unavailable"),
        once("dies before Metadata", HONEST.ending(AtTheEnd.DIES))
            .shows(CONNECTED, "reconnecting: the connection to the recogniser was lost", CONNECTED)
            .counts("dropped")
            .afterwards(),
        once("closes without Metadata", HONEST.ending(AtTheEnd.CLOSES))
            .shows(CONNECTED, "reconnecting: the recogniser closed the session (1000)")
            .counts("closed")
            .afterwards(),
        once("never says Metadata", HONEST.ending(AtTheEnd.NO_METADATA))
            .shows(CONNECTED, "reconnecting: the recogniser does not say the last words")
            .counts("no_last_words")
            .afterwards(),
        always("says Metadata without last words", HONEST.ending(AtTheEnd.NO_LAST_WORDS))
            .shows(CONNECTED)
            .counts("finished")
            .moves("verbatim.asr.finals.odd{kind=unconfirmed}")
            .incomplete(),
        always("says Metadata before last words", HONEST.ending(AtTheEnd.METADATA_FIRST))
            .shows(CONNECTED)
            .counts("finished")
            .moves("verbatim.asr.finals.odd{kind=unconfirmed}")
            .incomplete(),
        once("stops before the end", HONEST.ending(AtTheEnd.STOPS_SHORT))
            .shows(CONNECTED, "reconnecting: the recogniser did not process all of the audio")
            .counts("cut_short")
            .afterwards(),
        always("stops before every end", HONEST.ending(AtTheEnd.STOPS_SHORT))
            .shows(CONNECTED, "reconnecting: the recogniser did not process all of the audio")
            .moves("verbatim.asr.sessions.closed{cause=cut_short}", 3)
            .incomplete()
            .afterwards(),
        always("says nothing but Metadata", HONEST.telling(Finals.NEVER))
            .shows(CONNECTED)
            .counts("finished")
            .afterwards()
            .hears(""),
        always("dies at every end", HONEST.ending(AtTheEnd.DIES))
            .shows(CONNECTED, "reconnecting: the connection to the recogniser was lost", CONNECTED)
            .moves("verbatim.asr.sessions.closed{cause=dropped}", 3)
            .incomplete()
            .afterwards());
  }

  /// So in the first session; then honest.
  private static Mood once(String name, SessionPlan plan) {
    return of(name, standIn -> standIn.script(plan));
  }

  private static Mood always(String name, SessionPlan plan) {
    return of(name, standIn -> standIn.plan(_ -> plan));
  }

  private static Mood of(String name, Consumer<DeepgramStandIn> behaviour) {
    return new Mood(
        name, behaviour, numbers(0, FRAMES), List.of(), true, List.of(), true, false, Map.of());
  }

  private static SessionPlan after(int frames, Mishap mishap) {
    return HONEST.after(frames, mishap);
  }

  private static Mishap close(int code, String reason) {
    return new Mishap.Close(code, reason);
  }

  private Mood shows(String... states) {
    return new Mood(
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
  private Mood counts(String cause) {
    return moves("verbatim.asr.sessions.closed{cause=" + cause + "}");
  }

  private Mood moves(String counter) {
    return moves(counter, 1);
  }

  private Mood moves(String counter, int least) {
    Map<String, Integer> more = new TreeMap<>(counters);
    more.put(counter, least);
    return new Mood(
        name, behaviour, words, gaps, complete, statuses, statusesFirst, inTwoParts, more);
  }

  private Mood leaves(String heard, String gap) {
    return new Mood(
        name, behaviour, heard, List.of(gap), false, statuses, statusesFirst, inTwoParts, counters);
  }

  private Mood hears(String heard) {
    return new Mood(
        name, behaviour, heard, gaps, complete, statuses, statusesFirst, inTwoParts, counters);
  }

  private Mood incomplete() {
    return new Mood(
        name, behaviour, words, gaps, false, statuses, statusesFirst, inTwoParts, counters);
  }

  /// What it does shows only in audio that comes after its last words.
  private Mood falling() {
    return new Mood(
        name, behaviour, words, gaps, complete, statuses, statusesFirst, true, counters);
  }

  /// It shows only once the caller has hung up.
  private Mood afterwards() {
    return new Mood(name, behaviour, words, gaps, complete, statuses, false, inTwoParts, counters);
  }

  /// The causes its sessions are closed by, as they are counted.
  List<String> causes() {
    return tagsOf("verbatim.asr.sessions.closed{cause=");
  }

  /// What is odd about its finals, as it is counted.
  List<String> oddities() {
    return tagsOf("verbatim.asr.finals.odd{kind=");
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
