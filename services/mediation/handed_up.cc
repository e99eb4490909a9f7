#include "services/mediation/handed_up.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/status_macros.h"
#include "services/mediation/domain/rules.h"

namespace mediation {
namespace {

// Whether it is worth looking at the log: a case of that committee, as little begun as can be.
bool MayHaveSeen(const v1::Transfer& transfer, const kernel::v1::Actor& actor, const reference::Reference& reference) {
  const auto* org = reference.FindOrg(transfer.from_org());
  v1::State as_if;
  as_if.set_committee_org(transfer.from_org());
  as_if.set_committee_area(org == nullptr ? "" : org->area_code());
  return MaySee(as_if, actor, reference);
}

}  // namespace

absl::StatusOr<std::optional<HandedUp>> AsHandedUp(const kernel::Reader<MediationDomain>& reader, std::string_view id,
                                                   const v1::State& now, const kernel::v1::Actor& actor) {
  const auto reference = reader.Reference();
  const bool may_have = std::ranges::any_of(now.transfer(), [&](const v1::Transfer& transfer) {
    return MayHaveSeen(transfer, actor, *reference);
  });
  if (!may_have) return std::optional<HandedUp>();
  ASSIGN_OR_RETURN(const auto records, reader.History(id));
  std::optional<HandedUp> last;
  v1::State state;
  for (const auto& record : records) {
    v1::Event event;
    if (!event.ParseFromString(record.event())) return absl::DataLossError("cannot read an event");
    if (event.has_transferred() && MaySee(state, actor, *reference)) {
      last.emplace();
      last->stored.state = state;
      *last->stored.state.add_transfer() = event.transferred().transfer();
      last->stored.version = record.version();
      last->at_ms = record.recorded_at_ms();
    }
    MediationDomain::Apply(event, record.recorded_at_ms(), &state);
  }
  return last;
}

}  // namespace mediation
