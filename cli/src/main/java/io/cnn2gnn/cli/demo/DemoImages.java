package io.cnn2gnn.cli.demo;

import io.cnn2gnn.cli.kit.CliException;
import io.cnn2gnn.cli.kit.ImageFiles;
import io.cnn2gnn.cli.kit.ImageFiles.ImageFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the demo sends: test images first, then the others, which the model may have been trained on
 * and whose answers therefore say nothing of its accuracy.
 */
record DemoImages(List<ImageFile> files, Map<String, String> testLabels) {
  private static final String TEST = "test";

  static DemoImages of(Path source, int limit) throws CliException {
    List<ImageFile> ordered = new ArrayList<>();
    List<ImageFile> rest = new ArrayList<>();
    for (ImageFile file : ImageFiles.in(source)) {
      (file.isIn(TEST) ? ordered : rest).add(file);
    }
    ordered.addAll(rest);
    List<ImageFile> chosen = ordered.subList(0, Math.min(limit, ordered.size()));
    Map<String, String> labels = new HashMap<>();
    for (ImageFile file : chosen) {
      if (file.isIn(TEST)) {
        file.label().ifPresent(label -> labels.put(file.id(), label));
      }
    }
    return new DemoImages(chosen, labels);
  }
}
