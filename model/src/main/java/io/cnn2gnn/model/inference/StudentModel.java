package io.cnn2gnn.model.inference;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.model.bundle.BundleException;
import io.cnn2gnn.model.bundle.Golden;
import io.cnn2gnn.model.bundle.ModelCard;
import io.cnn2gnn.model.bundle.Prototypes;
import io.cnn2gnn.model.graph.Candidates;
import io.cnn2gnn.model.inference.Answer.Decision;
import io.cnn2gnn.model.inference.Answer.Labels;
import io.cnn2gnn.model.inference.Answer.Neighbour;
import io.cnn2gnn.model.inference.Answer.Origin;
import io.cnn2gnn.model.inference.Answer.Score;
import io.cnn2gnn.model.inference.Answer.Without;
import io.cnn2gnn.model.inference.LabelledAnswers.Told;
import io.cnn2gnn.model.label.LabelCalibration;
import io.cnn2gnn.model.label.LabelEvidence;
import io.cnn2gnn.model.net.Head;
import io.cnn2gnn.model.net.Images;
import io.cnn2gnn.model.net.Student;
import io.cnn2gnn.model.torch.ScriptModule;
import io.cnn2gnn.model.torch.TorchModule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A bundle that has passed its self-test and answers batches. Several threads may share one; each
 * brings its own {@link BankMatrix}.
 */
public final class StudentModel implements AutoCloseable {
  static final double GOLDEN_TOLERANCE = 1e-3;
  private static final int SAMPLE = 16;

  /** How libtorch's allocators, CUDA's, its libraries' and the CPU's, say that nothing is left. */
  private static final List<String> NO_MEMORY =
      List.of(
          "out of memory",
          "can't allocate memory",
          "CUBLAS_STATUS_ALLOC_FAILED",
          "CUDNN_STATUS_ALLOC_FAILED");

  private final ModelCard card;
  private final Prototypes prototypes;
  private final Golden golden;
  private final ScriptModule script;
  private final TorchModule module;
  private final LabelEvidence evidence;

  /** By which a student with evidence weighs what it says of an image alone, as a logarithm. */
  private final float heat;

  private final AtomicInteger calls = new AtomicInteger();
  private volatile PhaseListener phases = (graph, student) -> {};
  private Optional<TorchModule> onCpu = Optional.empty();

  private StudentModel(Bundle bundle, ScriptModule script, Device device) {
    this.card = bundle.card();
    this.prototypes = bundle.prototypes();
    this.golden = bundle.golden();
    this.script = script;
    this.module = TorchModule.frozen(script, device);
    this.heat = hasEvidence() ? bundle.weights().get("heat").data()[0] : 0;
    this.evidence =
        LabelCalibration.of(
            prototypes,
            bundle.weights().get("b2").data(),
            card.student().projection(),
            card.student().neighbours());
  }

  /**
   * Loads a bundle and lets it prove itself on its golden set.
   *
   * @param candidates {@link Candidates#BANK} or {@link Candidates#BOTH}
   * @throws BundleException if the answers differ from those recorded when it was made
   */
  public static StudentModel open(Bundle bundle, Device device, Candidates candidates)
      throws BundleException {
    if (candidates == Candidates.BATCH) {
      throw new IllegalArgumentException(
          "serving needs the bank: an image that comes alone has no batch mates");
    }
    StudentModel model = load(bundle, device, candidates);
    try {
      model.selfTest();
      return model;
    } catch (SelfTestException e) {
      model.close();
      throw new BundleException(e.getMessage(), e);
    } catch (RuntimeException | Error e) {
      model.close();
      throw e;
    }
  }

  private static StudentModel load(Bundle bundle, Device device, Candidates candidates) {
    return new StudentModel(
        bundle, Student.serving(bundle.card().student(), bundle.weights(), candidates), device);
  }

  public ModelCard card() {
    return card;
  }

  /** A bank for this model alone, holding its prototypes; the caller closes it before the model. */
  public BankMatrix newBank(int capacity) {
    return new BankMatrix(module.newManager(), prototypes, card, capacity);
  }

  /** Has the phases of one batch in sixteen told to somebody from now on. */
  public void observe(PhaseListener listener) {
    this.phases = listener;
  }

