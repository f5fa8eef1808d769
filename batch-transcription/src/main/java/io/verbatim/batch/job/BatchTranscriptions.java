package io.verbatim.batch.job;

import io.verbatim.batch.assemblyai.AssemblyAiTranscriber;
import io.verbatim.batch.deepgram.DeepgramTranscriber;
import io.verbatim.batch.failure.BatchException;
import io.verbatim.batch.failure.FailureKind;
import io.verbatim.batch.job.BatchSettings.Account;
import io.verbatim.batch.job.TranscriptionResult.Attempt;
import io.verbatim.batch.media.Ffmpeg;
import io.verbatim.batch.media.Recording;
import io.verbatim.batch.media.RecordingReader;
import io.verbatim.batch.openai.WhisperTranscriber;
import io.verbatim.batch.provider.Provider;
import io.verbatim.batch.provider.ProviderClient;
import io.verbatim.batch.provider.Transcriber;
import io.verbatim.batch.provider.TranscriptionOptions;
import io.verbatim.batch.transcript.Transcription;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/// Transcribes recordings, a bounded number at once, each on a virtual thread of its own.
/// Thread-safe; [#acquire] and the work on a [Workspace] block, so they must not run on an event
/// loop.
///
/// Inactive without a provider's key: then no directory is created and no thread is started.
public final class BatchTranscriptions implements AutoCloseable {

  /// Is notified of each recording that was transcribed, once, also if its client left.
  @FunctionalInterface
  public interface Listener {

    /// Receives who owns the recording and who transcribed it.
    ///
    /// @param tenant null for operators
    void transcribed(@Nullable String tenant, Provider provider);
  }

  private static final Logger logger = LoggerFactory.getLogger(BatchTranscriptions.class);
  private static final Duration FIRST_DELAY = Duration.ofMillis(500);
  private static final Duration POLL_INTERVAL = Duration.ofSeconds(3);

  private final Map<Provider, Transcriber> transcribers = new EnumMap<>(Provider.class);
  private final Set<TranscriptionTask> running = ConcurrentHashMap.newKeySet();
  private final BatchSettings settings;
  private final Listener listener;
  private final ProviderClient client;
  private final RecordingReader reader;
  private final @Nullable Workspaces workspaces;
  private final Jobs jobs;
  private volatile boolean closing;

  private BatchTranscriptions(BatchSettings settings, Listener listener) {
    this.settings = settings;
    this.listener = listener;
    this.client = new ProviderClient(FIRST_DELAY);
    this.reader = new RecordingReader(Ffmpeg.on(settings.programs(), settings.timeout()));
    settings
        .deepgram()
        .ifPresent(account -> transcribers.put(Provider.DEEPGRAM, deepgram(account)));
    settings.whisper().ifPresent(account -> transcribers.put(Provider.WHISPER, whisper(account)));
    settings
        .assemblyAi()
        .ifPresent(account -> transcribers.put(Provider.ASSEMBLYAI, assemblyAi(account)));
    this.workspaces = transcribers.isEmpty() ? null : Workspaces.open(settings);
    this.jobs = new Jobs(settings.jobRetention());
    if (workspaces != null) {
      workspaces.adopted().forEach(this::resume);
    }
  }

  /// Creates the directory for uploads, resumes the jobs that an earlier process left, and deletes
  /// what else a crash left.
  ///
  /// @param listener called on the recordings' threads; must not block
  /// @throws IllegalArgumentException that names the invalid setting
  public static BatchTranscriptions open(BatchSettings settings, Listener listener) {
    return new BatchTranscriptions(settings, listener);
  }

  private Transcriber deepgram(Account account) {
    return new DeepgramTranscriber(client, account.url(), account.key(), settings.timeout());
  }

  private Transcriber whisper(Account account) {
    return new WhisperTranscriber(client, reader, account.url(), account.key(), settings.timeout());
  }

  private Transcriber assemblyAi(Account account) {
    return new AssemblyAiTranscriber(
        client, account.url(), account.key(), settings.timeout(), POLL_INTERVAL);
  }

  /// The number of slots in use.
  public int used() {
    return workspaces == null ? 0 : workspaces.used();
  }

  /// The providers whose keys are set.
  public List<Provider> providers() {
    return List.copyOf(transcribers.keySet());
  }

  /// The largest upload, in bytes.
  public long maxUploadBytes() {
    return settings.maxUploadBytes();
  }

  /// Checks that the provider's key is set.
  ///
  /// @throws BatchException that names the setting if it is not
  public void requireKey(Provider provider) {
    if (!transcribers.containsKey(provider)) {
      throw new BatchException(
          FailureKind.KEY_MISSING,
          "%s is not set on this gateway.".formatted(provider.keySetting()));
    }
  }

  /// Takes a slot for an upload. The caller closes it, or passes it to [#start].
  ///
  /// @param expectedBytes of the upload
  /// @throws BatchException if all slots are in use, the upload is too large or the disk is full
  public Workspace acquire(long expectedBytes) {
    if (expectedBytes > settings.maxUploadBytes()) {
      throw Upload.tooLarge(settings.maxUploadBytes());
    }
    return open(workspaces).acquire(expectedBytes);
  }

  private static Workspaces open(@Nullable Workspaces workspaces) {
    if (workspaces == null) {
      throw new BatchException(
          FailureKind.KEY_MISSING, "No provider's key is set on this gateway.");
    }
    return workspaces;
  }

