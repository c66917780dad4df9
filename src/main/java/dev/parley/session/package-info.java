/**
 * The domain: what a session is, what an event changes in it, and the two ports through which the
 * other packages are connected ({@link dev.parley.session.SessionWriter}, {@link
 * dev.parley.session.SessionReader}). It depends on the JDK and Mutiny only.
 */
@NullMarked
package dev.parley.session;

import org.jspecify.annotations.NullMarked;
