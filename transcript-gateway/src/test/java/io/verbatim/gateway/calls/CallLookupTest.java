package io.verbatim.gateway.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.verbatim.gateway.auth.Viewer;
import io.verbatim.gateway.fixture.CallFixture;
import io.verbatim.gateway.fixture.Futures;
import io.verbatim.gateway.fixture.TestDatabase;
import io.verbatim.gateway.log.TranscriptReads;
import io.verbatim.pubsub.memory.InMemoryBus;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.record.archive.Archive;
import io.verbatim.record.database.Database;
import io.verbatim.record.database.DatabaseUrl;
import io.verbatim.record.numbers.NumberHashes;
import io.verbatim.service.EventLoop;
import io.verbatim.service.Secret;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CallLookupTest {

  private static final Viewer AGENT =
      new Viewer("agent", null, "acme", Set.of(Viewer.READ), Instant.MAX);

  private final InMemoryBus bus = new InMemoryBus();
  private final CallFixture calls = new CallFixture(bus);
  private final EventLoop loop = EventLoop.of(bus.loop());
  private final TestDatabase h2 = TestDatabase.h2();
  private final Database database = Database.open(DatabaseUrl.parse(h2.url()), loop);
  private final CallLookup lookup =
      new CallLookup(
          bus.calls(),
          new TranscriptReads(bus.transcripts()),
          new Archive(database, new NumberHashes(new Secret(""))));

  @AfterEach
  void close() {
    database.close();
    h2.close();
    calls.close();
    bus.close();
  }

  @Test
  void slowArchive_doesNotDelayTheLookupOfALiveCall() {
    calls.begin("live", "acme");
    await().until(database::isConnected);
    CompletableFuture<Boolean> slow = new CompletableFuture<>();
    List<CompletionStage<Optional<FoundCall>>> unknown = new ArrayList<>();
    for (int thread = 0; thread < Database.MAX_CONNECTIONS; thread++) {
      database.request(_ -> slow.join());
    }
    for (int call = 0; call < CallLookup.MAX_CONCURRENT_FINDS; call++) {
      unknown.add(lookup("unknown-" + call));
    }
    awaitLoop(); // Each call is being looked up in the log.
    awaitLoop(); // Each call is being looked up in the archive.

    assertThat(Futures.join(lookup("live"))).isPresent();

    assertThat(unknown).noneMatch(answer -> answer.toCompletableFuture().isDone());
    slow.complete(true);
    unknown.forEach(answer -> assertThat(Futures.join(answer)).isEmpty());
  }

  /// Waits for the tasks that the loop has now.
  private void awaitLoop() {
    Futures.join(CompletableFuture.runAsync(() -> {}, loop::execute));
  }

  private CompletionStage<Optional<FoundCall>> lookup(String call) {
    return CompletableFuture.supplyAsync(
            () -> lookup.lookup(new CallId(call), AGENT), loop::execute)
        .thenCompose(answer -> answer);
  }
}
