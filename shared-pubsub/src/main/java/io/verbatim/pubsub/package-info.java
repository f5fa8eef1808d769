/// The bus, in the language of calls: what a service needs of it, and nothing of how it is done.
///
/// [AudioLog][io.verbatim.pubsub.AudioLog] carries audio from ingest to the worker that owns the
/// call, [CallLeases][io.verbatim.pubsub.CallLeases] says which worker that is,
/// [TranscriptLog][io.verbatim.pubsub.TranscriptLog] carries words from there to everyone who reads
/// them, and [CallDirectory][io.verbatim.pubsub.CallDirectory] says which calls there are. Two
/// adapters keep one contract: `pubsub.redis` between processes, `pubsub.memory` inside one.
///
/// A bus has one event loop, which it usually shares with its service ([Bus#loop]). Requests may be
/// made on any thread; every stage completes on the loop, where a continuation must not block.
/// Reads are pulled: the next part is asked for when the last one has been dealt with, so a slow
/// reader holds nothing but its position.
@NullMarked
package io.verbatim.pubsub;

import org.jspecify.annotations.NullMarked;
