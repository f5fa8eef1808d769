/// The ports of the bus, in the language of calls, without any adapter detail.
///
/// [AudioLog][io.verbatim.pubsub.AudioLog] carries audio from ingest to the worker that owns the
/// call, [CallLeases][io.verbatim.pubsub.CallLeases] assigns calls to workers,
/// [TranscriptLog][io.verbatim.pubsub.TranscriptLog] carries words from the worker to readers, and
/// [CallDirectory][io.verbatim.pubsub.CallDirectory] lists the calls. Two adapters pass one
/// contract suite: `pubsub.redis` between processes, `pubsub.memory` inside one.
///
/// A bus has one event loop, which it usually shares with its service ([Bus#loop]). Requests may be
/// made on any thread; every stage completes on the loop, where a continuation must not block.
/// Reads are pulled: a reader requests the next part after it has processed the previous one, so a
/// slow reader holds only its position.
@NullMarked
package io.verbatim.pubsub;

import org.jspecify.annotations.NullMarked;
