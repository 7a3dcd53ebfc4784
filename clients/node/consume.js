// Prints predictions, each with its neighbours, until it is stopped. KafkaJS reads committed records only, unless told
// otherwise.
const { Kafka } = require("kafkajs");
const { SchemaRegistry } = require("@kafkajs/confluent-schema-registry");

const kafka = new Kafka({ brokers: (process.env.BOOTSTRAP_SERVERS || "localhost:9092").split(",") });
const registry = new SchemaRegistry({ host: process.env.SCHEMA_REGISTRY_URL || "http://localhost:8081" });
const topic = process.env.PREDICTIONS_TOPIC || "predictions";

async function main() {
  const consumer = kafka.consumer({ groupId: "labels-node" });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({ eachMessage: async ({ message }) => {
    const p = await registry.decode(message.value);
    console.log(p.imageId, p.label, p.confidence);
    for (const n of p.neighbours) console.log(" ", n.imageId, n.label, n.weight, n.origin);
  }});
}

main().catch((e) => { console.error(e.message); process.exit(1); });
