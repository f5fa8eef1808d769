package io.verbatim.chaos;

import io.verbatim.local.auth.LocalKeys;
import io.verbatim.numbers.CallCheck;
import io.verbatim.numbers.CallRecords;
import io.verbatim.numbers.NonResumingCaller;
import io.verbatim.numbers.NumberedCall;
import io.verbatim.numbers.ReceivedTranscript;
import io.verbatim.numbers.ResumingCaller;
import io.verbatim.numbers.ResumingSubscriber;
import io.verbatim.numbers.SentAudio;
import io.verbatim.numbers.Verdict;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// Generates the calls of a run: on each line, one call after another until [#finish]. Each call
/// has a subscriber, and its transcript is checked after its end. Thread-safe.
final class LoadGenerator implements AutoCloseable {
  private static final String TENANT = "chaos";
  private static final long END_TIMEOUT_SECONDS = 120;
  private static final long NO_CONTENT_TIMEOUT_SECONDS = 60;
  private static final Duration TOKEN_LIFETIME = Duration.ofHours(24);

  /// The maximum time between the starts of two lines.
  private static final Duration MAX_START_INTERVAL = Duration.ofMillis(1_500);

  private final Plan plan;
  private final Journal journal;
  private final Takeovers takeovers;
  private final DeliveryPauses pauses;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Cluster cluster;
  private final String viewerToken;
  private final CallRecords records;
  private final NonResumingCaller nonResuming;
  private final ResumingCaller resuming;
  private final AtomicInteger numbers = new AtomicInteger();
  private final AtomicInteger ingestKills = new AtomicInteger();
  private final AtomicInteger wipes = new AtomicInteger();
  private final AtomicInteger writeLosses = new AtomicInteger();
  private final CountDownLatch over = new CountDownLatch(1);
  private final ConcurrentLinkedQueue<Thread> threads = new ConcurrentLinkedQueue<>();

  LoadGenerator(
      Plan plan,
      Cluster cluster,
      LocalKeys keys,
      Journal journal,
      Takeovers takeovers,
      DeliveryPauses pauses) {
    this.plan = plan;
    this.cluster = cluster;
    this.journal = journal;
    this.takeovers = takeovers;
    this.pauses = pauses;
    viewerToken = keys.token("transcripts:read", TENANT, TOKEN_LIFETIME);
    records = new CallRecords(client, cluster::gateway, viewerToken);
    nonResuming =
        new NonResumingCaller(
            () -> cluster.ingest(), Cluster.EXOTEL_USER, Cluster.EXOTEL_PASSWORD, TENANT);
    resuming =
        new ResumingCaller(
            client,
            attempt -> cluster.ingest(attempt),
            keys.token("audio:write", TENANT, TOKEN_LIFETIME),
            TENANT);
  }

  /// Starts the lines one after another, so that their calls do not end at the same time.
  void start() {
    Plan.Load load = plan.load();
    Duration spread = load.callLength().dividedBy(load.lines()).dividedBy(2);
    Duration apart = spread.compareTo(MAX_START_INTERVAL) < 0 ? spread : MAX_START_INTERVAL;
    for (int line = 0; line < load.lines(); line++) {
      int number = line;
      long offset = apart.multipliedBy(line).toMillis();
      startThread(() -> {
        Thread.sleep(offset);
        while (over.getCount() > 0) {
          call(number);
        }
      });
    }
  }

  /// Closes the resuming callers' connections to this ingest, so that they reconnect.
  ///
  /// @return the number of connections
  int closeConnections(URI ingest) {
    return resuming.closeConnections(ingest);
  }

  /// Records that an ingest was killed: non-resuming calls may be cut.
  void ingestKilled() {
    ingestKills.incrementAndGet();
  }

  /// Records that Redis lost its last writes: subscribers may receive a resync.
  void redisLostLastWrites() {
    writeLosses.incrementAndGet();
  }

  /// Records that Redis lost all data.
  void redisWiped() {
    wipes.incrementAndGet();
  }

  /// Waits until the last calls have ended and all are checked.
  void finish() throws InterruptedException {
    over.countDown();
    for (Thread thread = threads.poll(); thread != null; thread = threads.poll()) {
      thread.join();
    }
  }

  private interface Task {
    void run() throws InterruptedException, ExecutionException;
  }

