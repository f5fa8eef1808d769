/// `smoke`: plays a short call through a deployed stack and checks what arrives.
@NullMarked
package io.verbatim.tools.smoke;

import org.jspecify.annotations.NullMarked;
