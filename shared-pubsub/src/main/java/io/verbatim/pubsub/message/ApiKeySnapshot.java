package io.verbatim.pubsub.message;

import java.time.Duration;
import java.util.Optional;

/// The published API keys at one time.
///
/// @param validFor the rest of the time for which they are valid
/// @param keys as [ApiKeyList] encodes them; empty if the reader knows this version
public record ApiKeySnapshot(long version, Duration validFor, Optional<String> keys) {}
