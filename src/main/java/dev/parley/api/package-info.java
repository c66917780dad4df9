/** REST: sessions → dashboards. Views are apart from the domain; errors are problem+json. */
@NullMarked
package dev.parley.api;

import org.jspecify.annotations.NullMarked;
