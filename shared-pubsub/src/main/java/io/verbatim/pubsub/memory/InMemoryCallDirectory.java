package io.verbatim.pubsub.memory;

import io.verbatim.pubsub.CallDirectory;
import io.verbatim.pubsub.DirectoryReader;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallRecord;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/// The directory port.
final class InMemoryCallDirectory implements CallDirectory {
  private final BusThread thread;
  private final Calls calls;

  InMemoryCallDirectory(BusThread thread, Calls calls) {
    this.thread = thread;
    this.calls = calls;
  }

  @Override
  public CompletionStage<Optional<CallRecord>> find(CallId call) {
    return thread.ask(() -> calls.find(call).map(Call::snapshot));
  }

  @Override
  public CompletionStage<List<CallRecord>> newest(int limit) {
    return thread.ask(() -> newestNow(limit));
  }

  @Override
  public CompletionStage<List<CallRecord>> newestOf(String tenant, int limit) {
    return thread.ask(() ->
        newestNow(Integer.MAX_VALUE).stream()
            .filter(call -> call.start().tenant().equals(tenant))
            .limit(limit)
            .toList());
  }

  private List<CallRecord> newestNow(int limit) {
    return calls.newest(limit).stream().map(Call::snapshot).toList();
  }

  @Override
  public DirectoryReader follow(int limit) {
    return new Reader(limit);
  }

  private final class Reader extends PullReader<List<CallRecord>> implements DirectoryReader {
    private final int limit;
    private long seen = -1;

    Reader(int limit) {
      super(thread, calls.bells, Calls.DIRECTORY);
      this.limit = limit;
    }

    @Override
    Optional<List<CallRecord>> look() {
      if (seen == calls.version()) {
        return Optional.empty();
      }
      seen = calls.version();
      return Optional.of(newestNow(limit));
    }
  }
}
