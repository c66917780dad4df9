package dev.parley.local;

import com.google.errorprone.annotations.FormatMethod;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Starts servers without their output: they would print banners and log their configuration. */
final class QuietLogging {

    private QuietLogging() {}

    @FunctionalInterface
    interface ServerStart {
        void run() throws Exception;
    }

    static void run(ServerStart start) throws Exception {
        Logger.getLogger("").setLevel(Level.SEVERE);
        PrintStream out = System.out;
        System.setOut(new PrintStream(OutputStream.nullOutputStream()));
        try {
            start.run();
        } finally {
            System.setOut(out);
            System.setErr(new WithoutAntlr(System.err));
        }
    }

    /** Omits the warning of DynamoDB Local's parser that its versions differ. */
    private static final class WithoutAntlr extends PrintStream {
        WithoutAntlr(PrintStream err) {
            super(err, true);
        }

        @Override
        @FormatMethod
        public PrintStream printf(String format, Object... arguments) {
            return format.startsWith("ANTLR") ? this : super.printf(format, arguments);
        }
    }
}
