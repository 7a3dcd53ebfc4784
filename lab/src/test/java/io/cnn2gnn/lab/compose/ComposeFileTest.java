package io.cnn2gnn.lab.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cnn2gnn.cli.Main;
import io.cnn2gnn.cli.kit.CliException;
import io.cnn2gnn.cli.kit.Home;
import io.cnn2gnn.cli.page.PageCommand;
import io.cnn2gnn.cli.produce.ProduceCommand;
import io.cnn2gnn.cli.run.RunCommand;
import io.cnn2gnn.cli.train.TrainCommand;
import io.cnn2gnn.topology.app.AppConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The shipped compose file, as far as it can be checked without an engine. */
class ComposeFileTest {
  private static final Path FOLDER = Home.path().resolve("compose");
  private static final Path FILE = FOLDER.resolve("docker-compose.yml");
  private static final Pattern PINNED = Pattern.compile("[a-z0-9./-]+:v?[0-9]+\\.[0-9][\\w.-]*");

  @TempDir private Path folder;

  private static ComposeFile shipped() throws CliException {
    return ComposeFile.read(FILE);
  }

  @Test
  void itHasTheWholeStackAndItsProfiles() throws Exception {
    assertThat(shipped().defaults())
        .extracting(ComposeService::name)
        .containsExactlyInAnyOrder(
            "broker", "registry", "model-store", "topology", "page", "training-job", "samples");
    assertThat(shipped().services().stream().flatMap(s -> s.profiles().stream()))
        .containsOnly("monitoring", "gpu", "secure");
  }

  @Test
  void everyServiceHasAPinnedImageLimitsAndAHealthCheckOrAReason() throws Exception {
    for (ComposeService service : shipped().services()) {
      assertThat(service.image()).as(service.name()).matches(PINNED);
      assertThat(service.raw()).as(service.name()).containsKeys("mem_limit", "cpus", "restart");
      assertThat(service.check().isPresent() || reason(service).length() > 10)
          .as("%s has a health check, or says why not", service.name())
          .isTrue();
    }
  }

  private static String reason(ComposeService service) {
    return service.raw().getOrDefault(ComposeService.NO_CHECK, "").toString();
  }

  @Test
  void everyVolumeIsDeclaredAndUsed() throws Exception {
    Set<String> used = new TreeSet<>();
    shipped().services().forEach(service -> used.addAll(service.volumes().keySet()));
    assertThat(shipped().volumes()).isEqualTo(used);
  }

  @Test
  void whatIsMountedFromTheProjectIsThere() throws Exception {
    for (ComposeService service : shipped().services()) {
      for (String mount : ComposeService.texts(service.raw().get("volumes"))) {
        if (mount.startsWith("./")) {
          assertThat(FOLDER.resolve(mount.split(":", -1)[0])).exists();
          assertThat(mount).as("cannot be written to").endsWith(":ro");
        }
      }
    }
  }

  /** A service waits for health, so whom it waits for must have a check. */
  @Test
  void whoIsWaitedForCanBeHealthy() throws Exception {
    ComposeFile compose = shipped();
    for (ComposeService service : compose.services()) {
      for (String other : service.waitsFor()) {
        assertThat(compose.service(other).orElseThrow().check())
            .as("%s waits for %s", service.name(), other)
            .isPresent();
      }
    }
  }

  @Test
  void nothingKeepsInstancesOfTheTopologyApart() throws Exception {
    ComposeService topology = shipped().service("topology").orElseThrow();
    assertThat(topology.raw()).doesNotContainKeys("container_name", "hostname");
    assertThat(ComposeService.texts(topology.raw().get("ports")))
        .containsExactly("127.0.0.1:8090-8099:8080");
    assertThat(topology.command()).noneMatch(argument -> argument.contains("group.instance.id"));
  }

  @Test
  void portsArePublishedOnLoopbackOnly() throws Exception {
    for (ComposeService service : shipped().services()) {
      assertThat(ComposeService.texts(service.raw().get("ports")))
          .as(service.name())
          .allMatch(port -> port.startsWith("127.0.0.1:"));
    }
  }

