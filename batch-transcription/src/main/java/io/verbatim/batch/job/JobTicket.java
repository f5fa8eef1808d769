package io.verbatim.batch.job;

import org.jspecify.annotations.Nullable;

/// What is stored of a job, so that another process can resume it.
///
/// @param tenant the owner; null belongs to operators
record JobTicket(String id, @Nullable String tenant, TranscriptionRequest request) {}
