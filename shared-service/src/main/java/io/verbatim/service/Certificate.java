package io.verbatim.service;

import java.util.Map;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/// The certificate a service proves itself with, where one is set.
final class Certificate {
  private static final String BUNDLE = "door";
  private static final String KEYS = "spring.ssl.bundle.pem." + BUNDLE + ".";

  private Certificate() {}

  /// Whether a failure is that they cannot be read, or do not belong together.
  static boolean isCauseOf(Throwable failure) {
    return String.valueOf(failure.getMessage()).contains("SSL bundle '" + BUNDLE + "'");
  }

  /// Has the server read the certificate and its key, and read them again when their files change;
  /// connections that are up go on with what they began with.
  static void serveIn(ConfigurableEnvironment environment) {
    String certificate = environment.getProperty("verbatim.tls.cert-path", "");
    String key = environment.getProperty("verbatim.tls.key-path", "");
    if (!certificate.isBlank()) {
      Map<String, Object> bundle =
          Map.of(
              "server.ssl.bundle",
              BUNDLE,
              KEYS + "keystore.certificate",
              "file:" + certificate,
              KEYS + "keystore.private-key",
              "file:" + key,
              KEYS + "keystore.verify-keys",
              "true",
              KEYS + "reload-on-update",
              "true");
      environment.getPropertySources().addLast(new MapPropertySource("certificate", bundle));
    }
  }
}
