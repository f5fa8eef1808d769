package io.verbatim.chaos;

import io.verbatim.process.ServiceProcess;
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

/// Reads once a second the memory of the services and the audio buffered in ingest, and keeps the
/// maxima.
final class MemorySampler implements AutoCloseable {
  static final String AUDIO_IN_INGEST = "audio in ingest";
  static final String AUDIO_OVER_BUDGET = "audio in ingest beyond its calls' CALL_BUFFER";

  /// `CALL_BUFFER` plus one frame: 20 ms of two channels at 48 kHz.
  private static final long BUDGET_PER_CALL = Cluster.CALL_BUFFER.toBytes() + 3840;

  private static final Duration METRICS_TIMEOUT = Duration.ofSeconds(5);

  private static final Pattern BUFFERED = pattern("verbatim_ingest_buffered_bytes");
  private static final Pattern LIVE = pattern("verbatim_ingest_calls_live");
  private static final Pattern SETTLING = pattern("verbatim_ingest_calls_settling");

  private final Cluster cluster;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Map<String, Long> maxima = new ConcurrentHashMap<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;

  MemorySampler(Cluster cluster) {
    this.cluster = cluster;
    thread = Thread.ofVirtual().name("memory").start(this::run);
  }

  private static Pattern pattern(String name) {
    return Pattern.compile("^" + name + "(?:\\{[^}]*\\})? (\\S+)$", Pattern.MULTILINE);
  }

  private void run() {
    try {
      while (!closed.await(1, TimeUnit.SECONDS)) {
        sample();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void sample() throws InterruptedException {
    cluster
        .workers()
        .forEach(worker -> keepMax("worker", worker.process().process().residentBytes()));
    cluster
        .gateways()
        .forEach(gateway -> keepMax("gateway", gateway.process().process().residentBytes()));
    for (ServiceSlot slot : cluster.ingests()) {
      sample(slot.process());
    }
  }

  private void sample(ServiceProcess ingest) throws InterruptedException {
    keepMax("ingest", ingest.process().residentBytes());
    try {
      String metrics =
          client
              .send(
                  HttpRequest.newBuilder(ingest.metrics()).timeout(METRICS_TIMEOUT).build(),
                  HttpResponse.BodyHandlers.ofString())
              .body();
      OptionalLong buffered = read(BUFFERED, metrics);
      OptionalLong live = read(LIVE, metrics);
      OptionalLong settling = read(SETTLING, metrics);
      if (buffered.isPresent() && live.isPresent() && settling.isPresent()) {
        long calls = live.getAsLong() + settling.getAsLong();
        long over = buffered.getAsLong() - calls * BUDGET_PER_CALL;
        keepMax(AUDIO_IN_INGEST, buffered.getAsLong());
        keepMax(AUDIO_OVER_BUDGET, Math.max(0, over));
      }
    } catch (IOException _) {
      // The ingest is not reachable.
    }
  }

  private static OptionalLong read(Pattern sample, String metrics) {
    Matcher found = sample.matcher(metrics);
    return found.find()
        ? OptionalLong.of((long) Double.parseDouble(found.group(1)))
        : OptionalLong.empty();
  }

  private void keepMax(String name, long bytes) {
    maxima.merge(name, bytes, Math::max);
  }

  /// The maxima so far, in bytes.
  Map<String, Long> maxima() {
    return new TreeMap<>(maxima);
  }

  @Override
  public void close() {
    closed.countDown();
    thread.interrupt();
    client.shutdownNow();
  }
}
