"""Says what an image really was: label.py SOURCE IMAGE_ID CLASS [PARTITION OFFSET]

The last two are those of the field image of its prediction, for an image that the service does not hold any more.
"""
import getpass
import os
import sys
import time

from confluent_kafka import Producer
from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroSerializer
from confluent_kafka.serialization import MessageField, SerializationContext

brokers = os.environ.get("BOOTSTRAP_SERVERS", "localhost:9092")
registry = SchemaRegistryClient({"url": os.environ.get("SCHEMA_REGISTRY_URL", "http://localhost:8081")})
topic = os.environ.get("LABELS_TOPIC", "labels")
images = os.environ.get("IMAGES_TOPIC", "images")
schema = registry.get_latest_version(f"{topic}-value").schema.schema_str
serialize = AvroSerializer(registry, schema,
                           conf={"auto.register.schemas": False, "use.latest.version": True})
# This partitioner chooses as the Java client does, so a label comes to the partition of its image.
producer = Producer({"bootstrap.servers": brokers, "enable.idempotence": True,
                     "partitioner": "murmur2_random"})


def delivered(error, message):
    if error is not None:
        sys.exit(f"{message.topic()}: {error}")


source, image_id, name, *place = sys.argv[1:]
image = {"topic": images, "partition": int(place[0]), "offset": int(place[1])} if place else None
label = {"imageId": image_id, "label": name, "labelledAt": int(time.time() * 1e6),
         "labelledBy": getpass.getuser(), "kind": "CORRECTION", "comment": None, "image": image}
producer.produce(topic, key=source, on_delivery=delivered,
                 value=serialize(label, SerializationContext(topic, MessageField.VALUE)),
                 **({"partition": image["partition"]} if image else {}))
producer.flush()
