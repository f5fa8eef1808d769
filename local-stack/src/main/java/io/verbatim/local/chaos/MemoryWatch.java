package io.verbatim.local.chaos;

import io.verbatim.local.process.ServiceProcess;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Looks once a second how much memory the services hold, and how much audio ingest does, and keeps
/// the most.
final class MemoryWatch implements AutoCloseable {
  static final String AUDIO_IN_INGEST = "audio in ingest";
  static final String AUDIO_OVER_BUDGET = "audio in ingest beyond its calls' CALL_BUFFER";

  /// `CALL_BUFFER`, by default, and the one frame that fills it: 20 ms of two channels at 48 kHz.
  private static final long BUDGET_PER_CALL = 512L * 1024 + 3840;

  private static final Duration ANSWERING_TAKES_AT_MOST = Duration.ofSeconds(5);

  private static final Pattern BUFFERED = sample("verbatim_ingest_buffered_bytes");
  private static final Pattern LIVE = sample("verbatim_ingest_calls_live");
  private static final Pattern SETTLING = sample("verbatim_ingest_calls_settling");

  private final Cluster cluster;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Map<String, Long> most = new ConcurrentHashMap<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread watching;

  MemoryWatch(Cluster cluster) {
    this.cluster = cluster;
    watching = Thread.ofVirtual().name("memory").start(this::watch);
  }

  private static Pattern sample(String name) {
    return Pattern.compile("^" + name + "(?:\\{[^}]*\\})? (\\S+)$", Pattern.MULTILINE);
  }

  private void watch() {
    try {
      while (!closed.await(1, TimeUnit.SECONDS)) {
        look();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() throws InterruptedException {
    cluster.workers().forEach(worker -> note("worker", worker.process().residentBytes()));
    cluster.gateways().forEach(gateway -> note("gateway", gateway.process().residentBytes()));
    for (ServiceSlot slot : cluster.ingests()) {
      look(slot.process());
    }
  }

  private void look(ServiceProcess ingest) throws InterruptedException {
    note("ingest", ingest.residentBytes());
    try {
      String metrics =
          client
              .send(
                  HttpRequest.newBuilder(ingest.metrics()).timeout(ANSWERING_TAKES_AT_MOST).build(),
                  HttpResponse.BodyHandlers.ofString())
              .body();
      OptionalLong buffered = read(BUFFERED, metrics);
      OptionalLong live = read(LIVE, metrics);
      OptionalLong settling = read(SETTLING, metrics);
      if (buffered.isPresent() && live.isPresent() && settling.isPresent()) {
        long calls = live.getAsLong() + settling.getAsLong();
        long over = buffered.getAsLong() - calls * BUDGET_PER_CALL;
        note(AUDIO_IN_INGEST, buffered.getAsLong());
        note(AUDIO_OVER_BUDGET, Math.max(0, over));
      }
    } catch (IOException _) {
      // It is away.
    }
  }

  private static OptionalLong read(Pattern sample, String metrics) {
    Matcher found = sample.matcher(metrics);
    return found.find()
        ? OptionalLong.of((long) Double.parseDouble(found.group(1)))
        : OptionalLong.empty();
  }

  private void note(String what, long bytes) {
    most.merge(what, bytes, Math::max);
  }

  /// The most that was seen, in bytes.
  Map<String, Long> most() {
    return new TreeMap<>(most);
  }

  @Override
  public void close() {
    closed.countDown();
    watching.interrupt();
    client.shutdownNow();
  }
}
