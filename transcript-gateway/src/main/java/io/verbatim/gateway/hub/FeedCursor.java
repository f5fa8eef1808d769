package io.verbatim.gateway.hub;

import io.verbatim.gateway.hub.LinePages.Lines;
import io.verbatim.gateway.hub.LinePages.Outcome;
import io.verbatim.gateway.log.Position;
import io.verbatim.gateway.metrics.GatewayMetrics;
import io.verbatim.gateway.sse.SseConnection;
import io.verbatim.gateway.sse.TranscriptEvents;
import io.verbatim.pubsub.message.CallId;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One subscriber's position in a call's transcript: the last entry it was sent, and the version of
/// the live state that it has been sent.
///
/// It sends from the feed's window where that holds the next line. Else it sends pages from the
/// log, as fast as the connection takes them, until it reaches a line of the window.
final class FeedCursor extends Source {

  /// Where a subscriber begins.
  sealed interface Start {
    /// At the first entry.
    record Whole() implements Start {}

    /// Behind an entry it has been sent.
    record Behind(String id) implements Start {}

    /// At the last few lines. They cannot be resumed from, so no ids are sent.
    record Tail(int lines) implements Start {}
  }

  private final CallFeed feed;
  private final LinePages pages;
  private final Start start;
  private final Subscriber subscriber;
  private final GatewayMetrics metrics;

  /// The last entry sent; null until it is known where to begin.
  private @Nullable Position sent;

  /// The next line in the feed's window; [LineWindow#NONE] where the window does not have it.
  private int next = LineWindow.NONE;

  /// The page being sent. Held only while the connection takes bytes, so that a slow one costs
  /// nothing.
  private @Nullable Lines page;

  /// Behind which position the page being sent begins; null between two pages.
  private @Nullable Position pageAfter;

  private int sentOfPage;
  private boolean asking;
  private boolean isUnknown;
  private boolean atEnd;
  private boolean closed;
  private boolean live;
  private int generation;
  private long sentVersion;

  /// The bytes up to the last entry sent, as [LineWindow#bytesAdded] counts them.
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
        return true; // Continued when the page was read, or the feed has something new.
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
      send(window.get(next++), connection);
    }
    if (feed.isCaughtUp()) {
      sendLive(connection);
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

  /// Whether it is known where to begin; else the log is asked.
  private boolean hasBegun(SseConnection connection) {
    if (sent == null) {
      switch (start) {
        case Start.Whole _ -> sent = Position.START;
        case Start.Behind(String id) -> beginBehind(id, connection);
        case Start.Tail(int lines) -> beginAtLast(lines);
      }
    }
    return sent != null;
  }

  private void beginBehind(String id, SseConnection connection) {
    Position position = isUnknown ? null : EntryIds.position(id).orElse(null);
    if (position == null) {
      resync(connection, "the given Last-Event-ID is not in the log");
    } else if (feed.window().indexBehind(position) != LineWindow.NONE) {
      sent = position;
    } else if (!asking) {
      ask(answer -> pages.find(call(), position, answer), _ -> sent = position);
    }
  }

  private void beginAtLast(int lines) {
    int index = feed.window().indexOfLast(lines);
    if (index != LineWindow.NONE) {
      sent = feed.window().positionOf(index);
    } else if (!asking) {
      ask(
          answer -> pages.readLast(call(), lines + 1, answer),
          last -> sent = last.size() > lines ? last.lines().getFirst().position() : Position.START);
    }
  }

  private boolean isInWindow() {
    LineWindow window = feed.window();
    if ((next == LineWindow.NONE || !window.holds(next)) && sent != null) {
      next = page == null ? window.indexBehind(sent) : LineWindow.NONE;
      if (next != LineWindow.NONE) {
        pageAfter = null;
        sentBytes = window.bytesAdded() - window.bytesFrom(next);
      }
    }
    return next != LineWindow.NONE;
  }

  /// Whether the page with the next line is here; else it is read, unless there is none yet.
  private boolean hasPage() {
    if (page == null && !asking && !atEnd) {
      if (pageAfter == null) {
        pageAfter = sent;
        sentOfPage = 0;
      }
      Position after = Objects.requireNonNull(pageAfter);
      page = pages.inMemory(call(), after).orElse(null);
      if (page == null) {
        ask(answer -> pages.read(call(), after, answer), this::pageRead);
      }
    }
    return page != null;
  }

  private void pageRead(Lines read) {
    if (read.size() == 0) {
      pageAfter = null;
      atEnd = true;
      feed.verify(); // Its window should hold the end of the log, unless that is about to be read.
    } else if (sentOfPage == 0 || read.hasAt(sentOfPage - 1, sent)) {
      page = read;
    } else {
      feed.onReplaced();
    }
  }

  /// @param found what to do with what was found in the history that is followed
  private void ask(Consumer<Consumer<Outcome>> question, Consumer<Lines> found) {
    asking = true;
    int asked = generation;
    question.accept(outcome -> {
      asking = false;
      if (!closed && asked == feed.generation()) {
        answered(outcome, found);
      }
      if (!closed) {
        subscriber.changed(this);
      }
    });
  }

  private void answered(Outcome outcome, Consumer<Lines> found) {
    switch (outcome) {
      case Outcome.Found(Lines lines) -> found.accept(lines);
      case Outcome.Replaced _ when sent == null -> isUnknown = true;
      case Outcome.Replaced _ -> feed.onReplaced();
      case Outcome.Unavailable _ -> {} // A pause has passed: it is asked again.
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
    connection.writeWithoutId(TranscriptEvents.resync(call(), reason));
    metrics.resynced();
  }

  @Override
  long waitingBytes() {
    return live && generation == feed.generation() ? feed.window().bytesAdded() - sentBytes : 0;
  }

  @Override
  boolean isFinished() {
    return feed.hasEnded() && next == feed.window().size() && generation == feed.generation();
  }

  /// The id of the last entry sent, `0-0` before the first: where a subscriber could resume.
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
