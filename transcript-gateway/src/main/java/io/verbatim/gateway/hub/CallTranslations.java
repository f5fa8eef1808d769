package io.verbatim.gateway.hub;

import io.verbatim.batch.failure.BatchException;
import io.verbatim.batch.failure.FailureKind;
import io.verbatim.batch.translator.Language;
import io.verbatim.gateway.log.Position;
import io.verbatim.gateway.log.TranscriptReads;
import io.verbatim.gateway.metrics.GatewayMetrics;
import io.verbatim.gateway.sse.SseEvent;
import io.verbatim.gateway.sse.TranscriptEvents;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.EntryId;
import io.verbatim.pubsub.message.TranscriptEntry;
import io.verbatim.service.EventLoop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The translations of one call into one language, each requested once for all subscribers and
/// published in the order of the finals.
///
/// It begins with the newest finals before its first subscriber, and pauses while there is none.
/// While the provider is away, finals wait; the oldest of too many are published as failed. The
/// published translations are a cache like the window of lines, and are not requested again when
/// memory is short.
final class CallTranslations {

  private static final Logger logger = LoggerFactory.getLogger(CallTranslations.class);

  /// Finals before the first subscriber that are translated.
  private static final int HISTORY = 100;

  /// Finals that wait for the provider.
  private static final int MAX_WAITING = 200;

  private static final int MAX_IN_FLIGHT = 4;
  private static final int SLICE = 100;
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration MAX_PAUSE = Duration.ofSeconds(30);

  /// A final that is not published yet.
  private static final class Waiting {
    private final Position position;
    private final long seq;
    private final String words;
    private final @Nullable String language;
    private boolean isRunning;
    private @Nullable SseEvent result;

    Waiting(TranscriptEntry.Final words) {
      this.position = Position.after(words);
      this.seq = words.seq();
      this.words = words.speech().text().strip();
      this.language = words.speech().language();
    }
  }

  private final CallId call;
  private final String tenant;
  private final Language language;
  private final CaptionTranslator translator;
  private final TranscriptReads reads;
  private final EventLoop loop;
  private final GatewayMetrics metrics;
  private final LineWindow published;
  private final Set<TranslationCursor> cursors = new LinkedHashSet<>();
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private final List<TranscriptEntry> beforeOpen = new ArrayList<>();
  private List<SseEvent> shared = List.of();
  private EntryId last = EntryId.START;
  private boolean isOpen;
  private boolean ended;
  private boolean closed;
  private int generation;
  private int inFlight;
  private boolean isPausing;
  private Duration pause = FIRST_PAUSE;
  private @Nullable SseEvent status;
  private int statusVersion;
  private boolean isUnavailable;

  CallTranslations(
      CallId call,
      String tenant,
      Language language,
      CaptionTranslator translator,
      TranscriptReads reads,
      FeedMemory memory,
      EventLoop loop,
      GatewayMetrics metrics) {
    this.call = call;
    this.tenant = tenant;
    this.language = language;
    this.translator = translator;
    this.reads = reads;
    this.loop = loop;
    this.metrics = metrics;
    this.published = new LineWindow(memory);
  }

  /// Reads the newest finals. Not done in the constructor, because the log may answer at once.
  void open() {
    int opened = generation;
    reads
        .newest(call, HISTORY)
        .whenComplete((entries, failure) -> {
          if (closed || opened != generation) {
            return;
          }
          if (entries == null) {
            logger.debug("translations.read_failed callId={}", call, failure);
            loop.after(FIRST_PAUSE, () -> reopen(opened));
          } else {
            isOpen = true;
            entries.forEach(this::add);
            beforeOpen.forEach(this::add);
            beforeOpen.clear();
            translate();
            notifyCursors();
          }
        });
  }

  private void reopen(int opened) {
    if (!closed && opened == generation) {
      open();
    }
  }

  /// Begins again, because the history was replaced.
  void restart() {
    generation++;
    waiting.clear();
    beforeOpen.clear();
    published.reset(Position.START);
    last = EntryId.START;
    isOpen = false;
    ended = false;
    inFlight = 0;
    open();
  }

  /// A new entry of the call.
  void added(TranscriptEntry entry) {
    if (!isOpen) {
      beforeOpen.add(entry);
      if (beforeOpen.size() > MAX_WAITING) {
        beforeOpen.removeFirst();
      }
      return;
    }
    add(entry);
    translate();
  }

  /// Entries that were read twice are ignored by their order.
  private void add(TranscriptEntry entry) {
    EntryId id = EntryId.parse(entry.id());
    if (id.compareTo(last) <= 0) {
      return;
    }
    last = id;
    ended |= entry instanceof TranscriptEntry.Ended;
    if (entry instanceof TranscriptEntry.Final words && !words.speech().text().isBlank()) {
      waiting.add(new Waiting(words));
      skipOldest();
    }
  }

  /// Publishes the oldest finals as failed if too many wait.
  private void skipOldest() {
    int excess = waiting.size() - MAX_WAITING;
    for (Waiting each : waiting) {
      if (excess-- <= 0) {
        break;
      }
      if (!each.isRunning && each.result == null) {
        each.result = noTranslation(each, "too many lines waited for the translator");
        metrics.caption("skipped");
      }
    }
    publish();
  }

