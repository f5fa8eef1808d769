package io.verbatim.asr.call;

import static org.awaitility.Awaitility.await;

import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.BusHealth;
import io.verbatim.pubsub.TranscriptLog;
import io.verbatim.pubsub.message.CallRecord;
import io.verbatim.pubsub.message.Link;
import io.verbatim.pubsub.message.RecognizerStatus;
import io.verbatim.pubsub.message.Speech;
import io.verbatim.pubsub.message.TranscriptEntry;
import io.verbatim.testkit.deepgram.DeepgramStandIn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/// Calls, workers and a stand-in for Deepgram on one bus.
abstract class LiveCallFixture {
  final DeepgramStandIn standIn = DeepgramStandIn.start();
  final List<TestWorker> workers = new ArrayList<>();
  private @Nullable Bus bus;

  /// A bus of its own for each test.
  abstract Bus openBus();

  @BeforeEach
  void connect() {
    Bus opened = openBus();
    bus = opened;
    await().until(() -> opened.health() instanceof BusHealth.Connected);
  }

  @AfterEach
  void close() {
    workers.forEach(TestWorker::close);
    bus().close();
    standIn.close();
  }

  Bus bus() {
    Bus opened = bus;
    if (opened == null) {
      throw new IllegalStateException("the bus is not open yet");
    }
    return opened;
  }

  TestWorker worker() {
    return worker(10, 10);
  }

  TestWorker worker(int maxCalls, int maxStreams) {
    TestWorker worker = new TestWorker(bus(), standIn, maxCalls, maxStreams);
    workers.add(worker);
    return worker;
  }

  NumberedCaller dials(String id, String format) {
    return NumberedCaller.dials(bus(), id, format, null);
  }

  List<TranscriptEntry> entries(NumberedCaller caller) {
    return NumberedCaller.now(bus().transcripts().read(caller.call(), TranscriptLog.START, 1000));
  }

  List<TranscriptEntry.Final> finals(NumberedCaller caller) {
    return entries(caller).stream()
        .filter(TranscriptEntry.Final.class::isInstance)
        .map(TranscriptEntry.Final.class::cast)
        .toList();
  }

  List<String> gaps(NumberedCaller caller) {
    return entries(caller).stream()
        .filter(TranscriptEntry.Gap.class::isInstance)
        .map(TranscriptEntry.Gap.class::cast)
        .map(gap -> gap.startMs() + "-" + gap.endMs() + " " + gap.reason())
        .toList();
  }

  String words(NumberedCaller caller, int channel) {
    return String.join(
        " ",
        finals(caller).stream()
            .map(TranscriptEntry.Final::speech)
            .filter(speech -> speech.channel() == channel)
            .map(Speech::text)
            .toList());
  }

  TranscriptEntry.Ended endOf(NumberedCaller caller) {
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> entries(caller).stream().anyMatch(TranscriptEntry.Ended.class::isInstance));
    TranscriptEntry.Ended ended = (TranscriptEntry.Ended) entries(caller).getLast();
    return new TranscriptEntry.Ended(
        "", Link.NONE, ended.reason(), ended.durationMs(), ended.complete());
  }

  static TranscriptEntry.Ended ended(String reason, long durationMs, boolean complete) {
    return new TranscriptEntry.Ended("", Link.NONE, reason, durationMs, complete);
  }

  boolean hasEnded(NumberedCaller caller) {
    return record(caller).state() == CallRecord.State.ENDED;
  }

  CallRecord record(NumberedCaller caller) {
    return NumberedCaller.now(bus().calls().find(caller.call())).orElseThrow();
  }

  RecognizerStatus.@Nullable State state(NumberedCaller caller) {
    RecognizerStatus status = record(caller).recognizer();
    return status == null ? null : status.state();
  }

  RecognizerStatus status(NumberedCaller caller) {
    RecognizerStatus status = record(caller).recognizer();
    if (status == null) {
      throw new AssertionError("no status yet");
    }
    return status;
  }

  static List<Integer> range(int from, int to) {
    return IntStream.range(from, to).boxed().toList();
  }

  static String numbers(int from, int to) {
    return String.join(" ", IntStream.range(from, to).mapToObj(Integer::toString).toList());
  }
}
