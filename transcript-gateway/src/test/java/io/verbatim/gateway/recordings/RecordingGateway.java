package io.verbatim.gateway.recordings;

import io.verbatim.batch.job.BatchTranscriptions;
import io.verbatim.gateway.auth.TestTokens;
import io.verbatim.gateway.fixture.RunningGateway;
import io.verbatim.pubsub.memory.InMemoryBus;
import io.verbatim.testkit.providers.AssemblyAiRecordings;
import io.verbatim.testkit.providers.DeepgramRecordings;
import io.verbatim.testkit.providers.WhisperRecordings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// A gateway with a directory of its own for uploads, and the stand-ins of all providers.
final class RecordingGateway implements AutoCloseable {

  static final String TOKEN =
      TestTokens.token(
          claims -> claims.claim("tenant_id", "acme").claim("scope", "transcriptions:write"));

  final DeepgramRecordings deepgram = new DeepgramRecordings("dg-key");
  final WhisperRecordings whisper = new WhisperRecordings("oa-key");
  final AssemblyAiRecordings assemblyAi = new AssemblyAiRecordings("aa-key");
  final Path directory;
  final RunningGateway gateway;
  private final InMemoryBus bus = new InMemoryBus();

  /// @param settings replace those for the stand-ins
  RecordingGateway(Map<String, Object> settings) {
    try {
      directory = Files.createTempDirectory("recordings-test");
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    Map<String, Object> all = new HashMap<>();
    all.put("DEEPGRAM_API_KEY", "dg-key");
    all.put("DEEPGRAM_URL", deepgram.url().toString());
    all.put("OPENAI_API_KEY", "oa-key");
    all.put("OPENAI_URL", whisper.url().toString());
    all.put("ASSEMBLYAI_API_KEY", "aa-key");
    all.put("ASSEMBLYAI_URL", assemblyAi.url().toString());
    all.put("BATCH_DIRECTORY", directory.toString());
    all.put("BATCH_MIN_FREE", "0B");
    all.putAll(settings);
    gateway = RunningGateway.on(bus, all);
  }

  HttpResponse<String> post(String path, Form form) {
    return gateway.send(request(path, form));
  }

  HttpRequest.Builder request(String path, Form form) {
    return gateway.request(path, TOKEN, "Content-Type", form.contentType()).POST(form.publisher());
  }

  /// The number of slots in use.
  int used() {
    return gateway.bean(BatchTranscriptions.class).used();
  }

  /// The folders of uploads on disk.
  List<Path> folders() {
    try (Stream<Path> files = Files.walk(directory, 2)) {
      return files
          .filter(Files::isDirectory)
          .filter(folder -> directory.relativize(folder).getNameCount() == 2)
          .toList();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Override
  public void close() {
    gateway.close();
    bus.close();
    deepgram.close();
    whisper.close();
    assemblyAi.close();
    try {
      Files.deleteIfExists(directory);
    } catch (IOException failure) {
      throw new UncheckedIOException("the gateway left files behind", failure);
    }
  }
}
