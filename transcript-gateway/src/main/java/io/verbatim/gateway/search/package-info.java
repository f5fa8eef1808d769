/// The search over archived and live calls: `GET /v1/search`.
@NullMarked
package io.verbatim.gateway.search;

import org.jspecify.annotations.NullMarked;
