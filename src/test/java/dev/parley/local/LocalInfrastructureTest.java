package dev.parley.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class LocalInfrastructureTest {

    @Test
    void infrastructure_onATakenPort_saysWhichAndEnds() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Process process = LocalInfrastructureProcess.launch(0, taken.getLocalPort());

            String output = new String(process.getInputStream().readAllBytes(), UTF_8);

            assertThat(output)
                    .contains("Port " + taken.getLocalPort() + ", which Kafka needs, is taken");
            assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
            assertThat(process.exitValue()).isEqualTo(1);
        }
    }

    /** The shell is the parent, as Maven is for -Plocal; killed, it can't tell its children. */
    @Test
    void infrastructure_whoseParentIsKilled_ends() throws Exception {
        Process parent = ChildJvm.launch(Launcher.class);
        ProcessHandle infrastructure =
                ProcessHandle.of(Long.parseLong(ChildJvm.awaitReady(parent))).orElseThrow();

        parent.destroyForcibly().waitFor();

        assertThat(infrastructure.onExit().get(30, TimeUnit.SECONDS)).isNotNull();
    }

    /** Starts the infrastructure, tells its process id, and waits to be killed. */
    static final class Launcher {
        private Launcher() {}

        public static void main(String[] arguments) throws Exception {
            Process process = LocalInfrastructureProcess.launch(0, 0);
            ChildJvm.run(
                    () -> {
                        ChildJvm.awaitReady(process);
                        return Long.toString(process.pid());
                    });
            process.waitFor();
        }
    }
}
