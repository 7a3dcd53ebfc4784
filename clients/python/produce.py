"""Sends image files of one source: produce.py SOURCE FILE..."""
import os
import sys
import time

from confluent_kafka import Producer
from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroSerializer
from confluent_kafka.serialization import MessageField, SerializationContext

brokers = os.environ.get("BOOTSTRAP_SERVERS", "localhost:9092")
registry = SchemaRegistryClient({"url": os.environ.get("SCHEMA_REGISTRY_URL", "http://localhost:8081")})
schema = registry.get_latest_version("images-value").schema.schema_str
serialize = AvroSerializer(registry, schema,
                           conf={"auto.register.schemas": False, "use.latest.version": True})
# This partitioner chooses as the Java client does, so a source keeps its partition.
producer = Producer({"bootstrap.servers": brokers, "enable.idempotence": True,
                     "partitioner": "murmur2_random"})


def delivered(error, message):
    if error is not None:
        sys.exit(f"{message.topic()}: {error}")


source, *files = sys.argv[1:]
for file in files:
    with open(file, "rb") as image_file:
        content = image_file.read()
    image = {"id": file, "capturedAt": int(time.time() * 1e6),
             "content": ("io.cnn2gnn.schemas.avro.InlineImage",
                         {"format": "PNG" if file.endswith(".png") else "JPEG",
                          "width": 0, "height": 0, "bytes": content}),
             "label": None, "attributes": {}}
    producer.produce("images", key=source, on_delivery=delivered,
                     value=serialize(image, SerializationContext("images", MessageField.VALUE)))
    producer.poll(0)
producer.flush()
