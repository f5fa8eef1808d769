package io.verbatim.ingest.transcript;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.verbatim.ingest.metrics.IngestMetrics;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.Link;
import io.verbatim.pubsub.message.LiveState;
import io.verbatim.pubsub.message.RecognizerStatus;
import io.verbatim.pubsub.message.Speech;
import io.verbatim.pubsub.message.TranscriptEntry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class CallTranscriptTest {
  private final ScriptedTranscriptLog log = new ScriptedTranscriptLog();
  private final Caller caller = new Caller();
  private final CallTranscript transcript =
      new CallTranscript(
          new CallId("c1"), log, new IngestMetrics(new SimpleMeterRegistry()), caller);

  @Test
  void words_areSentInOrderAndTheEndIsTheLast() {
    transcript.open(Optional.empty());

    log.answer(List.of(), live("", speech(0, "he")));
    log.answer(List.of(words(1, "a", "b", 0, 100, "hello")), live("a", speech(0, "he")));
    log.answer(List.of(), live("b", speech(100, "wor")));
    log.answer(List.of(words(2, "b", "c", 100, 200, "world"), ended(3, "c", "d")), live("d"));

    assertThat(caller.received)
        .containsExactly("~he", "1-0.b hello", "~wor", "2-0.c world", "ended 3-0.d");
    assertThat(log.isRead()).isFalse();
  }

  @Test
  void slowCaller_losesInterimsAndNoEntry() {
    transcript.open(Optional.empty());
    caller.room = 1;

    log.answer(
        List.of(words(1, "a", "b", 0, 100, "one"), words(2, "b", "c", 100, 200, "two")),
        live("c", speech(200, "th")));
    assertThat(log.isRead()).isFalse();
    tick(1);
    caller.room = 1;
    tick(2);
    assertThat(caller.received).containsExactly("1-0.b one", "2-0.c two");
    assertThat(log.requests()).isEqualTo(1);
    caller.room = 10;
    tick(3);
    log.answer(List.of(words(3, "c", "d", 200, 300, "three")), live("d"));

    assertThat(caller.received).containsExactly("1-0.b one", "2-0.c two", "~th", "3-0.d three");
  }

  @Test
  void interimBelowAFinal_isDropped() {
    transcript.open(Optional.empty());

    log.answer(List.of(words(1, "a", "b", 0, 100, "hello")), live("a", speech(80, "hel")));

    assertThat(caller.received).containsExactly("1-0.b hello");
  }

  @Test
  void interimThatDisappears_isSentWithoutText() {
    transcript.open(Optional.empty());

    log.answer(List.of(), live("a", speech(0, "noise")));
    log.answer(List.of(), live("a", speech(0, "noise")));
    log.answer(List.of(), live("a"));

    assertThat(caller.received).containsExactly("~noise", "~");
  }

  @Test
  void recognizersState_isSentWhenItChanges() {
    RecognizerStatus away =
        new RecognizerStatus(RecognizerStatus.State.UNAVAILABLE, "nova-3", "no key");
    transcript.open(Optional.empty());

    log.answer(List.of(), new LiveState(List.of(), Optional.of(away), ""));
    log.answer(List.of(), new LiveState(List.of(), Optional.of(away), ""));

    assertThat(caller.received).containsExactly("unavailable");
  }

  @Test
  void replacedHistory_isAResyncAndSentFromItsStart() {
    transcript.open(Optional.empty());
    log.answer(List.of(words(1, "a", "b", 0, 100, "old")), live("b"));
    log.wipe();

    log.answer(List.of(words(2, "x", "y", 0, 200, "new")), live("y"));
    log.answer(List.of(words(1, "w", "x", 0, 100, "again")), live("x"));

    assertThat(log.followed()).containsExactly("0-0", "0-0");
    assertThat(caller.received).containsExactly("1-0.b old", "resync", "1-0.x again");
  }

  @Test
  void liveStateOfAnotherHistory_isAResync() {
    transcript.open(Optional.empty());
    log.answer(List.of(words(1, "a", "b", 0, 100, "old")), live("b"));
    log.wipe();

    log.answer(List.of(), live("x", speech(0, "other")));

    assertThat(caller.received).containsExactly("1-0.b old", "resync");
  }

  @Test
  void unreadableEntryInBetween_isNoResync() {
    transcript.open(Optional.empty());
    log.answer(List.of(words(1, "a", "b", 0, 100, "one")), live("b"));

    log.answer(List.of(words(3, "c", "d", 200, 300, "three")), live("d"));

    assertThat(caller.received).containsExactly("1-0.b one", "3-0.d three");
  }

  @Test
  void openedAfterAnEntry_continuesBehindIt() {
    log.store(words(1, "a", "b", 0, 100, "one"));

    transcript.open(Optional.of("1-0.b"));
    log.answer(List.of(words(2, "b", "c", 100, 200, "two")), live("c"));

    assertThat(log.followed()).containsExactly("1-0");
    assertThat(caller.received).containsExactly("2-0.c two");
  }

  @Test
  void openedAfterAnUnknownEntry_isAResyncAndBeginsAtTheStart() {
    log.store(words(1, "a", "b", 0, 100, "one"));

    for (String id : List.of("1-0.f", "7-0.b", "nonsense", "")) {
      transcript.open(Optional.of(id));
    }

    assertThat(log.followed()).containsExactly("0-0", "0-0", "0-0", "0-0");
    assertThat(caller.received).containsExactly("resync", "resync", "resync", "resync");
  }

  @Test
  void failedReads_areRepeatedAfterASecond() {
    log.away(true);
    transcript.open(Optional.of("1-0.b"));
    tick(1);
    assertThat(log.followed()).isEmpty();
    log.away(false);
    tick(3);
    assertThat(log.followed()).containsExactly("0-0");
    log.fail();
    tick(4);
    assertThat(log.isRead()).isFalse();

    tick(6);

    assertThat(log.isRead()).isTrue();
  }

  @Test
  void closedTranscript_sendsNothing() {
    transcript.open(Optional.empty());
    log.answer(List.of(), live("a", speech(0, "he")));

    transcript.close();
    tick(5);

    assertThat(caller.received).containsExactly("~he");
    assertThat(log.isRead()).isFalse();
  }

  @Test
  void encodedMessages_haveTheDocumentedFields() {
    assertThat(json(new TranscriptMessage.Entry(words(1, "a", "b", 0, 100, "hello"))))
        .isEqualTo(
            "transcription {\"id\":\"1-0.b\",\"transcript\":\"hello\",\"is_final\":true,"
                + "\"confidence\":0.5,\"segment\":\"s\",\"start_ms\":0,\"end_ms\":100,"
                + "\"channel\":0,\"speaker\":1,\"language\":\"en\"}");
    assertThat(json(new TranscriptMessage.Interim(speech(0, "he").asUnconfirmed())))
        .isEqualTo(
            "transcription {\"transcript\":\"he\",\"is_final\":false,\"confidence\":0.5,"
                + "\"segment\":\"s\",\"start_ms\":0,\"end_ms\":20,\"channel\":0,\"speaker\":1,"
                + "\"language\":\"en\",\"unconfirmed\":true}");
    assertThat(
            json(
                new TranscriptMessage.Entry(
                    new TranscriptEntry.Gap("1-0", new Link("a", "b"), 1, 2, "log_lost"))))
        .isEqualTo("gap {\"id\":\"1-0.b\",\"start_ms\":1,\"end_ms\":2,\"reason\":\"log_lost\"}");
    assertThat(json(new TranscriptMessage.Entry(ended(3, "c", "d"))))
        .isEqualTo(
            "ended {\"id\":\"3-0.d\",\"reason\":\"stop\",\"duration_ms\":300,\"complete\":true}");
  }

  private void tick(long second) {
    transcript.tick(Duration.ofSeconds(second).toNanos());
  }

  private static String json(TranscriptMessage message) {
    ObjectNode json = JsonMapper.shared().createObjectNode();
    return TranscriptEncoder.event(message) + " " + TranscriptEncoder.addFields(message, json);
  }

  private static LiveState live(String line, Speech... interims) {
    return new LiveState(List.of(interims), Optional.empty(), line);
  }

  private static TranscriptEntry words(
      long id, String after, String line, long startMs, long endMs, String text) {
    return new TranscriptEntry.Final(
        id + "-0", new Link(after, line), id, speech(startMs, endMs, text));
  }

  private static TranscriptEntry ended(long id, String after, String line) {
    return new TranscriptEntry.Ended(id + "-0", new Link(after, line), "stop", 300, true);
  }

  private static Speech speech(long startMs, String text) {
    return speech(startMs, startMs + 20, text);
  }

  private static Speech speech(long startMs, long endMs, String text) {
    return new Speech("s", startMs, endMs, text, 0.5, 1, 0, "en", List.of(), "nova-3", 0, 0, false);
  }

  /// Records what it receives, one line each, and takes as many messages as it has room for.
  private static final class Caller implements CallTranscript.Listener {
    private final List<String> received = new ArrayList<>();
    private int room = 100;

    @Override
    public boolean hasRoom() {
      return room > 0;
    }

    @Override
    public void send(TranscriptMessage message) {
      room--;
      received.add(
          switch (message) {
            case TranscriptMessage.Entry(TranscriptEntry.Final words) ->
                words.cursor() + " " + words.speech().text();
            case TranscriptMessage.Entry(TranscriptEntry.Gap gap) -> "gap " + gap.cursor();
            case TranscriptMessage.Entry(TranscriptEntry.Ended ended) -> "ended " + ended.cursor();
            case TranscriptMessage.Interim(Speech speech) -> "~" + speech.text();
            case TranscriptMessage.Status(RecognizerStatus status) -> status.state().wireName();
            case TranscriptMessage.Resync _ -> "resync";
          });
    }
  }
}
