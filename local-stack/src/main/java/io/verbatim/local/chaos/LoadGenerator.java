package io.verbatim.local.chaos;

import io.verbatim.local.auth.LocalKeys;
import io.verbatim.local.numbers.CallRecords;
import io.verbatim.local.numbers.Hearing;
import io.verbatim.local.numbers.NonResumingCaller;
import io.verbatim.local.numbers.NumberedCall;
import io.verbatim.local.numbers.Pauses;
import io.verbatim.local.numbers.ResumingCaller;
import io.verbatim.local.numbers.ResumingSubscriber;
import io.verbatim.local.numbers.Shown;
import io.verbatim.local.numbers.Spoken;
import io.verbatim.local.numbers.Verdict;
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

/// The calls of a run: on each line one follows the other until it is told to be over; each has a
/// watcher, and is judged when it has ended. Thread-safe.
final class LoadGenerator implements AutoCloseable {
  private static final String TENANT = "chaos";
  private static final long ENDING_TAKES_AT_MOST_SECONDS = 120;
  private static final long BEING_SENT_AWAY_TAKES_SECONDS = 60;
  private static final Duration TOKENS_LIVE = Duration.ofHours(24);

  /// Soon all lines are live, however long their calls.
  private static final Duration APART_AT_MOST = Duration.ofMillis(1_500);

  private final Plan plan;
  private final Journal journal;
  private final Takeovers takeovers;
  private final Silences silences;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Cluster cluster;
  private final String viewer;
  private final CallRecords records;
  private final NonResumingCaller nonResuming;
  private final ResumingCaller resuming;
  private final AtomicInteger numbers = new AtomicInteger();
  private final AtomicInteger ingestDeaths = new AtomicInteger();
  private final AtomicInteger wipes = new AtomicInteger();
  private final AtomicInteger fallbacks = new AtomicInteger();
  private final CountDownLatch over = new CountDownLatch(1);
  private final ConcurrentLinkedQueue<Thread> threads = new ConcurrentLinkedQueue<>();

  LoadGenerator(
      Plan plan,
      Cluster cluster,
      LocalKeys keys,
      Journal journal,
      Takeovers takeovers,
      Silences silences) {
    this.plan = plan;
    this.cluster = cluster;
    this.journal = journal;
    this.takeovers = takeovers;
    this.silences = silences;
    viewer = keys.token("transcripts:read", TENANT, TOKENS_LIVE);
    records = new CallRecords(client, cluster::gateway, viewer);
    nonResuming =
        new NonResumingCaller(
            () -> cluster.ingest(), Cluster.EXOTEL_USER, Cluster.EXOTEL_PASSWORD, TENANT);
    resuming =
        new ResumingCaller(
            client,
            attempt -> cluster.ingest(attempt),
            keys.token("audio:write", TENANT, TOKENS_LIVE),
            TENANT);
  }

  /// The lines begin, one after the other, so that calls do not all end at once.
  void begin() {
    Plan.Load load = plan.load();
    Duration spread = load.callLength().dividedBy(load.lines()).dividedBy(2);
    Duration apart = spread.compareTo(APART_AT_MOST) < 0 ? spread : APART_AT_MOST;
    for (int line = 0; line < load.lines(); line++) {
      int number = line;
      long offset = apart.multipliedBy(line).toMillis();
      thread(() -> {
        Pauses.rest(offset);
        while (over.getCount() > 0) {
          call(number);
        }
      });
    }
  }

  /// The resuming callers that have a connection to this ingest lose it and call again.
  ///
  /// @return how many there were
  int redial(URI ingest) {
    return resuming.redial(ingest);
  }

  /// An ingest dies now: calls of Exotel's may be cut.
  void ingestDies() {
    ingestDeaths.incrementAndGet();
  }

  /// Redis loses what is newest now: watchers may have to begin anew.
  void redisFallsBack() {
    fallbacks.incrementAndGet();
  }

  /// Redis loses everything now.
  void redisForgets() {
    wipes.incrementAndGet();
  }

  /// Lets the last calls end, and waits until all are judged.
  void finish() throws InterruptedException {
    over.countDown();
    for (Thread thread = threads.poll(); thread != null; thread = threads.poll()) {
      thread.join();
    }
  }

  private interface Step {
    void run() throws InterruptedException, ExecutionException;
  }

