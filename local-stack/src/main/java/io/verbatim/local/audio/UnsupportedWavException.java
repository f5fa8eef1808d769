package io.verbatim.local.audio;

/// A file that is no recording we can play; the message says what it is and what is taken.
public final class UnsupportedWavException extends RuntimeException {
  UnsupportedWavException(String name, String found) {
    super("%s is %s; taken are %s".formatted(name, found, WavFile.TAKEN));
  }
}
