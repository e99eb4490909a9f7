#pragma once
// After a restore every log has a higher epoch, and whoever followed it stands still rather than follow another history
// (docs/BUS.md, failure 6). Where all databases come from one backup it is the same history: the entry a consumer read
// last is there, with its digest. Its cursor may then take the new epoch; any other is left alone and named.

#include <absl/status/statusor.h>

#include <cstdint>
#include <string>
#include <vector>

#include "tools/check/ledger.h"

namespace check {

// How many cursors took the epoch of their source. With a problem nothing is changed.
absl::StatusOr<uint64_t> Rejoin(const std::string& data_dir, std::vector<Ledger> ledgers, Problems* problems);

}  // namespace check
