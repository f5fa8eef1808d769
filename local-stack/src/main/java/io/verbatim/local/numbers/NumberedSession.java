package io.verbatim.local.numbers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// One session of the recogniser that reads numbers: every frame of 20 ms is one word, the frame's
/// number in its call. Touched by its socket's thread only.
final class NumberedSession {
  private static final int FRAMES_PER_FINAL = 25;
  private static final int FRAMES_PER_INTERIM = 10;
  private static final double SECONDS_PER_FRAME = 0.020;

  private final List<Integer> frames = new ArrayList<>();
  private byte[] rest = new byte[0];
  private OptionalInt call = OptionalInt.empty();
  private int said;
  private int shown;
  private boolean over;

  boolean isOver() {
    return over;
  }

  /// The call that is heard, once its first frame has come.
  OptionalInt call() {
    return call;
  }

  /// @throws IllegalStateException when this is not audio as it was spoken
  void hear(byte[] audio, List<String> answers) {
    byte[] all = Arrays.copyOf(rest, rest.length + audio.length);
    System.arraycopy(audio, 0, all, rest.length, audio.length);
    int whole = all.length - all.length % TalkingFrame.BYTES;
    for (int at = 0; at < whole; at += TalkingFrame.BYTES) {
      take(Arrays.copyOfRange(all, at, at + TalkingFrame.BYTES));
    }
    rest = Arrays.copyOfRange(all, whole, all.length);
    while (frames.size() - said >= FRAMES_PER_FINAL) {
      answers.add(result(said + FRAMES_PER_FINAL, true, false));
    }
    if (frames.size() - Math.max(said, shown) >= FRAMES_PER_INTERIM) {
      answers.add(result(frames.size(), false, false));
    }
  }

  private void take(byte[] frame) {
    int number = TalkingFrame.number(frame);
    int whose = TalkingFrame.call(frame);
    boolean next = frames.isEmpty() || number == frames.getLast() + 1;
    if (!next || whose != call.orElse(whose) || !TalkingFrame.is(frame, whose, number)) {
      throw new IllegalStateException(
          "not the next frame: number " + number + " behind " + frames.size() + " frames");
    }
    call = OptionalInt.of(whose);
    frames.add(number);
  }

  void read(String text, List<String> answers) {
    String type = JsonMapper.shared().readTree(text).path("type").asString("");
    boolean closing = type.equals("CloseStream");
    if ((closing || type.equals("Finalize")) && frames.size() > said) {
      answers.add(result(frames.size(), true, !closing));
    }
    if (closing) {
      ObjectNode metadata = JsonMapper.shared().createObjectNode();
      metadata
          .put("type", "Metadata")
          .put("request_id", "numbers")
          .put("duration", frames.size() * SECONDS_PER_FRAME)
          .put("channels", 1);
      answers.add(metadata.toString());
      over = true;
    }
  }

  private String result(int to, boolean isFinal, boolean fromFinalize) {
    ObjectNode result = JsonMapper.shared().createObjectNode();
    result
        .put("type", "Results")
        .put("start", said * SECONDS_PER_FRAME)
        .put("duration", (to - said) * SECONDS_PER_FRAME)
        .put("is_final", isFinal)
        .put("speech_final", isFinal)
        .put("from_finalize", fromFinalize);
    result.putArray("channel_index").add(0).add(1);
    ObjectNode alternative = result.putObject("channel").putArray("alternatives").addObject();
    ArrayNode words = alternative.putArray("words");
    StringBuilder transcript = new StringBuilder();
    for (int at = said; at < to; at++) {
      String word = Integer.toString(frames.get(at));
      transcript.append(at == said ? "" : " ").append(word);
      words
          .addObject()
          .put("word", word)
          .put("start", at * SECONDS_PER_FRAME)
          .put("end", (at + 1) * SECONDS_PER_FRAME)
          .put("confidence", 1.0);
    }
    alternative.put("transcript", transcript.toString()).put("confidence", 1.0);
    result
        .putObject("metadata")
        .put("request_id", "numbers")
        .putObject("model_info")
        .put("name", "numbers");
    shown = to;
    if (isFinal) {
      said = to;
    }
    return result.toString();
  }
}
