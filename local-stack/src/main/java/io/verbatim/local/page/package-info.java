/// The local additions to the gateway's page: automatic sign-in, and a button that plays the sample
/// call. Never part of a deployment.
@NullMarked
package io.verbatim.local.page;

import org.jspecify.annotations.NullMarked;
