/// What every service needs to run: settings, secrets, startup failures, health, meters,
/// certificate, event loop, network threads and rates. Nothing here knows the purpose of a service.
@NullMarked
package io.verbatim.service;

import org.jspecify.annotations.NullMarked;
