package dev.parley.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * The packaged service: a jar for a JVM, or a native binary.
 *
 * @param start the part of the command that starts the service, without options
 * @param isNative whether the package is a native binary
 */
public record ServicePackage(List<String> start, boolean isNative) {

    private static final Path TARGET = Path.of("target");
    private static final Path JAR = TARGET.resolve("quarkus-app").resolve("quarkus-run.jar");

    public ServicePackage {
        start = List.copyOf(start);
    }

    /** Returns the package of this build: the binary with {@code -Dnative}, otherwise the jar. */
    public static ServicePackage built() {
        return Boolean.getBoolean("parley.native")
                ? binary().orElseThrow(
                                () ->
                                        new IllegalStateException(
                                                "There is no native binary target/*-runner"))
                : jar();
    }

    public static ServicePackage jar() {
        return new ServicePackage(List.of("-jar", JAR.toString()), false);
    }

    /** Returns the native binary, or empty if none was built. */
    public static Optional<ServicePackage> binary() {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(TARGET, "*-runner")) {
            Iterator<Path> binaries = found.iterator();
            return binaries.hasNext()
                    ? Optional.of(new ServicePackage(List.of(binaries.next().toString()), true))
                    : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Returns the command that starts the service.
     *
     * @param options options of a JVM; a binary gets only those that it supports
     */
    List<String> command(List<String> options) {
        List<String> command = new ArrayList<>();
        if (isNative) {
            command.addAll(start);
            options.stream().filter(ServicePackage::isSupportedByBinary).forEach(command::add);
        } else {
            command.add(ChildJvm.java());
            command.addAll(options);
            command.addAll(start);
        }
        return command;
    }

    /** Returns whether a binary supports the option: system properties and sizes of the heap. */
    private static boolean isSupportedByBinary(String option) {
        return option.startsWith("-D") || option.startsWith("-Xm");
    }
}
