package io.verbatim.service;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/// What a jar was built from. All modules of a build have the same version and commit.
///
/// @param version the version, such as `1.2.0`
/// @param commit the first 12 digits of the Git commit; `unknown` if the build had no repository
public record Build(String version, String commit) {
  private static final String RESOURCE = "build.properties";

  /// The build of the running code.
  public static Build current() {
    Properties properties = new Properties();
    try (InputStream in = Build.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException(RESOURCE + " is missing in the jar");
      }
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String commit = properties.getProperty("commit", "");
    return new Build(
        properties.getProperty("version"), commit.matches("[0-9a-f]+") ? commit : "unknown");
  }

  @Override
  public String toString() {
    return version + " (commit " + commit + ")";
  }
}
