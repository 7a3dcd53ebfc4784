// Prints predictions until it is stopped. KafkaJS reads committed records only, unless told otherwise.
const { Kafka } = require("kafkajs");
const { SchemaRegistry } = require("@kafkajs/confluent-schema-registry");

const kafka = new Kafka({ brokers: (process.env.BOOTSTRAP_SERVERS || "localhost:9092").split(",") });
const registry = new SchemaRegistry({ host: process.env.SCHEMA_REGISTRY_URL || "http://localhost:8081" });

async function main() {
  const consumer = kafka.consumer({ groupId: "labels-node" });
  await consumer.connect();
  await consumer.subscribe({ topic: "predictions", fromBeginning: true });
  await consumer.run({ eachMessage: async ({ message }) => {
    const p = await registry.decode(message.value);
    console.log(p.imageId, p.label, p.confidence);
  }});
}

main().catch((e) => { console.error(e.message); process.exit(1); });
