#pragma once
// Any database as text, for operators and tests: keys decoded by the grammar of keyspace.h, records as
// protobuf text. The
// service's own messages (events, states) are shown when a descriptor pool that knows them is given, otherwise as their
// size and first bytes. What the vault holds is shown as a length and is never opened. Pure but for the view it reads.

#include <absl/status/status.h>
#include <google/protobuf/descriptor.h>

#include <functional>
#include <string>
#include <string_view>

#include "storage/kv.h"

namespace storage {

struct DumpOptions {
  std::string space;        // one key space by name; empty: all
  std::string from;         // raw bytes: keys from here on (with `space`)
  size_t limit = ~size_t{0};  // records of each key space
  const google::protobuf::DescriptorPool* pool = nullptr;  // null: none
};

// One line a record: "state  m1  version: 3 …". `line` returns false to stop.
absl::Status Dump(const View& view, const DumpOptions& options, const std::function<bool(std::string_view line)>& line);

}  // namespace storage
