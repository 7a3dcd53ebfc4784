package io.cnn2gnn.lab.study;

import io.cnn2gnn.cli.kit.Carrier;
import io.cnn2gnn.cli.kit.CliException;
import io.cnn2gnn.cli.kit.ImageFiles.ImageFile;
import io.cnn2gnn.cli.kit.ImageProducer;
import io.cnn2gnn.cli.kit.PredictionConsumer;
import io.cnn2gnn.cli.label.Answer;
import io.cnn2gnn.cli.label.LabelDesk;
import io.cnn2gnn.cli.label.LabelRequest;
import io.cnn2gnn.lab.picture.Png;
import io.cnn2gnn.model.inference.Answer.Score;
import io.cnn2gnn.schemas.avro.ImageCoordinates;
import io.cnn2gnn.schemas.avro.ImageFormat;
import io.cnn2gnn.schemas.avro.Label;
import io.cnn2gnn.schemas.avro.LabelKind;
import io.cnn2gnn.schemas.avro.LabelResult;
import io.cnn2gnn.schemas.avro.LabelledImage;
import io.cnn2gnn.schemas.avro.Prediction;
import io.cnn2gnn.topology.deadletter.DeadLetters;
import io.cnn2gnn.training.data.ImageSet;
import io.cnn2gnn.training.stream.Answering;
import io.cnn2gnn.training.stream.AnsweringException;
import io.cnn2gnn.training.stream.Reply;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** A stream that a service answers: images, labels and answers go through its topics. */
final class ServedStream implements Answering {
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration SILENCE = Duration.ofSeconds(60);
  private static final String LABELLER = "study";

  private final StreamService service;
  private final ImageSet set;
  private final List<String> keys = SourceKeys.of(StreamService.PARTITIONS);
  private final ImageProducer images;
  private final PredictionConsumer predictions;
  private final LabelDesk labels;
  private final TaughtLabels taught;
  private final Map<Integer, ImageCoordinates> places = new HashMap<>();

  /**
   * Connects to a service.
   *
   * @param service closed with this, also if this throws
   */
  ServedStream(StreamService service, ImageSet set) throws CliException {
    this.service = service;
    this.set = set;
    try {
      this.images =
          service.add(
              new ImageProducer(
                  service.properties(),
                  service.registry(),
                  service.topics().images(),
                  new Carrier.Inline(ImageProducer.MAX_BYTES),
                  0));
      this.predictions =
          service.add(
              new PredictionConsumer(
                  service.properties(),
                  service.registry(),
                  service.topics().predictions(),
                  List.of(service.topics().deadLetters()),
                  true));
      this.labels =
          service.add(
              new LabelDesk(
                  service.properties(),
                  service.registry(),
                  service.topics().labels(),
                  service.topics().labelOutcomes()));
      this.taught = new TaughtLabels(service.port(), SILENCE);
    } catch (CliException | RuntimeException | Error e) {
      service.close();
      throw e;
    }
  }

  @Override
  public List<Reply> answer(List<Turn> turns) throws AnsweringException, InterruptedException {
    try {
      int sent = 0;
      for (Turn turn : turns) {
        for (int image : turn.images()) {
          images.send(keys.get(turn.source()), file(image), Optional.empty());
          sent++;
        }
      }
      images.flush();
      Map<Integer, Reply> replies = replies(sent);
      return turns.stream().flatMap(turn -> turn.images().stream()).map(replies::get).toList();
    } catch (CliException e) {
      throw new AnsweringException(e.getMessage(), e);
    }
  }

  private ImageFile file(int image) {
    return new ImageFile(
        Integer.toString(image),
        ImageFormat.PNG,
        Optional.empty(),
        () -> Png.of(set.samples(image, image + 1), set.width(), set.height(), set.channels()));
  }

  private Map<Integer, Reply> replies(int count) throws CliException, InterruptedException {
    Map<Integer, Reply> replies = new HashMap<>();
    long last = System.nanoTime();
    while (replies.size() < count) {
      PredictionConsumer.Arrivals arrivals = predictions.poll(POLL);
      if (!arrivals.deadLetters().isEmpty()) {
        throw new CliException("the service refused what it was sent: " + why(arrivals));
      }
      for (Prediction prediction : arrivals.predictions()) {
        int image = Integer.parseInt(prediction.getImageId());
        replies.put(image, reply(prediction));
        places.put(image, prediction.getImage());
        last = System.nanoTime();
      }
      service.requireLive();
      if (System.nanoTime() - last > SILENCE.toNanos()) {
        throw new CliException(
            "%d of %d images were answered, and then none for %d s"
                .formatted(replies.size(), count, SILENCE.toSeconds()));
      }
    }
    return replies;
  }

  private static String why(PredictionConsumer.Arrivals arrivals) {
    ConsumerRecord<String, byte[]> letter = arrivals.deadLetters().get(0);
    return header(letter, DeadLetters.REASON) + ", " + header(letter, DeadLetters.MESSAGE);
  }

  private static String header(ConsumerRecord<String, byte[]> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null ? "no reason" : new String(header.value(), StandardCharsets.UTF_8);
  }

  private static Reply reply(Prediction prediction) {
    return new Reply(
        prediction.getLabel(),
        prediction.getConfidence(),
        score(prediction.getAlone()),
        prediction.getScores().stream().map(ServedStream::score).toList(),
        Optional.empty(),
        prediction.getBatchSize());
  }

  private static Score score(io.cnn2gnn.schemas.avro.Score score) {
    return new Score(score.getLabel(), score.getScore());
  }

  @Override
  public void label(List<Said> said) throws AnsweringException, InterruptedException {
    try {
      List<LabelRequest> requests = new ArrayList<>();
      for (Said one : said) {
        requests.add(request(one));
      }
      for (Answer answer : labels.deliver(requests, SILENCE, count -> {})) {
        if (!answer.is(LabelResult.TAUGHT)) {
          throw new CliException("a label was not taught: " + answer.line());
        }
      }
      // Those of a source come into force in their order.
      Map<Integer, Integer> last = new LinkedHashMap<>();
      said.forEach(one -> last.put(one.source(), one.image()));
      for (int image : last.values()) {
        taught.await(Integer.toString(image));
      }
    } catch (CliException e) {
      throw new AnsweringException(e.getMessage(), e);
    }
  }

  private LabelRequest request(Said said) throws CliException {
    Label label =
        Label.newBuilder()
            .setImageId(Integer.toString(said.image()))
            .setLabel(said.label())
            .setLabelledAt(Instant.now().truncatedTo(ChronoUnit.MICROS))
            .setLabelledBy(LABELLER)
            .setKind(LabelKind.TRUTH)
            .setComment(null)
            .setImage(null)
            .build();
    ImageCoordinates at = places.get(said.image());
    return LabelRequest.of(service.topics().images(), keys.get(said.source()), label)
        .at(new LabelledImage(at.getTopic(), at.getPartition(), at.getOffset()));
  }

  @Override
  public void close() {
    service.close();
  }
}
