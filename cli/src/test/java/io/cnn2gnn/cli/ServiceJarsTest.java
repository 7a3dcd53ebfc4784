package io.cnn2gnn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.cnn2gnn.cli.kit.Home;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * What a service's class path holds of others: each jar with its licence, and nothing of the lab.
 */
class ServiceJarsTest {
  private static final Pattern HEADING = Pattern.compile("## (.+)");
  private static final Pattern LIBRARY = Pattern.compile("\\* [^:]+:([^:]+):(\\S+)");

  /** Written by the build before the tests. */
  private static List<Path> jars() throws IOException {
    String paths = Files.readString(Path.of(System.getProperty("cnn2gnn.service.jars")));
    return Pattern.compile(File.pathSeparator).splitAsStream(paths).map(Path::of).toList();
  }

  /** Licences by the name of a library and its version, as {@code docs/licences.md} has them. */
  private static Map<String, String> licences() throws IOException {
    Map<String, String> licences = new TreeMap<>();
    String licence = "";
    for (String line : Files.readAllLines(Home.path().resolve("docs/licences.md"))) {
      Matcher heading = HEADING.matcher(line);
      Matcher library = LIBRARY.matcher(line);
      if (heading.matches()) {
        licence = heading.group(1);
      } else if (library.matches()) {
        licences.merge(library.group(1) + "-" + library.group(2), licence, (a, b) -> a + ", " + b);
      }
    }
    return licences;
  }

  /** Its name and version, without the platform that natives have behind them. */
  private static String library(Path jar) {
    Path version = jar.getParent();
    return version.getParent().getFileName() + "-" + version.getFileName();
  }

  @Test
  void everyJarHasALicenceThatTheListKnows() throws Exception {
    Map<String, String> licences = licences();
    List<String> libraries =
        jars().stream()
            .map(ServiceJarsTest::library)
            // Their versions move with the profile.
            .filter(library -> !library.startsWith("pytorch-") && !library.startsWith("api-"))
            .toList();
    assertThat(libraries).hasSizeGreaterThan(30);
    assertThat(libraries).as("made anew by mvn -Preport").allMatch(licences::containsKey);
    assertThat(new TreeSet<>(licences.values()))
        .allMatch(licence -> licence.matches(".*(Apache-2.0|MIT|BSD|EPL-2.0).*"));
  }

  @Test
  void nothingIsOnTheClassPathThatOnlyTheLaboratoryNeeds() throws Exception {
    assertThat(jars())
        .extracting(jar -> jar.getFileName().toString())
        .noneMatch(
            name ->
                name.matches(
                    "(jmh|lucene|jvector|hnswlib|snakeyaml|jopt-simple|agrona"
                        + "|commons-math3|eclipse-collections|kafka_|archunit)[-.].*"));
  }
}
