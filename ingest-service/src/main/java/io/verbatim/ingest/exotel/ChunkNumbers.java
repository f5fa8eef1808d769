package io.verbatim.ingest.exotel;

import io.verbatim.ingest.exotel.ExotelMessage.Media;

/// Detects new, duplicate and missing chunks by the numbers in an Exotel stream: the sequence
/// number counts all events, the chunk number only media events.
///
/// A chunk is a duplicate only if both its chunk number and its sequence number were seen before.
/// If the numbers are absent, stop increasing or restart, the audio is accepted, because dropping
/// it would lose words. Confined to the event loop.
final class ChunkNumbers {
  private static final int REMEMBERED_CHUNKS = 64;

  /// More duplicates in a row mean that the numbers no longer increase, not that audio is repeated.
  private static final int MAX_DUPLICATES_IN_A_ROW = 50;

  /// An hour of chunks of 20 ms. A larger step of the numbers is not lost audio and would distort
  /// the counter.
  private static final long MAX_MISSING = 180_000;

  private long highestSequence = Media.NONE;
  private long highestChunk = Media.NONE;

  /// Which of the last 64 chunks have been seen: bit n stands for `highestChunk - n`.
  private long seen;

  private int duplicatesInARow;
  private long missing;

  /// How a chunk relates to the chunks before it. Only a duplicate is dropped.
  enum Order {
    /// Its number is above all earlier numbers, or absent.
    NEXT,
    /// Its number is not the highest, but it was not received before.
    OUT_OF_ORDER,
    /// It was received before.
    DUPLICATE,
    /// The numbers restarted or no longer increase.
    RENUMBERED
  }

  /// Records one media event. Call once per event, in order of arrival.
  Order next(long sequence, long chunk) {
    missing = 0;
    boolean sequenceIsNew = sequence > highestSequence;
    if (sequenceIsNew) {
      highestSequence = sequence;
    }
    Order order = order(sequence, sequenceIsNew, chunk);
    if (order != Order.DUPLICATE) {
      duplicatesInARow = 0;
    } else if (++duplicatesInARow > MAX_DUPLICATES_IN_A_ROW) {
      return Order.RENUMBERED;
    }
    return order;
  }

  /// How many chunks are missing directly before the last event, at most [#MAX_MISSING].
  long missing() {
    return missing;
  }

  private Order order(long sequence, boolean sequenceIsNew, long chunk) {
    if (chunk == Media.NONE) {
      boolean repeated = sequence != Media.NONE && !sequenceIsNew;
      return repeated ? Order.DUPLICATE : Order.NEXT;
    }
    if (chunk > highestChunk) {
      advanceTo(chunk);
      return Order.NEXT;
    }
    long distance = highestChunk - chunk;
    if (distance >= REMEMBERED_CHUNKS || distance < 0) {
      highestChunk = chunk;
      highestSequence = sequence;
      seen = 1;
      return Order.RENUMBERED;
    }
    boolean repeated = (seen & 1L << distance) != 0;
    seen |= 1L << distance;
    return repeated && !sequenceIsNew ? Order.DUPLICATE : Order.OUT_OF_ORDER;
  }

  private void advanceTo(long chunk) {
    boolean first = seen == 0;
    long step = first ? 1 : chunk - highestChunk;
    seen = step >= REMEMBERED_CHUNKS || step < 0 ? 1 : seen << step | 1;
    highestChunk = chunk;
    missing = Math.clamp(step - 1, 0, MAX_MISSING);
  }
}
