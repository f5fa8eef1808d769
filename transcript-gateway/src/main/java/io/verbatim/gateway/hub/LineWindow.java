package io.verbatim.gateway.hub;

import io.verbatim.gateway.log.Position;
import java.util.ArrayList;
import java.util.List;

/// The newest lines of one call, without a hole. Lines are counted from the first that was added;
/// the oldest are dropped when there are too many bytes, and all when the memory needs the room.
///
/// It is a cache: a subscriber that needs a dropped line reads it from the log.
final class LineWindow implements FeedMemory.Holder {

  /// As much as a subscriber may lag behind by default, so that few lagging ones need the log.
  private static final long MAX_BYTES = 256 * 1024;

  /// What is left when the oldest are dropped, so that this is rare.
  private static final long BYTES_LEFT = MAX_BYTES * 3 / 4;

  /// A place that is not known here.
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

  /// Begins again behind a position of a transcript.
  void reset(Position position) {
    memory.forget(this);
    lines.clear();
    before = position;
    first = 0;
    bytes = 0;
    bytesAdded = 0;
  }

  /// Adds the newest line. [#settle] follows.
  void add(Line line) {
    lines.add(line);
    bytes += line.size();
    bytesAdded += line.size();
  }

  /// Bounds the bytes after lines were added.
  void settle() {
    if (bytes > MAX_BYTES) {
      int dropped = 0;
      while (bytes > BYTES_LEFT && dropped < lines.size()) {
        bytes -= lines.get(dropped++).size();
      }
      drop(dropped);
    }
    memory.hold(this, bytes);
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

  /// Where the newest line ends.
  Position end() {
    return lines.isEmpty() ? before : lines.getLast().position();
  }

  /// The index behind the newest line, dropped ones included.
  int size() {
    return first + lines.size();
  }

  /// Whether the line with this index has not been dropped, or is the next to come.
  boolean holds(int index) {
    return index >= first;
  }

  Line get(int index) {
    return lines.get(index - first);
  }

  boolean isEmpty() {
    return lines.isEmpty();
  }

  /// The index behind a position. Newest first, since a subscriber that resumes was connected a
  /// moment ago.
  int indexBehind(Position position) {
    for (int i = lines.size() - 1; i >= 0; i--) {
      if (lines.get(i).position().equals(position)) {
        memory.use(this);
        return first + i + 1;
      }
    }
    return before.equals(position) ? first : NONE;
  }

  /// The index of the last few lines; [#NONE] where not all of them are here.
  int indexOfLast(int count) {
    if (lines.size() >= count) {
      return size() - count;
    }
    return before.equals(Position.START) ? first : NONE;
  }

  /// Where the line with this index begins.
  Position positionOf(int index) {
    return index == first ? before : get(index - 1).position();
  }

  /// The bytes of all lines that were ever added.
  long bytesAdded() {
    return bytesAdded;
  }

  /// The bytes of the lines from this index on.
  long bytesFrom(int index) {
    return lines.subList(index - first, lines.size()).stream().mapToLong(Line::size).sum();
  }
}
