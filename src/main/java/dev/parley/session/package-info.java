/**
 * The domain: what a session is, what an event does to it, and the two ports through which the
 * other packages meet ({@link dev.parley.session.SessionWriter}, {@link
 * dev.parley.session.SessionReader}). JDK and Mutiny only.
 */
@NullMarked
package dev.parley.session;

import org.jspecify.annotations.NullMarked;
