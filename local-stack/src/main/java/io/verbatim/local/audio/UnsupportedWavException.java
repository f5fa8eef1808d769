package io.verbatim.local.audio;

/// A file that cannot be played. The message names its form and the supported forms.
public final class UnsupportedWavException extends RuntimeException {
  UnsupportedWavException(String name, String found) {
    super("%s is %s; supported: %s".formatted(name, found, WavFile.SUPPORTED));
  }
}
