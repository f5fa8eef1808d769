package io.verbatim.gateway.view;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.verbatim.gateway.statistics.CallStatistics;

/// One call with its ledger and the statistics of its transcript.
public record CallDetail(@JsonUnwrapped LedgerView ledger, CallStatistics statistics) {}
