"""Prints predictions, each with its neighbours, until it is stopped."""
import os

from confluent_kafka import Consumer
from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroDeserializer
from confluent_kafka.serialization import MessageField, SerializationContext

brokers = os.environ.get("BOOTSTRAP_SERVERS", "localhost:9092")
registry = SchemaRegistryClient({"url": os.environ.get("SCHEMA_REGISTRY_URL", "http://localhost:8081")})
topic = os.environ.get("PREDICTIONS_TOPIC", "predictions")
deserialize = AvroDeserializer(registry)
consumer = Consumer({"bootstrap.servers": brokers, "group.id": "labels-python",
                     "isolation.level": "read_committed", "auto.offset.reset": "earliest"})
consumer.subscribe([topic])
try:
    while True:
        message = consumer.poll(1.0)
        if message is None:
            continue
        if message.error():
            raise SystemExit(str(message.error()))
        p = deserialize(message.value(), SerializationContext(topic, MessageField.VALUE))
        print(p["imageId"], p["label"], p["confidence"], flush=True)
        for n in p["neighbours"]:
            print(" ", n["imageId"], n["label"], n["weight"], n["origin"], flush=True)
finally:
    consumer.close()