  /// Transcribes the uploaded recording, and closes the workspace at the end.
  ///
  /// @param tenant the owner; null belongs to operators
  public TranscriptionTask start(
      Workspace workspace, TranscriptionRequest request, @Nullable String tenant) {
    TranscriptionTask task =
        new TranscriptionTask(
            workspace.id(),
            self -> run(self, new JobTicket(workspace.id(), tenant, request), workspace));
    running.add(task);
    task.start();
    return task;
  }

  /// Transcribes the uploaded recording as a job: it continues if the client leaves or this process
  /// ends, and keeps its result for some time.
  ///
  /// @param tenant the owner; null belongs to operators
  public TranscriptionTask startJob(
      Workspace workspace, TranscriptionRequest request, @Nullable String tenant)
      throws IOException {
    JobTicket ticket = new JobTicket(workspace.id(), tenant, request);
    workspace.keep(ticket);
    TranscriptionTask task = start(workspace, request, tenant);
    jobs.add(new Job(ticket, workspace, task));
    return task;
  }

  /// The job with this id.
  public Optional<Job> job(String id) {
    return jobs.find(id);
  }

  /// Ends a job if it is not over, and deletes what is stored of it. Blocks.
  public void delete(Job job) {
    jobs.remove(job);
  }

  /// Deletes the jobs whose retention is over. Blocks.
  public void deleteExpired() {
    jobs.deleteExpired();
  }

  private void resume(Workspace workspace) {
    try {
      JobTicket ticket = workspace.ticket();
      if (workspace.hasOutcome()) {
        jobs.add(new Job(ticket, workspace, null));
      } else {
        logger.info("recording.resumed id={}", workspace.id());
        jobs.add(new Job(ticket, workspace, start(workspace, ticket.request(), ticket.tenant())));
      }
    } catch (IOException | JacksonException unreadable) {
      logger.warn("recording.not_resumed id={} reason=unreadable", workspace.id());
      workspace.delete();
    }
  }

  private void run(TranscriptionTask task, JobTicket ticket, Workspace workspace) {
    JobOutcome outcome = outcome(task, workspace, ticket.request());
    try {
      // The slot is free when the client has the answer.
      end(workspace, outcome);
      TranscriptionResult result = outcome.result();
      if (result != null) {
        listener.transcribed(ticket.tenant(), result.provider());
      }
    } catch (RuntimeException | Error defect) {
      logger.error("recording.not_ended id={} reason=defect", workspace.id(), defect);
    } finally {
      running.remove(task);
      answer(task, outcome);
    }
  }

  /// Suspends a job that fails while this process stops: the stop closes files and connections, and
  /// it may end ffmpeg. The next process finds a failure of the recording again.
  private void end(Workspace workspace, JobOutcome outcome) {
    if (closing && outcome.result() == null) {
      workspace.suspend();
    } else {
      workspace.end(outcome);
    }
  }

  private static void answer(TranscriptionTask task, JobOutcome outcome) {
    try {
      task.complete(outcome.resultOrThrow());
    } catch (BatchException failure) {
      task.fail(failure);
    }
  }

  private JobOutcome outcome(
      TranscriptionTask task, Workspace workspace, TranscriptionRequest request) {
    try {
      workspace.awaitSlot();
      TranscriptionResult result = transcribe(task, workspace, request);
      logger.info(
          "recording.transcribed id={} service={} length={} chunks={}",
          workspace.id(),
          result.provider().wireName(),
          result.transcription().length(),
          result.transcription().chunks());
      return JobOutcome.of(result);
    } catch (BatchException failure) {
      logger.info("recording.failed id={} reason={}", workspace.id(), failure.kind());
      return JobOutcome.of(failure);
    } catch (InterruptedException | ClosedByInterruptException _) {
      return JobOutcome.of(new BatchException(FailureKind.CANCELLED, "The request was cancelled."));
    } catch (IOException | RuntimeException | Error failure) {
      logger.error("recording.failed id={} reason=defect", workspace.id(), failure);
      return JobOutcome.of(
          new BatchException(FailureKind.INTERNAL, "The gateway failed. Its log has the details."));
    }
  }

  private TranscriptionResult transcribe(
      TranscriptionTask task, Workspace workspace, TranscriptionRequest request)
      throws IOException, InterruptedException {
    Recording recording = reader.read(workspace.recording(), request.video());
    if (request.video()) {
      recording = reader.converted(recording);
    }
    List<Attempt> failed = new ArrayList<>();
    for (Provider provider : request.providers()) {
      try {
        TranscriptionOptions options = request.options(provider);
        Transcription transcription =
            transcriber(provider).transcribe(recording, options, task::report);
        return new TranscriptionResult(provider, options, transcription, failed);
      } catch (BatchException failure) {
        boolean isLast = provider == request.providers().getLast();
        if (isLast || !failure.kind().isOutage()) {
          throw failure;
        }
        logger.warn(
            "recording.fell_back id={} from={} reason={}",
            workspace.id(),
            provider.wireName(),
            failure.kind());
        failed.add(new Attempt(provider, failure.sentence()));
      }
    }
    throw new IllegalStateException("a request has at least one provider");
  }

  private Transcriber transcriber(Provider provider) {
    requireKey(provider);
    @Nullable Transcriber transcriber = transcribers.get(provider);
    if (transcriber == null) {
      throw new IllegalStateException("a provider with a key has a transcriber");
    }
    return transcriber;
  }

  /// Cancels all work and deletes its files, except those of jobs, which the next process resumes.
  @Override
  public void close() {
    closing = true;
    client.close();
    List<TranscriptionTask> cancelled = List.copyOf(running);
    cancelled.forEach(TranscriptionTask::cancel);
    cancelled.forEach(TranscriptionTask::awaitEnd);
    if (workspaces != null) {
      workspaces.close();
    }
  }
}
