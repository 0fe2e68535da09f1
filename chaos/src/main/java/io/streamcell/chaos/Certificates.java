package io.streamcell.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A certificate authority in a folder, made by the JDK's keytool.
 *
 * @param password of its own store, and of those that it issues
 */
record Certificates(Path folder, String password) {
    private static final String PASSWORD = "STREAMCELL_STORE";

    /**
     * Makes one.
     *
     * @param folder empty or absent
     */
    static Certificates authority(Path folder, String password)
            throws IOException, InterruptedException {
        Certificates made = new Certificates(Files.createDirectories(folder), password);
        made.pair(made.store(), "authority", "CN=Authority", "-ext", "bc:c");
        made.call(
                password,
                "-exportcert",
                "-rfc",
                "-alias",
                "authority",
                "-keystore",
                made.store().toString(),
                "-file",
                made.certificate().toString());
        return made;
    }

    private Path store() {
        return folder.resolve("authority.p12");
    }

    private Path certificate() {
        return folder.resolve("authority.pem");
    }

    /**
     * Issues a certificate, in a store with its key.
     *
     * @param host whose it is
     */
    void issue(String host, Path store) throws IOException, InterruptedException {
        String request = folder.resolve("request.pem").toString();
        String signed = folder.resolve("signed.pem").toString();
        pair(store, "server", "CN=" + host);
        call(
                password,
                "-certreq",
                "-alias",
                "server",
                "-keystore",
                store.toString(),
                "-file",
                request);
        call(
                password,
                "-gencert",
                "-rfc",
                "-alias",
                "authority",
                "-ext",
                "san=dns:" + host,
                "-keystore",
                store().toString(),
                "-infile",
                request,
                "-outfile",
                signed);
        take(store, password, "authority", certificate().toString());
        take(store, password, "server", signed);
    }

    /** Makes a store of those who trust this authority and no other. */
    void trust(Path store, String password) throws IOException, InterruptedException {
        take(store, password, "authority", certificate().toString());
    }

    private void pair(Path store, String alias, String name, String... more)
            throws IOException, InterruptedException {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "-genkeypair",
                                "-alias",
                                alias,
                                "-dname",
                                name,
                                "-keyalg",
                                "EC",
                                "-storetype",
                                "PKCS12",
                                "-keystore",
                                store.toString()));
        arguments.addAll(List.of(more));
        call(password, arguments.toArray(String[]::new));
    }

    private void take(Path store, String password, String alias, String certificate)
            throws IOException, InterruptedException {
        call(
                password,
                "-importcert",
                "-noprompt",
                "-alias",
                alias,
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-file",
                certificate);
    }

    /** Passwords go by the environment, where nobody else on the machine reads them. */
    private void call(String password, String... arguments)
            throws IOException, InterruptedException {
        List<String> call = new ArrayList<>();
        call.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        call.addAll(List.of(arguments));
        call.addAll(List.of("-storepass:env", PASSWORD, "-J-XX:TieredStopAtLevel=1"));
        Path log = folder.resolve("keytool.log");
        int status = ChildJvm.start("keytool", call, Map.of(PASSWORD, password), log).await();
        if (status != 0) {
            throw new IOException(
                    "keytool %s must succeed, got %s"
                            .formatted(arguments[0], Files.readString(log)));
        }
    }
}
