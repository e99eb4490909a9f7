#pragma once
// How far a process has heard the services it follows, for answers that say how fresh they are.

#include <cstdint>
#include <string>

namespace rpc {

struct Following {
  std::string service;
  bool connected = false;
  uint64_t entries_behind = 0;  // of the other's log, as last heard
  int64_t level_at_ms = 0;      // when everything said until then was last known to be here; 0: not since the start
};

}  // namespace rpc
