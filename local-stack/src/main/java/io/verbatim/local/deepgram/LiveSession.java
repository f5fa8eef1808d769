package io.verbatim.local.deepgram;

import io.verbatim.local.audio.AudioCoding;
import io.verbatim.local.deepgram.Hearing.Segment;
import io.verbatim.local.deepgram.Hearing.SpeechStarted;
import io.verbatim.local.deepgram.Hearing.UtteranceEnd;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One live session: frames in, messages out, then one close, and nothing after it. Knows no
/// socket. Not thread-safe.
final class LiveSession {
  private final LiveOptions options;
  private final ServerMessages messages;
  private final Instant created;
  private final SamplesDecoder decoder;
  private final List<ChannelRecognition> channels = new ArrayList<>();
  private final MessageDigest digest = sha256();
  private boolean closed;

  LiveSession(LiveOptions options, SampleIndex index, String requestId, Instant created) {
    this.options = options;
    this.messages = new ServerMessages(requestId, options);
    this.created = created;
    this.decoder = new SamplesDecoder(options);
    boolean mayBeTheCall =
        options.coding() == AudioCoding.PCM16 && options.sampleRateHz() == SampleIndex.RATE_HZ;
    long utteranceEnd = (long) options.utteranceEndMs() * options.sampleRateHz() / 1000;
    for (int channel = 0; channel < options.separateChannels(); channel++) {
      channels.add(
          new ChannelRecognition(
              mayBeTheCall ? index : null, options.sampleRateHz(), utteranceEnd));
    }
  }

  /// Audio has come; none of it is the old way to say `CloseStream`.
  Answer binary(byte[] frame) {
    if (closed) {
      return Answer.NONE;
    }
    if (frame.length == 0) {
      return closeStream();
    }
    digest.update(frame);
    short[][] samples = decoder.decode(frame);
    List<String> said = new ArrayList<>();
    for (int channel = 0; channel < samples.length; channel++) {
      say(channels.get(channel).hear(samples[channel]), channel, said);
    }
    return new Answer(said, null);
  }

  Answer text(String text) {
    if (closed) {
      return Answer.NONE;
    }
    return switch (ClientMessage.decode(text)) {
      case ClientMessage.Finalize() -> new Answer(flush(true), null);
      case ClientMessage.CloseStream() -> closeStream();
      case ClientMessage.KeepAlive(), ClientMessage.Unknown _ -> Answer.NONE;
    };
  }

  /// Neither audio nor a text came in time.
  Answer timedOut() {
    if (closed) {
      return Answer.NONE;
    }
    closed = true;
    return new Answer(
        List.of(),
        new Close(
            1011,
            "NET-0001: Deepgram did not receive audio data or a text message within the timeout window."));
  }

  private Answer closeStream() {
    List<String> said = flush(false);
    said.add(
        messages.metadata(
            created, HexFormat.of().formatHex(digest.digest()), channels.getFirst().heard()));
    closed = true;
    return new Answer(said, new Close(1000, ""));
  }

  private List<String> flush(boolean finalize) {
    List<String> said = new ArrayList<>();
    for (int channel = 0; channel < channels.size(); channel++) {
      List<Hearing> heard = channels.get(channel).flush();
      say(finalize ? heard.stream().map(LiveSession::finalized).toList() : heard, channel, said);
    }
    return said;
  }

  private static Hearing finalized(Hearing hearing) {
    return hearing instanceof Segment segment ? segment.finalized() : hearing;
  }

  private void say(List<Hearing> heard, int channel, List<String> said) {
    for (Hearing hearing : heard) {
      switch (hearing) {
        case Segment segment -> {
          if (segment.isFinal() || options.interimResults()) {
            said.add(messages.results(segment, channel));
          }
        }
        case SpeechStarted(long at) -> {
          if (options.vadEvents()) {
            said.add(messages.speechStarted(at, channel));
          }
        }
        case UtteranceEnd(long lastWordEnd) ->
            said.add(messages.utteranceEnd(lastWordEnd, channel));
      }
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /// What goes back for one frame.
  ///
  /// @param close null while the session goes on
  record Answer(List<String> messages, @Nullable Close close) {
    static final Answer NONE = new Answer(List.of(), null);

    boolean isNone() {
      return messages.isEmpty() && close == null;
    }
  }

  /// A WebSocket close.
  record Close(int code, String reason) {}
}
