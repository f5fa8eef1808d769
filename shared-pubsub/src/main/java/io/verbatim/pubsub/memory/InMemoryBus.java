package io.verbatim.pubsub.memory;

import io.netty.channel.EventLoop;
import io.verbatim.pubsub.AudioLog;
import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.BusHealth;
import io.verbatim.pubsub.BusStats;
import io.verbatim.pubsub.CallDirectory;
import io.verbatim.pubsub.CallLeases;
import io.verbatim.pubsub.DeadLetters;
import io.verbatim.pubsub.PublishedApiKeys;
import io.verbatim.pubsub.TranscriptLog;
import java.time.Duration;
import java.util.OptionalLong;

/// The bus of services that share one process and one instance of it. Its creator closes it after
/// the services.
///
/// All data ends with the instance. Keeps calls until their transcript expires, and at most 50 dead
/// letters.
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
  private final PublishedApiKeys apiKeys;

  /// A bus with the services' default limits.
  public InMemoryBus() {
    this(AUDIO_RETENTION, TRANSCRIPT_RETENTION, LEASE);
  }

  /// @param audioRetention how much uncovered audio of each call is kept
  /// @param transcriptRetention how long a call is kept after its end
  /// @param lease the time after which the calls of a closed [Leases][io.verbatim.pubsub.Leases] go
  ///   to other workers
  public InMemoryBus(Duration audioRetention, Duration transcriptRetention, Duration lease) {
    this(new BusThread(), audioRetention, transcriptRetention, lease);
  }

  /// A bus with the services' default limits, on a loop that belongs to the caller.
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
    apiKeys = new InMemoryApiKeys(thread);
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
  public PublishedApiKeys apiKeys() {
    return apiKeys;
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
  public BusStats stats() {
    return BusStats.NONE;
  }

  @Override
  public OptionalLong serverMillis() {
    return OptionalLong.of(System.currentTimeMillis());
  }

  @Override
  public void close() {
    thread.close();
  }
}
