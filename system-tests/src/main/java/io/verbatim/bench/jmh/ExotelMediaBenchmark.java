package io.verbatim.bench.jmh;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.verbatim.ingest.exotel.ExotelDecoder;
import io.verbatim.ingest.exotel.ExotelMessage;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// Decodes an Exotel media frame of 20 ms: from the bytes of the text to 320 bytes of audio.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ExotelMediaBenchmark {
  private byte[] payload = {};
  private String payloadText = "";
  private byte[] frame = {};
  private final ExotelDecoder decoder = new ExotelDecoder();

  /// Creates audio with all kinds of characters in its base64.
  @Setup
  public void prepare() {
    byte[] pcm = new byte[320];
    for (int i = 0; i < pcm.length; i++) {
      pcm[i] = (byte) (i * 7);
    }
    payload = Base64.getEncoder().encode(pcm);
    payloadText = new String(payload, ISO_8859_1);
    frame =
        ("{\"event\":\"media\",\"stream_sid\":\"0123456789abcdef0123456789abcdef\","
                + "\"sequence_number\":\"1234\",\"media\":{\"chunk\":\"1233\","
                + "\"timestamp\":\"24640\",\"payload\":\""
                + payloadText
                + "\"}}")
            .getBytes(UTF_8);
  }

  /// The product's decoder, from frame to message.
  @Benchmark
  public ExotelMessage message() {
    return decoder.decode(frame, frame.length);
  }

  /// Base64 decoding alone, from a string.
  @Benchmark
  public byte[] base64FromText() {
    return Base64.getDecoder().decode(payloadText);
  }

  /// Base64 decoding alone, from bytes.
  @Benchmark
  public byte[] base64FromBytes() {
    return Base64.getDecoder().decode(payload);
  }
}
