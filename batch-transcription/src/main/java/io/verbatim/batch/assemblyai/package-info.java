/// AssemblyAI's API for recordings: `POST /v2/upload` with the file, `POST /v2/transcript` with its
/// address, then `GET /v2/transcript/{id}` until the status is `completed` or `error`.
@NullMarked
package io.verbatim.batch.assemblyai;

import org.jspecify.annotations.NullMarked;