  /**
   * Classifies a batch in one native call; one batch in sixteen takes two or three, so that their
   * times are known.
   *
   * @return one answer per query, in order
   * @throws NonFiniteAnswerException if any logit is NaN or infinite
   * @throws DeviceMemoryException if the device has no memory for it
   */
  public List<Answer> classify(List<Query> batch, BankMatrix bank) {
    return classify(module, batch, bank);
  }

  /**
   * As {@link #classify(List, BankMatrix)}, on the CPU whatever the model's device: for what does
   * not fit there. The bank stays where it is and is copied for each call.
   */
  public List<Answer> classifyOnCpu(List<Query> batch, BankMatrix bank) {
    return classify(cpuModule(), batch, bank);
  }

  private synchronized TorchModule cpuModule() {
    if (onCpu.isEmpty()) {
      onCpu = Optional.of(TorchModule.frozen(script, Device.cpu()));
    }
    return onCpu.get();
  }

  private List<Answer> classify(TorchModule module, List<Query> batch, BankMatrix bank) {
    try (NDManager scope = module.newManager()) {
      if (hasEvidence()) {
        return new EvidenceAnswers(card, evidence.twin())
            .read(judged(module, scope, batch, bank), batch, bank);
      }
      NDList out = forward(module, scope, batch, bank, card.student().keep());
      int classes = card.classes().size();
      int rowLength = card.student().rowLength();
      float[] logits = out.get(0).toFloatArray();
      float[] rows = out.get(1).toFloatArray();
      long[] index = out.get(2).toLongArray();
      float[] weight = out.get(3).toFloatArray();
      NDArray vectors = out.get(1).get(new NDIndex(":, :" + card.student().projection()));
      float[] distance = distances(vectors, bank, scope);
      Optional<LabelledAnswers> labels = labels(module, scope, vectors, batch, bank);
      int k = index.length / batch.size();

      List<Score> own = new ArrayList<>(batch.size());
      List<Told> told = new ArrayList<>(batch.size());
      String[] known = new String[batch.size()];
      for (int i = 0; i < batch.size(); i++) {
        List<Score> scores = scores(Arrays.copyOfRange(logits, i * classes, (i + 1) * classes), i);
        own.add(scores.get(0));
        told.add(
            labels.isPresent()
                ? labels.get().tell(i, batch.get(i), scores)
                : new Told(Decision.STUDENT, scores, List.of()));
        known[i] = batch.get(i).label().orElse(told.get(i).scores().get(0).label());
      }
      List<Answer> answers = new ArrayList<>(batch.size());
      for (int i = 0; i < batch.size(); i++) {
        List<Neighbour> neighbours = new ArrayList<>(told.get(i).neighbours());
        for (int j = i * k; j < (i + 1) * k; j++) {
          if (weight[j] > 0) {
            neighbours.add(neighbour((int) index[j], weight[j], batch, known, bank));
          }
        }
        List<Score> scores = told.get(i).scores();
        float[] row = Arrays.copyOfRange(rows, i * rowLength, (i + 1) * rowLength);
        answers.add(
            new Answer(
                scores.get(0).label(),
                scores.get(0).probability(),
                scores,
                neighbours,
                distance[i],
                new BankRow(
                    batch.get(i).id(),
                    known[i],
                    batch.get(i).label().isPresent(),
                    row,
                    batch.get(i).image(),
                    batch.get(i).source()),
                new Labels(told.get(i).decidedBy(), bank.labelled().epoch(), own.get(i)),
                told.get(i).neighbours().isEmpty()
                    ? List.of()
                    : List.of(new Without(Origin.LABELLED, own.get(i)))));
      }
      return answers;
    } catch (EngineException e) {
      String message = String.valueOf(e.getMessage());
      if (NO_MEMORY.stream().anyMatch(message::contains)) {
        throw new DeviceMemoryException(
            "no memory for a batch of " + batch.size() + " on the device", e);
      }
      throw e;
    }
  }

  private Optional<LabelledAnswers> labels(
      TorchModule module, NDManager scope, NDArray vectors, List<Query> batch, BankMatrix bank) {
    return bank.labelled().isEmpty()
        ? Optional.empty()
        : Optional.of(
            new LabelledAnswers(
                evidence,
                card.student().neighbours(),
                bank.labelled(),
                module,
                scope,
                vectors,
                batch));
  }

  /**
   * What is known of an image without neighbours.
   *
   * @param metric float32 [projection], of length one, by which labels of it count
   * @param own the class that the student gives it by itself; none if it has no answer without a
   *     graph
   */
  public record Embedded(float[] metric, Optional<String> own) {}

