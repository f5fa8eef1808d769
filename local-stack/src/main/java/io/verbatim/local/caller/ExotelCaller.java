package io.verbatim.local.caller;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.verbatim.local.audio.AudioCoding;
import io.verbatim.local.audio.WavFile;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.websocket.WebsocketInbound;
import reactor.netty.http.websocket.WebsocketOutbound;

/// Plays recordings to an ingest service like Exotel's Stream applet: one socket per call, Basic
/// credentials, real time. Stateless between calls; thread-safe.
///
/// @param ingest the service's URL, as in the applet, without the credentials
/// @param accountSid the account of the calls, which is their tenant
public record ExotelCaller(URI ingest, String username, String password, String accountSid) {
  private static final String FROM = "09876543210";
  private static final String TO = "08012345678";
  private static final String SID_CHARACTERS = "0123456789abcdefghijklmnopqrstuvwxyz";
  private static final int SID_LENGTH = 32;
  private static final SecureRandom RANDOM = new SecureRandom();

  /// Whether Exotel could send this recording: mono PCM at 8, 16 or 24 kHz.
  public static boolean supports(WavFile wav) {
    return wav.coding() == AudioCoding.PCM16 && wav.channels() == 1 && wav.sampleRateHz() <= 24_000;
  }

  /// Starts a call and plays `wav`.
  public OngoingCall call(WavFile wav) {
    if (!supports(wav)) {
      throw new IllegalArgumentException("Exotel sends only mono PCM at 8, 16 or 24 kHz");
    }
    return call(wav.sampleRateHz(), RealTimeFrames.of(wav));
  }

  /// Starts a call and sends each frame as it arrives: 20 ms of mono PCM.
  public OngoingCall call(int sampleRateHz, Flux<byte[]> frames) {
    Connection connection =
        new Connection(sampleRateHz, frames, new ExotelMessages(sid(), sid(), accountSid));
    String credentials =
        Base64.getEncoder()
            .encodeToString((username + ":" + password).getBytes(StandardCharsets.UTF_8));
    HttpClient.newConnection()
        .headers(headers -> headers.set(HttpHeaderNames.AUTHORIZATION, "Basic " + credentials))
        .websocket()
        .uri(ingest)
        .handle(connection::exchange)
        .subscribe(null, connection.call::fail, connection::ended);
    return connection.call;
  }

  private static String sid() {
    return RANDOM
        .ints(SID_LENGTH, 0, SID_CHARACTERS.length())
        .mapToObj(index -> String.valueOf(SID_CHARACTERS.charAt(index)))
        .collect(Collectors.joining());
  }

  private static final class Connection {
    private final int sampleRateHz;
    private final Flux<byte[]> audio;
    private final ExotelMessages messages;
    private final OngoingCall call;
    private final AtomicLong frames = new AtomicLong();
    private final AtomicReference<@Nullable WebSocketCloseStatus> closeStatus =
        new AtomicReference<>();

    Connection(int sampleRateHz, Flux<byte[]> audio, ExotelMessages messages) {
      this.sampleRateHz = sampleRateHz;
      this.audio = audio;
      this.messages = messages;
      this.call = new OngoingCall(messages.callSid());
    }

    private Publisher<Void> exchange(WebsocketInbound in, WebsocketOutbound out) {
      Flux<String> outgoing =
          Flux.just(messages.connected(), messages.start(FROM, TO, sampleRateHz))
              .concatWith(
                  audio
                      .takeUntilOther(call.hangUpRequested())
                      .map(frame -> messages.media(frames.getAndIncrement(), frame)))
              .concatWith(Mono.defer(this::stopMessage));
      Mono<Void> sent =
          out.sendObject(outgoing.map(TextWebSocketFrame::new), _ -> true)
              .then()
              .then(Mono.fromRunnable(() -> in.withConnection(open -> open.channel().close())));
      Mono<Void> received =
          in.receive().then(in.receiveCloseStatus().doOnNext(closeStatus::set)).then();
      return received.or(sent.then(Mono.never())); // open until the service closes it
    }

    private Mono<String> stopMessage() {
      return call.isDropped() ? Mono.empty() : Mono.just(messages.stop(frames.get()));
    }

    private void ended() {
      WebSocketCloseStatus status = closeStatus.get();
      boolean refused =
          status != null && status.code() >= 1000 && status.code() != 1006 && status.code() != 1000;
      call.end(
          new CallEnd(
              frames.get(),
              0,
              refused && status != null ? status.code() + " " + status.reasonText() : null));
    }
  }
}
