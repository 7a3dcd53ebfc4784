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
import io.cnn2gnn.topology.release.ShadowConfig.Promotion;
import io.cnn2gnn.topology.serving.ServedModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
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

  private record Answered(String by, List<DecodedImage> images, List<Answer> answers, long nanos) {}

  private final ShadowConfig config;
  private final BankConfig bank;
  private final Supplier<RecordDecoder> decoders;
  private final HeapFaults heap;
  private volatile Optional<Trial> trial = Optional.empty();

  /**
   * Tries nothing yet.
   *
   * @param bank of which the candidate gets one like it, over all partitions
   * @param decoders decode records anew for a candidate of another input size
   */
  public Shadow(
      ShadowConfig config, BankConfig bank, Supplier<RecordDecoder> decoders, HeapFaults heap) {
    this.config = config;
    this.bank = bank;
    this.decoders = decoders;
    this.heap = heap;
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

  /** One candidate's. */
  private final class Trial implements AutoCloseable {
    private final ModelRelease release;
    private final ServedModel candidate;
    private final BankMatrix rows;
    private final BlockingQueue<Answered> queue = new ArrayBlockingQueue<>(QUEUE);
    private final Thread thread = new Thread(this::run, "shadow");
    private volatile Optional<Finished> finished = Optional.empty();

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
            active = batch.by;
            figures = new ShadowFigures();
          }
          compare(batch, figures);
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
