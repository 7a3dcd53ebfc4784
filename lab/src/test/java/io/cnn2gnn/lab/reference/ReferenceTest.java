package io.cnn2gnn.lab.reference;

import static org.assertj.core.api.Assertions.assertThat;

import io.cnn2gnn.cli.kit.Home;
import io.cnn2gnn.lab.Main;
import io.cnn2gnn.topology.app.ConfigKey;
import io.cnn2gnn.topology.app.MeterCatalogue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

class ReferenceTest {
  @TempDir private Path folder;

  private static Reference of(Path home) {
    return new Reference(home, Main.commandLine());
  }

  @Test
  void thePagesSayWhatTheCodeSays() throws Exception {
    assertThat(of(Home.path()).stale())
        .as("stale pages; anew: mvn -B -DskipTests package && ./cnn2gnn reference")
        .isEmpty();
  }

  @Test
  void aPageThatWasChangedOrIsMissingIsStaleAndWrittenAnew() throws Exception {
    assertThat(of(folder).write()).hasSize(4);
    assertThat(of(folder).stale()).isEmpty();
    Path changed = folder.resolve("docs/reference/metrics.md");
    Files.writeString(changed, Files.readString(changed).replace("timer", "gauge"));
    Path gone = folder.resolve("docs/reference/acls.md");
    Files.delete(gone);
    assertThat(of(folder).stale()).containsExactlyInAnyOrder(changed, gone);
    assertThat(of(folder).write()).containsExactlyInAnyOrder(changed, gone);
    assertThat(of(folder).stale()).isEmpty();
  }

  @Test
  void everyOptionOfEveryHelpIsInItsCommandsSection() {
    String page = of(folder).pages().get("commands.md");
    assertThat(
            Stream.of(io.cnn2gnn.cli.Main.commandLine(), Main.commandLine())
                .flatMap(root -> root.getSubcommands().values().stream())
                .flatMap(ReferenceTest::withSubcommands))
        .hasSizeGreaterThan(20)
        .allSatisfy(
            command -> {
              String section = section(page, command);
              command.getCommandSpec().options().stream()
                  .filter(option -> !option.usageHelp() && !option.versionHelp())
                  .map(OptionSpec::longestName)
                  .forEach(name -> assertThat(section).containsPattern(row(name)));
            });
  }

  /** Where {@code --labels} may stand as {@code --[no-]labels}. */
  private static String row(String option) {
    return "(?m)^\\| `([^`]*, )?--(\\[no-])?" + option.substring(2) + "[=`,]";
  }

  private static Stream<CommandLine> withSubcommands(CommandLine command) {
    return Stream.concat(
        Stream.of(command),
        command.getSubcommands().values().stream().flatMap(ReferenceTest::withSubcommands));
  }

  private static String section(String page, CommandLine command) {
    String name = command.getCommandSpec().qualifiedName().substring("cnn2gnn ".length());
    int from = page.indexOf("\n### " + name + "\n");
    assertThat(from).as(name).isPositive();
    int to = page.indexOf("\n##", from + 1);
    return page.substring(from, to < 0 ? page.length() : to);
  }

  @Test
  void everyOptionSaysWhatItIsFor() {
    assertThat(of(folder).pages().get("commands.md").lines().filter(line -> line.startsWith("| `")))
        .hasSizeGreaterThan(100)
        .allSatisfy(line -> assertThat(line).doesNotEndWith("| |"));
  }

  @Test
  void everyKeyBelongsToOneGroupAndEveryGroupHasKeys() {
    String page = of(folder).pages().get("configuration.md");
    assertThat(ConfigKey.values())
        .allSatisfy(key -> assertThat(page).containsOnlyOnce("\n| `" + key.key() + "` |"));
    assertThat(KeyGroup.values()).allSatisfy(group -> assertThat(group.keys()).isNotEmpty());
  }

  @Test
  void everyMeterSaysWhatItIs() {
    assertThat(MeterCatalogue.entries())
        .hasSizeGreaterThan(25)
        .allSatisfy(entry -> assertThat(entry.description()).isNotBlank());
  }

  /** In alarms above all, where a name that there is not never fires. */
  @Test
  void guidesNameMetricsThatThereAre() throws Exception {
    Set<String> shown =
        MeterCatalogue.entries().stream()
            .flatMap(
                entry ->
                    Stream.of("", "_count", "_sum", "_max", "_bucket")
                        .map(suffix -> entry.name() + suffix))
            .collect(Collectors.toSet());
    List<String> named = new ArrayList<>();
    try (Stream<Path> guides = Files.list(Home.path().resolve("docs/guide"))) {
      for (Path guide : guides.toList()) {
        Pattern.compile("cnn2gnn_[a-z_]+[a-z](?![a-z_*])")
            .matcher(Files.readString(guide))
            .results()
            .forEach(found -> named.add(found.group()));
      }
    }
    assertThat(named).hasSizeGreaterThan(15).isSubsetOf(shown);
  }

  @Test
  void aTimerWithBucketsAndTheKindsOfACounterAreShown() {
    Map<String, String> pages = of(folder).pages();
    assertThat(pages.get("metrics.md"))
        .contains("| `cnn2gnn_image_latency_seconds` | timer, buckets |")
        .contains("`by`: `bytes`, `count`, `drain`, `time` |");
  }
}
