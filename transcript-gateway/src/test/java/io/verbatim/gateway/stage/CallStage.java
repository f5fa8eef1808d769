package io.verbatim.gateway.stage;

import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.LeaseHolder;
import io.verbatim.pubsub.Leases;
import io.verbatim.pubsub.message.AudioFormat;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallStart;
import io.verbatim.pubsub.message.Grant;
import io.verbatim.pubsub.message.Opening;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/// Plays the other services: opens calls as ingest does and owns them as a worker does.
public final class CallStage implements LeaseHolder, AutoCloseable {

  private static final AudioFormat FORMAT = new AudioFormat(AudioFormat.Encoding.PCM16, 8000, 1);
  private static final AudioFormat STEREO = new AudioFormat(AudioFormat.Encoding.PCM16, 8000, 2);

  private final Bus bus;
  private final Map<CallId, CompletableFuture<Grant>> grants = new ConcurrentHashMap<>();
  private final Leases leases;

  public CallStage(Bus bus) {
    this.bus = bus;
    this.leases = bus.leases().hold(200, this);
  }

  public SpokenCall begin(String id, String tenant) {
    return begin(id, tenant, "+911234567890");
  }

  /// A call from a number of its own.
  public SpokenCall begin(String id, String tenant, String from) {
    return begin(id, tenant, from, FORMAT);
  }

  public SpokenCall beginStereo(String id, String tenant) {
    return beginStereo(id, tenant, "+911234567890");
  }

  public SpokenCall beginStereo(String id, String tenant, String from) {
    return begin(id, tenant, from, STEREO);
  }

  private SpokenCall begin(String id, String tenant, String from, AudioFormat format) {
    String writer = "writer-of-" + id;
    CallStart start = open(id, tenant, from, format, writer);
    Grant grant = Answers.of(granting(start.call()));
    return new SpokenCall(bus, leases, grant, writer);
  }

  /// A call that no worker need have claimed.
  public void open(String id, String tenant) {
    open(id, tenant, "+911234567890", FORMAT, "writer-of-" + id);
  }

  private CallStart open(String id, String tenant, String from, AudioFormat format, String writer) {
    CallStart start =
        new CallStart(
            new CallId(id),
            tenant,
            CallStart.Source.PCM,
            format,
            from,
            "+918001234567",
            "en",
            Instant.now());
    Opening opening = Answers.of(bus.audio().open(start, writer, false));
    if (!(opening instanceof Opening.Opened)) {
      throw new AssertionError("the call could not be opened: " + opening);
    }
    return start;
  }

  @Override
  public void granted(Grant grant) {
    granting(grant.call()).complete(grant);
  }

  @Override
  public void lost(CallId call) {
    // The fence would tell the test that writes on.
  }

  private CompletableFuture<Grant> granting(CallId call) {
    return grants.computeIfAbsent(call, _ -> new CompletableFuture<>());
  }

  @Override
  public void close() {
    leases.close();
  }
}
