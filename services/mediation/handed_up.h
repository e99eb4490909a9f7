#pragma once
// A case that went to a committee above (M25), for those who had it before: the case as it stood at that step, and
// nothing that came later. They read it and do nothing to it; who has it now does. It is made again from the log, by
// the rules that made the state: what was true then is not remembered a second time.

#include <absl/status/statusor.h>

#include <optional>
#include <string_view>

#include "kernel/v1/actor.pb.h"
#include "services/kernel/reader.h"
#include "services/mediation/domain/mediation.h"

namespace mediation {

struct HandedUp {
  kernel::Stored<v1::State> stored;  // with the step that handed it up among its transfers; version: of that step
  int64_t at_ms = 0;
  std::string_view to_org() const { return stored.state.transfer().rbegin()->to_org(); }
};

// The last moment at which the actor could see the case, by the rule there is (MaySee); nullopt: none of the committees
// that handed it up was one of theirs. `now`: the case as it is.
absl::StatusOr<std::optional<HandedUp>> AsHandedUp(const kernel::Reader<MediationDomain>& reader, std::string_view id,
                                                   const v1::State& now, const kernel::v1::Actor& actor);

}  // namespace mediation