  private void thread(Step step) {
    threads.add(
        Thread.ofVirtual()
            .start(() -> {
              try {
                step.run();
              } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
              } catch (ExecutionException | RuntimeException e) {
                journal.write(
                    new Journal.Judged("-", "-", "caller", Verdict.NONE, 0, 0, e.toString()));
              }
            }));
  }

  private void call(int line) throws InterruptedException, ExecutionException {
    int number = numbers.getAndIncrement();
    Plan.Load load = plan.load();
    int frames = (int) (load.callLength().toMillis() / Verdict.FRAME_MILLIS);
    int deaths = ingestDeaths.get();
    int forgotten = wipes.get();
    NumberedCall call =
        line < load.resuming()
            ? resuming.call(load.format(line), number, frames)
            : nonResuming.call(number, frames);
    ResumingSubscriber watcher =
        new ResumingSubscriber(
            client,
            () -> cluster.gateway("/v1/calls/" + call.callId() + "/transcript"),
            viewer,
            () -> silences.shown(number));
    Spoken spoken = call.over().get();
    thread(() -> {
      try (watcher) {
        boolean sentAway = awaitEnd(call, spoken, watcher);
        takeovers.over(number);
        silences.over(number);
        judge(call, spoken, watcher.shown(), deaths, forgotten);
        if (!sentAway) {
          write(call, "browser", Verdict.NONE, 0, 0, "the end was told, but not to stay away");
        }
      }
    });
  }

  /// Waits for a call's end: while faults go on as long as it takes, then not much longer. Answers
  /// whether a watcher that has seen the end was sent away when it came back.
  ///
  /// A call that was cut before its first frame was stored has no end.
  private boolean awaitEnd(NumberedCall call, Spoken spoken, ResumingSubscriber watcher)
      throws InterruptedException {
    while (over.getCount() > 0 && !watcher.hasSeenTheEnd()) {
      var _ = over.await(200, TimeUnit.MILLISECONDS);
    }
    if (spoken.cut() && !records.isKnown(call.callId())) {
      return true;
    }
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(ENDING_TAKES_AT_MOST_SECONDS);
    while (!watcher.hasSeenTheEnd() && System.nanoTime() < deadline) {
      Pauses.rest(200);
    }
    return !watcher.hasSeenTheEnd() || watcher.awaitStayedAway(BEING_SENT_AWAY_TAKES_SECONDS);
  }

  private void judge(
      NumberedCall call, Spoken spoken, Shown shown, int deathsBefore, int wipesBefore)
      throws InterruptedException {
    boolean ingestDied = ingestDeaths.get() > deathsBefore;
    boolean wiped = wipes.get() > wipesBefore;
    Optional<CallRecords.Told> told = records.tell(call.callId());
    if (told.isEmpty()) {
      // A call whose ingest died before it had stored the first frame has never been.
      boolean neverBegan = ingestDied && spoken.cut() && shown.words().isEmpty();
      if (!neverBegan) {
        untold(call, spoken, shown, wiped);
      }
      return;
    }
    boolean lostLine = spoken.cut() || hasLostIngest(shown);
    Spoken known =
        lostLine && ingestDied ? new Spoken(spoken.frames(), spoken.stored(), true) : spoken;
    Hearing hearing =
        Hearing.of(call.format().channels(), known, shown, told.get(), plan.gapsAllowed());
    int unsent = spoken.frames() - hearing.script();
    String complaint = String.join("; ", hearing.complaints());
    if (!plan.gapsAllowed() && fallbacks.get() == 0 && shown.resyncs() > 0) {
      complaint += "; resync";
    }
    write(call, "browser", hearing.browserVerdict(), shown.resyncs(), unsent, complaint);
    write(call, "server", hearing.serverVerdict(), 0, unsent, "");
  }

  private static boolean hasLostIngest(Shown shown) {
    return shown.endings().stream().anyMatch(ending -> ending.reason().equals("ingest_lost"));
  }

  /// The server knows nothing: after a wipe the browser's own word must do.
  private void untold(NumberedCall call, Spoken spoken, Shown shown, boolean wiped) {
    List<Shown.Gap> excused = plan.gapsAllowed() ? shown.gaps() : List.of();
    Verdict verdict = Verdict.ofChannels(call.format().channels(), spoken.frames(), shown, excused);
    write(call, "browser", verdict, shown.resyncs(), 0, wiped ? "" : "no gateway knows the call");
  }

  private void write(
      NumberedCall call,
      String reader,
      Verdict verdict,
      int resyncs,
      int unsent,
      String complaint) {
    journal.write(
        new Journal.Judged(
            call.callId(),
            call.dialect(),
            reader,
            verdict,
            resyncs,
            unsent,
            complaint.replace('\n', ' ')));
  }

  /// Judged calls are in the journal; nothing waits here.
  @Override
  public void close() {
    var _ = CompletableFuture.runAsync(client::shutdownNow);
  }
}
