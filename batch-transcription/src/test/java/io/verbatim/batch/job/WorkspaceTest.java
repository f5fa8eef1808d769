package io.verbatim.batch.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.batch.failure.BatchException;
import io.verbatim.batch.failure.FailureKind;
import io.verbatim.batch.provider.Provider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkspaceTest {

  private static final JobOutcome OUTCOME =
      JobOutcome.of(new BatchException(FailureKind.REJECTED, "Rejected."));

  @TempDir Path directory = Path.of("");

  private final Semaphore slots = new Semaphore(0);

  @SuppressWarnings("NullAway.Init") // By JUnit, before each test.
  private Workspace workspace;

  @BeforeEach
  void keepJob() throws IOException {
    workspace = new Workspace(directory.resolve("job"), 100, slots, /* hasSlot= */ true);
    workspace.upload().close();
    workspace.keep(
        new JobTicket(
            "job",
            "acme",
            new TranscriptionRequest(
                List.of(Provider.DEEPGRAM), false, "en", false, Optional.empty())));
  }

  /// A directory with content cannot be deleted as a file.
  @Test
  void fileThatCannotBeDeleted_leavesSlotFreeAndOutcomeStored() throws IOException {
    Files.createDirectories(directory.resolve("job").resolve("converted.wav").resolve("part"));

    workspace.end(OUTCOME);

    assertThat(slots.availablePermits()).isEqualTo(1);
    assertThat(workspace.outcome()).isEqualTo(OUTCOME);
    assertThat(workspace.recording()).doesNotExist();
  }
}
