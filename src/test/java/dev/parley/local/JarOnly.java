package dev.parley.local;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/** A test of the package that looks into its JVM or its jars, which a native binary has not. */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@DisabledIfSystemProperty(
        named = "parley.native",
        matches = "true",
        disabledReason = "it looks into a JVM or at jars, which the native binary has not")
public @interface JarOnly {}
