package io.cnn2gnn.cli.run;

import io.cnn2gnn.cli.kit.CliException;
import io.cnn2gnn.cli.kit.Settings;
import io.cnn2gnn.cli.kit.Settings.Setting;
import io.cnn2gnn.cli.kit.Terminal;
import io.cnn2gnn.topology.app.AppConfig;
import io.cnn2gnn.topology.app.ConfigKey;
import io.cnn2gnn.topology.app.Footprint;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "config",
    description = {
      "Checks the configuration that run would have with the same file, environment and flags, and"
          + " prints it with where each value comes from."
    },
    mixinStandardHelpOptions = true)
public final class ConfigCommand implements Callable<Integer> {
  private static final Pattern SECRET =
      Pattern.compile(
          ".*(password|passphrase|secret|jaas|user\\.info|token|credential|private|header|\\.key$).*");

  /** Name and password in a URL. */
  private static final Pattern USER = Pattern.compile("//[^/@]*@");

  @Mixin private ServiceFlags flags;

  @Option(
      names = "--keys",
      description = "print all keys, defaults and meanings as a table instead")
  private boolean keys;

  @Override
  public Integer call() throws CliException {
    if (keys) {
      System.out.print(ConfigKey.table());
      return 0;
    }
    Settings settings = flags.settings();
    try {
      Footprint.of(AppConfig.of(settings.values()));
    } catch (IllegalArgumentException | ConfigException e) {
      throw new CliException(e.getMessage(), e);
    }
    Map<String, Setting> all = settings.settings();
    for (ConfigKey key : ConfigKey.values()) {
      if (!key.otherwise().isEmpty()) {
        all.putIfAbsent(key.key(), new Setting(key.otherwise(), "default"));
      }
    }
    all.forEach(
        (key, setting) ->
            Terminal.printf("%s=%s  (%s)", key, shown(key, setting), setting.source()));
    return 0;
  }

  private static String shown(String key, Setting setting) {
    return SECRET.matcher(key).matches()
        ? "[hidden]"
        : USER.matcher(setting.value()).replaceAll("//[hidden]@");
  }
}
