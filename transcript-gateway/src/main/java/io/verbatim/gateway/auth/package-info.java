/// Who may watch: tokens in, viewers or refusals out.
///
/// A viewer shows a signed token, either as `Authorization: Bearer` or in the session cookie a
/// browser got for one. No token is ever logged, echoed or accepted in a URL.
@NullMarked
package io.verbatim.gateway.auth;

import org.jspecify.annotations.NullMarked;
