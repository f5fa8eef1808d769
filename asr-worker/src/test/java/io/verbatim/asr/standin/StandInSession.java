package io.verbatim.asr.standin;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.concurrent.Future;
import io.verbatim.asr.standin.SessionPlan.AtTheEnd;
import io.verbatim.asr.standin.SessionPlan.Finals;
import io.verbatim.asr.standin.SessionPlan.Mishap;
import io.verbatim.pubsub.message.AudioFormat;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The server's side of one session, on its channel's event loop.
final class StandInSession {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /// Frames.
  private static final int OVERLAP = 10;

  private static final int LATENESS = 25;

  /// What the peer still sends is read away meanwhile: else it would lose the close frame with its
  /// line.
  private static final int LINGER_MILLIS = 1_000;

  private static final Set<AtTheEnd> SILENT_AT_FINALIZE =
      EnumSet.of(
          AtTheEnd.DIES, AtTheEnd.NO_LAST_WORDS, AtTheEnd.METADATA_FIRST, AtTheEnd.STOPS_SHORT);

  private final Channel channel;
  private final SessionPlan plan;
  private final AudioFormat format;
  private final NumberedAudio audio;
  private final HeardSession heard;
  private final StandInResults results;
  private final List<String> delayed = new ArrayList<>();
  private byte[] rest = new byte[0];
  private int frames;
  private int finals;
  private int lastFinal;
  private boolean mute;
  private boolean onlyNonsense;
  private boolean closing;
  private boolean muteUntilAsked;
  private boolean losing;
  private boolean garbling;
  private @Nullable Future<?> idle;

  StandInSession(Channel channel, SessionPlan plan, AudioFormat format, HeardSession heard) {
    this.channel = channel;
    this.plan = plan;
    this.format = format;
    this.audio = new NumberedAudio(format);
    this.heard = heard;
    this.results = new StandInResults(heard, format.channels());
  }

  void opened() {
    channel.closeFuture().addListener(done -> heard.closed());
    expectLife();
  }

  void received(WebSocketFrame frame) {
    if (closing) {
      return;
    }
    expectLife();
    if (frame instanceof BinaryWebSocketFrame) {
      byte[] bytes = ByteBufUtil.getBytes(frame.content());
      if (bytes.length == 0) {
        heard.complain("an empty binary frame");
        close(1000, "");
      } else {
        heard(bytes);
      }
    } else if (frame instanceof TextWebSocketFrame text) {
      told(text.text());
    }
  }

  private void heard(byte[] bytes) {
    heard.heardBytes(bytes.length);
    if (bytes.length % format.bytesPerFrame() != 0) {
      heard.complain("a message of " + bytes.length + " bytes cuts a sample");
    }
    byte[] all = Arrays.copyOf(rest, rest.length + bytes.length);
    System.arraycopy(bytes, 0, all, rest.length, bytes.length);
    int offset = 0;
    while (all.length - offset >= audio.bytesPerFrame()) {
      for (int voice = 0; voice < format.channels(); voice++) {
        heard.heardFrame(voice, audio.read(all, offset, voice));
      }
      offset += audio.bytesPerFrame();
      frames++;
      answer();
    }
    rest = Arrays.copyOfRange(all, offset, all.length);
  }

  private void answer() {
    if (frames == plan.mishapAfter()) {
      happen(plan.mishap());
    }
    if (onlyNonsense) {
      StandInResults.GIBBERISH.forEach(this::say);
      return;
    }
    if (muteUntilAsked || plan.finals() == Finals.NEVER) {
      return;
    }
    if (plan.finals() == Finals.LATE && frames - lastFinal == LATENESS) {
      sayDelayed();
    }
    if (plan.finals() != Finals.WITHHELD && frames - lastFinal >= plan.framesPerFinal()) {
      sayFinal(false);
    } else if (frames % plan.framesPerInterim() == 0) {
      results.interims(lastFinal, frames).forEach(this::say);
    }
  }

