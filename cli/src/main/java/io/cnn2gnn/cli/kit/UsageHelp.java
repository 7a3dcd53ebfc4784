package io.cnn2gnn.cli.kit;

import java.util.Arrays;
import java.util.Set;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;

/** Usage help that names no default where there is none. */
final class UsageHelp extends Help {
  private static final Set<String> NONE =
      Set.of("Default: Optional.empty", "Default: []", "Default: {}");

  UsageHelp(CommandSpec command, ColorScheme colours) {
    super(command, colours);
  }

  @Override
  public IOptionRenderer createDefaultOptionRenderer() {
    IOptionRenderer renderer = super.createDefaultOptionRenderer();
    return (option, labels, colours) ->
        Arrays.stream(renderer.render(option, labels, colours))
            .filter(
                row ->
                    Arrays.stream(row).noneMatch(text -> NONE.contains(text.plainString().strip())))
            .toArray(Ansi.Text[][]::new);
  }
}
