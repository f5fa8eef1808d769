package io.verbatim.gateway.hub;

import io.verbatim.gateway.auth.Viewer;
import io.verbatim.gateway.log.TranscriptReads;
import io.verbatim.gateway.metrics.GatewayMetrics;
import io.verbatim.gateway.sse.SseConnection;
import io.verbatim.gateway.sse.SseEvent;
import io.verbatim.gateway.sse.TranscriptEvents;
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
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Opens the streams of transcripts, and notifies them of the state of the bus.
///
/// Confined to the event loop, except for [#close]. That ends every stream without a last event, so
/// that each client reconnects, possibly to another gateway.
public final class TranscriptHub implements AutoCloseable {

  private static final Duration HEALTH_CHECK = Duration.ofMillis(250);
  private static final Duration TICK = Duration.ofSeconds(1);

  /// Subscribers that are admitted in one iteration of the loop.
  private static final int ADMISSIONS = 100;

  private final Bus bus;
  private final Function<CallId, CompletionStage<Optional<CallRecord>>> directory;
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
  /// @param reads of the bus' transcripts
  /// @param directory finds a call; identical lookups share one answer
  public TranscriptHub(
      EventLoop loop,
      Bus bus,
      TranscriptReads reads,
      Function<CallId, CompletionStage<Optional<CallRecord>>> directory,
      HubLimits limits,
      GatewayMetrics metrics,
      InstantSource clock) {
    this.loop = loop;
    this.bus = bus;
    this.directory = directory;
    this.limits = limits;
    this.metrics = metrics;
    this.clock = clock;
    this.list = new CallList(bus.calls(), limits.directory(), loop, metrics, this::callChanged);
    this.feeds = new CallFeeds(bus.transcripts(), reads, limits.feedMemory(), loop, metrics, clock);
    this.subscribers = new Subscribers(limits, loop, metrics, clock);
    this.healthCheck = loop.every(HEALTH_CHECK, this::checkHealth);
    loop.execute(list::open);
    loop.after(TICK, this::tick);
  }

  /// Opens the stream of one call, which need not have begun.
  ///
  /// @param lastEventId the entry that this viewer was sent last; null begins at the first entry
  public void openCall(
      SseConnection connection, CallId call, @Nullable String lastEventId, Viewer viewer) {
    Subscriber subscriber = open(connection, call, viewer);
    admit(subscriber, call, lastEventId);
  }

  /// Opens the stream of a whole page: the list, the last lines of live calls, one call in full.
  ///
  /// @param lines how many lines of each live call; 0 for none
  /// @param call the call to send in full; null for none
  /// @param lastEventId the entry of that call that this viewer was sent last
  public void openPage(
      SseConnection connection,
      int lines,
      @Nullable CallId call,
      @Nullable String lastEventId,
      Viewer viewer) {
    Subscriber subscriber = open(connection, null, viewer);
    FeedCursor.Start tail = new FeedCursor.Start.Tail(lines);
    subscriber.add(
        new CallListCursor(
            list,
            subscriber,
            call,
            lines == 0 ? null : live -> feeds.cursor(subscriber, live, tail)));
    if (call != null) {
      admit(subscriber, call, lastEventId);
    }
  }

  private Subscriber open(SseConnection connection, @Nullable CallId call, Viewer viewer) {
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

  private void admit(Subscriber subscriber, CallId call, @Nullable String lastEventId) {
    FeedCursor.Start start =
        lastEventId == null
            ? new FeedCursor.Start.Whole()
            : new FeedCursor.Start.Behind(lastEventId);
    CallAdmission admission =
        new CallAdmission(subscriber, call, directory, () -> feeds.cursor(subscriber, call, start));
    admission.check();
    if (!admission.isDecided()) {
      admissions.computeIfAbsent(call, _ -> new ArrayList<>()).add(admission);
    }
  }

  private void callChanged(CallRecord call) {
    List<CallAdmission> waiting = admissions.remove(call.call());
    if (waiting != null) {
      Slices.forEach(loop, waiting, ADMISSIONS, admission -> admission.decide(call), () -> {});
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
    feeds.forget(limits.retain());
    subscribers.check(() -> loop.after(TICK, this::tick));
  }

  /// Notifies all subscribers when the log cannot be reached, and when it can again.
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
