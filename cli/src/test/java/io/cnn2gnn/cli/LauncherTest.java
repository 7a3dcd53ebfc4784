package io.cnn2gnn.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The launcher with a stand-in for Java that prints the locale it is started in. */
@Timeout(60)
class LauncherTest {
  private static final String JAVA =
      """
      #!/bin/sh
      case $1 in
        -XshowSettings*) echo "    java.specification.version = 17" ;;
        *) echo "$(locale charmap) ${LC_ALL-none} ${LANG-none}" ;;
      esac
      """;

  @TempDir private Path home;

  @BeforeEach
  void copy() throws IOException {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/locale")), "locale is not installed");
    executable(Shipped.HOME.resolve("cnn2gnn"), home.resolve("cnn2gnn"));
    Path java = Files.createDirectories(home.resolve("bin")).resolve("java");
    executable(Files.writeString(home.resolve("java"), JAVA), java);
    Files.writeString(
        Files.createDirectories(home.resolve("cli/target")).resolve("cnn2gnn.classpath"), "x.jar");
  }

  private static void executable(Path from, Path to) throws IOException {
    Files.copy(from, to);
    Files.setPosixFilePermissions(to, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private String started(Map<String, String> locale) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(home.resolve("cnn2gnn").toString(), "produce")
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().keySet().removeIf(name -> name.startsWith("LC_") || name.equals("LANG"));
    builder.environment().put("JAVA_HOME", home.toString());
    builder.environment().putAll(locale);
    Process process = builder.start();
    String line = process.inputReader().readLine();
    assertThat(process.waitFor()).isZero();
    return line;
  }

  @Test
  void namesOfFilesAreReadAsUtf8InAnyLocale() throws Exception {
    assertThat(started(Map.of())).isEqualTo("UTF-8 C.UTF-8 none");
    assertThat(started(Map.of("LC_ALL", "C"))).isEqualTo("UTF-8 C.UTF-8 none");
    assertThat(started(Map.of("LANG", "POSIX"))).isEqualTo("UTF-8 C.UTF-8 POSIX");
    assertThat(started(Map.of("LANG", "xx_XX.UTF-8"))).isEqualTo("UTF-8 C.UTF-8 xx_XX.UTF-8");
  }

  @Test
  void aLocaleOfUtf8IsKept() throws Exception {
    assertThat(started(Map.of("LANG", "C.UTF-8"))).isEqualTo("UTF-8 none C.UTF-8");
  }
}
