#pragma once
// Who can be named: as mediator of a case, as leader of a petition, in charge of a task. A service knows staff by their
// opaque ids; what they hold, the directory tells (directory.v1.Staff). Asked when somebody is named and never again:
// who loses the post later keeps what was given to them.
//
// A post on an area that has ended counts in the area that took over, as the tokens of its holder do
// (services/directory/heirs.h), unless the way forks or leads to a higher level. Pure.

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "services/reference/reference.h"

namespace reference {

using Roles = std::vector<kernel::v1::Role>;

// What somebody must hold to be named.
struct PostWanted {
  Roles roles;                     // one of these
  std::string_view org_id = {};    // in this unit; empty: in any
  std::string_view over_area = {}; // over this area; empty: over any
  // What a refusal calls them: "本调解委员会的调解员", "a mediator of this committee".
  std::string_view zh;
  std::string_view en;
};

// An enabled account that holds such a post at this moment.
bool Holds(const Reference& reference, std::string_view user_id, const PostWanted& wanted, int64_t now_ms);

// Why they cannot be named: NO_SUCH_STAFF, STAFF_DISABLED, POST_MISSING. Null if they hold it.
std::optional<Objection> WhyNotNamed(const Reference& reference, std::string_view user_id, const PostWanted& wanted,
                                     int64_t now_ms);

}  // namespace reference
