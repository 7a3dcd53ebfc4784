package io.cnn2gnn.benchmarks.pipeline;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import io.cnn2gnn.model.image.InputSpec;
import io.cnn2gnn.model.torch.Torch;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A model of one input and one output on ONNX Runtime with one thread; one thread uses it. */
final class OnnxScorer implements Scorer {
  private final OrtEnvironment environment;
  private final OrtSession session;
  private final String input;
  private final long[] shape;

  /** Loads an ONNX file whose input has any number of points. */
  OnnxScorer(byte[] file) {
    // The other contestants need libtorch in this process, and it is not to start behind another
    // runtime of its kind: which of them loads its libraries first is known to matter.
    var unused = Torch.device("auto");
    environment = OrtEnvironment.getEnvironment();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setInterOpNumThreads(1);
      options.setIntraOpNumThreads(1);
      session = environment.createSession(file, options);
      input = session.getInputNames().iterator().next();
      shape = ((TensorInfo) session.getInputInfo().get(input).getInfo()).getShape();
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime refuses the model: " + e.getMessage(), e);
    }
  }

  @Override
  public List<List<Float>> score(List<List<Float>> points) {
    int length = points.get(0).size();
    float[] flat = new float[points.size() * length];
    int at = 0;
    for (List<Float> point : points) {
      for (float value : point) {
        flat[at++] = value;
      }
    }
    List<List<Float>> scores = new ArrayList<>(points.size());
    for (float[] row : run(flat, points.size())) {
      List<Float> boxed = new ArrayList<>(row.length);
      for (float value : row) {
        boxed.add(value);
      }
      scores.add(boxed);
    }
    return scores;
  }

  /** The class with the highest score, of samples row by row. */
  int best(byte[] samples, InputSpec spec) {
    int pixels = samples.length / spec.channels();
    float[] values = new float[samples.length];
    for (int i = 0; i < samples.length; i++) {
      int c = i % spec.channels();
      float value = ((samples[i] & 255) / 255f - spec.mean().get(c)) / spec.deviation().get(c);
      values[c * pixels + i / spec.channels()] = value;
    }
    return Scorer.best(run(values, 1)[0]);
  }

  private float[][] run(float[] values, int points) {
    long[] extents = shape.clone();
    extents[0] = points;
    try (OnnxTensor tensor =
            OnnxTensor.createTensor(environment, FloatBuffer.wrap(values), extents);
        OrtSession.Result result = session.run(Map.of(input, tensor))) {
      return (float[][]) result.get(0).getValue();
    } catch (OrtException e) {
      throw new IllegalStateException("the ONNX model failed: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException("the ONNX model cannot be closed", e);
    }
  }
}
