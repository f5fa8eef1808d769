package io.verbatim.gateway.hub;

import io.verbatim.gateway.hub.LinePages.Lines;
import io.verbatim.gateway.hub.LinePages.Outcome;
import io.verbatim.gateway.log.Position;
import io.verbatim.gateway.metrics.GatewayMetrics;
import io.verbatim.gateway.sse.SseConnection;
import io.verbatim.gateway.sse.TranscriptEvents;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.EntryId;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One subscriber's position in a call's transcript: the last entry and the version of the live
/// state that it was sent.
///
/// It sends from the feed's window if that holds the next line. Otherwise it sends pages of the
/// log, as fast as the connection takes them, until it reaches a line of the window.
final class FeedCursor extends Source {

  /// Where a subscriber begins.
  sealed interface Start {
    /// At the first entry.
    record Whole() implements Start {}

    /// After an entry it was sent.
    record After(String id) implements Start {}

    /// At the last lines. A client cannot resume from them, so no ids are sent.
    record Tail(int lines) implements Start {}
  }

  private final CallFeed feed;
  private final LinePages pages;
  private final Start start;
  private final Subscriber subscriber;
  private final GatewayMetrics metrics;

  /// Sends the translations of the lines; null for none.
  private @Nullable TranslationCursor translations;

  /// The last entry sent; null until the start is known.
  private @Nullable Position sent;

  /// The next line in the feed's window; [LineWindow#NONE] if the window does not hold it.
  private int next = LineWindow.NONE;

  /// The page being sent. Held only while the connection takes bytes, so that a slow connection
  /// uses no memory.
  private @Nullable Lines page;

  /// The position before the page being sent; null between two pages.
  private @Nullable Position pageAfter;

  private int sentOfPage;
  private boolean isReading;
  private boolean isUnknown;
  private boolean atEnd;
  private boolean closed;
  private boolean live;
  private int generation;
  private long sentVersion;

  /// The bytes up to the last entry sent, in the count of [LineWindow#bytesAdded].
  private long sentBytes;

  FeedCursor(
      CallFeed feed, LinePages pages, Start start, Subscriber subscriber, GatewayMetrics metrics) {
    this.feed = feed;
    this.pages = pages;
    this.start = start;
    this.subscriber = subscriber;
    this.metrics = metrics;
    this.sent = start instanceof Start.Whole ? Position.START : null;
    this.generation = feed.generation();
    feed.attach(this);
  }

  CallId call() {
    return feed.call();
  }

  /// Sets the cursor of the translations, which are sent after their lines.
  void accompany(TranslationCursor cursor) {
    translations = cursor;
  }

  /// Whether the history was sent.
  boolean isLive() {
    return live && generation == feed.generation();
  }

  /// Whether the entry with this id was sent.
  boolean hasSent(EntryId id) {
    return sent != null && EntryId.parse(sent.id()).compareTo(id) >= 0;
  }

  /// The feed has something new.
  void feedChanged() {
    atEnd = false;
    subscriber.changed(this);
  }

  @Override
  boolean sendTo(SseConnection connection) {
    if (generation != feed.generation()) {
      resync(connection, "the history of the call was replaced");
    }
    while (feed.isOpen() && hasBegun(connection)) {
      if (isInWindow()) {
        return sendWindow(connection);
      }
      if (!hasPage()) {
        return true; // Continues when the page was read or the feed has something new.
      }
      if (!sendPage(connection)) {
        return false;
      }
    }
    return true;
  }

  private boolean sendWindow(SseConnection connection) {
    LineWindow window = feed.window();
    while (next < window.size()) {
      if (!connection.isWritable()) {
        return false;
      }
      Line line = window.get(next++);
      send(line, connection);
      if (live) {
        metrics.delivered(line.appendedMillis(), line.latencyMs());
      }
    }
    if (feed.isCaughtUp()) {
      sendLive(connection);
      if (translations != null) {
        translations.transcriptSent();
      }
    }
    return true;
  }

  private void sendLive(SseConnection connection) {
    if (!live && !feed.hasEnded() && !isTail()) {
      connection.write(feed.caughtUpEvent());
    }
    live = true;
    feed.liveState().since(sentVersion, connection::writeWithoutId);
    sentVersion = feed.liveState().version();
  }

  private boolean sendPage(SseConnection connection) {
    List<Line> lines = page == null ? List.of() : page.lines();
    while (sentOfPage < lines.size()) {
      if (!connection.isWritable()) {
        page = null;
        return false;
      }
      send(lines.get(sentOfPage++), connection);
    }
    page = null;
    pageAfter = null;
    return true;
  }

