package io.verbatim.gateway.hub;

import io.verbatim.gateway.auth.Viewer;
import io.verbatim.gateway.calls.CallIdentity;
import io.verbatim.gateway.calls.FoundCall;
import io.verbatim.gateway.log.TranscriptReads;
import io.verbatim.gateway.metrics.GatewayMetrics;
import io.verbatim.gateway.sse.SseConnection;
import io.verbatim.gateway.sse.SseEvent;
import io.verbatim.gateway.sse.TranscriptEvents;
import io.verbatim.gateway.view.CallView;
import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.BusHealth;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallRecord;
import io.verbatim.pubsub.message.RecognizerStatus;
import io.verbatim.service.EventLoop;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Opens the streams of transcripts, and notifies them of the state of the bus.
///
/// Confined to the event loop, except for [#close]. It ends every stream without a last event, so
/// each client reconnects, possibly to another gateway.
public final class TranscriptHub implements AutoCloseable {

  private static final Duration HEALTH_CHECK = Duration.ofMillis(250);
  private static final Duration TICK = Duration.ofSeconds(1);

  /// Subscribers that are admitted in one iteration of the loop.
  private static final int ADMISSIONS = 100;

  private final Bus bus;
  private final TranscriptReads reads;
  private final CallFinder calls;
  private final HubLimits limits;
  private final GatewayMetrics metrics;
  private final InstantSource clock;
  private final EventLoop loop;
  private final CallList list;
  private final CallFeeds feeds;
  private final Subscribers subscribers;
  private final Map<CallId, List<CallAdmission>> admissions = new HashMap<>();
  private final EventLoop.Timer healthCheck;
  private boolean away;
  private boolean closed;

  /// @param loop the loop that the bus uses
  /// @param reads the bus's transcripts
  /// @param ended receives each call that ends while this hub is open
  /// @param translator null if no calls are translated
  public TranscriptHub(
      EventLoop loop,
      Bus bus,
      TranscriptReads reads,
      CallFinder calls,
      Consumer<CallRecord> ended,
      @Nullable CaptionTranslator translator,
      HubLimits limits,
      GatewayMetrics metrics,
      InstantSource clock) {
    this.loop = loop;
    this.bus = bus;
    this.reads = reads;
    this.calls = calls;
    this.limits = limits;
    this.metrics = metrics;
    metrics.measureDeliveries(bus::serverMillis);
    this.clock = clock;
    this.list =
        new CallList(bus.calls(), limits.directory(), loop, metrics, this::callChanged, ended);
    this.feeds =
        new CallFeeds(
            bus.transcripts(), reads, limits.feedMemory(), translator, loop, metrics, clock);
    this.subscribers = new Subscribers(limits, loop, metrics, clock);
    this.healthCheck = loop.every(HEALTH_CHECK, this::checkHealth);
    loop.execute(list::open);
    loop.after(TICK, this::tick);
  }

  /// Opens the stream of one call. The call may begin later.
  ///
  /// @param lastEventId the last entry that this client was sent; null begins at the first entry
  /// @param captions a translation of the call; null for none
  public void openCall(
      SseConnection connection,
      CallId call,
      @Nullable String lastEventId,
      @Nullable Captions captions,
      Viewer viewer) {
    Subscriber subscriber = open(connection, call, viewer);
    admit(subscriber, call, lastEventId, captions);
  }

  /// Opens the stream of a page: the list, the last lines of live calls, and one call in full.
  ///
  /// @param lines number of last lines of each live call; 0 for none
  /// @param call the call to send in full; null for none
  /// @param lastEventId the last entry of that call that this client was sent
  /// @param captions a translation of that call; null for none
  public void openPage(
      SseConnection connection,
      int lines,
      @Nullable CallId call,
      @Nullable String lastEventId,
      @Nullable Captions captions,
      Viewer viewer) {
    Subscriber subscriber = open(connection, null, viewer);
    FeedCursor.Start.Tail tail = new FeedCursor.Start.Tail(lines);
    subscriber.add(
        new CallListCursor(
            list,
            subscriber,
            call,
            lines == 0 ? null : live -> feeds.tail(subscriber, live, tail)));
    if (call != null) {
      admit(subscriber, call, lastEventId, captions);
    }
  }

