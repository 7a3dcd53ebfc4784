package io.cnn2gnn.lab.compose;

import io.cnn2gnn.cli.kit.CliException;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/** Reads YAML. */
final class ComposeYaml {
  private ComposeYaml() {}

  /** The mapping in a file, aliases and merge keys followed. */
  static Map<?, ?> read(Path file) throws CliException {
    try (Reader reader = Files.newBufferedReader(file)) {
      Object parsed = new Yaml(new SafeConstructor(new LoaderOptions())).load(reader);
      if (parsed instanceof Map<?, ?> mapping) {
        return mapping;
      }
      throw new CliException(file + " holds no mapping");
    } catch (IOException e) {
      throw new CliException(file + " cannot be read: " + e, e);
    } catch (YAMLException e) {
      throw new CliException(file + " is no YAML: " + e.getMessage(), e);
    }
  }
}
