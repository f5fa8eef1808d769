/// Who read, exported, searched and erased calls, made and revoked keys, and deleted dead letters.
///
/// Entries are added, and deleted after `AUDIT_RETENTION`; no statement changes one. They contain
/// no word, no phone number and no secret. They wait in memory until they are written, so a request
/// is neither delayed nor refused because of its entry.
@NullMarked
package io.verbatim.record.audit;

import org.jspecify.annotations.NullMarked;
