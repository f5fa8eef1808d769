package io.verbatim.pubsub.memory;

import io.verbatim.pubsub.CallDirectory;
import io.verbatim.pubsub.DirectoryReader;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallRecord;
import io.verbatim.pubsub.message.EraseOutcome;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/// The call directory in memory.
final class InMemoryCallDirectory implements CallDirectory {
  private final BusThread thread;
  private final Calls calls;

  InMemoryCallDirectory(BusThread thread, Calls calls) {
    this.thread = thread;
    this.calls = calls;
  }

  @Override
  public CompletionStage<Optional<CallRecord>> find(CallId call) {
    return thread.request(() -> calls.find(call).map(Call::snapshot));
  }

  @Override
  public CompletionStage<List<CallRecord>> newest(int limit) {
    return thread.request(() -> newestNow(limit));
  }

  @Override
  public CompletionStage<List<CallRecord>> newestOf(String tenant, int limit) {
    return thread.request(() ->
        newestNow(Integer.MAX_VALUE).stream()
            .filter(call -> call.start().tenant().equals(tenant))
            .limit(limit)
            .toList());
  }

  private List<CallRecord> newestNow(int limit) {
    return calls.newest(limit).stream().map(Call::snapshot).toList();
  }

  @Override
  public CompletionStage<Map<CallId, Instant>> activity(int from, int count) {
    return thread.request(() -> {
      Map<CallId, Instant> activity = new LinkedHashMap<>();
      newestNow(Integer.MAX_VALUE).stream()
          .skip(from)
          .limit(count)
          .forEach(call -> activity.put(call.call(), call.lastActivity()));
      return activity;
    });
  }

  @Override
  public CompletionStage<EraseOutcome> erase(CallId call) {
    return thread.request(() -> calls.erase(call));
  }

  @Override
  public DirectoryReader follow(int limit) {
    return new Reader(limit);
  }

  private final class Reader extends PullReader<List<CallRecord>> implements DirectoryReader {
    private final int limit;
    private long seenVersion = -1;

    Reader(int limit) {
      super(thread, calls.listeners, Calls.DIRECTORY);
      this.limit = limit;
    }

    @Override
    Optional<List<CallRecord>> read() {
      if (seenVersion == calls.version()) {
        return Optional.empty();
      }
      seenVersion = calls.version();
      return Optional.of(newestNow(limit));
    }
  }
}
