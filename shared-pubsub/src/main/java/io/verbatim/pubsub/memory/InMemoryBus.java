package io.verbatim.pubsub.memory;

import io.netty.channel.EventLoop;
import io.verbatim.pubsub.AudioLog;
import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.BusHealth;
import io.verbatim.pubsub.CallDirectory;
import io.verbatim.pubsub.CallLeases;
import io.verbatim.pubsub.DeadLetters;
import io.verbatim.pubsub.TranscriptLog;
import java.time.Duration;

/// The bus of services that share one process. They share one instance; whoever made it closes it
/// after them.
///
/// Nothing outlives it: calls are kept until their transcript expires, at most 50 dead letters.
public final class InMemoryBus implements Bus {
  private static final Duration AUDIO_RETENTION = Duration.ofSeconds(60);
  private static final Duration TRANSCRIPT_RETENTION = Duration.ofHours(24);
  private static final Duration LEASE = Duration.ofSeconds(2);

  private final BusThread thread;
  private final AudioLog audio;
  private final TranscriptLog transcripts;
  private final CallDirectory calls;
  private final CallLeases leases;
  private final DeadLetters deadLetters;

  /// A bus with the limits of the services' defaults.
  public InMemoryBus() {
    this(AUDIO_RETENTION, TRANSCRIPT_RETENTION, LEASE);
  }

  /// @param audioRetention how much audio nobody has covered is kept of each call
  /// @param transcriptRetention how long a call is kept after its end
  /// @param lease how long the calls of a closed lease holder wait before others get them
  public InMemoryBus(Duration audioRetention, Duration transcriptRetention, Duration lease) {
    this(new BusThread(), audioRetention, transcriptRetention, lease);
  }

  /// A bus with the limits of the services' defaults, on a loop that belongs to the caller.
  public InMemoryBus(EventLoop loop) {
    this(new BusThread(loop), AUDIO_RETENTION, TRANSCRIPT_RETENTION, LEASE);
  }

  private InMemoryBus(
      BusThread thread, Duration audioRetention, Duration transcriptRetention, Duration lease) {
    this.thread = thread;
    Calls store = new Calls(thread, transcriptRetention);
    Dispatcher dispatcher = new Dispatcher();
    audio = new InMemoryAudioLog(thread, store, dispatcher, audioRetention);
    leases = new InMemoryCallLeases(thread, store, dispatcher, lease);
    transcripts = new InMemoryTranscriptLog(thread, store);
    calls = new InMemoryCallDirectory(thread, store);
    deadLetters = new InMemoryDeadLetters(thread);
  }

  @Override
  public AudioLog audio() {
    return audio;
  }

  @Override
  public CallLeases leases() {
    return leases;
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
  public EventLoop loop() {
    return thread.loop();
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
