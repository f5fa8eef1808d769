package io.verbatim.asr.transcript;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.verbatim.asr.metrics.AsrMetrics;
import io.verbatim.pubsub.message.AudioFormat;
import io.verbatim.pubsub.message.BusUnavailableException;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallStart;
import io.verbatim.pubsub.message.Coverage;
import io.verbatim.pubsub.message.Grant;
import io.verbatim.pubsub.message.RecognizerStatus;
import io.verbatim.pubsub.message.Speech;
import io.verbatim.pubsub.message.UncoveredTail;
import io.verbatim.pubsub.message.WriteResult;
import io.verbatim.service.EventLoop;
import io.verbatim.service.Transport;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TranscriptWriterTest {
  private static final RecognizerStatus CONNECTED =
      new RecognizerStatus(RecognizerStatus.State.CONNECTED, "nova-3", "");

  private final EventLoop loop = EventLoop.start("test", Transport.of(Transport.Choice.AUTO));
  private final ScriptedTranscriptLog log = new ScriptedTranscriptLog(loop);
  private final List<String> events = new CopyOnWriteArrayList<>();
  private final TranscriptWriter writer = writer(grant("mulaw/8000/1", List.of(0L)));

  @AfterEach
  void close() {
    loop.close();
  }

  @Test
  void writes_areMadeOneAtATimeInOrder() throws Exception {
    write(finalWords(0, 10), silence(10, 20));

    ScriptedTranscriptLog.PendingWrite first = log.next();
    assertThat(first.description()).isEqualTo("final 0-10");
    onLoop(() -> assertThat(log.isQuiet()).isTrue());

    first.written(10);
    assertThat(log.next().description()).isEqualTo("silence 10-20");
  }

  @Test
  void failedWrite_isRepeatedAndMayHaveSucceeded() throws Exception {
    write(finalWords(0, 10), silence(10, 20));

    log.next().fail(new BusUnavailableException("unavailable"));
    ScriptedTranscriptLog.PendingWrite again = log.next();
    assertThat(again.description()).isEqualTo("final 0-10");
    again.answer(new WriteResult.Moved<>(10L));

    assertThat(log.next().description()).isEqualTo("silence 10-20");
    assertThat(events).containsExactly("written");
  }

  @Test
  void movedLog_isReportedAndDiscardsQueue() throws Exception {
    write(finalWords(50, 60), silence(60, 70));

    log.next().answer(new WriteResult.Moved<>(30L));

    await().until(() -> events.equals(List.of("moved 0 30")));
    onLoop(() -> assertThat(writer.isIdle()).isTrue());
    assertThat(log.isQuiet()).isTrue();
  }

  @Test
  void logThatLostLastWrites_getsThemAgainUnchangedBeforeRefusedOne() throws Exception {
    write(finalWords(0, 10), finalWords(10, 20), silence(20, 30), finalWords(30, 40));
    log.next().written(10);
    log.next().written(20);
    log.next().written(30);

    log.next().answer(new WriteResult.Moved<>(10L));

    for (long end : new long[] {20, 30, 40}) {
      ScriptedTranscriptLog.PendingWrite again = log.next();
      assertThat(again.description()).endsWith(" " + (end - 10) + "-" + end);
      again.written(end);
    }
    await().until(() -> events.equals(Collections.nCopies(6, "written")));
    onLoop(() -> assertThat(writer.isIdle()).isTrue());
  }

  @Test
  void interims_areReplacedByNewerOnesAndByFinals() throws Exception {
    onLoop(() -> writer.write(new TranscriptWrite.Status(CONNECTED)));
    ScriptedTranscriptLog.PendingWrite status = log.next();
    onLoop(() -> {
      writer.write(interim("0-0"));
      writer.write(interim("0-1"));
      writer.write(finalWords(0, 10));
      writer.write(interim("0-2"));
      writer.write(interim("0-3"));
    });
    status.written(0);

    ScriptedTranscriptLog.PendingWrite words = log.next();
    assertThat(words.description()).isEqualTo("final 0-10");
    words.written(10);
    assertThat(log.next().description()).isEqualTo("interim 0-3");
  }

  @Test
  void repeatedStatus_isWrittenOnce() throws Exception {
    onLoop(() -> writer.write(new TranscriptWrite.Status(CONNECTED)));
    log.next().written(0);
    onLoop(() -> writer.write(new TranscriptWrite.Status(CONNECTED)));

    assertThat(log.isQuiet()).isTrue();
  }

  @Test
  void fencedWriter_stopsWriting() throws Exception {
    write(finalWords(0, 10), silence(10, 20));

    log.next().answer(new WriteResult.Fenced<>());

    await().until(() -> events.equals(List.of("refused Fenced")));
    write(finalWords(20, 30));
    assertThat(log.isQuiet()).isTrue();
  }

  @Test
  void existingEnd_countsAsEnded() throws Exception {
    write(new TranscriptWrite.End(List.of(0L), 10, "stop", UncoveredTail.gap("none")));

    ScriptedTranscriptLog.PendingWrite end = log.next();
    assertThat(end.description()).isEqualTo("end 10 stop");
    end.answer(new WriteResult.Ended<>());

    await().until(() -> events.equals(List.of("ended")));
  }

  @Test
  void movedLogAtEndOfTwoChannels_reportsEveryChannel() throws Exception {
    TranscriptWriter stereo = writer(grant("mulaw/8000/2", List.of(0L, 0L)));
    TranscriptWrite end =
        new TranscriptWrite.End(List.of(20L, 30L), 40, "stop", UncoveredTail.gap("none"));
    onLoop(() -> stereo.write(end));

    log.next().answer(new WriteResult.Moved<>(10L));

    await().until(() -> events.equals(List.of("moved " + TranscriptWriter.EVERY_CHANNEL + " 10")));
    onLoop(() -> {
      assertThat(stereo.isIdle()).isTrue();
      stereo.write(end);
    });
    assertThat(log.next().description()).isEqualTo("end 40 stop");
  }

  @Test
  void sentAudio_isNotedBeforeNextDurableWrite() throws Exception {
    onLoop(() -> {
      writer.sent(20);
      writer.sent(10);
      writer.write(interim("0-0"));
    });
    ScriptedTranscriptLog.PendingWrite interim = log.next();
    assertThat(interim.description()).isEqualTo("interim 0-0");
    write(finalWords(0, 10));
    interim.written(0);

    assertThat(log.next().description()).isEqualTo("sent 30");
    assertThat(log.next().description()).isEqualTo("final 0-10");
  }

  @Test
  void writesOverLimit_areDiscardedAndReported() throws Exception {
    for (int i = 0; i <= TranscriptWriter.MAX_WAITING; i++) {
      write(silence(i, i + 1));
    }

    await().until(() -> events.equals(List.of("overflowed")));
    onLoop(() -> assertThat(writer.confirmed(0)).isZero());
  }

  private void write(TranscriptWrite... writes) {
    onLoop(() -> {
      for (TranscriptWrite write : writes) {
        writer.write(write);
      }
    });
  }

  private static TranscriptWrite finalWords(long from, long to) {
    return new TranscriptWrite.Final(new Coverage(0, from, to), speech("0-" + from));
  }

  private static TranscriptWrite silence(long from, long to) {
    return new TranscriptWrite.Silence(new Coverage(0, from, to));
  }

  private static TranscriptWrite interim(String segment) {
    return new TranscriptWrite.Interim(speech(segment));
  }

  private static Speech speech(String segment) {
    return new Speech(segment, 0, 1, "word", 1, null, 0, null, List.of(), "nova-3", 0, 0, false);
  }

  private TranscriptWriter writer(Grant grant) {
    return new TranscriptWriter(
        log, grant, loop, new AsrMetrics(new SimpleMeterRegistry()), new RecordingListener());
  }

  private static Grant grant(String format, List<Long> covered) {
    CallStart start =
        new CallStart(
            new CallId("a"),
            "tenant",
            CallStart.Source.PCM,
            AudioFormat.parse(format),
            null,
            null,
            null,
            Instant.EPOCH);
    return new Grant(start, "owner", 1, 1, covered, List.of());
  }

  private void onLoop(Runnable task) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    loop.execute(() -> {
      try {
        task.run();
        done.complete(null);
      } catch (RuntimeException | AssertionError e) {
        done.completeExceptionally(e);
      }
    });
    done.join();
  }

  private final class RecordingListener implements TranscriptWriter.Listener {
    @Override
    public void written() {
      events.add("written");
    }

    @Override
    public void moved(int channel, long covered) {
      events.add("moved " + channel + " " + covered);
    }

    @Override
    public void overflowed() {
      events.add("overflowed");
    }

    @Override
    public void ended() {
      events.add("ended");
    }

    @Override
    public void refused(WriteResult<Long> result) {
      events.add("refused " + result.getClass().getSimpleName());
    }
  }
}
