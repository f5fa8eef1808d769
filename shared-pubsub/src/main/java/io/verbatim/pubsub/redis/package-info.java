/// The bus on Redis Streams, over exactly one connection per service.
///
/// ```
/// audio_stream                    stream  one entry per call that wants a worker; group asr-workers; fields v, call
/// audio_stream:{call}             stream  the audio: id <end position>-0, pcm, t = arrival ms; last <end position>-1, end = reason;
///                                         lost = 1 where the audio before it never came
/// transcript:{call}               stream  type = final (seq, data), gap (data) or ended (reason, duration, complete); after, line: the
///                                         link to the entry before
/// transcript:{call}:now           hash    interim:<channel> and recognizer, as JSON: replaceable; line: as of the last entry
/// call:{call}                     hash    tenant, source, format, rate, channels, from, to, language, started, state, alive, tail, seq,
///                                         partial, writer, entry, owner, watched (the owner's last look), heard, epoch, begun (the worker, while this is
///                                         the call it began last), takes,
///                                         takings, sent (by this owner), sent_before, lost_bytes (never came),
///                                         covered, covered:<channel>, line, finals, gap_bytes, gap_ms, unconfirmed,
///                                         recognizer, audio_end, reason, complete
/// calls                           zset    every call until its transcript expires, scored by last activity in ms
/// dead_letters                    stream  source, entry, reason; bounded
/// ```
///
/// The field `v` of a call's hash, of its announcement and of its transcript's entries is the
/// version of the format, now 1; a call's audio is of its hash's version. A change is compatible,
/// and needs no new version, where it adds a field that a reader of the version before may ignore,
/// or a reason or state that such a reader passes on as a text. Anything else is a new version: a
/// worker leaves a call of a newer one to other workers, says so once, and does not count it as a
/// failed delivery.
///
/// What must be one step is a script in the resources beside this package; a script touches the
/// keys of one call only, or `audio_stream` only. A blocking command never runs here: it would hold
/// up every other command of the process. Instead Redis notifies ([Invalidations]) when a key that
/// was read has changed. All state of this package is confined to the event loop of its connection.
///
/// What runs at every frame is a [RedisCall] that encodes and decodes itself; the rest uses the
/// client's own commands.
@NullMarked
package io.verbatim.pubsub.redis;

import org.jspecify.annotations.NullMarked;
