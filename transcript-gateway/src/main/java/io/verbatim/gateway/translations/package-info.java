/// Texts over HTTP: `POST /translations/{service}` as the previous system had it.
///
/// The event loop only reads the socket and writes the answer. Parsing and the translation run on
/// virtual threads. A slot is taken before the body is read, so that the number of slots bounds the
/// memory of bodies too.
@NullMarked
package io.verbatim.gateway.translations;

import org.jspecify.annotations.NullMarked;
