"""Sends image files of one source: produce.py SOURCE [--labels] FILE...

With --labels the folder of each file is its class: Bag/1.png.
"""
import os
import sys
import time
from pathlib import Path
from urllib.parse import unquote

from confluent_kafka import Producer
from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroSerializer
from confluent_kafka.serialization import MessageField, SerializationContext

brokers = os.environ.get("BOOTSTRAP_SERVERS", "localhost:9092")
registry = SchemaRegistryClient({"url": os.environ.get("SCHEMA_REGISTRY_URL", "http://localhost:8081")})
topic = os.environ.get("IMAGES_TOPIC", "images")
schema = registry.get_latest_version(f"{topic}-value").schema.schema_str
serialize = AvroSerializer(registry, schema,
                           conf={"auto.register.schemas": False, "use.latest.version": True})
# This partitioner chooses as the Java client does, so a source keeps its partition.
producer = Producer({"bootstrap.servers": brokers, "enable.idempotence": True,
                     "partitioner": "murmur2_random"})


def delivered(error, message):
    if error is not None:
        sys.exit(f"{message.topic()}: {error}")


source, *files = sys.argv[1:]
labels = files[:1] == ["--labels"]
if labels:
    files = files[1:]
for file in files:
    with open(file, "rb") as image_file:
        content = image_file.read()
    image = {"id": file, "capturedAt": int(time.time() * 1e6),
             "content": ("io.cnn2gnn.schemas.avro.InlineImage",
                         {"format": "PNG" if file.endswith(".png") else "JPEG",
                          "width": 0, "height": 0, "bytes": content}),
             "label": unquote(Path(file).resolve().parent.name) if labels else None,
             "attributes": {}}
    producer.produce(topic, key=source, on_delivery=delivered,
                     value=serialize(image, SerializationContext(topic, MessageField.VALUE)))
    producer.poll(0)
producer.flush()
