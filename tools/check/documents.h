#pragma once
// Are the documents there that matters rest on? Media alone may have been put back to an older state: then a service
// has heard that a paper came (media.kept), archives over it, and its bytes are gone. Reads stopped databases and the
// names of files; one thread.

#include <absl/status/statusor.h>

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "tools/check/ledger.h"

namespace check {

struct Documents {
  uint64_t kept = 0;      // in media, with their files
  uint64_t believed = 0;  // services have heard that they came
  // States refer to them, nobody heard that they came, and media has not got them: 未收到, which is no mistake.
  std::set<std::string> awaited;
};

// A problem, by the digest: what a service was told of and media has not; what media has on record and not in
// `blob_folder`.
absl::StatusOr<Documents> CompareDocuments(const Ledger& media, const std::string& blob_folder, const Ledger& incident,
                                           const Ledger& mediation, const Ledger& petition, Problems* problems);

}  // namespace check
