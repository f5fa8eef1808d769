package io.verbatim.service;

import java.nio.file.Files;
import java.nio.file.Path;

/// The service's certificate and key as PEM files, for a service without a TLS proxy: both or
/// neither.
///
/// An invalid value throws [IllegalArgumentException] with one sentence that names the environment
/// variable.
public record Tls(String certPath, String keyPath) {
  public Tls {
    if (certPath.isEmpty() != keyPath.isEmpty()) {
      throw new IllegalArgumentException("SSL_CERT_PATH and SSL_KEY_PATH must be set together");
    }
    readable("SSL_CERT_PATH", certPath);
    readable("SSL_KEY_PATH", keyPath);
  }

  private static void readable(String setting, String path) {
    if (!path.isEmpty() && !Files.isReadable(Path.of(path))) {
      throw new IllegalArgumentException(setting + " must name a readable file");
    }
  }

  /// Whether the service terminates TLS itself.
  public boolean isOn() {
    return !certPath.isEmpty();
  }
}
