package io.verbatim.local.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// One session of the checking recogniser. Touched by its socket's thread only.
final class TalkingSession {
  private static final int FRAMES_PER_FINAL = 50;
  private static final double SECONDS_PER_FRAME = 0.020;

  private final Delays opening;
  private final Delays flowing;
  private final Map<Integer, Heard> calls;
  private byte[] rest = new byte[0];
  private @Nullable Heard heard;
  private int call;
  private int expected;
  private int received;
  private int answered;
  private boolean over;

  TalkingSession(Delays opening, Delays flowing, Map<Integer, Heard> calls) {
    this.opening = opening;
    this.flowing = flowing;
    this.calls = calls;
  }

  boolean isOver() {
    return over;
  }

  void hear(byte[] audio, long nowNanos, List<String> answers) {
    byte[] all = Arrays.copyOf(rest, rest.length + audio.length);
    System.arraycopy(audio, 0, all, rest.length, audio.length);
    int whole = all.length - all.length % TalkingFrame.BYTES;
    for (int at = 0; at < whole; at += TalkingFrame.BYTES) {
      frame(Arrays.copyOfRange(all, at, at + TalkingFrame.BYTES), nowNanos);
    }
    rest = Arrays.copyOfRange(all, whole, all.length);
    while (received - answered >= FRAMES_PER_FINAL) {
      answers.add(result(answered + FRAMES_PER_FINAL, false));
    }
  }

  private void frame(byte[] frame, long nowNanos) {
    Heard mine = heard;
    if (mine == null) {
      call = TalkingFrame.call(frame);
      mine = calls.computeIfAbsent(call, _ -> new Heard());
      mine.session();
      heard = mine;
    }
    mine.frame(TalkingFrame.is(frame, call, expected));
    expected++;
    received++;
    Delays delays = received <= CheckingRecognizer.OPENING_FRAMES ? opening : flowing;
    delays.add(nowNanos - TalkingFrame.sentNanos(frame));
  }

  void read(String text, List<String> answers) {
    String type = JsonMapper.shared().readTree(text).path("type").asString("");
    if ((type.equals("Finalize") || type.equals("CloseStream")) && received > answered) {
      answers.add(result(received, type.equals("Finalize")));
    }
    if (type.equals("CloseStream")) {
      ObjectNode metadata = JsonMapper.shared().createObjectNode();
      metadata
          .put("type", "Metadata")
          .put("request_id", "bench")
          .put("duration", received * SECONDS_PER_FRAME)
          .put("channels", 1);
      answers.add(metadata.toString());
      over = true;
    }
  }

  /// A final for the frames up to `to`, whose one word is the number of the last.
  private String result(int to, boolean fromFinalize) {
    double start = answered * SECONDS_PER_FRAME;
    double end = to * SECONDS_PER_FRAME;
    String word = String.format(Locale.ROOT, "%d", to - 1);
    ObjectNode result = JsonMapper.shared().createObjectNode();
    result
        .put("type", "Results")
        .put("start", start)
        .put("duration", end - start)
        .put("is_final", true)
        .put("speech_final", true)
        .put("from_finalize", fromFinalize);
    result.putArray("channel_index").add(0).add(1);
    ObjectNode alternative = result.putObject("channel").putArray("alternatives").addObject();
    alternative.put("transcript", word).put("confidence", 1.0);
    alternative
        .putArray("words")
        .addObject()
        .put("word", word)
        .put("start", start)
        .put("end", end)
        .put("confidence", 1.0);
    result
        .putObject("metadata")
        .put("request_id", "bench")
        .putObject("model_info")
        .put("name", "bench");
    answered = to;
    return result.toString();
  }
}
