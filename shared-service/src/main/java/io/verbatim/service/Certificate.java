package io.verbatim.service;

import java.util.Map;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/// The service's TLS certificate, if one is set.
final class Certificate {
  private static final String BUNDLE = "service";
  private static final String KEYS = "spring.ssl.bundle.pem." + BUNDLE + ".";

  private Certificate() {}

  /// Whether the failure means that the certificate and the key are unreadable or do not match.
  static boolean isCauseOf(Throwable failure) {
    return String.valueOf(failure.getMessage()).contains("SSL bundle '" + BUNDLE + "'");
  }

  /// Configures the server to use the certificate and its key, and to reload them when their files
  /// change. Open connections keep the certificate of their handshake.
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
