package io.verbatim.record.erasure;

import io.verbatim.pubsub.message.CallId;
import java.time.Instant;

/// The proof that a call was erased.
///
/// @param id the number of the proof
/// @param erasedBy who requested it
/// @param startedAt when the call began
public record Erasure(
    long id, Instant erasedAt, String erasedBy, CallId call, String tenant, Instant startedAt) {}
