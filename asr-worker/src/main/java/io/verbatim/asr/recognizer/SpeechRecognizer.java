package io.verbatim.asr.recognizer;

import java.time.Duration;
import java.util.function.Consumer;

/// Turns audio into words, one session per contiguous stretch of a call. Confined to the event loop
/// unless a method says otherwise.
public interface SpeechRecognizer extends AutoCloseable {

  /// The recogniser's name in transcripts and statuses, such as `nova-3` or `simulated`.
  String name();

  /// Starts a session; its events report whether it opened.
  ///
  /// Send audio soon after [RecognizerEvent.Opened]: some recognisers close a session that receives
  /// nothing for 10 s.
  ///
  /// @param handshakeLimit within which it opens or closes, name resolution and TLS included
  /// @param events called on the event loop, never before this method returns
  RecognizerSession open(
      SessionRequest request, Duration handshakeLimit, Consumer<RecognizerEvent> events);

  /// Drops every session. Idempotent and thread-safe.
  @Override
  void close();
}
