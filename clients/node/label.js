// Says what an image really was: node label.js SOURCE IMAGE_ID CLASS [PARTITION OFFSET]
// The last two are those of the field image of its prediction, for an image that the service does not hold any more.
const os = require("os");
const { Kafka, Partitioners } = require("kafkajs");
const { SchemaRegistry } = require("@kafkajs/confluent-schema-registry");

const kafka = new Kafka({ brokers: (process.env.BOOTSTRAP_SERVERS || "localhost:9092").split(",") });
const registry = new SchemaRegistry({ host: process.env.SCHEMA_REGISTRY_URL || "http://localhost:8081" });
const topic = process.env.LABELS_TOPIC || "labels";
const images = process.env.IMAGES_TOPIC || "images";

async function main([source, imageId, label, partition, offset]) {
  const schema = await registry.getLatestSchemaId(`${topic}-value`);
  // This partitioner chooses as the Java client does, so a label comes to the partition of its image.
  const producer = kafka.producer({ idempotent: true, createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  const image = partition === undefined ? null
    : { topic: images, partition: Number(partition), offset: Number(offset) };
  const value = await registry.encode(schema, {
    imageId, label, labelledAt: Date.now() * 1000, labelledBy: os.userInfo().username, kind: "CORRECTION",
    comment: null, image,
  });
  await producer.send({ topic, messages: [{ key: source, value, partition: image?.partition }] });
  await producer.disconnect();
}

main(process.argv.slice(2)).catch((e) => { console.error(e.message); process.exit(1); });
