package io.verbatim.local.sample;

import io.verbatim.local.audio.WavFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A minute of an agent and a customer on one telephone line, 8 kHz mono, with the script of what
/// they say. Made by `tools/make_sample_call.py`.
public record SampleCall(WavFile sound, List<Utterance> utterances) {
  /// Samples in a second of it.
  public static final int RATE_HZ = 8000;

  private static final String FOLDER = "/sample-call/";

  public SampleCall {
    utterances = List.copyOf(utterances);
  }

  /// Reads it from the class path.
  public static SampleCall load() {
    JsonNode script = JsonMapper.shared().readTree(resource("words.json"));
    List<Utterance> utterances = new ArrayList<>();
    for (JsonNode utterance : script.required("utterances")) {
      List<SpokenWord> words = new ArrayList<>();
      for (JsonNode word : utterance.required("words")) {
        words.add(
            new SpokenWord(
                word.required("word").asString(),
                word.required("punctuated").asString(),
                sample(word.required("start").asDouble()),
                sample(word.required("end").asDouble())));
      }
      utterances.add(new Utterance(utterance.required("speaker").asInt(), words));
    }
    return new SampleCall(WavFile.parse(resource("call.wav"), "call.wav"), utterances);
  }

  /// The samples of its sound; a fresh array.
  public short[] samples() {
    short[] samples = new short[sound.data().length / sound.bytesPerSampleFrame()];
    for (int index = 0; index < samples.length; index++) {
      samples[index] = sound.coding().sampleAt(sound.data(), index * sound.bytesPerSampleFrame());
    }
    return samples;
  }

  private static long sample(double seconds) {
    return Math.round(seconds * RATE_HZ);
  }

  private static byte[] resource(String name) {
    try (InputStream in = SampleCall.class.getResourceAsStream(FOLDER + name)) {
      if (in == null) {
        throw new IllegalStateException("the sample call is not on the class path: " + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
