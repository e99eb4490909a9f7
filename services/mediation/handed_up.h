#pragma once
// A case that went to a committee above (M25), for those who had it before: the case as it stood at that step, and
// nothing that came later. They read it and do nothing to it; who has it now does. The case itself is made again from
// the log, by the rules that made the state. Who may look, and what a list says of it, stands in the state (v1.Left),
// so that a page of a list reads no log; of cases handed up before that was so, the log still tells it.

#include <absl/status/statusor.h>

#include <optional>
#include <string_view>

#include "kernel/v1/actor.pb.h"
#include "services/kernel/reader.h"
#include "services/mediation/domain/mediation.h"

namespace mediation {

struct HandedUp {
  kernel::Stored<v1::State> stored;  // version: of the step that handed it up
  int64_t at_ms = 0;
};

// The last moment at which the actor could see the case, by the rule there is (MaySee); nullopt: none of the committees
// that handed it up was one of theirs. `now`: the case as it is. Of the state only what the line of a list says.
absl::StatusOr<std::optional<HandedUp>> LineHandedUp(const kernel::Reader<MediationDomain>& reader,
                                                     std::string_view id, const v1::State& now,
                                                     const kernel::v1::Actor& actor);
// The same with the whole case, and the step that handed it up among its transfers.
absl::StatusOr<std::optional<HandedUp>> AsHandedUp(const kernel::Reader<MediationDomain>& reader, std::string_view id,
                                                   const v1::State& now, const kernel::v1::Actor& actor);

}  // namespace mediation
