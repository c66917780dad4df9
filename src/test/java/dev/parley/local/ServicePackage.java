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
 * What a build has packaged: a jar for a JVM, or a native binary.
 *
 * @param start words that start it, without options
 * @param isNative whether it is a binary
 */
public record ServicePackage(List<String> start, boolean isNative) {

    private static final Path TARGET = Path.of("target");
    private static final Path JAR = TARGET.resolve("quarkus-app").resolve("quarkus-run.jar");

    public ServicePackage {
        start = List.copyOf(start);
    }

    /** What the build was told to make: the binary with {@code -Dnative}, else the jar. */
    public static ServicePackage built() {
        return Boolean.getBoolean("parley.native")
                ? binary().orElseThrow(() -> new IllegalStateException("no target/*-runner"))
                : jar();
    }

    public static ServicePackage jar() {
        return new ServicePackage(List.of("-jar", JAR.toString()), false);
    }

    /** Empty if none was built. */
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
     * What starts it.
     *
     * @param options of a JVM; a binary is given those that it has too
     */
    List<String> command(List<String> options) {
        List<String> command = new ArrayList<>();
        if (isNative) {
            command.addAll(start);
            options.stream().filter(ServicePackage::isOfBinaries).forEach(command::add);
        } else {
            command.add(ChildJvm.java());
            command.addAll(options);
            command.addAll(start);
        }
        return command;
    }

    /** Properties and sizes of the heap; it has one collector, and no compiler. */
    private static boolean isOfBinaries(String option) {
        return option.startsWith("-D") || option.startsWith("-Xm");
    }
}