  /// Requests translations while there is a subscriber. While the provider is away, one request at
  /// a time shows whether it is back.
  private void translate() {
    int limit = isUnavailable ? 1 : MAX_IN_FLIGHT;
    for (Waiting each : List.copyOf(waiting)) {
      if (cursors.isEmpty() || isPausing || closed || inFlight >= limit) {
        return;
      }
      if (!each.isRunning && each.result == null) {
        request(each);
      }
    }
  }

  private void request(Waiting each) {
    each.isRunning = true;
    inFlight++;
    int requested = generation;
    String source = each.language;
    CompletionStage<String> answer =
        source != null && language.isSameLanguage(source)
            ? CompletableFuture.completedStage(each.words)
            : translator.translate(tenant, each.words, source, language);
    answer.whenComplete((translation, failure) ->
        loop.execute(() -> {
          if (!closed && requested == generation) {
            each.isRunning = false;
            inFlight--;
            answered(each, translation, failure);
          }
        }));
  }

  private void answered(Waiting each, @Nullable String translation, @Nullable Throwable failure) {
    if (translation != null) {
      each.result =
          TranscriptEvents.translation(
              call, each.position.cursor(), each.seq, language.tag(), translation);
      metrics.caption("translated");
      becomeAvailable();
    } else {
      failed(each, known(failure));
    }
    publish();
    translate();
  }

  private static BatchException known(@Nullable Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof BatchException known) {
      return known;
    }
    logger.error("translations.failed", cause);
    return new BatchException(FailureKind.INTERNAL, "The gateway failed. Its log has the details.");
  }

  /// A refusal of these words is final; any other failure is one of the provider.
  private void failed(Waiting each, BatchException failure) {
    switch (failure.kind()) {
      case REJECTED, INVALID_FIELD, TOO_LARGE, INTERNAL -> {
        each.result = noTranslation(each, failure.sentence());
        metrics.caption("failed");
      }
      default -> becomeUnavailable(failure.sentence());
    }
  }

  private SseEvent noTranslation(Waiting each, String reason) {
    return TranscriptEvents.noTranslation(
        call, each.position.cursor(), each.seq, language.tag(), reason);
  }

  private void becomeAvailable() {
    pause = FIRST_PAUSE;
    if (isUnavailable) {
      isUnavailable = false;
      logger.info("translations.available callId={} language={}", call, language.tag());
      status("available", "");
    }
  }

  private void becomeUnavailable(String reason) {
    metrics.caption("retried");
    if (!isUnavailable) {
      isUnavailable = true;
      logger.warn(
          "translations.unavailable callId={} language={} reason=\"{}\"",
          call,
          language.tag(),
          reason);
      status("unavailable", reason);
    }
    if (!isPausing) {
      isPausing = true;
      loop.after(pause, this::resume);
      pause = pause.multipliedBy(2).compareTo(MAX_PAUSE) > 0 ? MAX_PAUSE : pause.multipliedBy(2);
    }
  }

  private void resume() {
    isPausing = false;
    translate();
  }

  private void status(String state, String reason) {
    status = TranscriptEvents.translationStatus(call, language.tag(), state, reason);
    statusVersion++;
    notifyCursors();
  }

  /// Publishes the oldest finals up to the first that has no translation.
  private void publish() {
    List<SseEvent> added = new ArrayList<>();
    while (!waiting.isEmpty() && waiting.element().result != null) {
      Waiting oldest = waiting.remove();
      if (oldest.result != null) {
        published.add(new Line(oldest.position, oldest.result, 0, 0));
        added.add(oldest.result);
      }
    }
    if (!added.isEmpty()) {
      metrics.encoded(added.size());
      published.settle();
      share(cursors.size() > 1 ? added : List.of());
      notifyCursors();
    }
  }

  private void share(List<SseEvent> events) {
    shared.forEach(SseEvent::unshare);
    shared = events;
    shared.forEach(SseEvent::share);
  }

  private void notifyCursors() {
    Slices.forEach(
        loop, List.copyOf(cursors), SLICE, TranslationCursor::translationsChanged, () -> {});
  }

  void attach(TranslationCursor cursor) {
    cursors.add(cursor);
    translate();
  }

  void detach(TranslationCursor cursor) {
    cursors.remove(cursor);
  }

  boolean hasCursors() {
    return !cursors.isEmpty();
  }

  LineWindow published() {
    return published;
  }

  /// Grows when the history was replaced.
  int generation() {
    return generation;
  }

  /// Whether the call has ended and all its translations are published.
  boolean isComplete() {
    return isOpen && ended && waiting.isEmpty();
  }

  /// Grows with each change of [#status].
  int statusVersion() {
    return statusVersion;
  }

  /// The state of the provider; null while it has never failed.
  @Nullable SseEvent status() {
    return status;
  }

  /// Frees the translations and ignores those in flight.
  void dispose() {
    closed = true;
    waiting.clear();
    beforeOpen.clear();
    published.reset(Position.START);
    share(List.of());
  }
}
