/// Keys and tokens that are created for one run. The only package of local-stack that uses Nimbus.
@NullMarked
package io.verbatim.local.auth;

import org.jspecify.annotations.NullMarked;
