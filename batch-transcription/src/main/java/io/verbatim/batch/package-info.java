/// Transcribes recordings with batch recognisers, and translates texts: a plain library without a
/// server, which the gateway mounts.
///
/// `media` reads recordings, `provider` is the port that `deepgram`, `openai` and `assemblyai`
/// implement, and `job` bounds and runs the work. For texts, `translator` is the port that `chat`
/// and `google` implement, and `translation` bounds the work. All of it blocks, on virtual threads
/// of its own; nothing here may run on an event loop.
@NullMarked
package io.verbatim.batch;

import org.jspecify.annotations.NullMarked;
