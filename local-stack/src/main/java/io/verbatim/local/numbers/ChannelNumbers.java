package io.verbatim.local.numbers;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What the recogniser has of one channel of a session: every frame of 20 ms is one word, the
/// frame's number in its call. Touched by its socket's thread only.
///
/// Of two channels, one may begin with silence: its words were transcribed before.
final class ChannelNumbers {
  static final double SECONDS_PER_FRAME = 0.020;

  private static final int SILENT = -1;
  private static final int FRAMES_PER_FINAL = 25;
  private static final int MORE_PER_CHANNEL = 10;
  private static final int FRAMES_PER_INTERIM = 10;

  private final NumberedFormat format;
  private final int channel;
  private final RecognizerFaults faults;
  private final int framesPerFinal;
  private final List<Integer> frames = new ArrayList<>();
  private OptionalInt call = OptionalInt.empty();
  private int said;
  private int shown;

  /// The channels' finals end at different times.
  ///
  /// @param channel from 0
  ChannelNumbers(NumberedFormat format, int channel, RecognizerFaults faults) {
    this.format = format;
    this.channel = channel;
    this.faults = faults;
    framesPerFinal = FRAMES_PER_FINAL + channel * MORE_PER_CHANNEL;
  }

  /// The call, once its first frame has come.
  OptionalInt call() {
    return call;
  }

  /// How many frames finals cover.
  int said() {
    return said;
  }

  /// How many frames have come.
  int received() {
    return frames.size();
  }

  /// @throws IllegalStateException when this is not audio as it was spoken
  void take(byte[] frame) {
    if (call.isEmpty() && format.channels() > 1 && TalkingFrame.isSilence(frame)) {
      frames.add(SILENT);
      return;
    }
    int number = TalkingFrame.number(frame);
    int whose = TalkingFrame.call(frame);
    boolean next = call.isEmpty() || number == frames.getLast() + 1;
    if (!next
        || whose != call.orElse(whose)
        || !TalkingFrame.is(frame, format, whose, number, channel)) {
      throw new IllegalStateException(
          "not the next frame: number " + number + " behind " + frames.size() + " frames");
    }
    call = OptionalInt.of(whose);
    frames.add(number);
  }

  /// What there is to say after new audio.
  void answer(List<String> answers) {
    while (frames.size() - said >= framesPerFinal) {
      String result = result(said + framesPerFinal, true, false);
      if (!faults.omitsFinal()) {
        answers.add(result);
      }
    }
    if (frames.size() - Math.max(said, shown) >= FRAMES_PER_INTERIM) {
      answers.add(result(frames.size(), false, false));
    }
  }

  /// All that was not said yet, as a final.
  void flush(boolean fromFinalize, List<String> answers) {
    if (frames.size() > said) {
      answers.add(result(frames.size(), true, fromFinalize));
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
    result.putArray("channel_index").add(channel).add(format.channels());
    ObjectNode alternative = result.putObject("channel").putArray("alternatives").addObject();
    ArrayNode words = alternative.putArray("words");
    List<String> texts = new ArrayList<>();
    for (int at = said; at < to; at++) {
      if (frames.get(at) == SILENT) {
        continue;
      }
      String word = Integer.toString(frames.get(at));
      texts.add(word);
      words
          .addObject()
          .put("word", word)
          .put("start", at * SECONDS_PER_FRAME)
          .put("end", (at + 1) * SECONDS_PER_FRAME)
          .put("confidence", 1.0);
    }
    alternative.put("transcript", String.join(" ", texts)).put("confidence", 1.0);
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
