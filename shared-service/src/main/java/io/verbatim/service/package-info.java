/// How each of the services is run: its settings read in one place, a start that fails with one
/// sentence, its health, its meters, its certificate and its network threads. Nothing of what a
/// service is for.
@NullMarked
package io.verbatim.service;

import org.jspecify.annotations.NullMarked;
