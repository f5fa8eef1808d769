package io.verbatim.bench.watchers;

import io.verbatim.bench.setup.BenchException;
import io.verbatim.bench.setup.Redis;
import io.verbatim.bench.setup.Workspace;
import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.BusHealth;
import io.verbatim.pubsub.LeaseHolder;
import io.verbatim.pubsub.Leases;
import io.verbatim.pubsub.message.AudioAppend;
import io.verbatim.pubsub.message.AudioFormat;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallStart;
import io.verbatim.pubsub.message.Coverage;
import io.verbatim.pubsub.message.Grant;
import io.verbatim.pubsub.message.Opening;
import io.verbatim.pubsub.message.Speech;
import io.verbatim.pubsub.message.UncoveredTail;
import io.verbatim.pubsub.message.WriteResult;
import io.verbatim.pubsub.redis.RedisBus;
import io.verbatim.pubsub.redis.RedisSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/// Live calls with transcripts written into Redis by the product's bus library, as ingest and a
/// worker write them. The only class of the watcher benchmarks that uses the library.
///
/// One thread writes. A refused or failed write fails the whole run.
public final class LiveCalls implements AutoCloseable {
  private static final AudioFormat FORMAT = new AudioFormat(AudioFormat.Encoding.PCM16, 8000, 1);
  private static final int SECOND_BYTES = 16_000;
  private static final Duration OPEN_LIMIT = Duration.ofSeconds(60);
  private static final String WRITER = "bench-writer";

  private final Bus bus;
  private final Leases leases;
  private final String prefix;
  private final String tenant;
  private final Map<CallId, Grant> grants = new ConcurrentHashMap<>();
  private final long[] covered;
  private volatile String problem = "";

  /// Opens calls and acquires their leases.
  ///
  /// @param prefix of the call ids
  public LiveCalls(Redis redis, String prefix, String tenant, int calls) {
    this.prefix = prefix;
    this.tenant = tenant;
    this.covered = new long[calls];
    this.bus =
        RedisBus.open(
            new RedisSettings(
                redis.url(),
                "",
                "bench-writer",
                Duration.ofSeconds(60),
                Duration.ofHours(1),
                Duration.ofSeconds(10),
                50,
                1000,
                2000));
    Workspace.await(
        "the writer is connected", OPEN_LIMIT, () -> bus.health() instanceof BusHealth.Connected);
    for (int call = 0; call < calls; call++) {
      open(call);
    }
    leases = bus.leases().hold(calls, new Holder());
    Workspace.await("the writer owns all calls", OPEN_LIMIT, () -> grants.size() == calls);
  }

  private final class Holder implements LeaseHolder {
    @Override
    public void granted(Grant grant) {
      grants.put(grant.call(), grant);
    }

    @Override
    public void lost(CallId call) {
      problem = "the lease of " + call + " was lost";
    }
  }

  private void open(int call) {
    CallStart start =
        new CallStart(
            id(call),
            tenant,
            CallStart.Source.PCM,
            FORMAT,
            "09876543210",
            "08012345678",
            "en",
            Instant.now());
    Opening opening = answer(bus.audio().open(start, WRITER, false));
    if (!(opening instanceof Opening.Opened)) {
      throw new BenchException("Call " + id(call) + " could not be opened: " + opening);
    }
  }

  private static <T> T answer(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
  }

  private CallId id(int call) {
    return new CallId(callId(call));
  }

  /// The id of the call with this number.
  public String callId(int call) {
    return prefix + call;
  }

  /// The number of calls.
  public int count() {
    return covered.length;
  }

  /// Replaces the interim of a call.
  public void interim(int call, NumberedWords words) {
    int number = words.next();
    Speech speech = speech(call, number);
    words.written(number);
    recordFailure(bus.transcripts().setInterim(id(call), owner(call), speech));
  }

  /// Appends one second of audio and a final that covers it.
  public void finish(int call, NumberedWords words) {
    long from = covered[call];
    long to = from + SECOND_BYTES;
    bus.audio()
        .append(
            AudioAppend.whole(
                id(call), WRITER, from, to, 0, new byte[SECOND_BYTES], System.currentTimeMillis()))
        .whenComplete((outcome, failure) -> {
          if (!(outcome instanceof WriteResult.Written<?>)) {
            problem = "audio append failed: " + (failure == null ? outcome : failure);
          }
        });
    int number = words.next();
    Speech speech = speech(call, number);
    words.written(number);
    recordFailure(
        bus.transcripts().append(id(call), owner(call), new Coverage(0, from, to), speech));
    covered[call] = to;
  }

  private void recordFailure(CompletionStage<WriteResult<Long>> write) {
    write.whenComplete((outcome, failure) -> {
      if (!(outcome instanceof WriteResult.Written<?>)) {
        problem = "transcript write failed: " + (failure == null ? outcome : failure);
      }
    });
  }

  private String owner(int call) {
    Grant grant = grants.get(id(call));
    if (grant == null) {
      throw new BenchException("Call " + id(call) + " is not owned.");
    }
    return grant.owner();
  }

  private Speech speech(int call, int number) {
    long startMs = FORMAT.toMillis(covered[call]);
    return new Speech(
        "s" + covered[call],
        startMs,
        startMs + 1000,
        NumberedWords.text(number),
        0.98,
        null,
        0,
        "en",
        List.of(),
        "bench",
        120,
        80,
        false);
  }

  /// Throws if a write was refused.
  public void failOnProblem() {
    if (!problem.isEmpty()) {
      throw new BenchException("Writing to Redis failed: " + problem);
    }
  }

  /// Ends all calls, so that their streams end too, and closes the connection.
  @Override
  public void close() {
    for (int call = 0; call < covered.length; call++) {
      Grant grant = grants.get(id(call));
      if (grant != null) {
        answer(
            bus.transcripts()
                .end(
                    id(call),
                    grant.owner(),
                    List.of(covered[call]),
                    covered[call],
                    "stop",
                    new UncoveredTail(List.of(), covered[call], "stop")));
        answer(leases.release(grant).thenApply(_ -> true));
      }
    }
    leases.close();
    bus.close();
  }
}
