package io.verbatim.asr.standin;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What the stand-in heard in one session. Safe to read while the session goes on.
public final class HeardSession {
  private final String requestId;
  private final Map<String, String> query;
  private final String authorization;
  private final List<List<Integer>> frames = new ArrayList<>();
  private final List<String> texts = new ArrayList<>();
  private final List<String> complaints = new ArrayList<>();
  private final List<Long> arrivals = new ArrayList<>();
  private long audioBytes;
  private boolean open = true;

  HeardSession(String requestId, Map<String, String> query, String authorization, int channels) {
    this.requestId = requestId;
    this.query = Map.copyOf(query);
    this.authorization = authorization;
    for (int channel = 0; channel < channels; channel++) {
      frames.add(new ArrayList<>());
    }
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

  /// The numbers of the frames heard on a channel, or [NumberedAudio#SILENCE].
  public synchronized List<Integer> frames(int channel) {
    return List.copyOf(frames.get(channel));
  }

  /// The `type` of each text received.
  public synchronized List<String> texts() {
    return List.copyOf(texts);
  }

  /// What a true Deepgram would not have taken, or audio that is not as it was sent.
  public synchronized List<String> complaints() {
    return List.copyOf(complaints);
  }

  public synchronized long audioBytes() {
    return audioBytes;
  }

  public synchronized boolean isOpen() {
    return open;
  }

  /// How long after the first frame this one came, both counted from 0.
  public synchronized Duration arrivalOf(int frame) {
    return Duration.ofNanos(arrivals.get(frame) - arrivals.getFirst());
  }

  synchronized void heardBytes(int count) {
    audioBytes += count;
  }

  synchronized int heardFrame(int channel, int number) {
    List<Integer> heard = frames.get(channel);
    int before = heard.isEmpty() ? NumberedAudio.SILENCE : heard.getLast();
    if (number == NumberedAudio.DAMAGED) {
      complaints.add("frame " + heard.size() + " of channel " + channel + " is damaged");
    } else if (number >= 0 && before >= 0 && number != before + 1) {
      complaints.add("frame " + number + " of channel " + channel + " follows " + before);
    }
    heard.add(number);
    if (channel == 0) {
      arrivals.add(System.nanoTime());
    }
    return heard.size();
  }

  synchronized void heardText(String type) {
    texts.add(type);
  }

  synchronized void complain(String complaint) {
    complaints.add(complaint);
  }

  synchronized void closed() {
    open = false;
  }
}
