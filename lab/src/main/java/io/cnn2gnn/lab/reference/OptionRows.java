package io.cnn2gnn.lab.reference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** A command's parameters and options as rows: what is typed, what holds otherwise, the meaning. */
final class OptionRows {
  private static final Set<String> NONE = Set.of("null", "Optional.empty", "[]", "{}");

  private final CommandSpec command;
  private final Help help;

  private OptionRows(CommandSpec command) {
    this.command = command;
    this.help = new Help(command, Help.defaultColorScheme(Help.Ansi.OFF));
  }

  /** Parameters by position, then options by name, without the help that every command has. */
  static List<List<String>> of(CommandSpec command) {
    OptionRows rows = new OptionRows(command);
    List<List<String>> all = new ArrayList<>();
    for (PositionalParamSpec parameter : command.positionalParameters()) {
      if (!parameter.hidden()) {
        all.add(rows.row(parameter.paramLabel(), parameter));
      }
    }
    command.options().stream()
        .filter(option -> !option.hidden() && !option.usageHelp() && !option.versionHelp())
        .sorted(Comparator.comparing(OptionSpec::longestName))
        .forEach(option -> all.add(rows.row(rows.typed(option), option)));
    return all;
  }

  private List<String> row(String typed, ArgSpec argument) {
    String otherwise = otherwise(argument);
    return List.of(
        Markdown.code(typed),
        argument.required() ? "required" : otherwise.isEmpty() ? "" : Markdown.code(otherwise),
        withoutDefault(sentence(argument.description()), otherwise));
  }

  private String typed(OptionSpec option) {
    String names =
        Arrays.stream(option.names())
            .map(
                name ->
                    option.negatable()
                        ? command.negatableOptionTransformer().makeSynopsis(name, command)
                        : name)
            .collect(Collectors.joining(", "));
    return names
        + help.parameterLabelRenderer()
            .renderParameterLabel(option, Help.Ansi.OFF, List.of())
            .plainString();
  }

  private static String otherwise(ArgSpec argument) {
    boolean isSwitch =
        argument instanceof OptionSpec option && option.arity().max() == 0 && !option.negatable();
    String text = argument.defaultValueString();
    return isSwitch || NONE.contains(text) ? "" : text;
  }

  /** What the column beside it says already. */
  private static String withoutDefault(String description, String otherwise) {
    if (otherwise.isEmpty()) {
      return description;
    }
    String named = "default: " + otherwise;
    return description.equals(named) ? "" : description.replace(" (" + named + ")", "");
  }

  /** Lines of the help as one line of Markdown. */
  static String sentence(String... lines) {
    String joined = String.join(" ", lines).replace("%n", " ").replace("%%", "%");
    return Markdown.text(joined.replaceAll("\\s+", " ").strip());
  }
}
