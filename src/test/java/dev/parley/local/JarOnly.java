package dev.parley.local;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/** Disables a test for the native binary, since the test inspects a JVM or jars. */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@DisabledIfSystemProperty(
        named = "parley.native",
        matches = "true",
        disabledReason = "the test inspects a JVM or jars, and the native binary has neither")
public @interface JarOnly {}
