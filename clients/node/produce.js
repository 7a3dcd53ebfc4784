// Sends image files of one source: node produce.js SOURCE [--labels] FILE...
// With --labels the folder of each file is its class: Bag/1.png.
const fs = require("fs");
const path = require("path");
const { Kafka, Partitioners } = require("kafkajs");
const { SchemaRegistry } = require("@kafkajs/confluent-schema-registry");

const kafka = new Kafka({ brokers: (process.env.BOOTSTRAP_SERVERS || "localhost:9092").split(",") });
const registry = new SchemaRegistry({ host: process.env.SCHEMA_REGISTRY_URL || "http://localhost:8081" });
const topic = process.env.IMAGES_TOPIC || "images";

async function main([source, ...rest]) {
  const labels = rest[0] === "--labels";
  const files = labels ? rest.slice(1) : rest;
  const schema = await registry.getLatestSchemaId(`${topic}-value`);
  // This partitioner chooses as the Java client does, so a source keeps its partition.
  const producer = kafka.producer({ idempotent: true, createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  for (const file of files) {
    const image = {
      id: file,
      capturedAt: Date.now() * 1000,
      content: { "io.cnn2gnn.schemas.avro.InlineImage": {
        format: file.endsWith(".png") ? "PNG" : "JPEG", width: 0, height: 0, bytes: fs.readFileSync(file) } },
      label: labels ? decodeURIComponent(path.basename(path.dirname(path.resolve(file)))) : null,
      attributes: {},
    };
    await producer.send({ topic, messages: [{ key: source, value: await registry.encode(schema, image) }] });
  }
  await producer.disconnect();
}

main(process.argv.slice(2)).catch((e) => { console.error(e.message); process.exit(1); });
