package io.verbatim.asr;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.verbatim.asr.deepgram.DeepgramFuzzTest;
import io.verbatim.service.FuzzedSettings;

/// The settings of the worker.
public class WorkerSettingsFuzzTest {
  private static final FuzzedSettings SETTINGS = new FuzzedSettings(AsrWorkerApplication.SERVICE);

  /// Reads the settings; accepted options result in a valid URL.
  @FuzzTest
  public void settings(byte[] input) {
    if (SETTINGS.accepts(input)) {
      DeepgramFuzzTest.options(FuzzedSettings.of(input).getOrDefault("DEEPGRAM_OPTIONS", ""));
    }
  }
}
