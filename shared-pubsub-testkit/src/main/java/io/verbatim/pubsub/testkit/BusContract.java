package io.verbatim.pubsub.testkit;

import io.verbatim.pubsub.Bus;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;

/// The contract of the ports, which every adapter keeps: an adapter's test extends this class.
public abstract class BusContract {
  private final Deque<AutoCloseable> toClose = new ArrayDeque<>();

  /// A bus on this test's store, empty at first; every bus of one test shares it. Called once per
  /// service the test plays; an adapter without connections may answer the same bus again.
  protected abstract Bus connect(BusLimits limits);

  /// A bus as most tests want it.
  final Bus bus() {
    return bus(BusLimits.USUAL);
  }

  final Bus bus(BusLimits limits) {
    return closing(connect(limits));
  }

  /// Closes it when the test is over, before what it was made from.
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
  class Taking extends TakingContract {
    Taking() {
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
  class Closing extends ClosingContract {
    Closing() {
      super(BusContract.this);
    }
  }
}