  private void send(Line line, SseConnection connection) {
    sent = line.position();
    sentBytes += line.size();
    if (isTail()) {
      connection.writeWithoutId(line.event());
    } else {
      connection.write(line.event());
    }
  }

  private boolean isTail() {
    return start instanceof Start.Tail;
  }

  /// Whether the start is known. If not, it is looked up in the log.
  private boolean hasBegun(SseConnection connection) {
    if (sent == null) {
      switch (start) {
        case Start.Whole _ -> sent = Position.START;
        case Start.After(String id) -> beginAfter(id, connection);
        case Start.Tail(int lines) -> beginAtLast(lines);
      }
    }
    return sent != null;
  }

  private void beginAfter(String id, SseConnection connection) {
    Position position = isUnknown ? null : Position.ofCursor(id).orElse(null);
    if (position == null) {
      resync(connection, "the given Last-Event-ID is not in the log");
    } else if (feed.window().indexAfter(position) != LineWindow.NONE) {
      sent = position;
    } else if (!isReading) {
      read(answer -> pages.find(position, answer), _ -> sent = position);
    }
  }

  private void beginAtLast(int lines) {
    int index = feed.window().indexOfLast(lines);
    if (index != LineWindow.NONE) {
      sent = feed.window().positionOf(index);
    } else if (!isReading) {
      read(
          answer -> pages.readLast(lines + 1, answer),
          last -> sent = last.size() > lines ? last.lines().getFirst().position() : Position.START);
    }
  }

  private boolean isInWindow() {
    LineWindow window = feed.window();
    if ((next == LineWindow.NONE || !window.holds(next)) && sent != null) {
      next = page == null ? window.indexAfter(sent) : LineWindow.NONE;
      if (next != LineWindow.NONE) {
        pageAfter = null;
        sentBytes = window.bytesAdded() - window.bytesFrom(next);
      }
    }
    return next != LineWindow.NONE;
  }

  /// Whether the page with the next line is in memory. If not, it is read, unless the cursor is at
  /// the end.
  private boolean hasPage() {
    if (page == null && !isReading && !atEnd) {
      if (pageAfter == null) {
        pageAfter = sent;
        sentOfPage = 0;
      }
      Position after = Objects.requireNonNull(pageAfter);
      page = pages.inMemory(after).orElse(null);
      if (page == null) {
        read(answer -> pages.read(after, answer), this::pageRead);
      }
    }
    return page != null;
  }

  private void pageRead(Lines read) {
    if (read.size() == 0) {
      pageAfter = null;
      atEnd = true;
      feed.verify(); // The window should hold the end of the log, unless it is read just now.
    } else if (sentOfPage == 0 || read.hasAt(sentOfPage - 1, sent)) {
      page = read;
    } else {
      feed.onReplaced();
    }
  }

  /// @param found receives the lines if they belong to the history that is followed
  private void read(Consumer<Consumer<Outcome>> question, Consumer<Lines> found) {
    isReading = true;
    int startGeneration = generation;
    question.accept(outcome -> {
      isReading = false;
      if (!closed && startGeneration == feed.generation()) {
        received(outcome, found);
      }
      if (!closed) {
        subscriber.changed(this);
      }
    });
  }

  private void received(Outcome outcome, Consumer<Lines> found) {
    switch (outcome) {
      case Outcome.Found(Lines lines) -> found.accept(lines);
      case Outcome.Replaced _ when sent == null -> isUnknown = true;
      case Outcome.Replaced _ -> feed.onReplaced();
      case Outcome.Unavailable _ -> {} // Tried again after the pause that has passed.
    }
  }

  private void resync(SseConnection connection, String reason) {
    generation = feed.generation();
    sent = isTail() ? null : Position.START;
    next = LineWindow.NONE;
    page = null;
    pageAfter = null;
    atEnd = false;
    live = false;
    sentVersion = 0;
    if (translations != null) {
      translations.restart();
    }
    connection.writeWithoutId(TranscriptEvents.resync(call(), reason));
    metrics.resynced();
  }

  @Override
  long waitingBytes() {
    return isLive() ? feed.window().bytesAdded() - sentBytes : 0;
  }

  @Override
  boolean isFinished() {
    return feed.hasEnded() && next == feed.window().size() && generation == feed.generation();
  }

  /// The id of the last entry sent, from which a client can resume; `0-0` before the first.
  String lastEventId() {
    return sent != null && generation == feed.generation()
        ? sent.cursor()
        : Position.START.cursor();
  }

  @Override
  void close() {
    closed = true;
    feed.detach(this);
  }
}
