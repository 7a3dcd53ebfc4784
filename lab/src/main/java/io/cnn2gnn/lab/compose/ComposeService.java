package io.cnn2gnn.lab.compose;

import io.cnn2gnn.cli.kit.CliException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A service of a compose file.
 *
 * @param image with its tag
 * @param built whether the image is one of this project
 * @param command arguments of the image's entry point
 * @param volumes folder in the container, by the named volume that is mounted there
 * @param check that tells whether it is healthy; empty if the file says why there is none
 * @param waitsFor names of the services that must be healthy before
 * @param raw everything that the file says of it
 */
record ComposeService(
    String name,
    String image,
    boolean built,
    List<String> command,
    Map<String, String> environment,
    Map<String, String> volumes,
    Optional<ComposeCheck> check,
    List<String> waitsFor,
    List<String> profiles,
    Map<String, Object> raw) {
  /** Where the file says why a service has no health check. */
  static final String NO_CHECK = "x-no-healthcheck";

  /** What marks a service that ends by itself. */
  private static final String ONCE = "x-once";

  ComposeService {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
    volumes = Map.copyOf(volumes);
    waitsFor = List.copyOf(waitsFor);
    profiles = List.copyOf(profiles);
    raw = Map.copyOf(raw);
  }

  static ComposeService of(String name, Map<String, Object> raw) throws CliException {
    Map<String, String> environment = new LinkedHashMap<>();
    ComposeFile.mapping(raw.get("environment"))
        .forEach((key, value) -> environment.put(key, value.toString()));
    return new ComposeService(
        name,
        image(raw.getOrDefault("image", "").toString()),
        raw.containsKey("build"),
        texts(raw.get("command")),
        environment,
        volumes(raw.get("volumes")),
        raw.containsKey("healthcheck")
            ? Optional.of(ComposeCheck.of(name, ComposeFile.mapping(raw.get("healthcheck"))))
            : Optional.empty(),
        List.copyOf(ComposeFile.mapping(raw.get("depends_on")).keySet()),
        texts(raw.get("profiles")),
        raw);
  }

  /** Whether it does something once, and ends. */
  boolean ends() {
    return Boolean.TRUE.equals(raw.get(ONCE));
  }

  /** Its tag, where a variable may give another. */
  private static String image(String text) {
    return text.replaceFirst("^\\$\\{\\w+:-(.+)}$", "$1");
  }

  static List<String> texts(Object value) {
    return value instanceof List<?> list ? list.stream().map(String::valueOf).toList() : List.of();
  }

  private static Map<String, String> volumes(Object value) {
    Map<String, String> volumes = new LinkedHashMap<>();
    if (value instanceof List<?> list) {
      for (Object entry : list) {
        if (entry instanceof Map<?, ?>) {
          Map<String, Object> mount = ComposeFile.mapping(entry);
          volumes.put(mount.get("source").toString(), mount.get("target").toString());
        } else {
          String[] parts = entry.toString().split(":", -1);
          // Files of the project that are mounted begin with a dot or a slash.
          if (parts[0].matches("\\w.*")) {
            volumes.put(parts[0], parts[1]);
          }
        }
      }
    }
    return volumes;
  }
}
