/// The bus on Redis Streams, over exactly one connection per service.
///
/// ```
/// audio_stream                    stream  one entry per call that needs a worker; group asr-workers; fields v, call
/// audio_stream:{call}             stream  the audio: id <end position>-0, pcm, t = arrival ms; last <end position>-1, end = reason;
///                                         lost = 1 if the audio before it never arrived
/// transcript:{call}               stream  type = final (seq, data), gap (data) or ended (reason, duration, complete); after, line: the
///                                         link to the previous entry; at: server time in ms, for measurements
/// transcript:{call}:now           hash    the live state: interim:<channel> and recognizer, as JSON; line: of the last entry
/// call:{call}                     hash    tenant, source, format, rate, channels, from, to, language, started, state, alive, tail, seq,
///                                         partial, writer, entry, owner, watched (the owner's last check), heard (recogniser connected),
///                                         epoch, begun (the worker, while this is the call it began last), takes (delivery count),
///                                         takings (all claims), sent (by this owner), sent_before, lost_bytes (never arrived),
///                                         covered, covered:<channel>, line, finals, gap_bytes, gap_ms, unconfirmed,
///                                         recognizer, audio_end, reason, complete
/// calls                           zset    every call until its transcript expires, scored by last activity in ms
/// dead_letters                    stream  source, entry, reason; bounded
/// api_keys                        hash    v, version, keys (hashes of the valid API keys, as JSON), used (ids of keys used at ingest);
///                                         expires unless a gateway confirms it
/// ```
///
/// The field `v` of a call's hash, of its announcement and of its transcript's entries is the
/// version of the format, now 1; a call's audio has the version of its hash. A change is
/// compatible, and needs no new version, if it adds a field that a reader of the previous version
/// may ignore, or a reason or state that such a reader passes on as a text. Any other change needs
/// a new version: a worker leaves a call of a newer version to other workers, logs this once, and
/// does not count it as a failed delivery.
///
/// Each atomic step is a script in the resources of this package; a script touches the keys of one
/// call only, or `audio_stream` only, or `api_keys` only. No blocking command runs on this
/// connection, because it would delay every other command of the process. Instead Redis notifies
/// the connection when a key that was read has changed ([Invalidations]). All state of this package
/// is confined to the event loop of its connection.
///
/// Commands that run at every frame are [RedisCall]s, which encode and decode themselves; the
/// others use the client's own commands.
@NullMarked
package io.verbatim.pubsub.redis;

import org.jspecify.annotations.NullMarked;
