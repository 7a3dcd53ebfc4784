package io.cnn2gnn.lab.reference;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.UsageMessageSpec;

/** Every command with every option, as their help has them. */
final class CommandsPage {
  private CommandsPage() {}

  /**
   * The page.
   *
   * @param product the commands of a service
   * @param laboratory those that measure and break it
   */
  static String text(CommandLine product, CommandLine laboratory) {
    return Markdown.page(
        "Commands",
        """
        `./cnn2gnn COMMAND --help` says what stands here. Every command takes `-h`, `--help` and `-V`, `--version`, and `--debug`,
        which logs everything and prints stack traces. Those that talk to a broker take `--bootstrap-server`,
        `--schema-registry` and `--config FILE` (client properties: TLS, SASL, ...). Errors are one line.
        """,
        exitCodes(product),
        "## The product",
        commands(product),
        """
        ## The laboratory

        These measure the service and break it. They need a clone that was built whole; no image has them.
        """,
        commands(laboratory));
  }

  private static String exitCodes(CommandLine root) {
    Map<String, String> codes = root.getCommandSpec().usageMessage().exitCodeList();
    return Markdown.table(
        List.of("exit code", ""),
        codes.entrySet().stream()
            .map(code -> List.of(Markdown.code(code.getKey()), code.getValue()))
            .toList());
  }

  private static String commands(CommandLine root) {
    String overview =
        Markdown.table(
            List.of("command", "does"),
            all(root)
                .map(command -> List.of(Markdown.link(name(command)), description(command)))
                .toList());
    return overview
        + all(root).map(command -> "\n" + section(command)).collect(Collectors.joining());
  }

  /** Its subcommands and theirs, in the order of the help. */
  private static Stream<CommandLine> all(CommandLine command) {
    return command.getSubcommands().values().stream()
        .distinct()
        .flatMap(sub -> Stream.concat(Stream.of(sub), all(sub)));
  }

  private static String section(CommandLine command) {
    List<String> parts = new ArrayList<>();
    parts.add("### " + name(command));
    parts.add(description(command));
    parts.add("    ./" + command.getHelp().abbreviatedSynopsis().strip());
    List<List<String>> rows = OptionRows.of(command.getCommandSpec());
    if (!rows.isEmpty()) {
      parts.add(Markdown.table(List.of("option", "default", ""), rows).strip());
    }
    UsageMessageSpec usage = command.getCommandSpec().usageMessage();
    if (usage.footer().length > 0) {
      parts.add(OptionRows.sentence(usage.footer()));
    }
    return String.join("\n\n", parts) + "\n";
  }

  /** Without the name of the script. */
  private static String name(CommandLine command) {
    return command.getCommandSpec().qualifiedName().replaceFirst("^\\S+ ", "");
  }

  private static String description(CommandLine command) {
    return OptionRows.sentence(command.getCommandSpec().usageMessage().description());
  }
}
