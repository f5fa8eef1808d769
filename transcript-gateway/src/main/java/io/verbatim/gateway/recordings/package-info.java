/// Recordings over HTTP: `POST /transcriptions/{service}` as the previous system had it.
///
/// ```
/// client ──multipart──▶ UploadHandler ──▶ a file in a slot's folder ──▶ BatchTranscriptions ──▶ answer
/// ```
///
/// The event loop only reads the socket and writes the answer. Parsing, writing to disk and the
/// transcription run on other threads. A slot is taken before the first byte of the body is read,
/// so that the number of slots bounds the disk space too.
@NullMarked
package io.verbatim.gateway.recordings;

import org.jspecify.annotations.NullMarked;
