/// What is deployed, checked against the code it deploys.
@NullMarked
package io.verbatim.local.deploy;

import org.jspecify.annotations.NullMarked;
