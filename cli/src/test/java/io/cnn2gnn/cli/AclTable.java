package io.cnn2gnn.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/** The reference's table of ACLs, as a reader would apply it. */
final class AclTable {
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");

  private static final String HEAD = "| who | resource | name | operations |";

  /** One operation of one line. */
  record Right(String who, ResourcePattern resource, AclOperation operation) {
    AclBinding binding(String user) {
      return new AclBinding(
          resource,
          new AccessControlEntry("User:" + user, "*", operation, AclPermissionType.ALLOW));
    }
  }

  private AclTable() {}

  static List<Right> read() throws IOException {
    List<String> lines = Files.readAllLines(Shipped.HOME.resolve("docs/reference/acls.md"));
    List<Right> rights = new ArrayList<>();
    for (int i = lines.indexOf(HEAD) + 2; lines.get(i).startsWith("|"); i++) {
      List<String> cells = Arrays.stream(lines.get(i).split("\\|", -1)).map(String::strip).toList();
      boolean prefixed = cells.get(2).endsWith(", prefixed");
      ResourcePattern resource =
          new ResourcePattern(
              ResourceType.valueOf(
                  cells
                      .get(2)
                      .replace(", prefixed", "")
                      .replace(' ', '_')
                      .toUpperCase(Locale.ROOT)),
              cells.get(3).replace("`", ""),
              prefixed ? PatternType.PREFIXED : PatternType.LITERAL);
      for (String operation : cells.get(4).split(", ", -1)) {
        rights.add(
            new Right(
                who(cells.get(1)),
                resource,
                AclOperation.fromString(operation.replaceAll("([a-z])([A-Z])", "$1_$2"))));
      }
    }
    return List.copyOf(rights);
  }

  /** What stands behind the command says when it needs that. */
  private static String who(String cell) {
    Matcher code = CODE.matcher(cell);
    if (!code.find()) {
      throw new IllegalStateException("no command in " + cell);
    }
    return code.group(1);
  }

  static List<Right> of(String who) throws IOException {
    return read().stream().filter(right -> right.who().equals(who)).toList();
  }
}
