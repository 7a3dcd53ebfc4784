package io.cnn2gnn.lab;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import io.cnn2gnn.topology.app.MeterCatalogue;
import io.cnn2gnn.topology.app.MeterCatalogue.Entry;
import io.cnn2gnn.topology.metrics.KindMeter;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Timer;
import java.lang.reflect.Field;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The table of folders and what they may use. */
class ImportRulesTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.cnn2gnn");

  private static final String SCHEMAS = "io.cnn2gnn.schemas..";
  private static final String MODEL = "io.cnn2gnn.model..";
  private static final String INTAKE = "io.cnn2gnn.intake..";
  private static final String TOPOLOGY = "io.cnn2gnn.topology..";
  private static final String TRAINING = "io.cnn2gnn.training..";
  private static final String PAGE = "io.cnn2gnn.page..";
  private static final String STACK = "io.cnn2gnn.localstack..";
  private static final String FAULTS = "io.cnn2gnn.faults..";
  private static final String BENCHMARKS = "io.cnn2gnn.benchmarks..";
  private static final String CLI = "io.cnn2gnn.cli..";
  private static final String LAB = "io.cnn2gnn.lab..";
  private static final String KAFKA = "org.apache.kafka..";
  private static final String BROKER = "kafka..";
  private static final String REGISTRY = "io.confluent..";
  private static final String DJL = "ai.djl..";

  private static void mayNotUse(String folder, String... packages) {
    ArchRule rule =
        noClasses()
            .that()
            .resideInAPackage(folder)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(packages);
    rule.check(CLASSES);
  }

  /** Every package is a slice of its own, the root of a module too. */
  @Test
  void noTwoPackagesNeedEachOther() {
    slices().matching("io.cnn2gnn.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void seesEveryFolder() {
    for (String folder :
        new String[] {
          SCHEMAS, MODEL, INTAKE, TOPOLOGY, TRAINING, PAGE, STACK, FAULTS, BENCHMARKS, CLI, LAB
        }) {
      String prefix = folder.substring(0, folder.length() - 2);
      assertThat(CLASSES.stream().anyMatch(c -> c.getPackageName().startsWith(prefix)))
          .as(folder)
          .isTrue();
    }
  }

  @Test
  void schemasUseAvroAndTheRegistryOnly() {
    mayNotUse(
        SCHEMAS,
        MODEL,
        INTAKE,
        TOPOLOGY,
        TRAINING,
        PAGE,
        STACK,
        FAULTS,
        BENCHMARKS,
        CLI,
        LAB,
        DJL,
        "org.apache.kafka.streams..");
  }

  @Test
  void theModelKnowsNoKafka() {
    mayNotUse(
        MODEL,
        SCHEMAS,
        INTAKE,
        TOPOLOGY,
        TRAINING,
        PAGE,
        STACK,
        FAULTS,
        BENCHMARKS,
        CLI,
        LAB,
        KAFKA,
        REGISTRY);
  }

  @Test
  void theIntakeUsesSchemasAndModelAndOfKafkaItsRecords() {
    mayNotUse(INTAKE, TOPOLOGY, TRAINING, PAGE, STACK, FAULTS, BENCHMARKS, CLI, LAB, BROKER, DJL);
    mayNotUse(INTAKE, "org.apache.kafka.streams..", "org.apache.kafka.clients.producer..");
  }

  @Test
  void theTopologyUsesSchemasModelAndIntake() {
    mayNotUse(TOPOLOGY, TRAINING, PAGE, STACK, FAULTS, BENCHMARKS, CLI, LAB, BROKER);
  }

  @Test
  void theTrainingJobUsesSchemasModelAndIntake() {
    mayNotUse(TRAINING, TOPOLOGY, PAGE, STACK, FAULTS, BENCHMARKS, CLI, LAB, BROKER);
  }

  @Test
  void thePageIsAClientOfTopics() {
    mayNotUse(PAGE, TOPOLOGY, TRAINING, STACK, FAULTS, BENCHMARKS, CLI, LAB, DJL, BROKER);
  }

  @Test
  void theLocalStackUsesNoOtherFolder() {
    mayNotUse(
        STACK, SCHEMAS, MODEL, INTAKE, TOPOLOGY, TRAINING, PAGE, FAULTS, BENCHMARKS, CLI, LAB, DJL);
  }

  @Test
  void faultsAndBenchmarksUseNeitherEachOtherNorTheCommands() {
    mayNotUse(FAULTS, TRAINING, PAGE, BENCHMARKS, CLI, LAB);
    mayNotUse(BENCHMARKS, TRAINING, PAGE, FAULTS, CLI, LAB);
  }

  @Test
  void theProductsCommandsDoNotKnowTheLaboratory() {
    mayNotUse(CLI, FAULTS, BENCHMARKS, LAB);
  }

  @Test
  void nobodyButTheLocalStackTouchesTheBroker() {
    for (String folder :
        new String[] {SCHEMAS, MODEL, INTAKE, TOPOLOGY, TRAINING, FAULTS, BENCHMARKS, CLI, LAB}) {
      mayNotUse(folder, BROKER, "org.apache.kafka.server..", "org.apache.kafka.metadata..");
    }
  }

  @Test
  void onlySchemasAndThoseWhoConnectKnowTheRegistryClient() {
    mayNotUse("io.cnn2gnn.topology.batching..", REGISTRY);
    mayNotUse("io.cnn2gnn.topology.bank..", REGISTRY);
    mayNotUse("io.cnn2gnn.topology.decode..", REGISTRY);
    mayNotUse("io.cnn2gnn.topology.inference..", REGISTRY);
  }

  /** A meter that is made elsewhere is missing in the list of them, and in the reference. */
  @Test
  void theTopologysMetersAreMadeInOnePackage() {
    noClasses()
        .that()
        .resideInAPackage(TOPOLOGY)
        .and()
        .resideOutsideOfPackage("io.cnn2gnn.topology.metrics")
        .and()
        .areNotAssignableTo(MeterCatalogue.class)
        .should()
        .dependOnClassesThat()
        .belongToAnyOf(
            Counter.class, DistributionSummary.class, Gauge.class, MultiGauge.class, Timer.class)
        .check(CLASSES);
  }

  @Test
  void theListOfMetersHasEveryCounterOfKinds() throws IllegalAccessException {
    Set<JavaField> fields =
        CLASSES.stream()
            .flatMap(type -> type.getFields().stream())
            .filter(field -> field.getRawType().isEquivalentTo(KindMeter.class))
            .collect(toSet());
    assertThat(fields).hasSizeGreaterThanOrEqualTo(3);
    for (JavaField field : fields) {
      Field constant = field.reflect();
      constant.setAccessible(true);
      KindMeter<?> meter = (KindMeter<?>) constant.get(null);
      assertThat(MeterCatalogue.entries())
          .filteredOn(entry -> entry.labels().containsKey(meter.tag()))
          .extracting(Entry::name)
          .contains(meter.name().replace('.', '_') + "_total");
    }
  }
}
