package io.cnn2gnn.cli;

import static io.cnn2gnn.cli.EndedCommand.run;
import static io.cnn2gnn.cli.EndedCommand.saysInOneLine;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cnn2gnn.cli.kit.CliException;
import io.cnn2gnn.cli.kit.Connection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user reads when something is wrong: one line, an exit code, no stack trace. */
class CommandErrorsTest {
  @TempDir private Path folder;

  @Test
  void aWrongBundlePathIsNamed() {
    saysInOneLine(run("run", "--bundle", "/nowhere/x.bundle"), "no bundle at /nowhere/x.bundle");
  }

  @Test
  void aFileThatIsNoBundleIsNamed() throws Exception {
    Path file = Files.writeString(folder.resolve("text.bundle"), "hello");
    saysInOneLine(run("run", "--bundle", file.toString()), "text.bundle is not a valid bundle");
  }

  @Test
  void whatIsToBeResetOrCleanedIsNamedBeforeAnythingIsTouched() {
    saysInOneLine(run("clean", "--application-id", ".."), "application.id may have letters");
    saysInOneLine(run("reset", "--set", "cnn2gnn.topic.image=x"), "unknown key");
  }

  @Test
  void anUnreachableRegistryIsNamedWithWhatToDo() throws Exception {
    String nobody = "http://" + EndedCommand.closedPort();
    Map<String, String> properties = Map.of(Connection.REGISTRY, nobody);
    assertThatThrownBy(() -> Connection.registry(properties))
        .isInstanceOf(CliException.class)
        .hasMessageContainingAll(nobody, "is it up, and is --schema-registry right?");
  }

  @Test
  void aBrokerAddressThatIsNoAddressIsNamed() {
    saysInOneLine(run("consume", "--bootstrap-server", "not an address"), "not an address");
  }

  @Test
  void anEmptyOrMissingImageFolderIsNamed() {
    saysInOneLine(run("produce", folder.toString()), "holds no .png, .jpg, .jpeg or .webp file");
    saysInOneLine(run("produce", "/nowhere"), "/nowhere does not exist");
  }

  @Test
  void aMisspeltKeyIsNamed() {
    saysInOneLine(
        run("run", "--set", "cnn2gnn.batch.max.imags=3"), "unknown key cnn2gnn.batch.max.imags");
  }

  @Test
  void aValueOutOfRangeIsNamed() {
    saysInOneLine(
        run("run", "--set", "cnn2gnn.batch.max.images=0"), "batch.max.images must lie in 1..4096");
    saysInOneLine(
        run(
            "run",
            "--set",
            "processing.guarantee=at_least_once",
            "--bundle",
            Shipped.BUNDLE.toString()),
        "exactly_once_v2");
  }

  @Test
  void aBusyPortIsNamed() throws Exception {
    try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(busy.getLocalPort());
      saysInOneLine(run("demo", "--images", "1", "--broker-port", port), port, "in use");
    }
  }

  @Test
  void aWrongCallExplainsItselfWithCodeTwo() {
    EndedCommand ended = run("consume", "--no-such-option");
    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.errors()).contains("--no-such-option").contains("--help");
  }

  @Test
  void trainingOptionsThatDoNotBelongTogetherAreNamedWithCodeTwo() {
    String[][] wrong = {
      {"Missing required option: '--data=<data>' or '--from-topic", "--out", "x.bundle"},
      {"Missing required option: '--out=<out>'", "--from-topic", "images"},
      {"--release needs --from-topic", "--data", "d", "--out", "x", "--release", "active"},
      {"--store FOLDER", "--from-topic", "images", "--out", "x", "--release", "candidate"},
      {"another topic", "--from-topic", "x", "--labels-topic", "x", "--out", "x"},
      {"needs a trigger", "--from-topic", "images", "--continuously", "--store", "s"},
      {"need --continuously", "--from-topic", "images", "--out", "x", "--on-drift"},
      {"need --continuously", "--from-topic", "images", "--out", "x", "--every-labelled", "5"},
      {"need --continuously", "--from-topic", "images", "--out", "x", "--every", "PT1H"},
      {
        "--name",
        "--from-topic",
        "images",
        "--continuously",
        "--on-drift",
        "--store",
        "s",
        "--work",
        "w"
      },
    };
    for (String[] call : wrong) {
      String[] arguments = call.clone();
      arguments[0] = "train";
      EndedCommand ended = run(arguments);
      assertThat(ended.code()).as(call[0]).isEqualTo(2);
      assertThat(ended.errors()).contains(call[0]).contains("try: cnn2gnn train --help");
    }
  }

  @Test
  void labelOptionsThatDoNotBelongTogetherAreNamedWithCodeTwo() {
    String[][] wrong = {
      {"what to label?"},
      {"what to label?", "cam", "i", "Bag", "--file", "x.csv"},
      {"what to label?", "--retract-all-by", "ann", "--label-studio", "x.json"},
      {"either CLASS or --take-back", "cam", "i"},
      {"either CLASS or --take-back", "cam", "i", "Bag", "--take-back"},
      {"needs its --partition", "", "i", "Bag"},
      {"are for one image", "--file", "x.csv", "--take-back"},
      {"are for one image", "--file", "x.csv", "--partition", "1", "--offset", "1"},
      {"belong together", "cam", "i", "Bag", "--partition", "1"},
      {"begin at 0", "cam", "i", "Bag", "--partition", "-1", "--offset", "1"},
      {"need --label-studio", "--file", "x.csv", "--id-field", "id"},
      {"--dry-run needs", "cam", "i", "Bag", "--dry-run"},
      {"say nothing to --retract-all-by", "--retract-all-by", "ann", "--by", "bob"},
      {"must be 1 or more", "cam", "i", "Bag", "--wait-seconds", "0"},
    };
    for (String[] call : wrong) {
      String[] arguments = call.clone();
      arguments[0] = "label";
      EndedCommand ended = run(arguments);
      assertThat(ended.code()).as(String.join(" ", call)).isEqualTo(2);
      assertThat(ended.errors()).contains(call[0]).contains("try: cnn2gnn label --help");
    }
  }

  @Test
  void operatorsOfAPageAreUsersOfAProxy() {
    EndedCommand ended = run("page", "--release-user", "ann");
    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.errors()).contains("--trust-user-header").contains("try: cnn2gnn page --help");
  }

  @Test
  void aTimeThatIsNoneIsNamedBeforeAnythingIsAsked() {
    saysInOneLine(
        run("train", "--from-topic", "images", "--out", "x", "--since", "yesterday"),
        "not 'yesterday'");
    saysInOneLine(run("reset", "--to", "yesterday"), "--to: ", "not 'yesterday'");
  }
}
