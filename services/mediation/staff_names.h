#pragma once
// What the staff of a case are called, for its official papers. Here they are opaque ids; the directory knows names and
// is asked for them with the asker's own token, so that nobody gets a name on paper that they may not know, and nobody
// types one. Runs on the query pool and waits. Any thread.

#include <absl/status/statusor.h>

#include <map>
#include <set>
#include <string>
#include <utility>

#include "services/mediation/documents.h"
#include "services/rpc/access.h"
#include "services/rpc/case_calls.h"

namespace mediation {

// Everybody whose name a paper of this case can carry: who mediates or did, and who did something in it.
std::set<std::string> StaffIn(const CaseFacts& facts);

class StaffNames {
 public:
  // Calls one method of a service; for tests another than gRPC's.
  using Ask = rpc::CaseCall;
  explicit StaffNames(Ask ask) : ask_(std::move(ask)) {}

  // By user id, as far as the asker may know them. UNAVAILABLE, in words for people: the directory cannot be asked, and
  // a paper without the names that belong on it is not to be had.
  absl::StatusOr<std::map<std::string, std::string, std::less<>>> Of(const rpc::Caller& caller,
                                                                     const std::set<std::string>& user_ids) const;

 private:
  const Ask ask_;
};

}  // namespace mediation
