/// API keys: `/v1/api-keys`.
@NullMarked
package io.verbatim.gateway.keys;

import org.jspecify.annotations.NullMarked;
