/// Commands for operators, in one jar that needs no Spring: `java -jar operator-tools.jar --help`.
@NullMarked
package io.verbatim.tools;

import org.jspecify.annotations.NullMarked;
