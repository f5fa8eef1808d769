package io.verbatim.ingest.exotel;

import org.jspecify.annotations.Nullable;

/// Tells from a stream's numbers what is new, what came twice and what never came.
///
/// Only a chunk that is remembered to have come, with a sequence number that has come too, is a
/// duplicate: where numbers are absent, stand still or begin anew, the audio is taken, for dropping
/// it would lose words.
final class ChunkNumbers {
  private static final int REMEMBERED = 64;
  private static final int MOST_DUPLICATES_IN_A_ROW = 50;

  /// An hour of frames: who leaves out more has not lost them, and would make a count useless.
  private static final long MOST_MISSING = 180_000;

  private long highestSequence = Long.MIN_VALUE;
  private long highestChunk = Long.MIN_VALUE;

  /// Which of the last 64 chunks have come: bit n stands for `highestChunk - n`.
  private long seen;

  private int duplicatesInARow;

  /// What the numbers of one media event say.
  ///
  /// @param missing how many chunks between the highest so far and this one have not come, an
  ///   hour's at most
  record Verdict(Order order, long missing) {}

  enum Order {
    NEXT,
    OUT_OF_ORDER,
    DUPLICATE,
    RENUMBERED
  }

  /// Notes one media event. Call once for each, in the order of arrival.
  Verdict next(@Nullable Long sequence, @Nullable Long chunk) {
    boolean sequenceIsNew = false;
    if (sequence != null && sequence > highestSequence) {
      highestSequence = sequence;
      sequenceIsNew = true;
    }
    Verdict verdict = judge(sequence, sequenceIsNew, chunk);
    if (verdict.order() != Order.DUPLICATE) {
      duplicatesInARow = 0;
    } else if (++duplicatesInARow > MOST_DUPLICATES_IN_A_ROW) {
      return new Verdict(Order.RENUMBERED, 0);
    }
    return verdict;
  }

  private Verdict judge(@Nullable Long sequence, boolean sequenceIsNew, @Nullable Long chunk) {
    if (chunk == null) {
      boolean repeated = sequence != null && !sequenceIsNew;
      return new Verdict(repeated ? Order.DUPLICATE : Order.NEXT, 0);
    }
    if (chunk > highestChunk) {
      return above(chunk);
    }
    long distance = highestChunk - chunk;
    if (distance >= REMEMBERED || distance < 0) {
      highestChunk = chunk;
      highestSequence = sequence == null ? Long.MIN_VALUE : sequence;
      seen = 1;
      return new Verdict(Order.RENUMBERED, 0);
    }
    boolean came = (seen & 1L << distance) != 0;
    seen |= 1L << distance;
    return new Verdict(came && !sequenceIsNew ? Order.DUPLICATE : Order.OUT_OF_ORDER, 0);
  }

  private Verdict above(long chunk) {
    boolean first = seen == 0;
    long step = first ? 1 : chunk - highestChunk;
    seen = step >= REMEMBERED || step < 0 ? 1 : seen << step | 1;
    highestChunk = chunk;
    return new Verdict(Order.NEXT, Math.clamp(step - 1, 0, MOST_MISSING));
  }
}
