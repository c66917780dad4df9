package dev.parley.local;

import static dev.parley.support.Timeouts.TIMEOUT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tests how the local infrastructure ends: on a port in use, and when its parent is killed. */
@Tag("slow")
class LocalInfrastructureIT {

    @Test
    void infrastructure_onAPortInUse_namesThePortAndExits() throws Exception {
        try (ServerSocket occupied = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Process process = LocalInfrastructureProcess.launch(0, occupied.getLocalPort());

            String output = new String(process.getInputStream().readAllBytes(), UTF_8);

            assertThat(output)
                    .contains("Kafka needs port " + occupied.getLocalPort() + ", which is in use");
            assertThat(process.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(1);
        }
    }

    /** Maven is the parent with -Plocal. A parent that is killed can't notify its children. */
    @Test
    void infrastructure_whoseParentIsKilled_exits() throws Exception {
        Process parent = ChildJvm.launch(Launcher.class);
        ProcessHandle infrastructure =
                ProcessHandle.of(Long.parseLong(ChildJvm.awaitReady(parent))).orElseThrow();

        parent.destroyForcibly().waitFor();

        assertThat(infrastructure.onExit().get(TIMEOUT.toSeconds(), TimeUnit.SECONDS)).isNotNull();
    }

    /** Starts the infrastructure, reports its process id, and waits until it is killed. */
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
