/// What both doors know of who knocks before it has shown anything: from which address it comes,
/// and how much each address may ask.
@NullMarked
package io.verbatim.tokens.client;

import org.jspecify.annotations.NullMarked;
