/// The audit log: who did what, recorded around the handlers, and `GET /v1/audit`.
@NullMarked
package io.verbatim.gateway.audit;

import org.jspecify.annotations.NullMarked;
