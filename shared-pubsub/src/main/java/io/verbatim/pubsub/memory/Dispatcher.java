package io.verbatim.pubsub.memory;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Assigns announced calls to workers with free permits, in order of announcement.
final class Dispatcher {
  private final Deque<Announcement> waiting = new ArrayDeque<>();
  private final List<InMemoryLeases> workers = new ArrayList<>();

  /// A call that needs a worker.
  ///
  /// @param returnedBy the worker that just gave the call back; it gets the call again only if no
  ///   other worker has a permit
  private record Announcement(Call call, @Nullable InMemoryLeases returnedBy) {}

  /// Announces that a call needs a worker. Ignores a call that has an owner or is already
  /// announced.
  void announce(Call call) {
    announce(call, null);
  }

  void announce(Call call, @Nullable InMemoryLeases returnedBy) {
    if (!call.hasOwner() && waiting.stream().noneMatch(known -> known.call() == call)) {
      waiting.add(new Announcement(call, returnedBy));
      assignWaiting();
    }
  }

  void addWorker(InMemoryLeases worker) {
    workers.add(worker);
    assignWaiting();
  }

  void removeWorker(InMemoryLeases worker) {
    workers.remove(worker);
  }

  /// Assigns waiting calls as far as permits allow.
  void assignWaiting() {
    for (int left = waiting.size(); left > 0; left--) {
      Announcement next = waiting.remove();
      if (!next.call().hasEnded()) {
        workerFor(next)
            .ifPresentOrElse(worker -> worker.grant(next.call()), () -> waiting.add(next));
      }
    }
  }

  /// The worker with the fewest calls, so that load spreads.
  private Optional<InMemoryLeases> workerFor(Announcement announcement) {
    return workers.stream()
        .filter(InMemoryLeases::hasPermit)
        .min(
            Comparator.comparing((InMemoryLeases worker) -> worker == announcement.returnedBy())
                .thenComparingInt(InMemoryLeases::load));
  }
}
