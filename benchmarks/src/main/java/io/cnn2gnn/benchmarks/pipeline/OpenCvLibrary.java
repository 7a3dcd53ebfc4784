package io.cnn2gnn.benchmarks.pipeline;

import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_COLOR;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_GRAYSCALE;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_REDUCED_COLOR_2;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_REDUCED_COLOR_4;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_REDUCED_COLOR_8;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_REDUCED_GRAYSCALE_2;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_REDUCED_GRAYSCALE_4;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_REDUCED_GRAYSCALE_8;
import static org.bytedeco.opencv.global.opencv_imgcodecs.imdecode;

import io.cnn2gnn.model.image.InputSpec;
import io.cnn2gnn.model.image.Pixels;
import java.io.IOException;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * OpenCV, as somebody who knows it would use it: at the scale that the model has a use for, and in
 * grey where the model is.
 */
final class OpenCvLibrary implements FileDecoder.Library {
  private final int width;
  private final int height;

  /**
   * For frames of one size: OpenCV has to be told the scale before it has read the header.
   *
   * @param width of a frame
   * @param height likewise
   */
  OpenCvLibrary(int width, int height) {
    this.width = width;
    this.height = height;
  }

  @Override
  public Pixels read(byte[] file, InputSpec input) throws IOException {
    try (Mat in = new Mat(file);
        Mat out = imdecode(in, flags(input))) {
      if (out.empty()) {
        throw new IOException("OpenCV refuses a frame");
      }
      byte[] samples = new byte[Math.toIntExact(out.total() * out.elemSize())];
      out.data().get(samples);
      if (input.channels() == 3) {
        JdkLibrary.swap(samples);
      }
      return new Pixels(out.cols(), out.rows(), input.channels(), samples);
    }
  }

  private int flags(InputSpec input) {
    int most = Math.min(width / input.width(), height / input.height());
    boolean grey = input.channels() == 1;
    if (most >= 8) {
      return grey ? IMREAD_REDUCED_GRAYSCALE_8 : IMREAD_REDUCED_COLOR_8;
    }
    if (most >= 4) {
      return grey ? IMREAD_REDUCED_GRAYSCALE_4 : IMREAD_REDUCED_COLOR_4;
    }
    if (most >= 2) {
      return grey ? IMREAD_REDUCED_GRAYSCALE_2 : IMREAD_REDUCED_COLOR_2;
    }
    return grey ? IMREAD_GRAYSCALE : IMREAD_COLOR;
  }
}
