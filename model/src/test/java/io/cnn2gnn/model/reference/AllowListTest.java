package io.cnn2gnn.model.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cnn2gnn.model.reference.ReferenceRefusedException.Reason;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AllowListTest {
  private static final AllowList LIST =
      AllowList.of(
          AllowList.IMAGES,
          "https://images.example.org/cam/, http://10.0.0.7:8080/, http://[::1]/v6/,"
              + " file:/data/images/");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://images.example.org/cam/a.png",
        "HTTPS://Images.Example.ORG:443/cam/b/c.png",
        "https://images.example.org/cam/a.png?X-Signature=ab%2Fcd&t=..%2f",
        "https://images.example.org/cam/a..b/...png",
        "https://images.example.org/cam/%C3%A4%20b+c.png",
        "https://images.example.org/cam/T-shirt%252Ftop/1.png",
        "http://10.0.0.7:8080/a.png",
        "http://[::1]/v6/a.png",
      })
  void admitsWhatIsBelowAPrefix(String uri) throws Exception {
    assertThat(LIST.admit(uri)).isEqualTo(new AllowList.Target.Web(new URI(uri)));
  }

  @Test
  void admitsFilesByTheirDecodedNames() throws Exception {
    Path folder = Path.of("/data/images");
    assertThat(LIST.admit("file:/data/images/a%20b.png"))
        .isEqualTo(new AllowList.Target.Local(folder.resolve("a b.png"), folder));
    assertThat(LIST.admit("file:///data/images/T-shirt%252Ftop/1.png"))
        .isEqualTo(new AllowList.Target.Local(folder.resolve("T-shirt%2Ftop/1.png"), folder));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // Another scheme, host, port or path.
        "http://images.example.org/cam/a.png",
        "ftp://images.example.org/cam/a.png",
        "jar:file:/data/images/a.zip!/a.png",
        "https://images.example.org:8443/cam/a.png",
        "https://images.example.org:-1/cam/a.png",
        "https://images.example.org./cam/a.png",
        "https://images.example.org.evil.example/cam/a.png",
        "https://evil.example/https://images.example.org/cam/a.png",
        "https://images.example.org/cam",
        "https://images.example.org/camera/a.png",
        "https://images.example.org/CAM/a.png",
        "https://images.example.org/c%61m/a.png",
        "https://images.example.org",
        "http://10.0.0.7/a.png",
        "http://10.0.0.7:80800/a.png",
        "http://0x0a000007:8080/a.png",
        "file:/data/images-private/a.png",
        "file:/data/images",
        "file:/etc/passwd",
        // The host is what comes after the last @, and some programs disagree.
        "https://images.example.org@evil.example/cam/a.png",
        "https://user:secret@images.example.org/cam/a.png",
        "https://@images.example.org/cam/a.png",
        "https://images.example.org%40evil.example/cam/a.png",
        "https://images.example.org\\@evil.example/cam/a.png",
        "https:/images.example.org/cam/a.png",
        "https:images.example.org/cam/a.png",
        "//images.example.org/cam/a.png",
        "file://images.example.org/data/images/a.png",
        "file://localhost/data/images/a.png",
        "file:data/images/a.png",
        "file:/data/images/a.png?b",
        "file:/data/images/a.png#b",
        "https://images.example.org/cam/a.png#b",
        // Out of the folder, plainly or in disguise.
        "https://images.example.org/cam/../a.png",
        "https://images.example.org/cam/..",
        "https://images.example.org/cam/./a.png",
        "https://images.example.org/cam/..;x=y/a.png",
        "https://images.example.org/cam/%2e%2e/a.png",
        "https://images.example.org/cam/.%2E/a.png",
        "https://images.example.org/cam/%252e%252e/a.png",
        "https://images.example.org/cam/%25252e%25252e%25252fa.png",
        "https://images.example.org/cam/..%252fa.png",
        "https://images.example.org/cam/..%255ca.png",
        "https://images.example.org/cam/..%3bx/a.png",
        "https://images.example.org/cam/b%2f..%2fa.png",
        "https://images.example.org/cam/b%5c..%5ca.png",
        "https://images.example.org/cam/..\\a.png",
        "https://images.example.org/cam/%c0%ae%c0%ae/a.png",
        "https://images.example.org/cam//a.png",
        "file:/data/images/../a.png",
        "file:/data/images/%2e%2e/a.png",
        "file:/data/images/..%2fa.png",
        "file:/data/images//etc/passwd",
        // What would end a string or a request line.
        "file:/data/images/a.png%00.jpg",
        "https://images.example.org/cam/a.png%0d%0aHost:%20evil.example",
        "https://images.example.org/cam/a.png\r\nHost: evil.example",
        "https://images.example.org/cam/a b.png",
        "https://images.example.org/cam/\uff0e\uff0e/a.png",
        "https://images.example.org/cam/100%",
        "",
        "a.png",
      })
  void refusesWhatIsNotOrCouldBeReadAsSomethingElse(String uri) {
    assertThatThrownBy(() -> LIST.admit(uri))
        .isInstanceOfSatisfying(
            ReferenceRefusedException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.REFERENCE_NOT_ALLOWED))
        .hasMessageContaining("cnn2gnn.reference.allow");
  }

  @Test
  void refusesAUriAsLongAsARecordWithoutReadingIt() {
    assertThatThrownBy(() -> LIST.admit("http://10.0.0.7:8080/%" + "25".repeat(4_000_000)))
        .hasMessageContaining("more than 4096 characters");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://elsewhere.example.org/a.png?signature=secret",
        "https://images.example.org/cam/../a.png?signature=secret"
      })
  void tellsNobodyOfASignatureInAQuery(String uri) {
    assertThatThrownBy(() -> LIST.admit(uri)).message().contains("a.png").doesNotContain("secret");
  }

  @Test
  void anEmptyListAllowsNothing() {
    assertThatThrownBy(() -> AllowList.of(AllowList.IMAGES, " , ").admit("file:/data/images/a.png"))
        .hasMessageContaining("cnn2gnn.reference.allow is empty");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://images.example.org/cam",
        "https://images.example.org",
        "https://images.example.org/?a=/",
        "https://*.example.org/",
        "https://images.example.org:70000/",
        "https://u@images.example.org/",
        "file:data/",
        "file:/data/../",
        "/data/images/",
        "s3://bucket/",
      })
  void namesAPrefixThatIsNone(String prefix) {
    assertThatThrownBy(() -> AllowList.of(AllowList.IMAGES, "file:/ok/," + prefix))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("cnn2gnn.reference.allow", prefix);
  }

  @Test
  void ofFoldersInOneAnotherTheInnermostCounts() throws Exception {
    AllowList list = AllowList.of(AllowList.IMAGES, "file:/data/,file:/data/images/");
    assertThat(list.admit("file:/data/images/a.png"))
        .isEqualTo(
            new AllowList.Target.Local(Path.of("/data/images/a.png"), Path.of("/data/images")));
  }

  @Test
  void aPrefixThatIsAddedMayHaveACommaAndIsCheckedLikeTheOthers() throws Exception {
    AllowList list = AllowList.of(AllowList.BUNDLES, "https://a.example/").with("file:/b,c/");
    assertThat(list).hasToString("https://a.example/,file:/b,c/");
    assertThat(list.admit("file:/b,c/x.bundle")).isInstanceOf(AllowList.Target.Local.class);
    assertThatThrownBy(() -> list.with("file:/b")).hasMessageContaining("must end with a slash");
  }
}
