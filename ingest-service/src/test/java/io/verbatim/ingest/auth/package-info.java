@NullMarked
package io.verbatim.ingest.auth;

import org.jspecify.annotations.NullMarked;
