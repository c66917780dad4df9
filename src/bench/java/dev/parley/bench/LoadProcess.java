package dev.parley.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;

/** What sends a load, in a JVM of its own, which ends with its input, and so with this one. */
final class LoadProcess implements AutoCloseable {

    private final Process process;
    private final CpuTime cpu;
    private final PrintStream commands;
    private final BufferedReader answers;

    private LoadProcess(Process process) {
        this.process = process;
        this.cpu = CpuTime.of(process.toHandle());
        commands = new PrintStream(process.getOutputStream(), true, UTF_8);
        answers = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
    }

    /**
     * Starts it.
     *
     * @param main calls {@link #run}
     */
    static LoadProcess start(Class<?> main, Object... arguments) throws IOException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx512m",
                                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                                "-cp",
                                System.getProperty("java.class.path"),
                                main.getName()));
        List.of(arguments).forEach(argument -> command.add("" + argument));
        return new LoadProcess(
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
    }

    /** Has it send a load, which its main class understands, and tells what came of it. */
    Timing measure(String load) throws IOException {
        commands.println(load);
        String answer = answers.readLine();
        if (answer == null) {
            throw new IllegalStateException("what sends the load has ended");
        }
        return Timing.of(answer);
    }

    /** CPU time that it has used since its start, but for its JIT compilers. */
    Duration cpu() {
        return cpu.used();
    }

    @Override
    public void close() {
        process.destroy();
    }

    /**
     * What the process does: gets ready, then sends each load that it is told; ends if it can't.
     */
    static void run(Callable<Function<String, Timing>> start) {
        BufferedReader loads = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        try {
            Function<String, Timing> sender = start.call();
            for (String load = loads.readLine(); load != null; load = loads.readLine()) {
                System.out.println(sender.apply(load).line());
            }
            System.exit(0);
        } catch (Exception e) {
            e.printStackTrace();
            System.exit(1);
        }
    }
}
