package io.verbatim.pubsub;

import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallRecord;
import io.verbatim.pubsub.message.EraseOutcome;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/// The directory of calls: live calls, and ended calls until their transcript expires.
public interface CallDirectory {

  CompletionStage<Optional<CallRecord>> find(CallId call);

  /// The most recently active calls, newest first.
  ///
  /// @param limit how many at most
  CompletionStage<List<CallRecord>> newest(int limit);

  /// The most recently active calls of one tenant, newest first. Searches at least the newest
  /// 10,000 calls of all tenants.
  ///
  /// @param limit how many at most
  CompletionStage<List<CallRecord>> newestOf(String tenant, int limit);

  /// A page of the directory without the calls' records: each call with its last activity, newest
  /// first.
  ///
  /// A call that becomes active while a client reads page after page may appear on no page or on
  /// two.
  ///
  /// @param from how many newer calls are left out
  /// @param count how many at most
  CompletionStage<Map<CallId, Instant>> activity(int from, int count);

  /// Deletes a call that has ended: its record, its transcript and its place in the directory.
  CompletionStage<EraseOutcome> erase(CallId call);

  /// Follows the newest calls as they start, change and expire. The caller closes the reader.
  DirectoryReader follow(int limit);
}
