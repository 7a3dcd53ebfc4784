package io.cnn2gnn.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cnn2gnn.page.Gate.Right;
import io.cnn2gnn.page.Gate.Verdict.Admitted;
import io.cnn2gnn.page.Gate.Verdict.Denied;
import io.cnn2gnn.page.PageConfig.Operators;
import io.cnn2gnn.page.PageConfig.Topics;
import io.cnn2gnn.page.PageConfig.Writers;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GateTest {
  private static final Topics TOPICS = new Topics("i", "p", "d", "l", "o", "m", "e");

  private static Gate gate(String host, Writers writers, String... names) throws PageException {
    return gate(host, writers, Operators.OF_LOOPBACK, names);
  }

  private static Gate gate(String host, Writers writers, Operators operators, String... names)
      throws PageException {
    return new Gate(
        new PageConfig(
            Map.of(), TOPICS, "app", Optional.empty(), host, 0, Set.of(names), writers, operators));
  }

  private static Map<String, String> own() {
    Map<String, String> headers = new HashMap<>();
    headers.put("Host", "127.0.0.1:8070");
    headers.put("Origin", "http://127.0.0.1:8070");
    return headers;
  }

  private static int status(Gate gate, Map<String, String> headers) {
    return status(gate, Right.LABEL, headers);
  }

  private static int status(Gate gate, Right right, Map<String, String> headers) {
    return gate.admit(right, headers::get) instanceof Denied denied ? denied.status() : 200;
  }

  @Test
  void onLoopbackWhoeverIsOnTheMachineMayLabel() throws Exception {
    assertThat(gate("127.0.0.1", Writers.OF_LOOPBACK).admit(Right.LABEL, own()::get))
        .isEqualTo(new Admitted(Optional.empty()));
  }

  @Test
  void elsewhereNobodyMayWithoutATokenOrAProxy() throws Exception {
    Gate gate = gate("0.0.0.0", Writers.OF_LOOPBACK);
    assertThat(gate.isOpen(Right.LABEL)).isFalse();
    assertThat(gate.closed()).containsOnlyKeys("label", "release");
    assertThat(status(gate, own())).isEqualTo(403);
    assertThat(gate("127.0.0.1", Writers.OF_LOOPBACK, "images.example.org").isOpen(Right.LABEL))
        .isFalse();
  }

  @Test
  void anotherSitesPageCannotLabel() throws Exception {
    Gate gate = gate("127.0.0.1", Writers.OF_LOOPBACK);
    for (String origin :
        new String[] {
          "http://evil.example",
          "http://127.0.0.1:8071",
          "http://127.0.0.1",
          "null",
          "http://127.0.0.1:8070.evil.example",
          "http://user@127.0.0.1:8070",
          "not an origin"
        }) {
      Map<String, String> headers = own();
      headers.put("Origin", origin);
      assertThat(status(gate, headers)).as(origin).isEqualTo(403);
    }
    Map<String, String> none = own();
    none.remove("Origin");
    assertThat(status(gate, none)).isEqualTo(403);
  }

  @Test
  void aNameThatIsBoundAnewToThisAddressIsNotServed() throws Exception {
    Gate gate = gate("127.0.0.1", Writers.OF_LOOPBACK, "images.example.org");
    assertThat(gate.admits("evil.example")).isFalse();
    assertThat(gate.admits("localhost")).isTrue();
    assertThat(gate.admits("LOCALHOST")).isTrue();
    assertThat(gate.admits("images.example.org")).isTrue();
    assertThat(gate.admits("127.0.0.1")).isTrue();
    assertThat(gate.admits("[::1]")).isTrue();
    assertThat(gate("0.0.0.0", Writers.OF_LOOPBACK, "*").admits("evil.example")).isTrue();
  }

  @Test
  void theTokenIsTheWholeToken() throws Exception {
    Gate gate = gate("0.0.0.0", new Writers(Optional.of("a-long-secret"), Optional.empty()));
    assertThat(gate.asksForToken(Right.LABEL)).isTrue();
    assertThat(status(gate, own())).isEqualTo(401);
    for (String said : new String[] {"Bearer a-long", "a-long-secret", "Bearer a-long-secret "}) {
      Map<String, String> headers = own();
      headers.put("Authorization", said);
      assertThat(status(gate, headers)).as(said).isEqualTo(401);
    }
    Map<String, String> right = own();
    right.put("Authorization", "Bearer a-long-secret");
    assertThat(status(gate, right)).isEqualTo(200);
  }

  @Test
  void aProxyNamesWhoLabels() throws Exception {
    Gate gate = gate("0.0.0.0", new Writers(Optional.empty(), Optional.of("X-User")));
    assertThat(status(gate, own())).isEqualTo(401);
    Map<String, String> headers = own();
    headers.put("X-User", "ann");
    assertThat(gate.admit(Right.LABEL, headers::get)).isEqualTo(new Admitted(Optional.of("ann")));
    headers.put("X-User", "a".repeat(513));
    assertThat(status(gate, headers)).isEqualTo(401);
  }

  @Test
  void onLoopbackWhoeverIsOnTheMachineMayDecideOnReleases() throws Exception {
    assertThat(status(gate("127.0.0.1", Writers.OF_LOOPBACK), Right.RELEASE, own())).isEqualTo(200);
    Map<String, String> foreign = own();
    foreign.put("Origin", "http://evil.example");
    assertThat(status(gate("127.0.0.1", Writers.OF_LOOPBACK), Right.RELEASE, foreign))
        .isEqualTo(403);
    assertThat(gate("0.0.0.0", Writers.OF_LOOPBACK).isOpen(Right.RELEASE)).isFalse();
  }

  @Test
  void whoMayLabelIsNoOperatorForThat() throws Exception {
    Writers token = new Writers(Optional.of("a-long-secret"), Optional.empty());
    Map<String, String> headers = own();
    headers.put("Authorization", "Bearer a-long-secret");
    headers.put("X-User", "ann");
    for (String host : new String[] {"127.0.0.1", "0.0.0.0"}) {
      Gate labels = gate(host, token);
      assertThat(status(labels, Right.LABEL, headers)).isEqualTo(200);
      assertThat(status(labels, Right.RELEASE, headers)).isEqualTo(403);
      Gate proxy = gate(host, new Writers(Optional.empty(), Optional.of("X-User")));
      assertThat(status(proxy, Right.LABEL, headers)).isEqualTo(200);
      assertThat(status(proxy, Right.RELEASE, headers)).isEqualTo(403);
    }
  }

  @Test
  void operatorsHaveATokenOfTheirOwnOrAreNamed() throws Exception {
    Writers ofToken = new Writers(Optional.of("a-long-secret"), Optional.empty());
    Operators secret = new Operators(Optional.of("another-secret"), Set.of());
    Gate gate = gate("0.0.0.0", ofToken, secret);
    assertThat(gate.asksForToken(Right.RELEASE)).isTrue();
    Map<String, String> headers = own();
    headers.put("Authorization", "Bearer a-long-secret");
    assertThat(status(gate, Right.RELEASE, headers)).isEqualTo(401);
    headers.put("Authorization", "Bearer another-secret");
    assertThat(status(gate, Right.RELEASE, headers)).isEqualTo(200);
    assertThat(status(gate, Right.LABEL, headers)).isEqualTo(401);

    Writers ofProxy = new Writers(Optional.empty(), Optional.of("X-User"));
    Gate named = gate("0.0.0.0", ofProxy, new Operators(Optional.empty(), Set.of("ann")));
    assertThat(status(named, Right.RELEASE, headers)).isEqualTo(401);
    headers.put("X-User", "bob");
    assertThat(status(named, Right.RELEASE, headers)).isEqualTo(403);
    headers.put("X-User", "ann");
    assertThat(status(named, Right.RELEASE, headers)).isEqualTo(200);
  }

  @Test
  void oneTokenIsNotBoth() {
    Writers writers = new Writers(Optional.of("a-long-secret"), Optional.empty());
    Operators same = new Operators(Optional.of("a-long-secret"), Set.of());
    assertThatThrownBy(() -> gate("127.0.0.1", writers, same))
        .isInstanceOf(PageException.class)
        .hasMessageContaining("takes another one");
  }

  @Test
  void operatorsWhoAreNamedNeedTheTokenTooWhereThereIsOne() throws Exception {
    Writers ofProxy = new Writers(Optional.empty(), Optional.of("X-User"));
    Gate both =
        gate("0.0.0.0", ofProxy, new Operators(Optional.of("a-long-secret"), Set.of("ann")));
    Map<String, String> headers = own();
    headers.put("X-User", "ann");
    assertThat(status(both, Right.RELEASE, headers)).isEqualTo(401);
    headers.put("Authorization", "Bearer a-long-secret");
    assertThat(status(both, Right.RELEASE, headers)).isEqualTo(200);
  }
}
