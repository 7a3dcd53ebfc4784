package io.cnn2gnn.cli.train;

import io.cnn2gnn.cli.kit.Terminal;
import io.cnn2gnn.schemas.avro.ModelRelease;
import io.cnn2gnn.schemas.avro.ReleaseState;
import io.cnn2gnn.training.gate.GateResult;
import io.cnn2gnn.training.gate.WhenTooFew;

/** Tells what a gate has said of a model, and what can be done about it. */
public final class GateReport {
  private GateReport() {}

  /**
   * Of a model that was released.
   *
   * @param asked the state that it was to have
   * @return the exit code: 1 if it has another one
   */
  public static int released(GateResult result, ModelRelease release, ReleaseState asked) {
    if (release.getState() == asked) {
      Terminal.print(result.reason());
      return 0;
    }
    Terminal.complain(
        "%s; it is %s, and cnn2gnn release promote %s lets it answer all the same"
            .formatted(result.reason(), release.getState(), release.getVersion()));
    return 1;
  }

  /** Of a model that was compared alone; returns the exit code. */
  static int compared(GateResult result, WhenTooFew whenTooFew) {
    boolean refused =
        result instanceof GateResult.Refused
            || (result instanceof GateResult.TooFew && whenTooFew == WhenTooFew.REFUSE);
    if (refused) {
      Terminal.complain(result.reason());
      return 1;
    }
    Terminal.print(result.reason());
    return 0;
  }
}
