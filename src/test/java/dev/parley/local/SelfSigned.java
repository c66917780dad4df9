package dev.parley.local;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A key for TLS on this machine, with the certificate that it gave to itself. */
public final class SelfSigned {

    /** Of the store and of the key in it. */
    public static final String PASSWORD = "made-up-by-a-test";

    private static final int PATIENCE_SECONDS = 60;

    private SelfSigned() {}

    /** Makes a key store (PKCS #12), which is good as a trust store, too. */
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
            if (!keytool.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
                throw new IllegalStateException("keytool made no key");
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException("keytool can't be run", e);
        }
        return store;
    }
}