  private Subscriber open(SseConnection connection, @Nullable CallId call, Viewer viewer) {
    loop.requireCurrent();
    Subscriber subscriber =
        new Subscriber(
            connection, call, viewer, clock, metrics, subscribers::sendLater, subscribers::remove);
    if (closed) {
      subscriber.finish();
    } else {
      subscribers.add(subscriber);
      if (away) {
        subscriber.notify(busStatus(subscriber));
      }
    }
    return subscriber;
  }

  private void admit(
      Subscriber subscriber,
      CallId call,
      @Nullable String lastEventId,
      @Nullable Captions captions) {
    FeedCursor.Start start =
        lastEventId == null
            ? new FeedCursor.Start.Whole()
            : new FeedCursor.Start.After(lastEventId);
    CallAdmission admission =
        new CallAdmission(
            subscriber, call, calls, found -> follow(subscriber, found, start, captions));
    admission.check();
    if (!admission.isDecided()) {
      admissions.computeIfAbsent(call, _ -> new ArrayList<>()).add(admission);
    }
  }

  /// A page does not list archived calls, so it is sent the call itself before its lines.
  private void follow(
      Subscriber subscriber, FoundCall found, FeedCursor.Start start, @Nullable Captions captions) {
    if (found.isArchived() && subscriber.call() == null) {
      boolean fullNumbers = subscriber.viewer().has(Viewer.OPS);
      subscriber.add(new OneEvent(TranscriptEvents.call(CallView.of(found.record(), fullNumbers))));
    }
    FeedCursor transcript = feeds.cursor(subscriber, found, start);
    Optional<TranslationCursor> translations =
        captions == null
            ? Optional.empty()
            : feeds.translations(subscriber, found, transcript, captions);
    if (captions != null && translations.isEmpty()) {
      subscriber.add(
          new OneEvent(
              TranscriptEvents.translationStatus(
                  found.record().call(),
                  captions.language().tag(),
                  "unavailable",
                  "the call is translated into too many languages")));
    }
    translations.ifPresent(subscriber::translate);
    subscriber.follow(transcript, CallIdentity.of(found.record()));
  }

  private void callChanged(CallRecord call) {
    List<CallAdmission> waiting = admissions.remove(call.call());
    if (waiting != null) {
      FoundCall found = FoundCall.inLog(call, reads);
      Slices.forEach(loop, waiting, ADMISSIONS, admission -> admission.decide(found), () -> {});
    }
  }

  private void tick() {
    if (closed) {
      return;
    }
    admissions.values().forEach(waiting -> waiting.removeIf(CallAdmission::isDecided));
    admissions.values().removeIf(List::isEmpty);
    List<CallAdmission> waiting = admissions.values().stream().flatMap(List::stream).toList();
    Slices.forEach(loop, waiting, ADMISSIONS, CallAdmission::check, () -> {});
    feeds.removeUnused(limits.retain());
    subscribers.check(() -> loop.after(TICK, this::tick));
  }

  /// Notifies all subscribers when the bus becomes unavailable or available again.
  private void checkHealth() {
    boolean awayNow = bus.health() instanceof BusHealth.Away;
    if (awayNow == away) {
      return;
    }
    away = awayNow;
    subscribers.forEach(subscriber -> subscriber.notify(busStatus(subscriber)));
    if (!away) {
      feeds.repeatStatus();
    }
  }

  private SseEvent busStatus(Subscriber subscriber) {
    String problem = bus.health() instanceof BusHealth.Away known ? known.problem() : null;
    CallId call = subscriber.call();
    if (call == null) {
      return problem == null
          ? TranscriptEvents.status(RecognizerStatus.State.CONNECTED, "")
          : TranscriptEvents.status(RecognizerStatus.State.RECONNECTING, problem);
    }
    String reason = problem == null ? "waiting for the recogniser" : problem;
    return TranscriptEvents.status(
        call, new RecognizerStatus(RecognizerStatus.State.RECONNECTING, "", reason));
  }

  /// Ends the streams that were opened with one of these API keys. May be called on any thread.
  public void keysRevoked(Set<String> keyIds) {
    loop.execute(() -> subscribers.endThoseWithKey(keyIds));
  }

  /// Ends the streams of a call that was erased, and removes it from memory. May be called on any
  /// thread, and again.
  public void erased(CallIdentity call) {
    loop.execute(() -> {
      feeds.erase(call);
      subscribers.forEach(subscriber -> subscriber.erased(call));
    });
  }

  /// May be called on any thread.
  @Override
  public void close() {
    loop.run(() -> {
      closed = true;
      healthCheck.cancel();
      subscribers.close();
      list.close();
      feeds.close();
    });
  }
}
