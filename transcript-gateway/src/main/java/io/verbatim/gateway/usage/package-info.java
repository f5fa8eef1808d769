/// The usage of tenants: `GET /v1/usage`.
@NullMarked
package io.verbatim.gateway.usage;

import org.jspecify.annotations.NullMarked;
