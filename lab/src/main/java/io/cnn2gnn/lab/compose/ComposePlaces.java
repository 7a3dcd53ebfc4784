package io.cnn2gnn.lab.compose;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where on this machine is what a compose file has in containers: host names and ports of its
 * network, folders of its volumes, files of its images.
 *
 * @param places by what the file calls them
 */
record ComposePlaces(Map<String, String> places) {
  /** Where the images hold the project. */
  static final String IMAGE_HOME = "/opt/cnn2gnn";

  ComposePlaces {
    places = Map.copyOf(places);
  }

  /** The same, and one more. */
  ComposePlaces and(String name, String here) {
    Map<String, String> more = new LinkedHashMap<>(places);
    more.put(name, here);
    return new ComposePlaces(more);
  }

  /** The same, and the folder of each of a service's volumes. */
  ComposePlaces andVolumes(ComposeService service, Path folder) {
    ComposePlaces all = this;
    for (Map.Entry<String, String> volume : service.volumes().entrySet()) {
      all = all.and(volume.getValue(), folder.resolve(volume.getKey()).toString());
    }
    return all;
  }

  List<String> here(List<String> texts) {
    return texts.stream().map(this::here).toList();
  }

  /** A text of the file as it must be on this machine. */
  String here(String text) {
    List<String> longestFirst = new ArrayList<>(places.keySet());
    longestFirst.sort(Comparator.comparingInt(String::length).reversed());
    StringBuilder out = new StringBuilder();
    int at = 0;
    while (at < text.length()) {
      int from = at;
      String name =
          longestFirst.stream().filter(n -> text.startsWith(n, from)).findFirst().orElse("");
      out.append(name.isEmpty() ? text.substring(at, at + 1) : places.get(name));
      at += Math.max(1, name.length());
    }
    return out.toString();
  }
}
