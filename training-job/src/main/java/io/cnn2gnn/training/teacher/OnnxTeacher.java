package io.cnn2gnn.training.teacher;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import ai.onnxruntime.ValueInfo;
import io.cnn2gnn.model.files.Sha256;
import io.cnn2gnn.model.image.InputSpec;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A ready teacher as ONNX: its first input is float32 [n, channels, height, width], normalised by
 * the given mean and deviation; its output {@code logits}, or else its first, is [n, classes].
 */
public final class OnnxTeacher implements Responder {
  private final Path file;
  private final String key;
  private final InputSpec input;
  private final int classes;
  private final float[] scale;
  private final float[] offset;
  private final OrtEnvironment environment;
  private final OrtSession session;
  private final String inputName;
  private final String outputName;

  /**
   * Opens the file.
   *
   * @throws IOException if it is missing, not ONNX, or made for other images or classes
   */
  public OnnxTeacher(
      Path file, InputSpec input, List<Float> mean, List<Float> deviation, List<String> classes)
      throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new IOException("the teacher " + file + " does not exist");
    }
    if (mean.size() != input.channels() || deviation.size() != input.channels()) {
      throw new IOException(
          "the teacher %s takes images of %d channels here; its mean and deviation need as many values"
              .formatted(file, input.channels()));
    }
    this.file = file;
    this.key = Sha256.hex(Files.readAllBytes(file)) + mean + deviation;
    this.input = input;
    this.classes = classes.size();
    scale = new float[input.channels()];
    offset = new float[input.channels()];
    for (int c = 0; c < scale.length; c++) {
      scale[c] = 1 / (255 * deviation.get(c));
      offset[c] = -mean.get(c) / deviation.get(c);
    }
    try {
      environment = OrtEnvironment.getEnvironment();
      try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
        options.setIntraOpNumThreads(1);
        session = environment.createSession(file.toString(), options);
      }
    } catch (OrtException e) {
      throw new IOException("the teacher " + file + " cannot be loaded: " + e.getMessage(), e);
    }
    inputName = session.getInputNames().iterator().next();
    outputName =
        session.getOutputNames().contains("logits")
            ? "logits"
            : session.getOutputNames().iterator().next();
    try {
      expect("input", session.getInputInfo().get(inputName).getInfo(), imageShape(-1));
      expect("output", session.getOutputInfo().get(outputName).getInfo(), -1, this.classes);
    } catch (IOException | OrtException e) {
      close();
      throw new IOException(e.getMessage(), e);
    }
  }

  private long[] imageShape(long images) {
    return new long[] {images, input.channels(), input.height(), input.width()};
  }

  /** Checks that a tensor takes any number of images and is otherwise of this shape. */
  private void expect(String what, ValueInfo info, long... shape) throws IOException {
    boolean fits =
        info instanceof TensorInfo t
            && t.type == OnnxJavaType.FLOAT
            && t.getShape().length == shape.length
            && IntStream.range(0, shape.length)
                .allMatch(i -> t.getShape()[i] == -1 || t.getShape()[i] == shape[i]);
    if (!fits) {
      throw new IOException(
          "the teacher %s has %s %s; the data needs float %s, -1 for any number of images"
              .formatted(file, what, info, Arrays.toString(shape)));
    }
  }

  @Override
  public String name() {
    return file.getFileName().toString();
  }

  @Override
  public String key() {
    return key;
  }

  @Override
  public int classes() {
    return classes;
  }

  @Override
  public float[] logits(byte[] samples) {
    int images = samples.length / input.bytes();
    int channels = input.channels();
    int plane = input.height() * input.width();
    float[] planes = new float[samples.length];
    for (int i = 0; i < images; i++) {
      for (int p = 0; p < plane; p++) {
        for (int c = 0; c < channels; c++) {
          planes[(i * channels + c) * plane + p] =
              (samples[(i * plane + p) * channels + c] & 255) * scale[c] + offset[c];
        }
      }
    }
    long[] shape = imageShape(images);
    try (OnnxTensor tensor = OnnxTensor.createTensor(environment, FloatBuffer.wrap(planes), shape);
        OrtSession.Result result = session.run(Map.of(inputName, tensor))) {
      FloatBuffer out = ((OnnxTensor) result.get(outputName).orElseThrow()).getFloatBuffer();
      float[] logits = new float[out.remaining()];
      out.get(logits);
      if (logits.length != images * classes) {
        throw new IllegalArgumentException(
            "the teacher %s gives %d values for %d images, not %d each"
                .formatted(file, logits.length, images, classes));
      }
      return logits;
    } catch (OrtException e) {
      throw new IllegalStateException("the teacher " + file + " failed: " + e.getMessage(), e);
    }
  }

  @Override
  public long macs() {
    return 0;
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException("the teacher " + file + " cannot be closed", e);
    }
  }
}
