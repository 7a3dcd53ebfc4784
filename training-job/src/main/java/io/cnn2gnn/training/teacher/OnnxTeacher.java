package io.cnn2gnn.training.teacher;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import io.cnn2gnn.model.image.InputSpec;
import io.cnn2gnn.training.files.Keys;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

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
    this.key = Keys.hex(Files.readAllBytes(file)) + mean + deviation;
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
      inputName = session.getInputNames().iterator().next();
      outputName =
          session.getOutputNames().contains("logits")
              ? "logits"
              : session.getOutputNames().iterator().next();
      expect("input", session.getInputInfo().get(inputName).getInfo(), input.channels(), 4);
      expect("output", session.getOutputInfo().get(outputName).getInfo(), this.classes, 2);
    } catch (OrtException e) {
      throw new IOException("the teacher " + file + " cannot be loaded: " + e.getMessage(), e);
    }
  }

  private void expect(String what, ai.onnxruntime.ValueInfo info, int second, int rank)
      throws IOException {
    boolean fits =
        info instanceof TensorInfo t
            && t.getShape().length == rank
            && (t.getShape()[1] == second || t.getShape()[1] == -1);
    if (!fits) {
      throw new IOException(
          "the teacher %s has %s %s; the data needs %d in its second place"
              .formatted(file, what, info, second));
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
    long[] shape = {images, channels, input.height(), input.width()};
    try (OnnxTensor tensor = OnnxTensor.createTensor(environment, FloatBuffer.wrap(planes), shape);
        OrtSession.Result result = session.run(Map.of(inputName, tensor))) {
      FloatBuffer out = ((OnnxTensor) result.get(outputName).orElseThrow()).getFloatBuffer();
      float[] logits = new float[out.remaining()];
      out.get(logits);
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
