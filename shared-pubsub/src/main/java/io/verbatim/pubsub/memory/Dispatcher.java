package io.verbatim.pubsub.memory;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Gives calls that want a worker to whoever has a permit left, first come first served.
final class Dispatcher {
  private final Deque<Announcement> waiting = new ArrayDeque<>();
  private final List<InMemoryLeases> takers = new ArrayList<>();

  /// A call that wants a worker.
  ///
  /// @param returnedBy who just gave it back, and gets it again only where nobody else can take it
  private record Announcement(Call call, @Nullable InMemoryLeases returnedBy) {}

  /// Says that a call wants a worker. A call that has one, or that waits already, is not said
  /// twice.
  void announce(Call call) {
    announce(call, null);
  }

  void announce(Call call, @Nullable InMemoryLeases returnedBy) {
    if (!call.hasOwner() && waiting.stream().noneMatch(known -> known.call() == call)) {
      waiting.add(new Announcement(call, returnedBy));
      serve();
    }
  }

  void join(InMemoryLeases taker) {
    takers.add(taker);
    serve();
  }

  void leave(InMemoryLeases taker) {
    takers.remove(taker);
  }

  /// Gives out what can be given.
  void serve() {
    for (int left = waiting.size(); left > 0; left--) {
      Announcement next = waiting.remove();
      if (!next.call().hasEnded()) {
        takerFor(next).ifPresentOrElse(taker -> taker.grant(next.call()), () -> waiting.add(next));
      }
    }
  }

  /// The one with the fewest calls, so that load spreads.
  private Optional<InMemoryLeases> takerFor(Announcement announcement) {
    return takers.stream()
        .filter(InMemoryLeases::hasPermit)
        .min(
            Comparator.comparing((InMemoryLeases taker) -> taker == announcement.returnedBy())
                .thenComparingInt(InMemoryLeases::load));
  }
}
