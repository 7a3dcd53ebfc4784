package io.cnn2gnn.cli.label;

import io.cnn2gnn.cli.kit.CliException;
import io.cnn2gnn.cli.kit.Terminal;
import io.cnn2gnn.cli.label.LabelTopics.Session;
import io.cnn2gnn.cli.label.LabelsInForce.InForce;
import io.cnn2gnn.intake.LabelRecords;
import io.cnn2gnn.schemas.PredictionReader;
import io.cnn2gnn.schemas.WireReader;
import io.cnn2gnn.schemas.avro.Label;
import io.cnn2gnn.schemas.avro.LabelResult;
import io.cnn2gnn.topology.app.Access;
import io.cnn2gnn.topology.app.AccessTable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "label",
    description =
        "Says what images really were, or takes it back, and waits for what becomes of that: one"
            + " image, a file, or an export of Label Studio.",
    footer = "Exit code 0 if every label was taken, 1 if not; docs/guide/teach.md tells the rest.",
    mixinStandardHelpOptions = true)
public final class LabelCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private LabelTopics topics;

  @Mixin private LabelFlags flags;

  @Override
  public Integer call() throws Exception {
    Optional<String> mistake = flags.mistake();
    if (mistake.isPresent()) {
      throw new ParameterException(spec.commandLine(), mistake.get());
    }
    return flags.retracted.isPresent() ? retract(flags.retracted.get()) : label();
  }

  private int label() throws CliException, InterruptedException {
    Faults faults = new Faults();
    LabelInput input = new LabelInput(flags, topics.images);
    LabelList list = input.read(faults);
    List<Access> needed = new ArrayList<>(AccessTable.label(topics.labels(), topics.outcomes()));
    if (flags.lookUp) {
      needed.addAll(AccessTable.consume(topics.predictions));
    }
    Session session = topics.open(needed);
    List<LabelRequest> requests = flags.lookUp ? lookUp(session, list.requests()) : list.requests();
    for (LabelRequest request : requests) {
      if (request.isLost()) {
        faults.add(
            request.origin(),
            "an image without a source needs its partition and offset, or --look-up");
      }
    }
    faults.end(input.name());
    return flags.isOne() ? one(session, requests) : all(session, requests, list.unlabelled());
  }

  private int one(Session session, List<LabelRequest> requests)
      throws CliException, InterruptedException {
    try (LabelDesk desk = session.desk()) {
      return report().one(desk.deliver(requests, flags.patience(), n -> {}).get(0));
    }
  }

  private int all(Session session, List<LabelRequest> requests, int unlabelled)
      throws CliException, InterruptedException {
    int missed = report().all(deliver(session, requests));
    if (unlabelled > 0) {
      Terminal.printf("tasks that nobody has annotated: %d", unlabelled);
    }
    return missed == 0 ? 0 : 1;
  }

  private LabelReport report() {
    return new LabelReport(topics.labels(), flags.patience());
  }

  private List<LabelRequest> lookUp(Session session, List<LabelRequest> requests)
      throws CliException, InterruptedException {
    List<LabelRequest> complete =
        ImageLookUp.complete(
            requests,
            session.scan(topics.predictions),
            new PredictionReader(session.registry(), topics.predictions));
    if (!flags.isOne()) {
      Terminal.printf(
          "%d of %d images have partition and offset now",
          complete.stream().filter(LabelRequest::hasCoordinates).count(), complete.size());
    }
    return complete;
  }

  private List<Answer> deliver(Session session, List<LabelRequest> requests)
      throws CliException, InterruptedException {
    try (LabelDesk desk = session.desk();
        ProgressBar bar =
            new ProgressBarBuilder()
                .setTaskName("label")
                .setInitialMax(requests.size())
                .setUnit(" labels", 1)
                .showSpeed()
                .build()) {
      return desk.deliver(requests, flags.patience(), bar::stepTo);
    }
  }

  private int retract(String name) throws CliException, InterruptedException {
    Session session = topics.open(AccessTable.retract(topics.labels(), topics.outcomes()));
    List<InForce> given =
        Retraction.of(
            name,
            session.scan(topics.labels()),
            new LabelRecords(new WireReader<>(session.registry(), topics.labels(), Label.class)));
    if (flags.dryRun) {
      given.forEach(one -> Terminal.printf("%s: %s", one.image(), one.label().label().get()));
    }
    Terminal.printf(
        "labels of %s in force%s: %d",
        name, flags.dryRun ? ", which would be taken back" : "", given.size());
    if (flags.dryRun || given.isEmpty()) {
      return 0;
    }
    Instant now = LabelTimes.now();
    List<Answer> answers =
        deliver(session, given.stream().map(one -> Retraction.request(one, now)).toList());
    int missed = report().all(answers);
    // What the service had not taken it does not find, and it is not in force.
    long absent = answers.stream().filter(answer -> answer.is(LabelResult.NOT_FOUND)).count();
    return missed == absent ? 0 : 1;
  }
}
