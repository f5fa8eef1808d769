package io.verbatim.gateway.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// The other side of a watcher: takes what is offered, one write after the other.
final class WatchedStream {

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Pattern EVENT = Pattern.compile("event: (\\S+)");
  private static final Pattern TEXT =
      Pattern.compile("event: (final|interim)\ndata: .*?\"text\":\"(.*?)\"");

  private final Watcher watcher;
  private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
  private volatile boolean stalled;

  WatchedStream(Watcher watcher) {
    this.watcher = watcher;
    take();
  }

  /// A connection that takes nothing after what it has.
  WatchedStream stalls() {
    stalled = true;
    return this;
  }

  void flowsAgain() {
    stalled = false;
    take();
  }

  private void take() {
    CompletableFuture<List<byte[]>> next = watcher.next();
    next.thenAccept(this::took);
  }

  private void took(List<byte[]> bytes) {
    synchronized (taken) {
      bytes.forEach(taken::writeBytes);
    }
    if (!watcher.isDone() && !stalled) {
      take();
    }
  }

  String text() {
    synchronized (taken) {
      return taken.toString(StandardCharsets.UTF_8);
    }
  }

  List<String> events() {
    return EVENT.matcher(text()).results().map(found -> found.group(1)).toList();
  }

  /// `final:words` and `interim:words`, in order.
  List<String> words() {
    return TEXT.matcher(text()).results().map(WatchedStream::word).toList();
  }

  private static String word(MatchResult found) {
    return found.group(1) + ":" + found.group(2);
  }

  WatchedStream awaitEvents(String... events) {
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(events()).containsExactly(events));
    return this;
  }

  WatchedStream awaitText(String part) {
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(text()).contains(part));
    return this;
  }

  WatchedStream awaitEnd() {
    await().atMost(PATIENCE).until(watcher::isDone);
    return this;
  }

  boolean isOver() {
    return watcher.isDone();
  }
}
