package io.verbatim.local.caller;

import org.jspecify.annotations.Nullable;

/// How a call ended.
///
/// @param framesSent frames of 20 ms that left
/// @param framesStored of those, how many the service said it has stored; 0 where the dialect does
///   not say
/// @param problem what the service said against the call, null when it said nothing
public record CallEnd(long framesSent, long framesStored, @Nullable String problem) {}
