package io.verbatim.gateway.hub;

/// A place in what can be watched, moved forward as its watcher takes.
interface Source {

  /// Moves what is new into the batch while it has room.
  void drainInto(Batch batch);

  /// Bytes that wait behind this place and must not be dropped; 0 until the history has been read.
  long waitingBytes();

  /// True when nothing will ever come again.
  boolean isFinished();

  /// The id of the last entry taken, `0-0` before the first: where a watcher could resume.
  String place();

  /// Lets go of what is watched. Idempotent.
  void close();
}
