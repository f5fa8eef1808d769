package io.verbatim.record.audit;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Which entries are wanted.
///
/// @param from the earliest time; null for any
/// @param to only entries before; null for any
/// @param tenant the only tenant; null for all
/// @param action null for all
/// @param after where to continue; null for the newest
/// @param limit entries of one page
public record AuditQuery(
    @Nullable Instant from,
    @Nullable Instant to,
    @Nullable String tenant,
    @Nullable AuditAction action,
    @Nullable AuditCursor after,
    int limit) {}
