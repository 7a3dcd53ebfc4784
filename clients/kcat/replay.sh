#!/usr/bin/env bash
# Sends one dead letter's value to the images topic again, under its key: replay.sh PARTITION OFFSET
# Keys are taken for text.
set -euo pipefail
brokers=${BOOTSTRAP_SERVERS:-localhost:9092}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

letter() {
  kcat -b "$brokers" -t "${DEAD_LETTER_TOPIC:-images.dead-letter}" -C -p "$1" -o "$2" -c 1 -e -q \
    -X isolation.level=read_committed -f "$3"
}

found=$(letter "$1" "$2" '%o')
if [[ $found != "$2" ]]; then
  echo "replay.sh: there is no dead letter at partition $1, offset $2" >&2
  exit 1
fi
headers=$(letter "$1" "$2" '%h')
# RECORD_GONE has no value, and of a record that was too large there is a part.
if [[ $headers == *cnn2gnn.value.bytes=* || $headers == *cnn2gnn.reason=RECORD_GONE* ]]; then
  echo "replay.sh: this letter does not hold the whole record: send the image again from its source" >&2
  exit 1
fi
key=$(letter "$1" "$2" '%k')
keyed=()
if [[ -n $key ]]; then keyed=(-k "$key"); fi
letter "$1" "$2" '%s' >"$work/record"
kcat -b "$brokers" -t "${IMAGES_TOPIC:-images}" -P "${keyed[@]}" -X partitioner=murmur2_random \
  -X enable.idempotence=true -X message.max.bytes=8388608 "$work/record"
