package io.cnn2gnn.lab.compose;

import io.cnn2gnn.cli.kit.CliException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a compose file says.
 *
 * @param services in an order in which each comes after those that it waits for
 * @param volumes the names that are declared
 */
record ComposeFile(List<ComposeService> services, Set<String> volumes) {
  ComposeFile {
    services = List.copyOf(services);
    volumes = Set.copyOf(volumes);
  }

  static ComposeFile read(Path file) throws CliException {
    Map<?, ?> root = ComposeYaml.read(file);
    Map<String, ComposeService> services = new LinkedHashMap<>();
    for (Map.Entry<String, Object> entry : mapping(root.get("services")).entrySet()) {
      services.put(entry.getKey(), ComposeService.of(entry.getKey(), mapping(entry.getValue())));
    }
    return new ComposeFile(inOrder(services), mapping(root.get("volumes")).keySet());
  }

  private static List<ComposeService> inOrder(Map<String, ComposeService> services)
      throws CliException {
    Map<String, ComposeService> ordered = new LinkedHashMap<>();
    while (ordered.size() < services.size()) {
      List<ComposeService> next =
          services.values().stream()
              .filter(s -> !ordered.containsKey(s.name()))
              .filter(s -> ordered.keySet().containsAll(s.waitsFor()))
              .toList();
      if (next.isEmpty()) {
        throw new CliException(
            "services wait for each other, or for one that is not there: "
                + services.keySet().stream()
                    .filter(name -> !ordered.containsKey(name))
                    .collect(Collectors.joining(", ")));
      }
      next.forEach(s -> ordered.put(s.name(), s));
    }
    return new ArrayList<>(ordered.values());
  }

  /** The services that start without a profile. */
  List<ComposeService> defaults() {
    return services.stream().filter(s -> s.profiles().isEmpty()).toList();
  }

  Optional<ComposeService> service(String name) {
    return services.stream().filter(s -> s.name().equals(name)).findFirst();
  }

  static Map<String, Object> mapping(Object value) {
    Map<String, Object> mapping = new LinkedHashMap<>();
    if (value instanceof Map<?, ?> map) {
      map.forEach((key, held) -> mapping.put(String.valueOf(key), held == null ? "" : held));
    }
    return mapping;
  }
}
