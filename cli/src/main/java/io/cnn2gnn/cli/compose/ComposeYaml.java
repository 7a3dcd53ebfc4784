package io.cnn2gnn.cli.compose;

import io.cnn2gnn.cli.kit.CliException;
import io.cnn2gnn.cli.kit.Home;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Reads YAML. Its parser is the one that the local stack's registry brings along: one file that
 * only developers read is no reason for another jar on the class path of every service.
 */
final class ComposeYaml {
  private static final String PARSER = "org.yaml.snakeyaml.Yaml";

  private ComposeYaml() {}

  /** The mapping in a file, aliases and merge keys followed. */
  static Map<?, ?> read(Path file) throws CliException {
    try (URLClassLoader loader =
        new URLClassLoader(
            new URL[] {parser().toUri().toURL()}, ClassLoader.getPlatformClassLoader())) {
      Class<?> type = Class.forName(PARSER, true, loader);
      Object parsed =
          type.getMethod("load", String.class)
              .invoke(type.getConstructor().newInstance(), Files.readString(file));
      if (parsed instanceof Map<?, ?> mapping) {
        return mapping;
      }
      throw new CliException(file + " holds no mapping");
    } catch (IOException e) {
      throw new CliException(file + " cannot be read: " + e, e);
    } catch (ReflectiveOperationException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new CliException(file + " is no YAML: " + cause.getMessage(), e);
    }
  }

  private static Path parser() throws IOException, CliException {
    String dist =
        System.getProperty(
            "cnn2gnn.local-stack.dist", Home.path().resolve("local-stack/target").toString());
    Path lib = Path.of(dist, "registry", "lib");
    if (Files.isDirectory(lib)) {
      try (DirectoryStream<Path> jars = Files.newDirectoryStream(lib, "org.yaml.snakeyaml-*.jar")) {
        for (Path jar : jars) {
          return jar;
        }
      }
    }
    throw new CliException(
        "there is no YAML parser in %s: build with 'mvn -DskipTests package'".formatted(lib));
  }
}
