package io.cnn2gnn.page;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonPrimitive;
import com.google.gson.JsonSerializer;
import com.google.gson.TypeAdapter;
import com.google.gson.TypeAdapterFactory;
import com.google.gson.reflect.TypeToken;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Optional;

/** Values as a browser reads them. */
final class Json {
  /** JSON has no NaN, and a record of somebody's may: it is 0, as nothing was measured. */
  private static final JsonSerializer<Number> NUMBER =
      (value, type, context) ->
          new JsonPrimitive(Double.isFinite(value.doubleValue()) ? value : (Number) 0);

  static final Gson GSON =
      new GsonBuilder()
          .disableHtmlEscaping()
          .registerTypeAdapterFactory(new Optionals())
          .registerTypeAdapter(double.class, NUMBER)
          .registerTypeAdapter(Double.class, NUMBER)
          .registerTypeAdapter(float.class, NUMBER)
          .registerTypeAdapter(Float.class, NUMBER)
          .create();

  private Json() {}

  /** Gson knows no Optional: one that is empty is left out. */
  private static final class Optionals implements TypeAdapterFactory {
    @Override
    @SuppressWarnings("unchecked")
    public <T> TypeAdapter<T> create(Gson gson, TypeToken<T> type) {
      if (type.getRawType() != Optional.class) {
        return null;
      }
      Type inner = ((ParameterizedType) type.getType()).getActualTypeArguments()[0];
      TypeAdapter<Object> values = (TypeAdapter<Object>) gson.getAdapter(TypeToken.get(inner));
      return (TypeAdapter<T>)
          new TypeAdapter<Optional<Object>>() {
            @Override
            public void write(JsonWriter out, Optional<Object> value) throws IOException {
              if (value.isPresent()) {
                values.write(out, value.get());
              } else {
                out.nullValue();
              }
            }

            @Override
            public Optional<Object> read(JsonReader in) throws IOException {
              return Optional.ofNullable(values.read(in));
            }
          };
    }
  }
}
