package io.verbatim.local.providers;

import io.verbatim.local.audio.UnsupportedWavException;
import io.verbatim.local.audio.WavFile;
import io.verbatim.local.sample.SampleCall;
import io.verbatim.local.sample.SpokenWord;
import io.verbatim.local.sample.Utterance;
import io.verbatim.testkit.providers.NumberedSpeech.Word;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The words of a recording: those of the sample call for the sample call or its beginning, and a
/// sentence about the file for any other. Thread-safe.
final class SampleRecognition {

  private static final int MAX_HEADER_BYTES = 4096;
  private static final double WORD_SECONDS = 0.3;

  private final SampleCall sample;

  SampleRecognition(SampleCall sample) {
    this.sample = sample;
  }

  List<Word> recognize(byte[] file) {
    return samplesOfCall(file)
        .map(this::spoken)
        .orElseGet(() ->
            sentence(
                String.format(
                    Locale.ROOT,
                    "This provider is simulated. It received a recording of %,d bytes, which it"
                        + " does not know.",
                    file.length)));
  }

  /// The number of samples, if they are the first samples of the sample call.
  private Optional<Long> samplesOfCall(byte[] file) {
    byte[] call = sample.sound().data();
    if (file.length > call.length + MAX_HEADER_BYTES) {
      return Optional.empty();
    }
    try {
      WavFile wav = WavFile.parse(file, "recording");
      boolean isSameForm =
          wav.coding() == sample.sound().coding()
              && wav.sampleRateHz() == SampleCall.RATE_HZ
              && wav.channels() == 1;
      int length = wav.data().length;
      boolean isCall =
          isSameForm
              && length > 0
              && length <= call.length
              && Arrays.equals(wav.data(), 0, length, call, 0, length);
      return isCall ? Optional.of((long) length / wav.bytesPerSampleFrame()) : Optional.empty();
    } catch (UnsupportedWavException otherFormat) {
      return Optional.empty();
    }
  }

  private List<Word> spoken(long samples) {
    List<Word> words = new ArrayList<>();
    for (Utterance utterance : sample.utterances()) {
      for (SpokenWord word : utterance.words()) {
        if (word.endSample() <= samples) {
          words.add(
              new Word(
                  word.punctuated(),
                  (double) word.startSample() / SampleCall.RATE_HZ,
                  (double) word.endSample() / SampleCall.RATE_HZ,
                  utterance.speaker()));
        }
      }
    }
    return words;
  }

  private static List<Word> sentence(String text) {
    List<Word> words = new ArrayList<>();
    for (String word : text.split(" ", -1)) {
      double start = words.size() * WORD_SECONDS;
      words.add(new Word(word, start, start + WORD_SECONDS, 0));
    }
    return words;
  }
}