  /** Embeds images. */
  public List<Embedded> embed(List<Query> images) {
    try (NDManager scope = module.newManager()) {
      NDList stem = module.run("stem", images(scope, images));
      float[] all = stem.get(1).toFloatArray();
      int length = card.student().projection();
      long[] own =
          hasEvidence()
              ? module.run("classify", stem.get(0)).head().argMax(1).toLongArray()
              : new long[0];
      return IntStream.range(0, images.size())
          .mapToObj(
              i ->
                  new Embedded(
                      Arrays.copyOfRange(all, i * length, (i + 1) * length),
                      hasEvidence()
                          ? Optional.of(card.classes().get((int) own[i]))
                          : Optional.empty()))
          .toList();
    }
  }

  /**
   * What a student with evidence says of each image alone: the probabilities of its classes, by
   * index.
   */
  public List<double[]> alone(List<Query> images) {
    double heat = Math.exp(this.heat);
    try (NDManager scope = module.newManager()) {
      float[] logits = module.run("alone", images(scope, images)).head().toFloatArray();
      int classes = card.classes().size();
      return IntStream.range(0, images.size())
          .mapToObj(i -> Arrays.copyOfRange(logits, i * classes, (i + 1) * classes))
          .map(z -> probabilities(z, heat))
          .toList();
    }
  }

  private static double[] probabilities(float[] logits, double heat) {
    double[] z = IntStream.range(0, logits.length).mapToDouble(c -> logits[c] * heat).toArray();
    return Arrays.stream(LabelEvidence.logProbabilities(z)).map(Math::exp).toArray();
  }

  /** Of each metric vector to the nearest prototype's; all have length one. */
  private float[] distances(NDArray vectors, BankMatrix bank, NDManager scope) {
    float[] nearest =
        vectors.matMul(bank.prototypeMetrics(scope)).max(new int[] {1}).toFloatArray();
    for (int i = 0; i < nearest.length; i++) {
      nearest[i] = Math.max(0, 2 - 2 * nearest[i]);
    }
    return nearest;
  }

  /**
   * As {@link #classify} but without a graph (A = I): the ablation, and its most probable labels.
   */
  public List<String> classifyWithoutGraph(List<Query> batch, BankMatrix bank) {
    try (NDManager scope = module.newManager()) {
      float[] logits =
          hasEvidence()
              ? module.run("alone", images(scope, batch)).head().toFloatArray()
              : forward(module, scope, batch, bank, 0f).head().toFloatArray();
      int classes = card.classes().size();
      return IntStream.range(0, batch.size())
          .mapToObj(i -> scores(Arrays.copyOfRange(logits, i * classes, (i + 1) * classes), i))
          .map(scores -> scores.get(0).label())
          .toList();
    }
  }

  private boolean hasEvidence() {
    return card.student().head() == Head.EVIDENCE;
  }

  /** As {@link #forward} of a student with evidence. */
  private NDList judged(TorchModule module, NDManager scope, List<Query> batch, BankMatrix bank) {
    NDArray images = images(scope, batch);
    NDArray[] around = EvidenceAnswers.surroundings(scope, known(scope, batch), batch, bank);
    if (calls.getAndIncrement() % SAMPLE != 0) {
      return module.run(
          "serve", Stream.concat(Stream.of(images), Arrays.stream(around)).toArray(NDArray[]::new));
    }
    // A GPU is still at work when its call returns: reading a value waits for it.
    long start = System.nanoTime();
    NDList stem = module.run("stem", images);
    stem.get(1).getFloat(0, 0);
    long found = System.nanoTime();
    NDList out =
        module.run(
            "judge", Stream.concat(stem.stream(), Arrays.stream(around)).toArray(NDArray[]::new));
    out.head().getFloat(0, 0);
    phases.answered(System.nanoTime() - found, found - start);
    return out;
  }

  private NDArray known(NDManager scope, List<Query> batch) {
    return scope.create(
        batch.stream()
            .mapToLong(q -> q.label().map(card.classes()::indexOf).orElse(-1) + 1L)
            .toArray());
  }

