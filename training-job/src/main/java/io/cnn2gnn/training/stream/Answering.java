package io.cnn2gnn.training.stream;

import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.training.data.ImageSet;
import io.cnn2gnn.training.fit.EvidenceFit;
import java.util.List;

/**
 * Answers the images of a stream and is told of some what they are. Each source has its batches and
 * its recent rows; all share the labelled tier. One thread uses it.
 */
public interface Answering extends AutoCloseable {
  /** Recent rows of a source. */
  int REMEMBERED = EvidenceFit.REMEMBERED;

  /** Makes one for a stream. */
  interface Factory {
    /**
     * Begins with empty banks.
     *
     * @param stream its name, for people
     * @param set the images, by their places in it
     * @param batch the most images of a batch
     */
    Answering open(String stream, Bundle bundle, ImageSet set, int batch)
        throws AnsweringException, InterruptedException;
  }

  /**
   * What a source sends at a time.
   *
   * @param source its number, from 0
   * @param images in their order; whole batches, but for the last one of the source
   */
  record Turn(int source, List<Integer> images) {
    public Turn {
      images = List.copyOf(images);
    }
  }

  /**
   * What somebody says of an image that was answered.
   *
   * @param source that sent it
   * @param label its class
   */
  record Said(int source, int image, String label) {}

  /** Answers turns of different sources: a reply for each image, turn by turn. */
  List<Reply> answer(List<Turn> turns) throws AnsweringException, InterruptedException;

  /** Takes labels; whatever is answered from now on hears of them. */
  void label(List<Said> said) throws AnsweringException, InterruptedException;

  @Override
  void close();
}