  private void sayFinal(boolean asked) {
    if (frames == lastFinal || onlyNonsense || plan.finals() == Finals.NEVER) {
      return;
    }
    int overlap = plan.finals() == Finals.OVERLAPPING ? OVERLAP : 0;
    List<String> said = damaged(results.finals(Math.max(0, lastFinal - overlap), frames, asked));
    lastFinal = frames;
    finals++;
    switch (plan.finals()) {
      case ONCE, WITHHELD, OVERLAPPING, NEVER -> said.forEach(this::say);
      case LATE -> {
        delayed.addAll(said);
        if (asked) {
          sayDelayed();
        }
      }
      case TWICE -> {
        said.forEach(this::say);
        said.forEach(this::say);
      }
      case SWAPPED -> {
        if (finals % 2 == 1 && !asked) {
          delayed.addAll(said);
        } else {
          said.forEach(this::say);
          sayDelayed();
        }
      }
    }
  }

  private List<String> damaged(List<String> finals) {
    List<String> left =
        finals.stream()
            .filter(_ -> !losing)
            .map(text -> garbling ? text.substring(0, text.length() / 2) : text)
            .toList();
    losing = false;
    garbling = false;
    return left;
  }

  private void sayDelayed() {
    delayed.forEach(this::say);
    delayed.clear();
  }

  private void happen(Mishap mishap) {
    switch (mishap) {
      case Mishap.None _ -> {}
      case Mishap.Drop _ -> drop();
      case Mishap.Close(int code, String reason) -> close(code, reason);
      case Mishap.FallSilent _ -> mute = true;
      case Mishap.WaitForFinalize _ -> muteUntilAsked = true;
      case Mishap.LoseFinal _ -> losing = true;
      case Mishap.GarbleFinal _ -> garbling = true;
      case Mishap.TalkNonsense _ -> StandInResults.NONSENSE.forEach(this::say);
      case Mishap.TalkOnlyNonsense _ -> onlyNonsense = true;
    }
  }

  private void told(String text) {
    JsonNode message = JSON.readTree(text);
    String type = message.path("type").asString("");
    heard.heardText(type);
    switch (type) {
      case "KeepAlive" -> {}
      case "Finalize" -> {
        muteUntilAsked = false;
        if (!SILENT_AT_FINALIZE.contains(plan.atTheEnd())) {
          sayFinal(true);
        }
      }
      case "CloseStream" -> finish();
      default -> heard.complain("a text of type " + type);
    }
  }

  private void finish() {
    switch (plan.atTheEnd()) {
      case DIES -> drop();
      case SAID -> {
        sayLastWords();
        sayMetadata(frames);
      }
      case STOPS_SHORT -> sayMetadata(lastFinal);
      case NO_METADATA -> sayLastWords();
      case NO_LAST_WORDS -> sayMetadata(frames);
      case METADATA_FIRST -> {
        say(results.metadata(frames * 0.02));
        sayLastWords();
        close(1000, "");
      }
      case CLOSES -> {
        sayLastWords();
        close(1000, "");
      }
    }
  }

  private void sayLastWords() {
    sayFinal(true);
    sayDelayed();
  }

  private void sayMetadata(int processed) {
    if (!mute) {
      say(results.metadata(processed * 0.02));
      close(1000, "");
    }
  }

  private void say(String text) {
    if (!mute && !closing && channel.isActive()) {
      var _ = channel.writeAndFlush(new TextWebSocketFrame(text));
    }
  }

  private void close(int code, String reason) {
    closing = true;
    var _ = channel.writeAndFlush(new CloseWebSocketFrame(code, reason));
    var _ =
        channel.eventLoop().schedule(() -> channel.close(), LINGER_MILLIS, TimeUnit.MILLISECONDS);
  }

  /// Behind what was said: io_uring writes later than it is asked to.
  void drop() {
    var _ = channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
  }

  private void expectLife() {
    Future<?> before = idle;
    if (before != null) {
      before.cancel(false);
    }
    idle =
        channel
            .eventLoop()
            .schedule(
                () ->
                    close(
                        1011,
                        "NET-0001 Deepgram did not receive audio data or a text message within the"
                            + " timeout window. See https://dpgr.am/net0001"),
                plan.idleLimit().toMillis(),
                TimeUnit.MILLISECONDS);
  }
}