  private NDList forward(
      TorchModule module, NDManager scope, List<Query> batch, BankMatrix bank, float keep) {
    NDArray images = images(scope, batch);
    NDArray known = known(scope, batch);
    NDArray metrics = bank.metrics(scope).toDevice(scope.getDevice(), false);
    NDArray rows = bank.rows(scope).toDevice(scope.getDevice(), false);
    NDArray rowsKnown = bank.known(scope).toDevice(scope.getDevice(), false);
    if (calls.getAndIncrement() % SAMPLE != 0) {
      return module.run("serve", images, known, metrics, rows, rowsKnown, scope.create(keep));
    }
    // A GPU is still at work when its call returns: reading a value waits for it.
    long start = System.nanoTime();
    NDList stem = module.run("stem", images);
    stem.get(1).getFloat(0, 0);
    long found = System.nanoTime();
    NDList graph = module.run("graph", stem.get(1), metrics);
    graph.get(1).getFloat(0, 0);
    long weighed = System.nanoTime();
    NDList layers =
        module.run(
            "layers",
            stem.get(0),
            stem.get(1),
            graph.get(0),
            graph.get(1),
            known,
            rows,
            rowsKnown,
            scope.create(keep));
    layers.head().getFloat(0, 0);
    phases.answered(weighed - found, found - start + System.nanoTime() - weighed);
    return new NDList(layers.get(0), layers.get(1), graph.get(0), graph.get(1));
  }

  private NDArray images(NDManager scope, List<Query> batch) {
    int size = card.student().input().bytes();
    byte[] samples = new byte[batch.size() * size];
    for (int i = 0; i < batch.size(); i++) {
      byte[] pixels = batch.get(i).pixels();
      if (pixels.length != size) {
        throw new IllegalArgumentException(
            batch.get(i).id() + " has " + pixels.length + " samples, the model takes " + size);
      }
      System.arraycopy(pixels, 0, samples, i * size, size);
    }
    return Images.batch(scope, card.student().input(), samples);
  }

  private List<Score> scores(float[] logits, int image) {
    double max = Double.NEGATIVE_INFINITY;
    for (float z : logits) {
      if (!Float.isFinite(z)) {
        throw new NonFiniteAnswerException(image);
      }
      max = Math.max(max, z);
    }
    double sum = 0;
    for (float z : logits) {
      sum += Math.exp(z - max);
    }
    List<Score> scores = new ArrayList<>(logits.length);
    for (int c = 0; c < logits.length; c++) {
      float probability = (float) (Math.exp(logits[c] - max) / sum);
      scores.add(new Score(card.classes().get(c), probability));
    }
    scores.sort(Comparator.comparingDouble(Score::probability).reversed());
    return scores;
  }

  private static Neighbour neighbour(
      int index, float weight, List<Query> batch, String[] labels, BankMatrix bank) {
    if (index < batch.size()) {
      return new Neighbour(batch.get(index).id(), weight, labels[index], Origin.BATCH);
    }
    int row = index - batch.size();
    return new Neighbour(bank.id(row), weight, bank.label(row), bank.origin(row));
  }

  /**
   * Answers the golden set again, each image alone beside the prototypes.
   *
   * @throws SelfTestException if an answer differs from the recorded one
   */
  public void selfTest() {
    int size = card.student().input().bytes();
    int classes = card.classes().size();
    float[] samples = golden.images().data();
    float[] expected = golden.logits().data();
    try (NDManager scope = module.newManager();
        BankMatrix bank = newBank(0)) {
      for (int image = 0; image < samples.length / size; image++) {
        byte[] pixels = new byte[size];
        for (int i = 0; i < size; i++) {
          pixels[i] = (byte) Math.round(samples[image * size + i]);
        }
        Query alone = new Query("golden", pixels, Optional.empty());
        float[] logits =
            (hasEvidence()
                    ? judged(module, scope, List.of(alone), bank)
                    : forward(module, scope, List.of(alone), bank, card.student().keep()))
                .head()
                .toFloatArray();
        for (int c = 0; c < classes; c++) {
          float golden = expected[image * classes + c];
          if (!(Math.abs(logits[c] - golden) <= GOLDEN_TOLERANCE * (1 + Math.abs(golden)))) {
            throw new SelfTestException(
                "model %s %s fails its self-test: logit %d of golden image %d is %s, not %s"
                    .formatted(card.name(), card.version(), c, image, logits[c], golden));
          }
        }
      }
    }
  }

  @Override
  public synchronized void close() {
    onCpu.ifPresent(TorchModule::close);
    onCpu = Optional.empty();
    module.close();
  }
}
