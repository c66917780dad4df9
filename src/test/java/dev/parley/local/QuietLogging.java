package dev.parley.local;

import com.google.errorprone.annotations.FormatMethod;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Starts servers that print banners and log their whole configuration, without all that. */
final class QuietLogging {

    private QuietLogging() {}

    @FunctionalInterface
    interface Starting {
        void run() throws Exception;
    }

    static void run(Starting starting) throws Exception {
        Logger.getLogger("").setLevel(Level.SEVERE);
        PrintStream out = System.out;
        System.setOut(new PrintStream(OutputStream.nullOutputStream()));
        try {
            starting.run();
        } finally {
            System.setOut(out);
            System.setErr(new WithoutAntlr(System.err));
        }
    }

    /** DynamoDB Local's parser remarks at each start that its versions differ. */
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
