package io.cnn2gnn.cli.demo;

import io.cnn2gnn.cli.kit.CliException;
import io.cnn2gnn.cli.kit.ImageFiles;
import io.cnn2gnn.cli.kit.ImageFiles.ImageFile;
import io.cnn2gnn.intake.files.Split;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the demo sends: test images first, then the others, which the model may have been trained on
 * and whose answers therefore say nothing of its accuracy.
 *
 * @param others to warm up with: those that are not sent, or else the later half
 * @param testLabels by the id of a test image
 */
record DemoImages(List<ImageFile> files, List<ImageFile> others, Map<String, String> testLabels) {
  /** The later half, which holds no test images where there are others. */
  private static List<ImageFile> rest(List<ImageFile> files) {
    return files.subList(files.size() / 2, files.size());
  }

  static DemoImages of(Path source, int limit) throws CliException {
    List<ImageFile> ordered = new ArrayList<>();
    List<ImageFile> rest = new ArrayList<>();
    for (ImageFile file : ImageFiles.in(source)) {
      (file.isIn(Split.TEST) ? ordered : rest).add(file);
    }
    ordered.addAll(rest);
    List<ImageFile> chosen = ordered.subList(0, Math.min(limit, ordered.size()));
    Map<String, String> labels = new HashMap<>();
    for (ImageFile file : chosen) {
      if (file.isIn(Split.TEST)) {
        file.label().ifPresent(label -> labels.put(file.id(), label));
      }
    }
    List<ImageFile> left = ordered.subList(chosen.size(), ordered.size());
    return new DemoImages(chosen, left.isEmpty() ? rest(chosen) : left, labels);
  }
}
