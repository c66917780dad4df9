package dev.parley.local;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Creates a TLS key with a self-signed certificate for this machine. */
public final class SelfSignedCertificate {

    /** The password of the key store and of the key in it. */
    public static final String PASSWORD = "made-up-by-a-test";

    private static final int TIMEOUT_SECONDS = 60;

    private SelfSignedCertificate() {}

    /** Creates a key store (PKCS #12), which can also be used as a trust store. */
    public static Path keyStore(Path folder) {
        Path store = folder.resolve("tls.p12");
        try {
            Process keytool =
                    new ProcessBuilder(
                                    Path.of(System.getProperty("java.home"), "bin", "keytool")
                                            .toString(),
                                    "-genkeypair",
                                    "-alias",
                                    "parley",
                                    "-keyalg",
                                    "RSA",
                                    "-dname",
                                    "CN=localhost",
                                    "-ext",
                                    "SAN=ip:127.0.0.1,dns:localhost",
                                    "-storetype",
                                    "PKCS12",
                                    "-keystore",
                                    store.toString(),
                                    "-storepass",
                                    PASSWORD)
                            .inheritIO()
                            .start();
            if (!keytool.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
                throw new IllegalStateException("keytool did not create a key");
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException("keytool could not be run", e);
        }
        return store;
    }
}
