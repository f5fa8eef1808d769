package io.verbatim.gateway.recordings;

import io.verbatim.batch.failure.BatchException;
import io.verbatim.batch.failure.FailureKind;
import io.verbatim.batch.job.Upload;
import io.verbatim.batch.job.Workspace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.ResolvableType;
import org.springframework.core.codec.DecodingException;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.MediaType;
import org.springframework.http.codec.multipart.FilePartEvent;
import org.springframework.http.codec.multipart.FormPartEvent;
import org.springframework.http.codec.multipart.PartEvent;
import org.springframework.http.codec.multipart.PartEventHttpMessageReader;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.reactive.function.server.ServerRequest;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/// Writes the file of a multipart upload to disk as it arrives, and collects its text fields.
///
/// The event loop only reads the socket; a few buffers at a time are parsed and written on another
/// thread, so that a slow disk stops the client and not the gateway.
final class UploadHandler {

  private static final Logger logger = LoggerFactory.getLogger(UploadHandler.class);
  private static final ResolvableType PART = ResolvableType.forClass(PartEvent.class);
  private static final int BUFFERS_AHEAD = 4;
  private static final int MAX_PARTS = 16;
  private static final int MAX_FIELD_BYTES = 4096;
  private static final String FILE_FIELD = "audio";

  /// The average speed below which an upload fails, because it has a slot: a client that sends one
  /// byte now and then would keep the slot from others.
  private static final int MIN_BYTES_PER_SECOND = 16 * 1024;

  private final Scheduler blocking;
  private final Duration stall;
  private final long maxBytes;
  private final PartEventHttpMessageReader parts = new PartEventHttpMessageReader();

  /// @param blocking runs work that blocks
  /// @param stall the time without a byte after which an upload fails, and the time after which its
  ///   average speed counts
  /// @param maxBytes of the whole body, with all its parts
  UploadHandler(Scheduler blocking, Duration stall, long maxBytes) {
    this.blocking = blocking;
    this.stall = stall;
    this.maxBytes = maxBytes;
    parts.setMaxParts(MAX_PARTS);
    parts.setMaxInMemorySize(MAX_FIELD_BYTES);
  }

  /// Receives an upload. Cold; emits the text fields when the file is complete on disk.
  Mono<Map<String, String>> receive(ServerRequest request, Workspace workspace) {
    if (!request
        .headers()
        .contentType()
        .filter(MediaType.MULTIPART_FORM_DATA::isCompatibleWith)
        .isPresent()) {
      return Mono.error(
          invalid(
              "The request must be multipart/form-data with the recording in the field audio."));
    }
    Reception reception = new Reception(workspace);
    ServerHttpRequest offLoop =
        new ServerHttpRequestDecorator(request.exchange().getRequest()) {
          @Override
          public Flux<DataBuffer> getBody() {
            Progress progress = new Progress();
            return super.getBody()
                .map(UploadHandler::onHeap)
                .publishOn(blocking, BUFFERS_AHEAD)
                .doOnNext(buffer -> progress.received(buffer.readableByteCount()))
                .timeout(stall);
          }
        };
    return parts
        .read(PART, offLoop, Map.of())
        .doOnNext(reception::accept)
        .then(Mono.fromSupplier(reception::fields))
        .onErrorMap(failure -> !(failure instanceof BatchException), this::asFailure)
        .doFinally(_ -> blocking.schedule(reception::close));
  }

  /// Copies a buffer to the heap, because the parser does not release what it holds when an upload
  /// is cancelled.
  private static DataBuffer onHeap(DataBuffer pooled) {
    byte[] bytes = new byte[pooled.readableByteCount()];
    pooled.read(bytes);
    DataBufferUtils.release(pooled);
    return DefaultDataBufferFactory.sharedInstance.wrap(bytes);
  }

  private BatchException asFailure(Throwable failure) {
    return switch (failure) {
      case TimeoutException _ ->
          new BatchException(
              FailureKind.UPLOAD_STALLED, "No data arrived for %d s.".formatted(stall.toSeconds()));
      case DataBufferLimitException _ ->
          invalid(
              "The form has more than %d parts, or a field of more than %d bytes."
                  .formatted(MAX_PARTS, MAX_FIELD_BYTES));
      case DecodingException _ -> invalid("The multipart body is malformed.");
      case UncheckedIOException _ ->
          new BatchException(FailureKind.CANCELLED, "The upload was cancelled.");
      default -> {
        logger.debug("upload.failed", failure);
        yield new BatchException(FailureKind.CANCELLED, "The upload ended early.");
      }
    };
  }

  private static BatchException invalid(String sentence) {
    return new BatchException(FailureKind.INVALID_FIELD, sentence);
  }

  /// The bytes of one upload, as they arrive one after another.
  private final class Progress {
    private final long beganNanos = System.nanoTime();
    private long received;

    /// @throws BatchException if the upload is too large or too slow
    void received(int bytes) {
      received += bytes;
      if (received > maxBytes) {
        throw Upload.tooLarge(maxBytes);
      }
      Duration allowed = stall.plusSeconds(received / MIN_BYTES_PER_SECOND);
      if (System.nanoTime() - beganNanos > allowed.toNanos()) {
        throw new BatchException(
            FailureKind.UPLOAD_STALLED,
            "The upload is too slow. Send at least %d bytes per second."
                .formatted(MIN_BYTES_PER_SECOND));
      }
    }
  }

  /// The file and the fields of one upload. Parts arrive one after another.
  private static final class Reception {
    private final Workspace workspace;
    private final Map<String, String> fields = new HashMap<>();
    private volatile @Nullable Upload upload;

    Reception(Workspace workspace) {
      this.workspace = workspace;
    }

    void accept(PartEvent part) {
      DataBuffer content = part.content();
      try {
        switch (part) {
          case FormPartEvent field -> fields.put(field.name(), field.value());
          case FilePartEvent file when file.name().equals(FILE_FIELD) -> write(content);
          default -> {} // An unknown file is read and ignored.
        }
      } finally {
        DataBufferUtils.release(content);
      }
    }

    private void write(DataBuffer content) {
      Upload open = upload == null ? open() : upload;
      try (DataBuffer.ByteBufferIterator buffers = content.readableByteBuffers()) {
        while (buffers.hasNext()) {
          ByteBuffer bytes = buffers.next();
          open.write(bytes);
        }
      }
    }

    private Upload open() {
      try {
        Upload opened = workspace.upload();
        upload = opened;
        return opened;
      } catch (IOException closed) {
        throw new UncheckedIOException(closed);
      }
    }

    Map<String, String> fields() {
      if (upload == null) {
        throw invalid("The field audio is missing. Send the recording as a file in it.");
      }
      return Map.copyOf(fields);
    }

    void close() {
      @Nullable Upload open = upload;
      if (open != null) {
        try {
          open.close();
        } catch (IOException failure) {
          logger.warn("upload.not_closed reason=\"{}\"", failure.getMessage());
        }
      }
    }
  }
}
