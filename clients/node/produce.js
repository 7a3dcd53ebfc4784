// Sends image files of one source: node produce.js SOURCE FILE...
const fs = require("fs");
const { Kafka, Partitioners } = require("kafkajs");
const { SchemaRegistry } = require("@kafkajs/confluent-schema-registry");

const kafka = new Kafka({ brokers: (process.env.BOOTSTRAP_SERVERS || "localhost:9092").split(",") });
const registry = new SchemaRegistry({ host: process.env.SCHEMA_REGISTRY_URL || "http://localhost:8081" });

async function main([source, ...files]) {
  const schema = await registry.getLatestSchemaId("images-value");
  // This partitioner chooses as the Java client does, so a source keeps its partition.
  const producer = kafka.producer({ idempotent: true, createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  for (const file of files) {
    const image = {
      id: file,
      capturedAt: Date.now() * 1000,
      content: { "io.cnn2gnn.schemas.avro.InlineImage": {
        format: file.endsWith(".png") ? "PNG" : "JPEG", width: 0, height: 0, bytes: fs.readFileSync(file) } },
      label: null,
      attributes: {},
    };
    await producer.send({ topic: "images", messages: [{ key: source, value: await registry.encode(schema, image) }] });
  }
  await producer.disconnect();
}

main(process.argv.slice(2)).catch((e) => { console.error(e.message); process.exit(1); });
