package io.cnn2gnn.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Certificates for 127.0.0.1, made by the JDK's keytool: one that is valid, one of the same key
 * that has expired, the authority that signed both, and an authority that signed nothing.
 */
record TestCertificates(
    Path valid,
    Path expired,
    Path trusted,
    Path foreign,
    String keyPassword,
    String trustPassword) {
  private static final String[] CONSTRAINTS = {"-ext", "bc:c"};

  static TestCertificates in(Path folder, String keyPassword, String trustPassword)
      throws IOException, InterruptedException, GeneralSecurityException {
    TestCertificates made =
        new TestCertificates(
            folder.resolve("valid.p12"),
            folder.resolve("expired.p12"),
            folder.resolve("trusted.p12"),
            folder.resolve("foreign.p12"),
            keyPassword,
            trustPassword);
    Path authority = folder.resolve("authority.p12");
    Path foreign = folder.resolve("foreign-authority.p12");
    List<Process> keys =
        List.of(
            made.keyPair(authority, "CN=authority", CONSTRAINTS),
            made.keyPair(foreign, "CN=foreign authority", CONSTRAINTS),
            made.keyPair(made.valid, "CN=127.0.0.1"));
    for (Process key : keys) {
      finish(key);
    }
    Path request = folder.resolve("request.pem");
    finish(made.keytool(made.valid, "-certreq", "-file", request.toString()));
    Path current = folder.resolve("valid.pem");
    Path old = folder.resolve("expired.pem");
    Process signing = made.sign(authority, request, current, "-startdate", "-1d");
    finish(made.sign(authority, request, old, "-startdate", "-3d", "-validity", "2"));
    finish(signing);
    made.trust(authority, made.trusted);
    made.trust(foreign, made.foreign);
    // The expired one first: both begin with the key of the one.
    made.chain(old, authority, made.expired);
    made.chain(current, authority, made.valid);
    return made;
  }

  private Process keyPair(Path store, String name, String... more) throws IOException {
    List<String> arguments =
        new ArrayList<>(List.of("-genkeypair", "-keyalg", "EC", "-dname", name));
    arguments.addAll(List.of(more));
    return keytool(store, arguments.toArray(new String[0]));
  }

  private Process sign(Path authority, Path request, Path out, String... dates) throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of("-gencert", "-rfc", "-infile", request.toString(), "-outfile", out.toString()));
    arguments.addAll(List.of("-ext", "san=ip:127.0.0.1,dns:localhost"));
    arguments.addAll(List.of(dates));
    return keytool(authority, arguments.toArray(new String[0]));
  }

  private Process keytool(Path store, String... arguments) throws IOException {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    line.addAll(List.of(arguments));
    line.addAll(
        List.of(
            "-alias",
            "key",
            "-keystore",
            store.toString(),
            "-storetype",
            "PKCS12",
            "-storepass",
            keyPassword,
            "-J-XX:TieredStopAtLevel=1"));
    return new ProcessBuilder(line).redirectErrorStream(true).start();
  }

  private static void finish(Process process) throws IOException, InterruptedException {
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IOException("keytool: " + printed);
    }
  }

  private void trust(Path authority, Path out) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setCertificateEntry("authority", load(authority).getCertificate("key"));
    save(store, out, trustPassword);
  }

  private void chain(Path pem, Path authority, Path out)
      throws IOException, GeneralSecurityException {
    KeyStore store = load(valid);
    Key key = store.getKey("key", keyPassword.toCharArray());
    try (InputStream in = Files.newInputStream(pem)) {
      Certificate signed = CertificateFactory.getInstance("X.509").generateCertificate(in);
      store.setKeyEntry(
          "key",
          key,
          keyPassword.toCharArray(),
          new Certificate[] {signed, load(authority).getCertificate("key")});
    }
    save(store, out, keyPassword);
  }

  KeyStore load(Path file) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, keyPassword.toCharArray());
    }
    return store;
  }

  private static void save(KeyStore store, Path file, String password)
      throws IOException, GeneralSecurityException {
    try (OutputStream out = Files.newOutputStream(file)) {
      store.store(out, password.toCharArray());
    }
  }
}
