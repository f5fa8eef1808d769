package io.verbatim.pubsub.memory;

import io.verbatim.pubsub.AudioLog;
import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.BusHealth;
import io.verbatim.pubsub.CallDirectory;
import io.verbatim.pubsub.DeadLetters;
import io.verbatim.pubsub.TranscriptLog;
import java.time.Duration;

/// The bus of services that share one process. They share one instance; whoever made it closes it
/// after them.
///
/// Nothing outlives it: calls are kept until their transcript expires, at most 50 dead letters.
public final class InMemoryBus implements Bus {
  private final BusThread thread = new BusThread();
  private final AudioLog audio;
  private final TranscriptLog transcripts;
  private final CallDirectory calls;
  private final DeadLetters deadLetters = new InMemoryDeadLetters(thread);

  /// A bus with the limits of the services' defaults.
  public InMemoryBus() {
    this(Duration.ofSeconds(60), Duration.ofHours(24), Duration.ofSeconds(2));
  }

  /// @param audioRetention how much audio nobody has covered is kept of each call
  /// @param transcriptRetention how long a call is kept after its end
  /// @param lease how long the calls of a closed lease holder wait before others get them
  public InMemoryBus(Duration audioRetention, Duration transcriptRetention, Duration lease) {
    Calls store = new Calls(thread, transcriptRetention);
    audio = new InMemoryAudioLog(thread, store, audioRetention, lease);
    transcripts = new InMemoryTranscriptLog(thread, store);
    calls = new InMemoryCallDirectory(thread, store);
  }

  @Override
  public AudioLog audio() {
    return audio;
  }

  @Override
  public TranscriptLog transcripts() {
    return transcripts;
  }

  @Override
  public CallDirectory calls() {
    return calls;
  }

  @Override
  public DeadLetters deadLetters() {
    return deadLetters;
  }

  @Override
  public BusHealth health() {
    return new BusHealth.Connected();
  }

  @Override
  public void close() {
    thread.close();
  }
}
