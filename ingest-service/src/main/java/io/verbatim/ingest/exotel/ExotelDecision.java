package io.verbatim.ingest.exotel;

import io.verbatim.ingest.websocket.CloseCode;

/// What is to be done about something that came in.
public sealed interface ExotelDecision {

  /// A call begins.
  record Open(ExotelStart start) implements ExotelDecision {}

  /// Audio of the open call: whole sample frames, as they came.
  @SuppressWarnings("ArrayRecordComponent")
  record Audio(byte[] bytes) implements ExotelDecision {}

  /// The open call has ended.
  record End(String reason) implements ExotelDecision {}

  /// The peer has said all it will: it closes now, or is closed.
  record AwaitClose() implements ExotelDecision {}

  /// Something to count.
  ///
  /// @param detail a name to log once, as the peer gave it; empty where there is none
  record Odd(ExotelOddity oddity, long times, String detail) implements ExotelDecision {
    static Odd once(ExotelOddity oddity) {
      return new Odd(oddity, 1, "");
    }
  }

  /// The socket is to be closed.
  record Close(CloseCode code, String reason) implements ExotelDecision {}
}
