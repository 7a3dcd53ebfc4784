#!/usr/bin/env bash
# Sends image files of one source: produce.sh SOURCE [--labels] FILE...
# With --labels the folder of each file is its class: Bag/1.png.
# kcat cannot encode Avro, with or without its Avro support, so the few bytes around the image are
# written here, by the fields of schemas/src/main/avro/Image.avsc in their order.
set -euo pipefail
brokers=${BOOTSTRAP_SERVERS:-localhost:9092}
registry=${SCHEMA_REGISTRY_URL:-http://localhost:8081}
topic=${IMAGES_TOPIC:-images}
fields='id capturedAt content format width height bytes uri sha256 size label attributes'

byte() { printf "\\x$(printf %02x "$1")"; }

# Avro's long, for numbers that are not negative.
long() {
  local n=$(($1 * 2))
  while ((n > 127)); do
    byte $((n & 127 | 128))
    n=$((n >> 7))
  done
  byte "$n"
}

text() {
  long "$(printf %s "$1" | wc -c)"
  printf %s "$1"
}

latest=$(curl -sSf "$registry/subjects/$topic-value/versions/latest")
# Names of types begin with a capital.
present=$(grep -oE '\\"name\\": *\\"[a-z][A-Za-z0-9]*\\"' <<<"$latest" | sed -E 's/.*"([^"]*)\\"$/\1/' | xargs)
if [[ $present != "$fields" ]]; then
  echo "produce.sh: the registry's $topic-value has the fields '$present', this script writes '$fields'" >&2
  exit 1
fi
id=$(sed -E 's/.*"id": *([0-9]+).*/\1/' <<<"$latest")

source=$1
shift
labels=
if [[ ${1-} == --labels ]]; then
  labels=1
  shift
fi
record=$(mktemp)
trap 'rm -f "$record"' EXIT
for file in "$@"; do
  format=0 # JPEG
  [[ $file == *.png ]] && format=1
  {
    byte 0
    for shift in 24 16 8 0; do byte $((id >> shift & 255)); done
    text "$file"
    long "$(date +%s%6N)"
    long 0 # the first branch of content: InlineImage
    long "$format"
    long 0 # width and height are for raw pixels
    long 0
    long "$(wc -c <"$file")"
    cat "$file"
    if [[ $labels ]]; then
      folder=$(basename "$(dirname "$(realpath "$file")")")
      long 1 # the second branch of label: a text
      text "$(printf '%b' "${folder//%/\\x}")"
    else
      long 0 # no label
    fi
    long 0 # no attributes
  } >"$record"
  # A file is one record. librdkafka's own partitioner differs from the Java client's.
  kcat -b "$brokers" -t "$topic" -P -k "$source" -X partitioner=murmur2_random \
    -X enable.idempotence=true -X message.max.bytes=8388608 "$record"
done
