package io.cnn2gnn.page;

import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.model.bundle.BundleException;
import io.cnn2gnn.model.bundle.Thumbnails;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Pictures of a model's prototypes, and its classes.
 *
 * @param places of their pictures in the sheet, by their ids
 */
record Prototypes(Thumbnails sheet, Map<String, Integer> places, List<String> classes) {
  /** Of no bundle. */
  static final Prototypes NONE = new Prototypes(Thumbnails.NONE, Map.of(), List.of());

  /** All of them, in one sheet. */
  Reply picture() {
    return sheet.isEmpty()
        ? Reply.problem(404, "the bundle has no pictures of its prototypes")
        : new Reply(200, "image/jpeg", sheet.jpeg());
  }

  static Prototypes of(Optional<Path> file) throws PageException {
    if (file.isEmpty()) {
      return NONE;
    }
    try {
      Bundle bundle = Bundle.read(file.get());
      Thumbnails sheet = bundle.prototypes().thumbnails();
      Map<String, Integer> places = new HashMap<>();
      List<String> ids = sheet.isEmpty() ? List.of() : bundle.prototypes().ids();
      for (int i = 0; i < ids.size(); i++) {
        places.put(ids.get(i), i);
      }
      return new Prototypes(sheet, places, bundle.card().classes());
    } catch (BundleException e) {
      throw new PageException(
          "the bundle %s cannot be read: %s".formatted(file.get(), e.getMessage()), e);
    }
  }
}
