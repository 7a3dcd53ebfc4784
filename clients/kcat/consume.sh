#!/usr/bin/env bash
# Prints the predictions that are there, and ends.
set -euo pipefail
brokers=${BOOTSTRAP_SERVERS:-localhost:9092}
registry=${SCHEMA_REGISTRY_URL:-http://localhost:8081}
mark=$(od -An -N12 -tx1 /dev/urandom | tr -d ' \n')
show=("$(dirname "$0")/printable.sh" "$mark")
read=(kcat -b "$brokers" -t "${PREDICTIONS_TOPIC:-predictions}" -C -e -q -X isolation.level=read_committed)

if [[ $(kcat -V) == *Avro* ]]; then
  "${read[@]}" -s value=avro -r "$registry" -f "%s$mark\n" | "${show[@]}"
  exit
fi

# Debian's kcat knows no Avro. The first two fields of a Prediction are texts, image id and label:
# these are read from the bytes; all else needs another client. %R is the length of a value.
export LC_ALL=C
"${read[@]}" -f '%R%s' | od -An -v -tu1 -w1 | awk -v mark="$mark" '
  function byte() {
    if ((getline line) <= 0) exit
    left--
    return line + 0
  }
  function text(   b, n, factor, s) {
    n = 0
    factor = 1
    do {
      b = byte()
      n += b % 128 * factor
      factor *= 128
    } while (b > 127)
    s = ""
    for (n /= 2; n > 0; n--) s = s sprintf("%c", byte())
    return s
  }
  BEGIN {
    while (1) {
      size = ((byte() * 256 + byte()) * 256 + byte()) * 256 + byte()
      left = size
      for (i = 0; i < 5; i++) byte() # a zero and the id of the schema
      id = text()
      print id, text() mark
      while (left > 0) byte()
    }
  }' | "${show[@]}"