  @Test
  void theCommandsAcceptEveryArgument() throws Exception {
    for (ComposeService service : shipped().services()) {
      if (!service.built()) {
        continue;
      }
      CommandLine.ParseResult parsed =
          Main.commandLine().parseArgs(withoutSecrets(service.command()).toArray(new String[0]));
      Object command = parsed.subcommand().commandSpec().userObject();
      if (command instanceof RunCommand run) {
        AppConfig config = AppConfig.of(run.properties());
        assertThat(config.httpPort()).isEqualTo(8080);
        assertThat(config.httpHost()).isEqualTo("0.0.0.0");
      } else if (command instanceof TrainCommand train) {
        train.check();
      } else {
        assertThat(command).isInstanceOfAny(ProduceCommand.class, PageCommand.class);
      }
    }
  }

  /** The file with the clients' settings is a secret, and not there. */
  private List<String> withoutSecrets(List<String> command) throws Exception {
    Path none = Files.writeString(folder.resolve("client.properties"), "");
    return command.stream()
        .map(
            argument ->
                argument.startsWith("--config=/run/secrets/") ? "--config=" + none : argument)
        .toList();
  }

  /** A word that is not a path, and stands where a password would, is one. */
  @Test
  void noSecretIsInTheFiles() throws Exception {
    Pattern secret = Pattern.compile("(?i)(password|jaas\\w*|secret)\\s*[:=]\\s*(\\S+)");
    List<String> found = new ArrayList<>();
    try (var files = Files.walk(FOLDER)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Matcher matcher = secret.matcher(Files.readString(file, StandardCharsets.UTF_8));
        while (matcher.find()) {
          if (!matcher.group(2).matches("\\$\\$\\{secret:.*|file:|/run/secrets/.*")
              && !matcher.group(0).contains("${secret")) {
            found.add(file.getFileName() + ": " + matcher.group());
          }
        }
      }
    }
    assertThat(found).isEmpty();
  }

  @Test
  void secretsLieOutsideOfTheProject() throws Exception {
    Map<String, Object> secrets = ComposeFile.mapping(ComposeYaml.read(FILE).get("secrets"));
    assertThat(secrets).isNotEmpty();
    secrets
        .values()
        .forEach(
            secret ->
                assertThat(ComposeFile.mapping(secret).get("file").toString())
                    .startsWith("${CNN2GNN_SECRETS:-/etc/"));
  }

  @Test
  void baseImagesArePinnedAndNothingRunsAsRoot() throws Exception {
    List<String> lines = Files.readAllLines(FOLDER.resolve("Dockerfile"));
    List<String> stages =
        lines.stream()
            .filter(line -> line.matches("FROM .* AS .*"))
            .map(line -> line.replaceAll(".* AS ", ""))
            .toList();
    Map<String, String> arguments =
        lines.stream()
            .filter(line -> line.startsWith("ARG ") && line.contains("="))
            .map(line -> line.substring(4).split("=", 2))
            .collect(Collectors.toMap(part -> "${" + part[0] + "}", part -> part[1]));
    List<String> bases =
        lines.stream()
            .filter(line -> line.startsWith("FROM "))
            .map(line -> line.split(" ", -1)[1].replace("${FLAVOUR}", "cpu"))
            .filter(base -> !stages.contains(base))
            .map(base -> arguments.getOrDefault(base, "no argument: " + base))
            .toList();
    String compose = Files.readString(FILE);
    arguments.forEach(
        (argument, image) -> {
          if (argument.endsWith("_IMAGE}")) {
            assertThat(compose)
                .contains(
                    argument.replaceAll("[${}]", "")
                        + ": "
                        + argument.replace("}", ":-" + image + "}"));
          }
        });
    assertThat(bases).hasSize(4).allMatch(base -> PINNED.matcher(base).matches());
    assertThat(lines.lastIndexOf("USER 10001"))
        .isLessThan(lines.indexOf("FROM runtime AS topology"))
        .isPositive();
  }

  /** With a stand-in for docker, which knows a digest for every tag. */
  @Test
  void pinWritesADigestForEveryImageOfOthersAndNothingIfOneHasNone() throws Exception {
    Path copy = Files.createDirectory(folder.resolve("compose"));
    for (String name : List.of("pin", "Dockerfile", "docker-compose.yml")) {
      Files.copy(FOLDER.resolve(name), copy.resolve(name), StandardCopyOption.COPY_ATTRIBUTES);
    }
    String digest = "sha256:" + "0a".repeat(32);
    assertThat(pin(copy, "echo " + digest)).isZero();
    List<String> pinned = Files.readAllLines(copy.resolve("images.env"));
    List<String> others =
        shipped().services().stream()
            .map(ComposeService::image)
            .filter(image -> !image.startsWith("cnn2gnn/"))
            .distinct()
            .toList();
    assertThat(pinned)
        .hasSize(4 + others.size())
        .allMatch(line -> line.matches("[A-Z_]+_IMAGE=[^@]+:[^@]+@" + digest));
    for (String image : others) {
      assertThat(pinned).anyMatch(line -> line.contains("=" + image + "@"));
    }
    assertThat(pin(copy, "[[ $4 == grafana* ]] || echo " + digest)).isEqualTo(1);
    assertThat(Files.readAllLines(copy.resolve("images.env"))).isEqualTo(pinned);
  }

  private int pin(Path copy, String docker) throws Exception {
    Path tools = Files.createDirectories(folder.resolve("tools"));
    Path stand =
        Files.writeString(tools.resolve("docker"), "#!/usr/bin/env bash\n" + docker + "\n");
    Files.setPosixFilePermissions(stand, PosixFilePermissions.fromString("rwx------"));
    ProcessBuilder builder =
        new ProcessBuilder(copy.resolve("pin").toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder.environment().merge("PATH", tools.toString(), (path, own) -> own + ":" + path);
    return builder.start().waitFor();
  }

  /** What an engine or root is needed for is read, not run. */
  @Test
  void everyScriptCanBeRead() throws Exception {
    try (var files = Files.list(FOLDER)) {
      for (Path script : files.filter(Files::isExecutable).filter(Files::isRegularFile).toList()) {
        Process process =
            new ProcessBuilder("bash", "-n", script.toString()).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as("%s: %s", script.getFileName(), said).isZero();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "monitoring", "gpu", "secure"})
  void theToolTakesTheFileWithEveryProfile(String profile) throws Exception {
    List<String> tool = tool();
    assumeTrue(!tool.isEmpty(), "neither 'docker compose' nor docker-compose is installed");
    List<String> command = new ArrayList<>(tool);
    command.addAll(List.of("-f", FILE.toString()));
    if (!profile.isEmpty()) {
      command.addAll(List.of("--profile", profile));
    }
    command.addAll(List.of("config", "-q"));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    assertThat(said).as("warnings").isEmpty();
  }

  private static List<String> tool() {
    return Stream.of(List.of("docker", "compose"), List.of("docker-compose"))
        .filter(ComposeFileTest::runs)
        .findFirst()
        .orElse(List.of());
  }

  /** Whether a tool is there; one that is not installed cannot be started. */
  private static boolean runs(List<String> tool) {
    try {
      List<String> command = new ArrayList<>(tool);
      command.add("version");
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void servicesThatWaitForEachOtherAreRefused() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("circle.yml"),
            """
            services:
              a:
                depends_on: {b: {condition: service_healthy}}
              b:
                depends_on: {a: {condition: service_healthy}}
              c: {}
            """);
    assertThatThrownBy(() -> ComposeFile.read(file))
        .isInstanceOf(CliException.class)
        .hasMessageEndingWith("a, b");
  }

  @Test
  void aFileThatIsNoYamlIsNamed() throws Exception {
    Path file = Files.writeString(folder.resolve("broken.yml"), "services: [");
    assertThatThrownBy(() -> ComposeFile.read(file))
        .isInstanceOf(CliException.class)
        .hasMessageContaining("broken.yml is no YAML");
  }

  @Test
  void namesOfTheNetworkBecomeNamesOfThisMachine() throws Exception {
    ComposeService topology = shipped().service("topology").orElseThrow();
    Map<String, String> names = new HashMap<>();
    names.put("broker:29092", "127.0.0.1:1111");
    names.put("registry:8080", "127.0.0.1:2222");
    names.put("model-store:8080", "127.0.0.1:3333");
    ComposePlaces places =
        new ComposePlaces(names).andVolumes(topology, Path.of("/tmp/run")).and("8080", "4444");
    assertThat(places.here(topology.command()))
        .contains(
            "--bootstrap-server=127.0.0.1:1111",
            "--schema-registry=http://127.0.0.1:2222/apis/ccompat/v7",
            "--http-port=4444",
            "--set=cnn2gnn.release.allow=http://127.0.0.1:3333/",
            "--set=state.dir=/tmp/run/topology-state")
        .noneMatch(argument -> argument.contains("8080"));
  }
}
