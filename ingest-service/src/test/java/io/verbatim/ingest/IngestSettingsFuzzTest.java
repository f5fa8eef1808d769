package io.verbatim.ingest;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.verbatim.service.FuzzedSettings;

/// The settings of ingest.
public class IngestSettingsFuzzTest {
  private static final FuzzedSettings SETTINGS = new FuzzedSettings(IngestApplication.SERVICE);

  @FuzzTest
  public void settings(byte[] input) {
    SETTINGS.accepts(input);
  }
}
