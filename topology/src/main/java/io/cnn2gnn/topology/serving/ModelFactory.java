package io.cnn2gnn.topology.serving;

import ai.djl.Device;
import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.model.bundle.BundleException;
import io.cnn2gnn.model.graph.Candidates;
import io.cnn2gnn.model.inference.PhaseListener;
import io.cnn2gnn.model.inference.StudentModel;
import java.util.function.Function;

/**
 * Opens released models, and makes models ready to answer: these and the one that a service starts
 * with.
 *
 * @param device that they are loaded to
 * @param candidates which nodes may be neighbours
 * @param classifier makes what answers for a model: {@link Classifier#of}, or something around it
 * @param phases hears of the parts of their inference
 */
public record ModelFactory(
    Device device,
    Candidates candidates,
    Function<StudentModel, Classifier> classifier,
    PhaseListener phases) {

  /**
   * Opens the model of a bundle; the caller closes it.
   *
   * @throws BundleException if it is damaged, or does not give its golden answers here
   */
  public StudentModel open(Bundle bundle) throws BundleException {
    return StudentModel.open(bundle, device, candidates);
  }

  /** Makes an open model ready to answer; it is closed by its last user. */
  public ServedModel serve(StudentModel model) {
    model.observe(phases);
    return new ServedModel(model, classifier.apply(model));
  }
}
