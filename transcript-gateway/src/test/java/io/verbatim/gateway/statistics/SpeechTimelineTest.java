package io.verbatim.gateway.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.pubsub.message.Link;
import io.verbatim.pubsub.message.Speech;
import io.verbatim.pubsub.message.TranscriptEntry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpeechTimelineTest {

  private static final Pattern PART = Pattern.compile("([a-cA-B]|gap)(\\d+)-(\\d+)");

  /// A call in short: `a0-400` is a line of one word by the recogniser's speaker 0, `b…` by speaker
  /// 1, `A…` and `B…` are lines on channel 0 and 1, `end5000` is the end.
  private static CallStatistics statistics(String call) {
    SpeechTimeline timeline = new SpeechTimeline();
    Arrays.stream(call.split(" ", -1))
        .filter(part -> !part.isEmpty())
        .forEach(part -> timeline.add(entry(part)));
    return timeline.statistics();
  }

  private static TranscriptEntry entry(String part) {
    if (part.startsWith("end")) {
      return end(Long.parseLong(part.substring(3)));
    }
    Matcher matcher = PART.matcher(part);
    assertThat(matcher.matches()).as(part).isTrue();
    long start = Long.parseLong(matcher.group(2));
    long end = Long.parseLong(matcher.group(3));
    String who = matcher.group(1);
    if (who.equals("gap")) {
      return new TranscriptEntry.Gap("1-0", Link.NONE, start, end, "log_lost");
    }
    List<Speech.Word> words = List.of(new Speech.Word("word", start, end, 1));
    return Character.isUpperCase(who.charAt(0))
        ? line(null, who.charAt(0) - 'A', start, end, "word", words)
        : line(who.charAt(0) - 'a', 0, start, end, "word", words);
  }

  private static TranscriptEntry end(long millis) {
    return new TranscriptEntry.Ended("9-9", Link.NONE, "stop", millis, true);
  }

  private static TranscriptEntry line(
      @Nullable Integer speaker,
      int channel,
      long start,
      long end,
      String text,
      List<Speech.Word> words) {
    return new TranscriptEntry.Final(
        "1-0",
        Link.NONE,
        1,
        new Speech(
            "s", start, end, text, 1, speaker, channel, "en", words, "scripted", 0, 0, false));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // call                          | duration talk overlap silence untranscribed
        "''                              | 0 0 0 0 0",
        "end5000                         | 5000 0 0 5000 0",
        "a0-400 a400-1000 end1000        | 1000 1000 0 0 0",
        "a0-400 a600-1000 end3000        | 3000 800 0 2200 0",
        "a0-400 a600-1000                | 1000 800 0 200 0",
        "A0-400 B200-600 end1000         | 1000 800 200 400 0",
        "A0-400 A400-500 B0-500 end500   | 500 1000 500 0 0",
        "B700-900 B900-1000 A0-1000      | 1000 1300 300 0 0",
        "a0-300 b0-300 c0-300 end300     | 300 900 600 0 0",
        "a0-300 a100-200 end300          | 300 300 0 0 0",
        "a0-400 gap400-900 end1000       | 1000 400 0 100 500",
        "A0-400 B300-700 gap400-900      | 900 800 100 0 200",
        "gap0-500                        | 500 0 0 0 500",
        "a0-1500 end1000                 | 1000 1000 0 0 0",
      })
  void times_addUpToTheDuration(String call, String expected) {
    CallStatistics found = statistics(call);

    assertThat(
            "%d %d %d %d %d"
                .formatted(
                    found.durationMs(),
                    found.talkMs(),
                    found.overlapMs(),
                    found.silenceMs(),
                    found.untranscribedMs()))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // one after the other
        "a0-2000 b2100-3000 a3100-4000                  | 0 0",
        // b begins while a talks, and goes on when a has stopped
        "a0-2000 b1000-3000                             | 0 1",
        // b begins a moment before the end of a
        "a0-2000 b1600-3000                             | 0 0",
        // b only agrees
        "a0-4000 b1000-1300                             | 0 0",
        // b begins in a pause within the turn of a, and a stops first
        "a0-1000 a1500-2500 b1200-3000                  | 0 1",
        // a's next turn interrupts b
        "a0-2000 b1000-4000 a3200-5000                  | 1 1",
        // both begin at the same time
        "a0-2000 b0-3000                                | 0 0",
        // one turn of b interrupts one turn of a once, whatever the number of words
        "a0-1000 a1000-2000 b1000-1500 b1500-3000 b3100-3200 | 0 1",
        // the lines arrive in the order of their ends
        "B2000-2500 A0-3000                             | 0 0",
        "A0-2000 B1000-3000                             | 0 1",
      })
  void turnThatOutlastsTheOther_isAnInterruption(String call, String expected) {
    List<CallStatistics.Speaker> speakers = statistics(call).speakers();

    assertThat(speakers.getFirst().interruptions() + " " + speakers.getLast().interruptions())
        .isEqualTo(expected);
    assertThat(statistics(call).interruptions())
        .isEqualTo(speakers.stream().mapToLong(CallStatistics.Speaker::interruptions).sum());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "none",
      value = {
        "''                              | none",
        "a0-1000 a5000-6000              | none",
        "a0-1000 b1800-2000              | 800",
        "a0-1000 a1900-2500 b3000-4000   | 500",
        "a0-1000 a2500-3000 b3500-4000   | 2500",
        "a0-1000 b800-2000               | 0",
        "B1400-2000 A0-1000              | 400",
        "b500-1000 a1200-1400 b2000-2500 | 200",
        "a0-1000 a1500-1600 b1300-2000   | 300",
      })
  void firstResponse_isFromTheEndOfTheFirstTurn(String call, Long expected) {
    assertThat(statistics(call).firstResponseMs()).isEqualTo(expected);
  }

  @Test
  void speakers_areChannelsIfThereAreTwo() {
    assertThat(statistics("a0-1000 b1000-2000").speakers())
        .extracting(CallStatistics.Speaker::channel, CallStatistics.Speaker::speaker)
        .containsExactly(
            org.assertj.core.api.Assertions.tuple(null, 0),
            org.assertj.core.api.Assertions.tuple(null, 1));
    assertThat(statistics("a0-1000 b1000-2000 B3000-4000").speakers())
        .extracting(CallStatistics.Speaker::channel, CallStatistics.Speaker::speaker)
        .containsExactly(
            org.assertj.core.api.Assertions.tuple(0, null),
            org.assertj.core.api.Assertions.tuple(1, null));
  }

  @Test
  void wordsPerMinute_countTheSpeakersOwnTime() {
    List<CallStatistics.Speaker> speakers =
        statistics("a0-500 a600-1000 a5000-5100 b2000-2999").speakers();

    assertThat(speakers.getFirst().words()).isEqualTo(3);
    assertThat(speakers.getFirst().wordsPerMinute()).isEqualTo(180);
    assertThat(speakers.getLast().wordsPerMinute()).isNull();
  }

  @Test
  void lineWithoutWordTimes_countsAsSpokenWithoutPause() {
    SpeechTimeline timeline = new SpeechTimeline();
    timeline.add(line(null, 0, 0, 2_000, " four words, no  times ", List.of()));
    timeline.add(
        line(null, 0, 3_000, 4_000, "two words", List.of(untimed("two"), untimed("words"))));
    timeline.add(line(null, 0, 4_000, 5_000, " ", List.of()));
    timeline.add(end(5_000));

    CallStatistics found = timeline.statistics();

    assertThat(found.talkMs()).isEqualTo(3_000);
    assertThat(found.silenceMs()).isEqualTo(2_000);
    assertThat(found.speakers().getFirst().words()).isEqualTo(6);
  }

  private static Speech.Word untimed(String text) {
    return new Speech.Word(text, 0, 0, 1);
  }

  @Test
  void wordOutsideItsLine_isCutAtTheLine() {
    SpeechTimeline timeline = new SpeechTimeline();
    timeline.add(
        line(
            null,
            0,
            1_000,
            2_000,
            "early late",
            List.of(
                new Speech.Word("early", 500, 1_200, 1),
                new Speech.Word("late", 1_900, 9_000, 1))));

    assertThat(timeline.statistics().talkMs()).isEqualTo(300);
    assertThat(timeline.statistics().durationMs()).isEqualTo(2_000);
  }

  @Test
  void manySpeakers_areCountedAsOneBeyondTheLimit() {
    SpeechTimeline timeline = new SpeechTimeline();
    for (int speaker = 0; speaker < 1_000; speaker++) {
      long start = speaker * 10L;
      timeline.add(
          line(
              speaker,
              0,
              start,
              start + 10,
              "x",
              List.of(new Speech.Word("x", start, start + 10, 1))));
    }

    CallStatistics found = timeline.statistics();

    assertThat(found.speakers()).hasSize(TalkTally.MAX_SPEAKERS);
    assertThat(found.speakers().getLast().words()).isEqualTo(1_000 - TalkTally.MAX_SPEAKERS + 1);
    assertThat(found.talkMs()).isEqualTo(10_000);
  }

  @Test
  void wordThatIsTooLate_isCutAndTimesStillAddUp() {
    SpeechTimeline timeline = new SpeechTimeline();
    int words = SpeechTimeline.MAX_WAITING + 100;
    for (int word = 0; word < words; word++) {
      timeline.add(entry("B%d-%d".formatted(1_000 + word * 100, 1_050 + word * 100)));
    }
    long end = 1_000 + words * 100L;
    timeline.add(entry("A0-" + end));
    timeline.add(end(end));

    CallStatistics found = timeline.statistics();

    assertThat(found.talkMs() - found.overlapMs() + found.silenceMs()).isEqualTo(end);
    assertThat(found.speakers().getFirst().talkMs()).isBetween(end - 11_000, end - 10_000);
    assertThat(found.speakers().getLast().talkMs()).isEqualTo(words * 50L);
  }

  /// The same numbers from one bit for each millisecond.
  @RepeatedTest(50)
  void randomCall_agreesWithOneBitForEachMillisecond(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    int speakers = 1 + random.nextInt(3);
    boolean channels = speakers == 2 && random.nextBoolean();
    List<String> parts = new ArrayList<>();
    BitSet[] talk = new BitSet[speakers];
    BitSet gaps = new BitSet();
    for (int speaker = 0; speaker < speakers; speaker++) {
      talk[speaker] = new BitSet();
      String name = String.valueOf((char) ((channels ? 'A' : 'a') + speaker));
      for (int at = random.nextInt(500); at < 20_000; at += random.nextInt(2_000)) {
        int end = at + random.nextInt(900);
        parts.add(name + at + "-" + end);
        talk[speaker].set(at, end);
        at = end;
      }
    }
    for (int at = random.nextInt(9_000); at < 20_000; at += 6_000 + random.nextInt(9_000)) {
      parts.add("gap" + at + "-" + (at + 700));
      gaps.set(at, at + 700);
    }
    parts.sort(Comparator.comparingInt(part -> Integer.parseInt(part.split("-", -1)[1])));
    BitSet speech = new BitSet();
    Arrays.stream(talk).forEach(speech::or);
    gaps.andNot(speech);
    long talkMs = Arrays.stream(talk).mapToLong(BitSet::cardinality).sum();

    CallStatistics found = statistics(String.join(" ", parts) + " end25000");

    assertThat(found.talkMs()).isEqualTo(talkMs);
    assertThat(found.overlapMs()).isEqualTo(talkMs - speech.cardinality());
    assertThat(found.untranscribedMs()).isEqualTo(gaps.cardinality());
    assertThat(found.silenceMs()).isEqualTo(25_000 - speech.cardinality() - gaps.cardinality());
    assertThat(found.talkMs() - found.overlapMs() + found.silenceMs() + found.untranscribedMs())
        .isEqualTo(25_000);
    assertThat(found.speakers().stream().mapToLong(CallStatistics.Speaker::talkMs).sum())
        .isEqualTo(talkMs);
  }
}
