/// API keys: long-lived credentials of programs, which an operator makes and revokes.
///
/// A key is `vk_<id>_<secret>`. The id is stored and shown; of the whole key only a hash is stored.
/// Each gateway holds all valid keys in memory and reads them again within two seconds of a change,
/// so a check needs no request to the database. The gateways publish the hashes on the bus, so that
/// ingest can check keys too.
@NullMarked
package io.verbatim.record.keys;

import org.jspecify.annotations.NullMarked;
