#pragma once
// Whose matters are somebody's own: notify does not know who reported what, nor who is a party. It asks the services of
// the matters, with the asker's own token, for the list they show of one's own, and opens the boxes of those. So the
// one who is told is not written down anywhere but where the matter is. Waits for others; never from a reaction of
// gRPC.

#include <absl/status/statusor.h>

#include <string>
#include <utility>
#include <vector>

#include "services/rpc/access.h"
#include "services/rpc/case_calls.h"

namespace notify {

inline constexpr int kOwnMattersMax = 100;  // of one list, the newest

class OwnMatters {
 public:
  explicit OwnMatters(rpc::CaseCall ask) : ask_(std::move(ask)) {}

  // Boxes of the matters that are the caller's own; none for who has no role of the public. UNAVAILABLE: somebody could
  // not be asked, and nobody should take the rest for everything.
  absl::StatusOr<std::vector<std::string>> BoxesOf(const rpc::Caller& caller) const;

 private:
  const rpc::CaseCall ask_;
};

}  // namespace notify
