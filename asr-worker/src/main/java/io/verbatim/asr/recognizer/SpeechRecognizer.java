package io.verbatim.asr.recognizer;

import java.util.function.Consumer;

/// Turns audio into words, one session per stretch of a call.
public interface SpeechRecognizer extends AutoCloseable {

  /// Who is at work, such as `nova-3` or `simulated`: what a watcher is told.
  String name();

  /// Begins a session at once; whether it came about is told by its events.
  ///
  /// The caller sends audio soon after [RecognizerEvent.Opened]: some recognisers close a session
  /// that hears nothing for 10 s.
  ///
  /// @param events called on a thread of the recogniser, one event at a time; must not block
  RecognizerSession open(SessionRequest request, Consumer<RecognizerEvent> events);

  /// Drops every session and lets go of threads and sockets. Idempotent.
  @Override
  void close();
}
