package io.verbatim.local.caller;

import org.jspecify.annotations.Nullable;

/// The result of a played call.
///
/// @param framesSent frames of 20 ms that were sent
/// @param framesStored frames that the service reported as stored; 0 if the dialect does not report
///   it
/// @param problem the error that the service reported; null if none
public record CallEnd(long framesSent, long framesStored, @Nullable String problem) {}
