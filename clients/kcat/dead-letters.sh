#!/usr/bin/env bash
# Prints the dead letters that are there, and ends: partition, offset, key and headers, which say what
# was wrong and where the record came from.
set -euo pipefail
mark=$(od -An -N12 -tx1 /dev/urandom | tr -d ' \n')
kcat -b "${BOOTSTRAP_SERVERS:-localhost:9092}" -t "${DEAD_LETTER_TOPIC:-images.dead-letter}" -C -e -q \
  -X isolation.level=read_committed -f "%p %o %k %h$mark\n" |
  "$(dirname "$0")/printable.sh" "$mark"
