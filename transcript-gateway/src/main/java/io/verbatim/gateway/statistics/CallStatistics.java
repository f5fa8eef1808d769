package io.verbatim.gateway.statistics;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Who spoke how long in a call, and how the speakers took turns. Times are milliseconds.
///
/// `talkMs - overlapMs + silenceMs + untranscribedMs = durationMs` always holds.
///
/// @param durationMs the call's length; of a live call, the time up to the end of its last line
/// @param talkMs the sum of the speakers' `talkMs`
/// @param overlapMs the time in which more than one speaker talks, counted once for each further
///   speaker
/// @param silenceMs the transcribed time without a word, pauses between words included
/// @param untranscribedMs the time in gaps in which no speaker has a word
/// @param interruptions the sum of the speakers' `interruptions`
/// @param firstResponseMs from the end of the first turn, as far as it was spoken by then, to the
///   first word of another speaker; 0 if that word begins earlier; null if there is no other
///   speaker
/// @param speakers those with words, by channel or by the recogniser's number
public record CallStatistics(
    long durationMs,
    long talkMs,
    long overlapMs,
    long silenceMs,
    long untranscribedMs,
    long interruptions,
    @Nullable Long firstResponseMs,
    List<Speaker> speakers) {

  /// One speaker. The speakers are the channels if there are words on the second channel, else
  /// those that the recogniser distinguishes.
  ///
  /// A turn is a row of words of one speaker with pauses of at most one second. A speaker
  /// interrupts by a turn that begins within the turn of another speaker, at least half a second
  /// before its end, and lasts longer than it. So a short "yes" of the listener is no interruption,
  /// and neither is a word that begins with the last one of the other.
  ///
  /// @param channel null if the speakers are not distinguished by channel
  /// @param speaker the recogniser's number of the speaker, 0 if it gave none; null if the speakers
  ///   are distinguished by channel
  /// @param talkMs the time that is covered by the speaker's words
  /// @param wordsPerMinute words for each minute of `talkMs`; null below one second
  /// @param interruptions how often the speaker interrupted others
  public record Speaker(
      @Nullable Integer channel,
      @Nullable Integer speaker,
      long talkMs,
      long words,
      @Nullable Long wordsPerMinute,
      long interruptions) {}

  public CallStatistics {
    speakers = List.copyOf(speakers);
  }
}
