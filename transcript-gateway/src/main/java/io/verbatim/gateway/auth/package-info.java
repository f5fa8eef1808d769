/// Authentication: tokens in, viewers or rejections out.
///
/// A client sends a signed token, either as `Authorization: Bearer` or in the session cookie. No
/// token is logged, echoed or accepted in a URL.
@NullMarked
package io.verbatim.gateway.auth;

import org.jspecify.annotations.NullMarked;
