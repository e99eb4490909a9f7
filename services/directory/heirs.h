#pragma once
// What a merger 合村并居 makes of grants: who had a village has the one that took over, and who has that one has the
// villages that went into it. Nothing is rewritten for it: a grant stays what somebody once granted, and is read anew
// each time a token is made. Pure reading, on a query thread.
//
// A grant never grows: it follows only to an area of the level of a village, by a way that does not fork. Where an
// administrator has to decide, `why` says so.

#include <absl/status/statusor.h>

#include <string>
#include <vector>

#include "directory/v1/api.pb.h"
#include "services/directory/accounts.h"
#include "services/rpc/token.h"

namespace directory {

bool InForce(const v1::User::Grant& grant, int64_t now_ms);

struct ActsFor {
  std::string area;  // empty: for no other than its own
  std::string org;
  v1::Unsettled why = v1::UNSETTLED_UNSPECIFIED;
  std::vector<std::string> successors;  // where the area went; empty: it stands
};

absl::StatusOr<ActsFor> ActsForToday(const DirectoryReader& reader, const v1::User::Grant& grant);

// Areas that went into this one, directly or in turn, at most `limit`; of a grid: into its village.
absl::StatusOr<std::vector<std::string>> FormerOf(const DirectoryReader& reader, const std::string& area,
                                                  size_t limit);

// What a token says beside the grants themselves: fills up the actor's grants with those on areas that took over, and
// tells what went into the areas of all of them.
absl::StatusOr<rpc::Former> FollowMergers(const DirectoryReader& reader, const v1::User& user, int64_t now_ms,
                                          kernel::v1::Actor* actor);

}  // namespace directory
