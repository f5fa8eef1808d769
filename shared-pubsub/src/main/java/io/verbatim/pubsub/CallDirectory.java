package io.verbatim.pubsub;

import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallRecord;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/// Which calls there are, live ones and those whose transcript has not expired.
public interface CallDirectory {

  CompletionStage<Optional<CallRecord>> find(CallId call);

  /// The calls with the newest activity, newest first.
  ///
  /// @param limit how many at most
  CompletionStage<List<CallRecord>> newest(int limit);

  /// The calls of one tenant with the newest activity, newest first, however many calls others
  /// have: at least the newest 10,000 calls of all tenants are looked through.
  ///
  /// @param limit how many at most
  CompletionStage<List<CallRecord>> newestOf(String tenant, int limit);

  /// Follows the newest calls as they come, change and go. The caller closes the reader.
  DirectoryReader follow(int limit);
}
