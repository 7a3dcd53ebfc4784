package io.cnn2gnn.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class UsageHelpTest {
  private static Stream<CommandLine> withSubcommands(CommandLine command) {
    return Stream.concat(
        Stream.of(command),
        command.getSubcommands().values().stream().flatMap(UsageHelpTest::withSubcommands));
  }

  @Test
  void namesDefaultsWhereThereAreSome() {
    CommandLine faults = Main.commandLine().getSubcommands().get("faults");
    assertThat(faults.getUsageMessage()).contains("Default: 3").contains("--work");
    assertThat(
            Stream.of(io.cnn2gnn.cli.Main.commandLine(), Main.commandLine())
                .flatMap(UsageHelpTest::withSubcommands))
        .hasSizeGreaterThan(20)
        .allSatisfy(
            command ->
                assertThat(command.getUsageMessage())
                    .doesNotContain("Optional.empty")
                    .doesNotContain("Default: []")
                    .doesNotContain("Default: {}"));
  }
}
