package io.verbatim.ingest.websocket;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// What the frames of one socket mean.
///
/// Frames come one at a time, in order, on the socket's event loop; ticks, pings and the end may
/// come on other threads at the same time. Nothing here may block.
public interface Dialect {

  /// What a frame that needs no waiting answers with.
  CompletionStage<Void> READ_ON = CompletableFuture.completedFuture(null);

  /// A text frame; the next frame is read when the stage completes.
  CompletionStage<Void> text(String text);

  /// A binary frame, whose array is handed over; the next frame is read when the stage completes.
  CompletionStage<Void> binary(byte[] bytes);

  /// A message larger than any may be; nothing can be read behind it.
  void tooLarge();

  /// A ping of the peer's, which has been answered.
  void ping();

  /// An answer to a ping of ours.
  void pong();

  /// Time has passed; due several times a second.
  void tick();

  /// The socket is gone, by whomever; nothing follows.
  ///
  /// @param code as the peer gave it, 1006 where the line just dropped
  void closed(int code);
}
