package io.cnn2gnn.cli.label;

import java.util.List;

/**
 * The labels of a file.
 *
 * @param unlabelled how many images it has that nobody has labelled
 */
record LabelList(List<LabelRequest> requests, int unlabelled) {
  LabelList {
    requests = List.copyOf(requests);
  }
}
