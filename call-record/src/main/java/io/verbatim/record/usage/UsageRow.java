package io.verbatim.record.usage;

/// The usage of one tenant and one kind of call or of other work in a day or a month.
///
/// @param period `2026-01-31`, or `2026-01` for a month
/// @param kind how the calls arrived, such as `exotel` or `pcm`; the provider of recordings; or
///   `translation`
/// @param receivedMs audio received; equals `transcribedMs + gapMs`
/// @param sentMs audio sent to recognisers, replays included
/// @param replayedMs the part of `sentMs` that was sent again
/// @param words words in finals
/// @param batchJobs recordings that were transcribed
public record UsageRow(
    String period,
    String tenant,
    String kind,
    long calls,
    long receivedMs,
    long transcribedMs,
    long gapMs,
    long sentMs,
    long replayedMs,
    long finals,
    long words,
    long batchJobs,
    long translations) {}
