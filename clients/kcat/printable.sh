#!/usr/bin/env bash
# Shows text from topics on a terminal: printable.sh MARK < records
# Ids, keys and headers are whatever a producer wrote. What a terminal would obey, hide or reorder, and what would
# forge a line, is printed as an escape like \u001b. MARK ends a record, since a newline may be a part of one: choose
# it at random, as dead-letters.sh does. Bytes that are no UTF-8 are printed like \x9b.
set -euo pipefail
export LC_ALL=C

# No awk must know zero bytes; they come out as \u007f.
tr '\000' '\177' | awk -v mark="$1" '
  BEGIN {
    for (i = 1; i < 256; i++) code[sprintf("%c", i)] = i
    # Unicode: Cc, Cf, Zl, Zp.
    count = split("0-31 127-159 173-173 1536-1541 1564-1564 1757-1757 1807-1807 2192-2193 2274-2274 6158-6158 " \
      "8203-8207 8232-8238 8288-8303 65279-65279 65529-65531 69821-69821 69837-69837 78896-78911 113824-113827 " \
      "119155-119162 917505-917505 917536-917631", ranges, " ")
    for (i = 1; i <= count; i++) {
      split(ranges[i], ends, "-")
      from[i] = ends[1]
      to[i] = ends[2]
    }
  }
  function hidden(point,   i) {
    for (i = 1; i <= count; i++) if (point <= to[i]) return point >= from[i]
    return 0
  }
  function escape(point) {
    if (point < 65536) return sprintf("\\u%04x", point)
    point -= 65536
    return sprintf("\\u%04x\\u%04x", 55296 + int(point / 1024), 56320 + point % 1024)
  }
  function shown(text,   i, k, lead, more, point, least, unit, out) {
    out = ""
    for (i = 1; i <= length(text); i += more + 1) {
      lead = code[substr(text, i, 1)]
      more = lead < 192 ? 0 : lead < 224 ? 1 : lead < 240 ? 2 : 3
      least = more == 1 ? 128 : more == 2 ? 2048 : 65536
      point = more == 0 ? lead : more == 1 ? lead - 192 : more == 2 ? lead - 224 : lead - 240
      for (k = 1; k <= more; k++) {
        unit = i + k <= length(text) ? code[substr(text, i + k, 1)] : 0
        if (unit < 128 || unit > 191) point = -1
        if (point >= 0) point = point * 64 + unit - 128
      }
      if (more == 0 ? lead > 127 : point < least || point > 1114111 || (point >= 55296 && point <= 57343)) {
        out = out sprintf("\\x%02x", lead)
        more = 0
      } else {
        out = out (hidden(point) ? escape(point) : substr(text, i, more + 1))
      }
    }
    return out
  }
  {
    cut = length($0) - length(mark)
    if (cut >= 0 && substr($0, cut + 1) == mark) {
      print record shown(substr($0, 1, cut))
      record = ""
    } else {
      record = record shown($0) escape(10)
    }
  }
  # A record that broke off.
  END { if (record != "") print record }'
