package io.cnn2gnn.topology.release;

import io.cnn2gnn.model.image.InputSpec;
import io.cnn2gnn.model.inference.Answer;
import io.cnn2gnn.model.inference.BankMatrix;
import io.cnn2gnn.model.inference.BankRow;
import io.cnn2gnn.model.inference.Query;
import io.cnn2gnn.schemas.avro.ModelRelease;
import io.cnn2gnn.topology.bank.BankConfig;
import io.cnn2gnn.topology.decode.RecordDecoder;
import io.cnn2gnn.topology.decode.RecordDecoder.Decoding;
import io.cnn2gnn.topology.flow.DecodedImage;
import io.cnn2gnn.topology.heap.HeapFaults;
import io.cnn2gnn.topology.heap.HeapFaults.Place;
import io.cnn2gnn.topology.inference.AnswerListener;
import io.cnn2gnn.topology.release.BatchRate.Forecast;
import io.cnn2gnn.topology.release.ShadowConfig.Promotion;
import io.cnn2gnn.topology.serving.ServedModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a candidate beside the active model: batches that were answered are answered again by the
 * candidate, on a thread and against a bank of its own, and nobody sees the answers. Where it does
 * not keep up, batches are left out; no image waits for it.
 */
public final class Shadow implements AnswerListener, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Shadow.class);
  private static final int QUEUE = 4;

  /**
   * A candidate that has had its batches, or has failed on one.
   *
   * @param objection why it should not answer; empty if nothing speaks against it
   */
  record Finished(ModelRelease release, ShadowFigures figures, Optional<String> objection) {}

  /**
   * How far a trial has come.
   *
   * @param done batches that both have answered
   * @param wanted batches of a whole trial
   * @param measured of these, by name; empty before the first one
   * @param text the same for people
   * @param left of the trial, at the rate seen: of batches compared, or before the first one of
   *     those that the active model answers; empty if there were none
   * @param isOver whether it has ended
   */
  record Progress(
      ModelRelease release,
      int done,
      int wanted,
      Map<String, Double> measured,
      String text,
      Optional<Forecast> left,
      boolean isOver) {
    /** For people. */
    @Override
    public String toString() {
      return "%d of %d batches%s; %s"
          .formatted(
              done,
              wanted,
              text.isEmpty() ? "" : ": " + text,
              left.map(Forecast::toString).orElse("no image has come yet"));
    }
  }

  private record Answered(String by, List<DecodedImage> images, List<Answer> answers, long nanos) {}

  private final ShadowConfig config;
  private final BankConfig bank;
  private final Supplier<RecordDecoder> decoders;
  private final HeapFaults heap;
  private final LongSupplier nanos;
  private final BatchRate answered;
  private volatile Optional<Trial> trial = Optional.empty();

  /**
   * Tries nothing yet.
   *
   * @param bank of which the candidate gets one like it, over all partitions
   * @param decoders decode records anew for a candidate of another input size
   * @param nanos a clock that never goes back, for what is left of a trial
   */
  public Shadow(
      ShadowConfig config,
      BankConfig bank,
      Supplier<RecordDecoder> decoders,
      HeapFaults heap,
      LongSupplier nanos) {
    this.config = config;
    this.bank = bank;
    this.decoders = decoders;
    this.heap = heap;
    this.nanos = nanos;
    this.answered = new BatchRate(nanos.getAsLong());
  }

  /** Who decides about a candidate that has had its trial. */
  Promotion promotion() {
    return config.promotion();
  }

  /** Tries a candidate instead of the one before; its model is closed with the trial. */
  void begin(ModelRelease release, ServedModel candidate) {
    end();
    LOG.info("{} runs in the shadow of the active model", candidate);
    Trial next = new Trial(release, candidate);
    trial = Optional.of(next);
    next.thread.start();
  }

  /** The release on trial, also when its trial is over. */
  Optional<ModelRelease> release() {
    return trial.map(t -> t.release);
  }

  /** The model on trial, if it was made of a bundle of this hash; the caller closes it. */
  Optional<ServedModel> holding(String sha256) {
    return trial.filter(t -> hash(t.release).equals(sha256)).map(t -> t.candidate.retain());
  }

  private static String hash(ModelRelease release) {
    return release.getBundle().getSha256().toLowerCase(Locale.ROOT);
  }

  /** The result of a trial that is over, each time until {@link #judged}. */
  Optional<Finished> finished() {
    return trial.filter(t -> !t.judged).flatMap(t -> t.finished);
  }

  /** How far the trial has come, also when it is over. */
  Optional<Progress> progress() {
    return trial.map(Trial::progress);
  }

  void judged() {
    trial.ifPresent(t -> t.judged = true);
  }

  /** Batches that wait for the candidate. */
  int waiting() {
    return trial.map(t -> t.queue.size()).orElse(0);
  }

  @Override
  public void answered(
      ServedModel model, List<DecodedImage> images, List<Answer> answers, long nanos) {
    if (!images.isEmpty()) {
      answered.add(images.size(), this.nanos.getAsLong());
      trial
          .filter(t -> t.finished.isEmpty())
          .ifPresent(t -> t.queue.offer(new Answered(model.card().id(), images, answers, nanos)));
    }
  }

  /** Ends the trial, whatever it has come to. */
  void end() {
    Optional<Trial> over = trial;
    trial = Optional.empty();
    over.ifPresent(Trial::close);
  }

  @Override
  public void close() {
    end();
  }

  /** What the thread of a trial has measured, for others to look at. */
  private record Compared(int batches, Map<String, Double> measured, String text, BatchRate rate) {
    static Compared none(long nanos) {
      return new Compared(0, Map.of(), "", new BatchRate(nanos));
    }

    Compared with(ShadowFigures figures, int images, long nanos) {
      if (figures.batches() == batches) {
        return this;
      }
      rate.add(images, nanos);
      return new Compared(figures.batches(), figures.metrics(), figures.toString(), rate);
    }
  }

  /** One candidate's. */
  private final class Trial implements AutoCloseable {
    private final ModelRelease release;
    private final ServedModel candidate;
    private final BankMatrix rows;
    private final BlockingQueue<Answered> queue = new ArrayBlockingQueue<>(QUEUE);
    private final Thread thread = new Thread(this::run, "shadow");
    private volatile Optional<Finished> finished = Optional.empty();
    private volatile Compared compared = Compared.none(nanos.getAsLong());

    /** The thread's; there is one from the first image of another input size on. */
    private Optional<RecordDecoder> decoder = Optional.empty();

    private boolean judged;

    Trial(ModelRelease release, ServedModel candidate) {
      this.release = release;
      this.candidate = candidate;
      this.rows = candidate.model().newBank(bank.capacity());
      thread.setDaemon(true);
    }

    private void run() {
      ShadowFigures figures = new ShadowFigures();
      String active = "";
      try {
        while (figures.batches() < config.batches()) {
          Answered batch = queue.take();
          if (!batch.by.equals(active)) {
            if (figures.batches() > 0) {
              figures = new ShadowFigures();
              compared = Compared.none(nanos.getAsLong());
            }
            active = batch.by;
          }
          compare(batch, figures);
          compared = compared.with(figures, batch.images.size(), nanos.getAsLong());
        }
        finished = Optional.of(new Finished(release, figures, figures.objection(config)));
      } catch (InterruptedException e) {
        LOG.info("the trial of {} is ended after {} batches", candidate, figures.batches());
      } catch (RuntimeException | Error e) {
        if (e instanceof OutOfMemoryError small) {
          var unused = heap.decide(Place.SHADOW, candidate.toString(), small);
        }
        // Whatever a candidate throws is its verdict: a trial must not end without one.
        LOG.warn("{} fails in the shadow", candidate, e);
        finished = Optional.of(new Finished(release, figures, Optional.of("it fails: " + e)));
      } finally {
        decoder.ifPresent(RecordDecoder::close);
      }
    }

    private Progress progress() {
      Compared now = compared;
      boolean isOver = finished.isPresent();
      int missing = isOver ? 0 : config.batches() - now.batches();
      return new Progress(
          release,
          now.batches(),
          config.batches(),
          now.measured(),
          now.text(),
          (now.batches() > 0 ? now.rate() : answered).forecast(missing, nanos.getAsLong()),
          isOver);
    }

    private void compare(Answered batch, ShadowFigures figures) {
      InputSpec input = candidate.card().student().input();
      List<Query> queries = new ArrayList<>();
      List<Answer> active = new ArrayList<>();
      for (int i = 0; i < batch.images.size(); i++) {
        Optional<Query> query = query(batch.images.get(i), input);
        if (query.isPresent()) {
          queries.add(query.get());
          active.add(batch.answers.get(i));
        }
      }
      if (queries.isEmpty()) {
        return;
      }
      long start = System.nanoTime();
      List<Answer> answers = candidate.classifier().classify(queries, rows);
      figures.add(queries, active, batch.nanos, answers, System.nanoTime() - start);
      List<BankRow> admitted = new ArrayList<>();
      for (int i = 0; i < queries.size(); i++) {
        if (bank.admits(queries.get(i), answers.get(i))) {
          admitted.add(answers.get(i).row());
        }
      }
      rows.add(admitted);
    }

    /** Empty if the image, once accepted, is refused at this size; the active model has it. */
    private Optional<Query> query(DecodedImage image, InputSpec input) {
      if (image.fits(input)) {
        return Optional.of(image.query());
      }
      if (decoder.isEmpty()) {
        decoder = Optional.of(decoders.get());
      }
      return decoder.get().decode(image.source(), input) instanceof Decoding.Accepted accepted
          ? Optional.of(accepted.image().query())
          : Optional.empty();
    }

    @Override
    public void close() {
      thread.interrupt();
      try {
        thread.join();
      } catch (InterruptedException e) {
        // The thread may still be inside the model: its memory is left to the end of the process.
        Thread.currentThread().interrupt();
        return;
      }
      rows.close();
      candidate.close();
    }
  }
}
