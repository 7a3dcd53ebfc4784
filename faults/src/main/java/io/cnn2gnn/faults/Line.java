package io.cnn2gnn.faults;

import java.io.IOException;
import java.util.List;

/** A way between hosts. Cut, it refuses and closes nothing, and nothing arrives. */
interface Line {
  /** Cuts it, unless it is cut. */
  void cut() throws IOException, InterruptedException;

  /** Makes it whole, unless it is. */
  void mend() throws IOException, InterruptedException;

  /** Several that are cut together. */
  static Line of(List<? extends Line> lines) {
    return new Line() {
      @Override
      public void cut() throws IOException, InterruptedException {
        for (Line line : lines) {
          line.cut();
        }
      }

      @Override
      public void mend() throws IOException, InterruptedException {
        for (Line line : lines) {
          line.mend();
        }
      }
    };
  }
}
