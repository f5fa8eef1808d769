package io.verbatim.asr;

import io.verbatim.asr.deepgram.DeepgramReading;
import io.verbatim.fuzz.Settings;

/// What operators set for the worker.
public final class WorkerSettingsReading {
  private static final Settings SETTINGS = new Settings(AsrWorkerApplication.SERVICE);

  private WorkerSettingsReading() {}

  /// Reads the settings; options that pass make a URL.
  public static void settings(byte[] input) {
    if (SETTINGS.read(input)) {
      DeepgramReading.options(Settings.of(input).getOrDefault("DEEPGRAM_OPTIONS", ""));
    }
  }
}
