package io.verbatim.gateway.hub;

import io.verbatim.gateway.log.Position;
import java.util.ArrayList;
import java.util.List;

/// The newest consecutive lines of one call. Lines are indexed from the first one added. The oldest
/// are dropped above a limit of bytes, and all are dropped when [FeedMemory] releases the window.
///
/// The window is a cache: a subscriber that needs a dropped line reads it from the log.
final class LineWindow implements FeedMemory.Holder {

  /// The default lag of a slow subscriber, so that few slow ones read from the log.
  private static final long MAX_BYTES = 256 * 1024;

  /// The bytes that remain after the oldest lines were dropped, so that this happens rarely.
  private static final long BYTES_LEFT = MAX_BYTES * 3 / 4;

  /// The index of a position that is not in the window.
  static final int NONE = -1;

  private final FeedMemory memory;
  private final List<Line> lines = new ArrayList<>();
  private Position before = Position.START;
  private int first;
  private long bytes;
  private long bytesAdded;

  LineWindow(FeedMemory memory) {
    this.memory = memory;
  }

  /// Empties the window and begins after a position.
  void reset(Position position) {
    memory.remove(this);
    lines.clear();
    before = position;
    first = 0;
    bytes = 0;
    bytesAdded = 0;
  }

  /// Adds the newest line. The caller calls [#settle] afterwards.
  void add(Line line) {
    lines.add(line);
    bytes += line.size();
    bytesAdded += line.size();
  }

  /// Drops the oldest lines if there are too many bytes.
  void settle() {
    if (bytes > MAX_BYTES) {
      int dropped = 0;
      while (bytes > BYTES_LEFT && dropped < lines.size()) {
        bytes -= lines.get(dropped++).size();
      }
      drop(dropped);
    }
    memory.set(this, bytes);
  }

  private void drop(int count) {
    if (count > 0) {
      before = lines.get(count - 1).position();
      lines.subList(0, count).clear();
      first += count;
    }
  }

  @Override
  public void release() {
    drop(lines.size());
    bytes = 0;
  }

  /// The position after the newest line.
  Position end() {
    return lines.isEmpty() ? before : lines.getLast().position();
  }

  /// The index after the newest line, including dropped lines.
  int size() {
    return first + lines.size();
  }

  /// Whether the line with this index is in the window or is the next to be added.
  boolean holds(int index) {
    return index >= first;
  }

  Line get(int index) {
    return lines.get(index - first);
  }

  boolean isEmpty() {
    return lines.isEmpty();
  }

  /// The index after a position; [#NONE] if it is not in the window. Searches from the newest line,
  /// because a subscriber that resumes is close to it.
  int indexAfter(Position position) {
    for (int i = lines.size() - 1; i >= 0; i--) {
      if (lines.get(i).position().equals(position)) {
        memory.use(this);
        return first + i + 1;
      }
    }
    return before.equals(position) ? first : NONE;
  }

  /// The index of the oldest line in the window.
  int firstIndex() {
    return first;
  }

  /// The index of the last lines; [#NONE] if the window does not hold all of them.
  int indexOfLast(int count) {
    if (lines.size() >= count) {
      return size() - count;
    }
    return before.equals(Position.START) ? first : NONE;
  }

  /// The position before the line with this index.
  Position positionOf(int index) {
    return index == first ? before : get(index - 1).position();
  }

  /// The bytes of all lines added, including dropped lines.
  long bytesAdded() {
    return bytesAdded;
  }

  /// The bytes of the lines from this index on.
  long bytesFrom(int index) {
    return lines.subList(index - first, lines.size()).stream().mapToLong(Line::size).sum();
  }
}
