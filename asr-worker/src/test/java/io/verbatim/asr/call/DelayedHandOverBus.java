package io.verbatim.asr.call;

import io.netty.channel.EventLoop;
import io.verbatim.pubsub.AudioLog;
import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.BusHealth;
import io.verbatim.pubsub.BusStats;
import io.verbatim.pubsub.CallDirectory;
import io.verbatim.pubsub.CallLeases;
import io.verbatim.pubsub.DeadLetters;
import io.verbatim.pubsub.LeaseHolder;
import io.verbatim.pubsub.Leases;
import io.verbatim.pubsub.PublishedApiKeys;
import io.verbatim.pubsub.TranscriptLog;
import io.verbatim.pubsub.message.AbandonOutcome;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.Grant;
import io.verbatim.pubsub.message.WriterLiveness;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// A bus whose hand-over begins when the test allows it. Everything else goes to another bus.
final class DelayedHandOverBus implements Bus {
  private final Bus bus;
  private final CompletableFuture<Void> requested = new CompletableFuture<>();
  private final CompletableFuture<Void> allowed = new CompletableFuture<>();

  DelayedHandOverBus(Bus bus) {
    this.bus = bus;
  }

  /// Waits until a worker requests its hand-over.
  void awaitRequest() {
    NumberedCaller.now(requested);
  }

  void allow() {
    allowed.complete(null);
  }

  @Override
  public CallLeases leases() {
    CallLeases leases = bus.leases();
    return new CallLeases() {
      @Override
      public Leases hold(int permits, LeaseHolder holder) {
        return new DelayedLeases(leases.hold(permits, holder));
      }

      @Override
      public CompletionStage<AbandonOutcome> abandon(
          CallId call, String owner, WriterLiveness liveness, Duration silence, String reason) {
        return leases.abandon(call, owner, liveness, silence, reason);
      }
    };
  }

  private final class DelayedLeases implements Leases {
    private final Leases leases;

    DelayedLeases(Leases leases) {
      this.leases = leases;
    }

    @Override
    public CompletionStage<Void> release(Grant grant) {
      return leases.release(grant);
    }

    @Override
    public void revalidate(Grant grant) {
      leases.revalidate(grant);
    }

    @Override
    public CompletionStage<Void> giveBack(Grant grant) {
      return leases.giveBack(grant);
    }

    @Override
    public CompletionStage<Void> stopClaiming() {
      return leases.stopClaiming();
    }

    @Override
    public CompletionStage<Void> handOver() {
      requested.complete(null);
      return allowed.thenCompose(_ -> leases.handOver());
    }

    @Override
    public void close() {
      leases.close();
    }
  }

  @Override
  public AudioLog audio() {
    return bus.audio();
  }

  @Override
  public TranscriptLog transcripts() {
    return bus.transcripts();
  }

  @Override
  public CallDirectory calls() {
    return bus.calls();
  }

  @Override
  public DeadLetters deadLetters() {
    return bus.deadLetters();
  }

  @Override
  public PublishedApiKeys apiKeys() {
    return bus.apiKeys();
  }

  @Override
  public EventLoop loop() {
    return bus.loop();
  }

  @Override
  public BusHealth health() {
    return bus.health();
  }

  @Override
  public BusStats stats() {
    return bus.stats();
  }

  @Override
  public OptionalLong serverMillis() {
    return bus.serverMillis();
  }

  @Override
  public void close() {
    bus.close();
  }
}
