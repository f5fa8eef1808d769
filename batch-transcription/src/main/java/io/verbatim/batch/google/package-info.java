/// Google's Translation API, `POST /language/translate/v2`, with a key or as a service account.
///
/// A service account proves its identity with a token that it signs with its private key, and gets
/// an access token for it, which is used until shortly before it expires.
@NullMarked
package io.verbatim.batch.google;

import org.jspecify.annotations.NullMarked;
