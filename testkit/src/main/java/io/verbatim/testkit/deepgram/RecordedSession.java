package io.verbatim.testkit.deepgram;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/// Everything the stand-in received in one session. Thread-safe, so it can be read during the
/// session.
public final class RecordedSession {
  private static final int MAX_VIOLATIONS = 1000;
  private static final int NO_FRAME = Integer.MIN_VALUE;

  private final String requestId;
  private final Map<String, String> query;
  private final String authorization;
  private final boolean continuous;
  private final int[][] frames;
  private final int[] counts;
  private final int[] newest;
  private final List<String> texts = new ArrayList<>();
  private final List<String> violations = new ArrayList<>();
  private long[] arrivals = new long[64];
  private OptionalInt call = OptionalInt.empty();
  private long audioBytes;
  private boolean open = true;

  /// @param continuous whether silence after a numbered frame is a violation, and any silence of a
  ///   single channel; then arrivals are not kept
  RecordedSession(
      String requestId,
      Map<String, String> query,
      String authorization,
      int channels,
      boolean continuous) {
    this.requestId = requestId;
    this.query = Map.copyOf(query);
    this.authorization = authorization;
    this.continuous = continuous;
    frames = new int[channels][64];
    counts = new int[channels];
    newest = new int[channels];
    Arrays.fill(newest, NO_FRAME);
  }

  public String requestId() {
    return requestId;
  }

  public Map<String, String> query() {
    return query;
  }

  public String authorization() {
    return authorization;
  }

  /// The API key of the client.
  public String key() {
    return authorization.replaceFirst("^Token ", "");
  }

  /// The call in the audio; empty before its first frame.
  public synchronized OptionalInt call() {
    return call;
  }

  /// The numbers of the frames received on a channel, or [NumberedFrame#SILENCE].
  public synchronized List<Integer> frames(int channel) {
    return IntStream.of(frames[channel]).limit(counts[channel]).boxed().toList();
  }

  /// The number of frames received on a channel.
  public synchronized int frameCount(int channel) {
    return counts[channel];
  }

  /// The `type` of each text received.
  public synchronized List<String> texts() {
    return List.copyOf(texts);
  }

  /// Input that Deepgram would reject, or audio that was damaged or reordered; the first 1000.
  public synchronized List<String> violations() {
    return List.copyOf(violations);
  }

  public synchronized long audioBytes() {
    return audioBytes;
  }

  public synchronized boolean isOpen() {
    return open;
  }

  /// How long after the first frame this one arrived; frames are counted from 0.
  public synchronized Duration arrivalOf(int frame) {
    return Duration.ofNanos(arrivals[frame] - arrivals[0]);
  }

  synchronized void addBytes(int count) {
    audioBytes += count;
  }

  /// Records a frame of a channel.
  ///
  /// @param number or [NumberedFrame#SILENCE] or [NumberedFrame#DAMAGED]
  /// @param frameCall the call in its header, if it has one
  /// @return whether it is as expected
  synchronized boolean addFrame(int channel, int number, int frameCall, long nowNanos) {
    int count = counts[channel];
    String violation = violation(channel, number, frameCall);
    if (!violation.isEmpty()) {
      recordViolation(violation);
    }
    if (number >= 0) {
      newest[channel] = number;
      call = call.isEmpty() ? OptionalInt.of(frameCall) : call;
    }
    if (count == frames[channel].length) {
      frames[channel] = Arrays.copyOf(frames[channel], 2 * count);
    }
    frames[channel][count] = number;
    counts[channel]++;
    if (channel == 0 && !continuous) {
      if (count == arrivals.length) {
        arrivals = Arrays.copyOf(arrivals, 2 * count);
      }
      arrivals[count] = nowNanos;
    }
    return violation.isEmpty();
  }

  private String violation(int channel, int number, int frameCall) {
    int before = counts[channel] == 0 ? NO_FRAME : frames[channel][counts[channel] - 1];
    if (number == NumberedFrame.DAMAGED) {
      return "frame " + counts[channel] + " of channel " + channel + " is damaged";
    }
    if (number >= 0 && frameCall != call.orElse(frameCall)) {
      return "frame " + number + " of channel " + channel + " belongs to call " + frameCall;
    }
    if (number >= 0 && before >= 0 && number != before + 1) {
      return "frame " + number + " of channel " + channel + " follows " + before;
    }
    if (continuous
        && number == NumberedFrame.SILENCE
        && (frames.length == 1 || newest[channel] != NO_FRAME)) {
      return "frame " + counts[channel] + " of channel " + channel + " is silent";
    }
    return "";
  }

  /// The number of a frame of a channel; frames are counted from 0.
  synchronized int frame(int channel, int index) {
    return frames[channel][index];
  }

  synchronized void addText(String type) {
    texts.add(type);
  }

  synchronized void recordViolation(String violation) {
    if (violations.size() < MAX_VIOLATIONS) {
      violations.add(violation);
    }
  }

  synchronized void closed() {
    open = false;
  }
}
