package io.cnn2gnn.lab.reference;

import io.cnn2gnn.topology.app.ConfigKey;
import java.util.Arrays;
import java.util.stream.Stream;

/** Every key of the configuration, by what it is for. */
final class ConfigurationPage {
  private ConfigurationPage() {}

  static String text() {
    return Markdown.page(
        "Configuration",
        Stream.concat(
                Stream.of(introduction()),
                Arrays.stream(KeyGroup.values()).map(ConfigurationPage::section))
            .toArray(String[]::new));
  }

  private static String introduction() {
    return """
        Every key with its default; `./cnn2gnn config --keys` prints the same. Where values come from, and what is checked, is in
        [configure](../guide/configure.md).

        Each key has an environment variable: that of `%s` is `%s`, that of `%s` is
        `%s`.
        """
        .formatted(
            ConfigKey.BANK_CAPACITY.key(),
            ConfigKey.BANK_CAPACITY.variable(),
            ConfigKey.STATE_DIR.key(),
            ConfigKey.STATE_DIR.variable());
  }

  private static String section(KeyGroup group) {
    return "## %s\n\n%s".formatted(group.title(), ConfigKey.table(group.keys()));
  }
}
