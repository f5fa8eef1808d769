package io.verbatim.pubsub.message;

import java.util.Set;

/// The result of publishing API keys.
///
/// @param used the ids of keys that readers have used since the last publication
public record ApiKeyPublication(Outcome outcome, Set<String> used) {

  /// What was published.
  public enum Outcome {
    /// The set of this version.
    CURRENT,
    /// An older set, or none: the keys must be published.
    UNKNOWN,
    /// A newer set, which remains.
    OUTDATED
  }

  public ApiKeyPublication {
    used = Set.copyOf(used);
  }
}
