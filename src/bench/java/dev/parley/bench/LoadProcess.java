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

/**
 * A JVM that sends loads. It ends when its standard input ends, and so at the latest with this JVM.
 */
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
     * Starts the process.
     *
     * @param main the main class, which calls {@link #run}
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

    /** Lets the process send a load, in the format of its main class, and returns the result. */
    Timing measure(String load) throws IOException {
        commands.println(load);
        String answer = answers.readLine();
        if (answer == null) {
            throw new IllegalStateException("the process that sends the load has ended");
        }
        return Timing.of(answer);
    }

    /**
     * Returns the CPU time that the process has used since its start, without its JIT compilers.
     */
    Duration cpu() {
        return cpu.used();
    }

    @Override
    public void close() {
        process.destroy();
    }

    /**
     * Runs in the process: prepares the sender, then sends each load that it reads from its
     * standard input. The process exits with 1 if something fails.
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
