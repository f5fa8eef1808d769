package io.verbatim.batch.job;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The jobs of this process, in order of their start. A job that is over is deleted after its
/// retention, or if more than 1,000 are kept. Thread-safe; blocks while it deletes.
final class Jobs {

  private static final int MAX_KEPT = 1_000;

  private record Kept(Job job, long startedNanos) {}

  private final Map<String, Kept> kept = new LinkedHashMap<>();
  private final Duration retention;

  Jobs(Duration retention) {
    this.retention = retention;
  }

  void add(Job job) {
    synchronized (this) {
      kept.put(job.id(), new Kept(job, System.nanoTime()));
    }
    deleteExpired();
  }

  void deleteExpired() {
    List<Job> expired = new ArrayList<>();
    synchronized (this) {
      Iterator<Kept> oldestFirst = kept.values().iterator();
      while (oldestFirst.hasNext()) {
        Kept old = oldestFirst.next();
        boolean isTooMany = kept.size() > MAX_KEPT;
        if (old.job().isOver() && (isTooMany || isOld(old))) {
          expired.add(old.job());
          oldestFirst.remove();
        }
      }
    }
    expired.forEach(Job::delete);
  }

  private boolean isOld(Kept old) {
    return System.nanoTime() - old.startedNanos() > retention.toNanos();
  }

  synchronized Optional<Job> find(String id) {
    return Optional.ofNullable(kept.get(id)).map(Kept::job);
  }

  void remove(Job job) {
    synchronized (this) {
      kept.remove(job.id());
    }
    job.delete();
  }
}
