/// The port of batch recognisers, and what its implementations share: the HTTP client with its
/// timeouts and retries, and the reading of a provider's refusals.
@NullMarked
package io.verbatim.batch.provider;

import org.jspecify.annotations.NullMarked;
