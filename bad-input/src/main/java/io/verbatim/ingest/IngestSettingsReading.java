package io.verbatim.ingest;

import io.verbatim.fuzz.Settings;

/// What operators set for ingest.
public final class IngestSettingsReading {
  private static final Settings SETTINGS = new Settings(IngestApplication.SERVICE);

  private IngestSettingsReading() {}

  public static void settings(byte[] input) {
    SETTINGS.read(input);
  }
}
