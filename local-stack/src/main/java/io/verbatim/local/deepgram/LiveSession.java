package io.verbatim.local.deepgram;

import io.verbatim.local.audio.AudioCoding;
import io.verbatim.local.deepgram.RecognitionEvent.Segment;
import io.verbatim.local.deepgram.RecognitionEvent.SpeechStarted;
import io.verbatim.local.deepgram.RecognitionEvent.UtteranceEnd;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One live session: frames in, messages out, then one close and nothing after it. Independent of
/// the socket. Not thread-safe.
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
    boolean maybeSampleCall =
        options.coding() == AudioCoding.PCM16 && options.sampleRateHz() == SampleIndex.RATE_HZ;
    long utteranceEnd = (long) options.utteranceEndMs() * options.sampleRateHz() / 1000;
    for (int channel = 0; channel < options.separateChannels(); channel++) {
      channels.add(
          new ChannelRecognition(
              maybeSampleCall ? index : null, options.sampleRateHz(), utteranceEnd));
    }
  }

  /// Processes audio. An empty frame is the old form of `CloseStream`.
  Answer binary(byte[] frame) {
    if (closed) {
      return Answer.NONE;
    }
    if (frame.length == 0) {
      return closeStream();
    }
    digest.update(frame);
    short[][] samples = decoder.decode(frame);
    List<String> results = new ArrayList<>();
    for (int channel = 0; channel < samples.length; channel++) {
      write(channels.get(channel).accept(samples[channel]), channel, results);
    }
    return new Answer(results, null);
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

  /// Closes the session because no audio and no text arrived in time.
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
    List<String> results = flush(false);
    results.add(
        messages.metadata(
            created, HexFormat.of().formatHex(digest.digest()), channels.getFirst().received()));
    closed = true;
    return new Answer(results, new Close(1000, ""));
  }

  private List<String> flush(boolean finalize) {
    List<String> results = new ArrayList<>();
    for (int channel = 0; channel < channels.size(); channel++) {
      List<RecognitionEvent> events = channels.get(channel).flush();
      write(
          finalize ? events.stream().map(LiveSession::finalized).toList() : events,
          channel,
          results);
    }
    return results;
  }

  private static RecognitionEvent finalized(RecognitionEvent event) {
    return event instanceof Segment segment ? segment.finalized() : event;
  }

  private void write(List<RecognitionEvent> events, int channel, List<String> results) {
    for (RecognitionEvent event : events) {
      switch (event) {
        case Segment segment -> {
          if (segment.isFinal() || options.interimResults()) {
            results.add(messages.results(segment, channel));
          }
        }
        case SpeechStarted(long at) -> {
          if (options.vadEvents()) {
            results.add(messages.speechStarted(at, channel));
          }
        }
        case UtteranceEnd(long lastWordEnd) ->
            results.add(messages.utteranceEnd(lastWordEnd, channel));
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

  /// The answer to one frame.
  ///
  /// @param close null while the session is open
  record Answer(List<String> messages, @Nullable Close close) {
    static final Answer NONE = new Answer(List.of(), null);

    boolean isNone() {
      return messages.isEmpty() && close == null;
    }
  }

  /// A WebSocket close.
  record Close(int code, String reason) {}
}
