/**
 * The REST API, which serves sessions to dashboards. The views are separate from the domain, and
 * errors are problem+json.
 */
@NullMarked
package dev.parley.api;

import org.jspecify.annotations.NullMarked;
