package io.verbatim.service;

import java.util.Map;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/// The certificate a service proves itself with, where one is set.
final class Certificate {
  private Certificate() {}

  /// Has the server read the certificate and its key, and read them again when their files change;
  /// connections that are up go on with what they began with.
  static void serveIn(ConfigurableEnvironment environment) {
    String certificate = environment.getProperty("verbatim.tls.cert-path", "");
    String key = environment.getProperty("verbatim.tls.key-path", "");
    if (!certificate.isBlank()) {
      Map<String, Object> bundle =
          Map.of(
              "server.ssl.bundle", "door",
              "spring.ssl.bundle.pem.door.keystore.certificate", "file:" + certificate,
              "spring.ssl.bundle.pem.door.keystore.private-key", "file:" + key,
              "spring.ssl.bundle.pem.door.keystore.verify-keys", "true",
              "spring.ssl.bundle.pem.door.reload-on-update", "true");
      environment.getPropertySources().addLast(new MapPropertySource("certificate", bundle));
    }
  }
}
