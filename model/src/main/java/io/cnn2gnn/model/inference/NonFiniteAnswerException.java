package io.cnn2gnn.model.inference;

/** The model answered NaN or infinity for an image of a batch. */
public final class NonFiniteAnswerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public NonFiniteAnswerException(int image) {
    super("the model's answer to image " + image + " of the batch is not finite");
  }
}
