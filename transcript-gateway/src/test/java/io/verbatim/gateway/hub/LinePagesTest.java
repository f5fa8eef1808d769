package io.verbatim.gateway.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.verbatim.gateway.fixture.Futures;
import io.verbatim.gateway.fixture.Words;
import io.verbatim.gateway.hub.LinePages.Lines;
import io.verbatim.gateway.hub.LinePages.Outcome;
import io.verbatim.gateway.log.Position;
import io.verbatim.gateway.log.TranscriptReads;
import io.verbatim.gateway.metrics.GatewayMetrics;
import io.verbatim.pubsub.StoredTranscripts;
import io.verbatim.pubsub.memory.InMemoryBus;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.Link;
import io.verbatim.pubsub.message.TranscriptEntry;
import io.verbatim.service.EventLoop;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LinePagesTest {

  private static final CallId CALL = new CallId("call-1");

  private final InMemoryBus bus = new InMemoryBus();
  private final EventLoop loop = EventLoop.of(bus.loop());
  private final ScriptedLog log = new ScriptedLog();
  private final GatewayMetrics metrics = new GatewayMetrics(new SimpleMeterRegistry());
  private final LinePages pages =
      new LinePages(
          CALL, new TranscriptReads(log), new FeedMemory(1024 * 1024, metrics), loop, metrics);

  @AfterEach
  void close() {
    bus.close();
  }

  @Test
  void fullPage_isCachedUntilItIsDropped() {
    Futures.join(onLoop(() -> read("1-0")).thenCompose(answer -> answer));

    assertThat(cached()).contains("1-0");
    Futures.join(CompletableFuture.runAsync(pages::drop, loop::execute));
    assertThat(cached()).isEmpty();
  }

  @Test
  void pageThatIsDroppedWhileItIsRead_isNotCached() {
    CompletionStage<String> dropped =
        onLoop(
                () -> {
                  CompletableFuture<String> read = read("1-0");
                  pages.drop();
                  return read;
                })
            .thenCompose(read -> read);

    assertThat(Futures.join(dropped)).isEqualTo("1-0");
    assertThat(cached()).isEmpty();
  }

  @Test
  void readAfterDrop_doesNotJoinTheReadBefore() {
    CompletionStage<String> afterDrop =
        onLoop(
                () -> {
                  read("1-0");
                  pages.drop();
                  return read("2-0");
                })
            .thenCompose(read -> read);

    assertThat(Futures.join(afterDrop)).isEqualTo("2-0");
    assertThat(cached()).contains("2-0");
  }

  /// Reads the first page, which begins with this entry. When this returns, the log has answered
  /// and the lines are being encoded.
  private CompletableFuture<String> read(String firstId) {
    CompletableFuture<String> answer = new CompletableFuture<>();
    log.firstId = firstId;
    pages.read(
        Position.START, outcome -> answer.complete(firstId(((Outcome.Found) outcome).page())));
    return answer;
  }

  private Optional<String> cached() {
    return Futures.join(onLoop(() -> pages.inMemory(Position.START).map(LinePagesTest::firstId)));
  }

  private static String firstId(Lines page) {
    return page.lines().getFirst().position().id();
  }

  private <T> CompletionStage<T> onLoop(Supplier<T> step) {
    return CompletableFuture.supplyAsync(step, loop::execute);
  }

  /// A log that answers at once with a full page.
  private static final class ScriptedLog implements StoredTranscripts {
    private String firstId = "";

    @Override
    public CompletionStage<List<TranscriptEntry>> read(CallId call, String afterId, int limit) {
      TranscriptEntry entry =
          new TranscriptEntry.Final(firstId, Link.NONE, 1, Words.words("s1", 0, 10, "hello"));
      return CompletableFuture.completedStage(Collections.nCopies(limit, entry));
    }

    @Override
    public CompletionStage<List<TranscriptEntry>> newest(CallId call, int limit) {
      return CompletableFuture.completedStage(List.of());
    }

    @Override
    public CompletionStage<Optional<TranscriptEntry>> find(CallId call, String id) {
      return CompletableFuture.completedStage(Optional.empty());
    }
  }
}