  private void startThread(Task task) {
    threads.add(
        Thread.ofVirtual()
            .start(() -> {
              try {
                task.run();
              } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
              } catch (ExecutionException | RuntimeException e) {
                journal.write(
                    new Journal.Checked("-", "-", "caller", Verdict.NONE, 0, 0, e.toString()));
              }
            }));
  }

  private void call(int line) throws InterruptedException, ExecutionException {
    int number = numbers.getAndIncrement();
    Plan.Load load = plan.load();
    int frames = (int) (load.callLength().toMillis() / Verdict.FRAME_MILLIS);
    int killsBefore = ingestKills.get();
    int wipesBefore = wipes.get();
    NumberedCall call =
        line < load.resuming()
            ? resuming.call(load.format(line), number, frames)
            : nonResuming.call(number, frames);
    ResumingSubscriber subscriber =
        new ResumingSubscriber(
            client,
            () -> cluster.gateway("/v1/calls/" + call.callId() + "/transcript"),
            viewerToken,
            () -> pauses.received(number));
    SentAudio sent = call.over().get();
    startThread(() -> {
      try (subscriber) {
        boolean noContent = awaitEnd(call, sent, subscriber);
        takeovers.over(number);
        pauses.over(number);
        check(call, sent, subscriber.transcript(), killsBefore, wipesBefore);
        if (!noContent) {
          write(call, "browser", Verdict.NONE, 0, 0, "no 204 after `ended`");
        }
      }
    });
  }

  /// Waits for a call's end: without a limit during faults, then for 120 s. A call that was cut
  /// before its first frame was stored has no end.
  ///
  /// @return false if the subscriber received `ended` but no 204 for its next request
  private boolean awaitEnd(NumberedCall call, SentAudio sent, ResumingSubscriber subscriber)
      throws InterruptedException {
    while (over.getCount() > 0 && !subscriber.hasEnded()) {
      var _ = over.await(200, TimeUnit.MILLISECONDS);
    }
    if (sent.cut() && !records.isKnown(call.callId())) {
      return true;
    }
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(END_TIMEOUT_SECONDS);
    while (!subscriber.hasEnded() && System.nanoTime() < deadline) {
      Thread.sleep(200);
    }
    return !subscriber.hasEnded() || subscriber.awaitNoContent(NO_CONTENT_TIMEOUT_SECONDS);
  }

  private void check(
      NumberedCall call,
      SentAudio sent,
      ReceivedTranscript transcript,
      int killsBefore,
      int wipesBefore)
      throws InterruptedException {
    boolean ingestKilled = ingestKills.get() > killsBefore;
    boolean wiped = wipes.get() > wipesBefore;
    Optional<CallRecords.CallRecord> record = records.read(call.callId());
    if (record.isEmpty()) {
      // A call does not exist if its ingest was killed before the first frame was stored.
      boolean neverBegan = ingestKilled && sent.cut() && transcript.words().isEmpty();
      if (!neverBegan) {
        checkUnknownCall(call, sent, transcript, wiped);
      }
      return;
    }
    boolean lostConnection = sent.cut() || endedByLostIngest(transcript);
    SentAudio known =
        lostConnection && ingestKilled ? new SentAudio(sent.frames(), sent.stored(), true) : sent;
    CallCheck check =
        CallCheck.of(call.format().channels(), known, transcript, record.get(), plan.gapsAllowed());
    int unsent = sent.frames() - check.expectedWords();
    String problem = String.join("; ", check.problems());
    if (!plan.gapsAllowed() && writeLosses.get() == 0 && transcript.resyncs() > 0) {
      problem += "; resync";
    }
    write(call, "browser", check.browserVerdict(), transcript.resyncs(), unsent, problem);
    write(call, "server", check.serverVerdict(), 0, unsent, "");
  }

  private static boolean endedByLostIngest(ReceivedTranscript transcript) {
    return transcript.endings().stream().anyMatch(ending -> ending.reason().equals("ingest_lost"));
  }

  /// No gateway knows the call, as after a wipe: only the browser's transcript is checked.
  private void checkUnknownCall(
      NumberedCall call, SentAudio sent, ReceivedTranscript transcript, boolean wiped) {
    List<ReceivedTranscript.Gap> allowedGaps = plan.gapsAllowed() ? transcript.gaps() : List.of();
    Verdict verdict =
        Verdict.ofChannels(call.format().channels(), sent.frames(), transcript, allowedGaps);
    write(
        call,
        "browser",
        verdict,
        transcript.resyncs(),
        0,
        wiped ? "" : "no gateway knows the call");
  }

  private void write(
      NumberedCall call, String reader, Verdict verdict, int resyncs, int unsent, String problem) {
    journal.write(
        new Journal.Checked(
            call.callId(),
            call.dialect(),
            reader,
            verdict,
            resyncs,
            unsent,
            problem.replace('\n', ' ')));
  }

  /// Closes the HTTP client without waiting; all results are in the journal.
  @Override
  public void close() {
    var _ = CompletableFuture.runAsync(client::shutdownNow);
  }
}
