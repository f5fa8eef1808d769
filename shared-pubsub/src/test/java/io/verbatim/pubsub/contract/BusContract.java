package io.verbatim.pubsub.contract;

import io.verbatim.pubsub.Bus;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;

/// The contract suite of the ports. The test of every adapter extends this class.
public abstract class BusContract {
  private final Deque<AutoCloseable> toClose = new ArrayDeque<>();

  /// Returns a bus on this test's store, which is empty at the start and shared by every bus of the
  /// test. Called once per simulated service; an adapter without connections may return the same
  /// bus again.
  protected abstract Bus connect(BusLimits limits);

  /// A bus with the usual limits.
  final Bus bus() {
    return bus(BusLimits.USUAL);
  }

  final Bus bus(BusLimits limits) {
    return closing(connect(limits));
  }

  /// Closes the resource after the test, in reverse order of creation.
  final <T extends AutoCloseable> T closing(T resource) {
    toClose.push(resource);
    return resource;
  }

  @AfterEach
  final void closeAll() throws Exception {
    while (!toClose.isEmpty()) {
      toClose.pop().close();
    }
  }

  @Nested
  class Opening extends OpeningContract {
    Opening() {
      super(BusContract.this);
    }
  }

  @Nested
  class Writing extends WritingContract {
    Writing() {
      super(BusContract.this);
    }
  }

  @Nested
  class Reading extends ReadingContract {
    Reading() {
      super(BusContract.this);
    }
  }

  @Nested
  class Claiming extends ClaimContract {
    Claiming() {
      super(BusContract.this);
    }
  }

  @Nested
  class LeasingCalls extends LeasesContract {
    LeasingCalls() {
      super(BusContract.this);
    }
  }

  @Nested
  class Covering extends CoveringContract {
    Covering() {
      super(BusContract.this);
    }
  }

  @Nested
  class Ledger extends LedgerContract {
    Ledger() {
      super(BusContract.this);
    }
  }

  @Nested
  class TwoChannels extends TwoChannelsContract {
    TwoChannels() {
      super(BusContract.this);
    }
  }

  @Nested
  class Abandoning extends AbandoningContract {
    Abandoning() {
      super(BusContract.this);
    }
  }

  @Nested
  class Ending extends EndingContract {
    Ending() {
      super(BusContract.this);
    }
  }

  @Nested
  class Following extends FollowingContract {
    Following() {
      super(BusContract.this);
    }
  }

  @Nested
  class Linking extends LinkingContract {
    Linking() {
      super(BusContract.this);
    }
  }

  @Nested
  class Directory extends DirectoryContract {
    Directory() {
      super(BusContract.this);
    }
  }

  @Nested
  class DeadLetterList extends DeadLettersContract {
    DeadLetterList() {
      super(BusContract.this);
    }
  }

  @Nested
  class ApiKeys extends ApiKeysContract {
    ApiKeys() {
      super(BusContract.this);
    }
  }

  @Nested
  class Closing extends ClosingContract {
    Closing() {
      super(BusContract.this);
    }
  }
}
