package io.cnn2gnn.topology.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.security.auth.module.UnixSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnStateFolderTest {
  @TempDir private Path folder;

  private static void needsUnix() {
    assumeTrue(FileSystems.getDefault().supportedFileAttributeViews().contains("unix"));
  }

  @Test
  void liesInTheUsersFolderForState() {
    assertThat(OwnStateFolder.of(Map.of("XDG_STATE_HOME", "/srv/state", "HOME", "/home/a")))
        .isEqualTo(Path.of("/srv/state/cnn2gnn-streams"));
    Path own = Path.of("/home/a/.local/state/cnn2gnn-streams");
    assertThat(OwnStateFolder.of(Map.of("HOME", "/home/a"))).isEqualTo(own);
    assertThat(OwnStateFolder.of(Map.of("XDG_STATE_HOME", "state", "HOME", "/home/a")))
        .isEqualTo(own);
  }

  @Test
  void withoutAHomeItAsksForAFolder() {
    assertThatThrownBy(() -> OwnStateFolder.of(Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("HOME is not set")
        .hasMessageContaining("set state.dir");
  }

  @Test
  void isMadeForThisUserAlone() throws Exception {
    needsUnix();
    Path made = folder.resolve("state").resolve("cnn2gnn-streams");
    OwnStateFolder.make(made);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
        .isEqualTo("rwx------");
    OwnStateFolder.make(made);
    Path link = Files.createSymbolicLink(folder.resolve("link"), made);
    assertThatCode(() -> OwnStateFolder.check(link)).doesNotThrowAnyException();
  }

  @Test
  void oneToWhichOthersMayWriteIsRefused() throws Exception {
    needsUnix();
    for (String open : new String[] {"rwxrwx---", "rwxr-xrwx"}) {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(open));
      assertThatThrownBy(() -> OwnStateFolder.check(folder))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(folder + " (" + open + "): chmod 700 it, or set state.dir");
      assertThatThrownBy(() -> OwnStateFolder.make(folder)).hasMessageContaining("set state.dir");
    }
  }

  @Test
  void oneOfSomebodyElseIsRefused() throws Exception {
    needsUnix();
    Path foreign = folder.resolve("foreign");
    if (new UnixSystem().getUid() == 0) {
      Files.createDirectory(foreign);
      Files.setAttribute(foreign, "unix:uid", 4711);
    } else {
      Files.createSymbolicLink(foreign, Path.of("/"));
    }
    assertThatThrownBy(() -> OwnStateFolder.check(foreign))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(foreign + " belongs to ")
        .hasMessageContaining("set state.dir");
  }

  @Test
  void oneThatCannotBeMadeIsNamed() throws Exception {
    Path file = Files.createFile(folder.resolve("file"));
    assertThatThrownBy(() -> OwnStateFolder.make(file.resolve("cnn2gnn-streams")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cannot be made")
        .hasMessageContaining("set state.dir");
  }

  @Test
  void aFolderThatTheUserNamesWins() {
    Map<String, String> p = new HashMap<>();
    p.put("bootstrap.servers", "localhost:9092");
    p.put("schema.registry.url", "http://localhost:8081");
    p.put(AppConfig.BUNDLE, "some.bundle");
    Properties own = StreamsSettings.of(AppConfig.of(p));
    assertThat(StreamsSettings.stateFolder(own))
        .isEqualTo(OwnStateFolder.of(System.getenv()).resolve("cnn2gnn-streams"));
    // By which Kafka Streams itself goes.
    assertThat(own.getProperty("state.dir"))
        .isEqualTo(OwnStateFolder.of(System.getenv()).toString());
    p.put("state.dir", "/tmp/named");
    assertThat(StreamsSettings.stateFolder(StreamsSettings.of(AppConfig.of(p))))
        .isEqualTo(Path.of("/tmp/named/cnn2gnn-streams"));
  }
}
