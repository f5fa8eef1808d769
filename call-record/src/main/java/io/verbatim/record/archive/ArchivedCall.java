package io.verbatim.record.archive;

import io.verbatim.pubsub.message.CallRecord;

/// A call in the archive.
///
/// @param ref the call's key in the database
/// @param record the call as it was when it ended
public record ArchivedCall(long ref, CallRecord record) {}
