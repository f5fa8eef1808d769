package io.verbatim.gateway.transcript;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.verbatim.gateway.auth.AccessHandler;
import io.verbatim.gateway.auth.Viewer;
import io.verbatim.gateway.calls.CallLookup;
import io.verbatim.gateway.fixture.Futures;
import io.verbatim.gateway.hub.HubLimits;
import io.verbatim.gateway.hub.TranscriptHub;
import io.verbatim.gateway.log.TranscriptReads;
import io.verbatim.gateway.metrics.GatewayMetrics;
import io.verbatim.pubsub.CallDirectory;
import io.verbatim.pubsub.DirectoryReader;
import io.verbatim.pubsub.StoredTranscripts;
import io.verbatim.pubsub.memory.InMemoryBus;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallRecord;
import io.verbatim.pubsub.message.EraseOutcome;
import io.verbatim.pubsub.message.Link;
import io.verbatim.pubsub.message.TranscriptEntry;
import io.verbatim.service.EventLoop;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.reactive.function.server.MockServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;

class LiveHandlerTest {

  private static final CallId CALL = new CallId("call-1");
  private static final TranscriptEntry END =
      new TranscriptEntry.Ended("1-0", Link.NONE, "stop", 1_000, true);
  private static final Viewer AGENT =
      new Viewer("agent", null, "acme", Set.of(Viewer.READ), Instant.MAX);

  private final InMemoryBus bus = new InMemoryBus();
  private final EventLoop loop = EventLoop.of(bus.loop());
  private final GatewayMetrics metrics = new GatewayMetrics(new SimpleMeterRegistry());
  private final TranscriptReads reads = new TranscriptReads(new EndedTranscript());
  private final TranscriptHub hub =
      new TranscriptHub(
          loop,
          bus,
          reads,
          (_, _) -> new CompletableFuture<>(),
          _ -> {},
          null,
          new HubLimits(
              1,
              1,
              1024,
              Duration.ofMinutes(1),
              Duration.ofMinutes(1),
              Duration.ofMinutes(1),
              Duration.ofMinutes(1),
              1024,
              1),
          metrics,
          InstantSource.system());

  @AfterEach
  void close() {
    hub.close();
    bus.close();
  }

  @Test
  void readsAfterALookupThatTimedOut_areOnTheEventLoop() {
    CallLookup lookup = new CallLookup(new SilentDirectory(), reads, null);
    LiveHandler handler = new LiveHandler(hub, lookup, bus, reads, "", loop);
    MockServerRequest request =
        MockServerRequest.builder()
            .attribute(AccessHandler.class.getName() + ".viewer", AGENT)
            .header("Last-Event-ID", END.cursor())
            .build();

    ServerResponse response =
        Futures.join(
            CompletableFuture.supplyAsync(
                    () -> handler.transcript(request, CALL).toFuture(), loop::execute)
                .thenCompose(answer -> answer));

    assertThat(response.statusCode().value()).isEqualTo(204);
  }

  /// A transcript that has ended. It refuses reads on other threads than the event loop.
  private final class EndedTranscript implements StoredTranscripts {
    @Override
    public CompletionStage<List<TranscriptEntry>> read(CallId call, String afterId, int limit) {
      loop.requireCurrent();
      return CompletableFuture.completedStage(List.of(END));
    }

    @Override
    public CompletionStage<List<TranscriptEntry>> newest(CallId call, int limit) {
      loop.requireCurrent();
      return CompletableFuture.completedStage(List.of(END));
    }

    @Override
    public CompletionStage<Optional<TranscriptEntry>> find(CallId call, String id) {
      loop.requireCurrent();
      return CompletableFuture.completedStage(Optional.of(END));
    }
  }

  /// A directory that does not answer.
  private static final class SilentDirectory implements CallDirectory {
    @Override
    public CompletionStage<Optional<CallRecord>> find(CallId call) {
      return new CompletableFuture<>();
    }

    @Override
    public CompletionStage<List<CallRecord>> newest(int limit) {
      return new CompletableFuture<>();
    }

    @Override
    public CompletionStage<List<CallRecord>> newestOf(String tenant, int limit) {
      return new CompletableFuture<>();
    }

    @Override
    public CompletionStage<Map<CallId, Instant>> activity(int from, int count) {
      return new CompletableFuture<>();
    }

    @Override
    public CompletionStage<EraseOutcome> erase(CallId call) {
      return new CompletableFuture<>();
    }

    @Override
    public DirectoryReader follow(int limit) {
      throw new UnsupportedOperationException("no list is followed");
    }
  }
}
