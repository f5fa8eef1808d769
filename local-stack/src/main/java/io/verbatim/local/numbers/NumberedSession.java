package io.verbatim.local.numbers;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// One session of the recogniser that reads numbers. Touched by its socket's thread only.
final class NumberedSession {
  private final NumberedFormat format;
  private final RecognizerFaults faults;
  private final List<ChannelNumbers> channels;
  private byte[] rest = new byte[0];
  private boolean over;

  NumberedSession(NumberedFormat format, RecognizerFaults faults) {
    this.format = format;
    this.faults = faults;
    channels =
        IntStream.range(0, format.channels())
            .mapToObj(channel -> new ChannelNumbers(format, channel, faults))
            .toList();
  }

  boolean isOver() {
    return over;
  }

  /// The call that is heard, once its first frame has come.
  OptionalInt call() {
    return channels.stream()
        .map(ChannelNumbers::call)
        .filter(OptionalInt::isPresent)
        .findFirst()
        .orElse(OptionalInt.empty());
  }

  /// @throws IllegalStateException when this is not audio as it was spoken
  void hear(byte[] audio, List<String> answers) {
    byte[] all = Arrays.copyOf(rest, rest.length + audio.length);
    System.arraycopy(audio, 0, all, rest.length, audio.length);
    int frameBytes = format.channelFrameBytes() * format.channels();
    int whole = all.length - all.length % frameBytes;
    for (int at = 0; at < whole; at += frameBytes) {
      for (int channel = 0; channel < channels.size(); channel++) {
        channels.get(channel).take(samples(all, at, channel));
      }
    }
    rest = Arrays.copyOfRange(all, whole, all.length);
    channels.forEach(channel -> channel.answer(answers));
  }

  /// One channel's samples of the frame that begins there.
  private byte[] samples(byte[] audio, int from, int channel) {
    int width = NumberedFormat.BYTES_PER_SAMPLE;
    byte[] samples = new byte[format.channelFrameBytes()];
    for (int at = 0; at < samples.length; at += width) {
      System.arraycopy(audio, from + at * format.channels() + channel * width, samples, at, width);
    }
    return samples;
  }

  void read(String text, List<String> answers) {
    String type = JsonMapper.shared().readTree(text).path("type").asString("");
    if (type.equals("Finalize")) {
      channels.forEach(channel -> channel.flush(true, answers));
    } else if (type.equals("CloseStream")) {
      close(answers);
    }
  }

  private void close(List<String> answers) {
    boolean isShort =
        channels.stream().anyMatch(channel -> channel.said() < channel.received())
            && faults.endsShort();
    if (!isShort) {
      channels.forEach(channel -> channel.flush(false, answers));
    }
    int covered = channels.stream().mapToInt(ChannelNumbers::said).min().orElse(0);
    ObjectNode metadata = JsonMapper.shared().createObjectNode();
    metadata
        .put("type", "Metadata")
        .put("request_id", "numbers")
        .put("duration", covered * ChannelNumbers.SECONDS_PER_FRAME)
        .put("channels", format.channels());
    answers.add(metadata.toString());
    over = true;
  }
}
