package io.verbatim.local.providers;

import io.verbatim.local.sample.SampleCall;
import io.verbatim.testkit.providers.AssemblyAiRecordings;
import io.verbatim.testkit.providers.ChatTranslations;
import io.verbatim.testkit.providers.DeepgramRecordings;
import io.verbatim.testkit.providers.GoogleTranslations;
import io.verbatim.testkit.providers.OpenAiServer;
import io.verbatim.testkit.providers.WhisperRecordings;
import java.util.Map;

/// The simulated providers of recordings and translations, each a server on a free port of
/// 127.0.0.1. Its creator closes it.
public final class SimulatedProviders implements AutoCloseable {

  /// Accepted by no real provider.
  private static final String KEY = "simulated";

  private final DeepgramRecordings deepgram;
  private final OpenAiServer openAi;
  private final AssemblyAiRecordings assemblyAi;
  private final GoogleTranslations google = new GoogleTranslations(KEY);
  private final ChatTranslations deepSeek = new ChatTranslations(KEY);

  private SimulatedProviders(SampleRecognition recognition) {
    deepgram = new DeepgramRecordings(KEY, recognition::recognize);
    openAi =
        new OpenAiServer(
            new WhisperRecordings(KEY, recognition::recognize), new ChatTranslations(KEY));
    assemblyAi = new AssemblyAiRecordings(KEY, recognition::recognize);
  }

  /// Starts providers that know the words of `call`.
  public static SimulatedProviders start(SampleCall call) {
    return new SimulatedProviders(new SampleRecognition(call));
  }

  /// The settings of a gateway that uses them.
  public Map<String, String> settings() {
    return Map.of(
        "DEEPGRAM_API_KEY",
        KEY,
        "DEEPGRAM_URL",
        deepgram.url().toString(),
        "OPENAI_API_KEY",
        KEY,
        "OPENAI_URL",
        openAi.url().toString(),
        "ASSEMBLYAI_API_KEY",
        KEY,
        "ASSEMBLYAI_URL",
        assemblyAi.url().toString(),
        "GOOGLE_API_KEY",
        KEY,
        "GOOGLE_URL",
        google.url().toString(),
        "DEEPSEEK_API_KEY",
        KEY,
        "DEEPSEEK_URL",
        deepSeek.url().toString());
  }

  @Override
  public void close() {
    deepgram.close();
    openAi.close();
    assemblyAi.close();
    google.close();
    deepSeek.close();
  }
}
