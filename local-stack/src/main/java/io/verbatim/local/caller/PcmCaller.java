package io.verbatim.local.caller;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.verbatim.local.audio.WavFile;
import java.net.URI;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.websocket.WebsocketInbound;
import reactor.netty.http.websocket.WebsocketOutbound;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Plays recordings of any form to an ingest service by the pcm dialect, in real time. Stateless
/// between calls; thread-safe.
///
/// @param ingest the service's URL
/// @param token the JWT to show
/// @param tenantId whose calls these are
public record PcmCaller(URI ingest, String token, String tenantId) {

  /// Calls now and plays `wav`.
  public OngoingCall call(WavFile wav) {
    Line line = new Line(wav, new OngoingCall("pcm-" + UUID.randomUUID()), tenantId);
    HttpClient.newConnection()
        .headers(headers -> headers.set(HttpHeaderNames.AUTHORIZATION, "Bearer " + token))
        .websocket()
        .uri(ingest)
        .handle(line::talk)
        .subscribe(null, line.call::fail, line::ended);
    return line.call;
  }

  private static final class Line {
    private final WavFile wav;
    private final OngoingCall call;
    private final String tenantId;
    private final Sinks.Empty<Void> started = Sinks.empty();
    private final AtomicLong frames = new AtomicLong();
    private volatile long stored;
    private volatile @Nullable String problem;

    Line(WavFile wav, OngoingCall call, String tenantId) {
      this.wav = wav;
      this.call = call;
      this.tenantId = tenantId;
    }

    private Publisher<Void> talk(WebsocketInbound in, WebsocketOutbound out) {
      Flux<WebSocketFrame> audio =
          RealTimeFrames.of(wav)
              .takeUntilOther(call.leaving())
              .doOnNext(_ -> frames.incrementAndGet())
              .map(bytes -> new BinaryWebSocketFrame(Unpooled.wrappedBuffer(bytes)));
      Flux<WebSocketFrame> said =
          Flux.<WebSocketFrame>just(text(PcmMessages.start(call.callId(), tenantId, wav)))
              .concatWith(started.asMono().or(call.leaving()).thenMany(audio))
              .concatWith(Mono.defer(() -> farewell(in)));
      Mono<Void> spoken = out.sendObject(said, _ -> true).then();
      Mono<Void> heard = in.receive().asString().doOnNext(this::hear).then();
      return heard.or(spoken.then(Mono.never())); // the line is down when nothing more can be heard
    }

    private Mono<WebSocketFrame> farewell(WebsocketInbound in) {
      if (call.isDropped()) {
        return Mono.fromRunnable(() -> in.withConnection(line -> line.channel().close()));
      }
      return Mono.just(text(PcmMessages.stop()));
    }

    private void hear(String message) {
      JsonNode event = JsonMapper.shared().readTree(message);
      switch (event.path("event").asString("")) {
        case "started" -> started.tryEmitEmpty();
        case "ack" -> stored = event.path("seq").asLong();
        case "stopped" -> stored = event.path("frames").asLong();
        case "error" -> problem = event.path("message").asString("");
        default -> {} // what a later service adds
      }
    }

    private void ended() {
      call.end(new CallEnd(frames.get(), stored, problem));
    }

    private static WebSocketFrame text(String message) {
      return new TextWebSocketFrame(message);
    }
  }
}
