package io.verbatim.ingest.testkit;

import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.LeaseHolder;
import io.verbatim.pubsub.Leases;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallRecord;
import io.verbatim.pubsub.message.Coverage;
import io.verbatim.pubsub.message.Grant;
import io.verbatim.pubsub.message.Speech;
import io.verbatim.pubsub.message.UncoveredTail;
import io.verbatim.pubsub.message.WriteResult;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/// A worker that claims every call of a bus and writes what the test tells it. The test closes it
/// before the bus.
public final class TestWorker implements LeaseHolder, AutoCloseable {
  private static final int PERMITS = 1000;
  private static final long TIMEOUT_SECONDS = 20;

  private final Map<CallId, Grant> grants = new ConcurrentHashMap<>();
  private final Bus bus;
  private final Leases leases;

  private TestWorker(Bus bus) {
    this.bus = bus;
    leases = bus.leases().hold(PERMITS, this);
  }

  public static TestWorker on(Bus bus) {
    return new TestWorker(bus);
  }

  /// Replaces the interim of channel 0.
  public void interim(String call, long startMs, String text) {
    written(
        bus.transcripts()
            .setInterim(
                grant(call).call(), grant(call).owner(), speech(startMs, startMs + 20, text)));
  }

  /// Appends a final for the audio from one byte to another, at 8 kHz and 16 bit.
  public void words(String call, long from, long to, String text) {
    Grant grant = grant(call);
    written(
        bus.transcripts()
            .append(
                grant.call(),
                grant.owner(),
                new Coverage(0, from, to),
                speech(from / 16, to / 16, text)));
  }

  /// Ends the transcript after the audio up to a byte, once the end of the audio is stored.
  public void end(String call, long end) {
    Grant grant = grant(call);
    StoredCall.read(bus, call);
    written(
        bus.transcripts()
            .end(grant.call(), grant.owner(), List.of(), end, "stop", UncoveredTail.gap("test")));
    leases.release(grant);
  }

  /// Reads a call's audio up to its end, and checks the reason.
  public void awaitAudioEnd(String call, String reason) {
    String found = StoredCall.read(bus, call).reason();
    if (!found.equals(reason)) {
      throw new AssertionError("the call ended with " + found + ", not with " + reason);
    }
  }

  /// The bytes of a call's audio that are stored.
  public long received(String call) {
    return bus.calls()
        .find(new CallId(call))
        .toCompletableFuture()
        .orTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS)
        .join()
        .map(CallRecord::receivedBytes)
        .orElse(0L);
  }

  private Grant grant(String call) {
    CallId id = new CallId(call);
    Awaitility.await()
        .atMost(Duration.ofSeconds(TIMEOUT_SECONDS))
        .pollInterval(Duration.ofMillis(5))
        .until(() -> grants.containsKey(id));
    return Objects.requireNonNull(grants.get(id));
  }

  private static void written(CompletionStage<WriteResult<Long>> write) {
    WriteResult<Long> result =
        write.toCompletableFuture().orTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS).join();
    if (!(result instanceof WriteResult.Written)) {
      throw new AssertionError("the log refused a write: " + result);
    }
  }

  private static Speech speech(long startMs, long endMs, String text) {
    return new Speech(
        "s" + startMs, startMs, endMs, text, 0.9, null, 0, null, List.of(), "test", 0, 0, false);
  }

  @Override
  public void granted(Grant grant) {
    grants.put(grant.call(), grant);
  }

  @Override
  public void lost(CallId call) {
    grants.remove(call);
  }

  @Override
  public void close() {
    leases.close();
  }
}
