#include "services/mediation/handed_up.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/check.h"
#include "base/status_macros.h"
#include "services/mediation/domain/rules.h"

namespace mediation {
namespace {

using Reader = kernel::Reader<MediationDomain>;
using Found = absl::StatusOr<std::optional<HandedUp>>;

bool KnowsHowItLeft(const v1::State& now) { return now.left_size() == now.transfer_size(); }

// The case as it was at its transfer `at`, as far as its line goes.
v1::State LineAt(const v1::State& now, int at) {
  const v1::Left& left = now.left(at);
  v1::State line;
  line.set_matter_code(now.matter_code());
  line.set_kind(now.kind());
  line.set_source(now.source());
  line.set_area_code(now.area_code());
  line.set_registered_at_ms(now.registered_at_ms());
  line.set_committee_org(now.transfer(at).from_org());
  line.set_committee_area(left.committee_area());
  line.set_status(left.status());
  line.set_file_no(left.file_no());
  line.set_dispute_type(left.dispute_type());
  line.set_chair_user_id(left.chair_user_id());
  *line.mutable_mediator_user_id() = left.mediator_user_id();
  line.set_referred_party_count(left.party_count());
  if (left.has_next_due()) *line.add_clock() = left.next_due();
  return line;
}

// Whether it is worth looking at the log: a case of that committee, as little begun as can be.
bool MayHaveSeen(const v1::Transfer& transfer, const kernel::v1::Actor& actor, const reference::Reference& reference) {
  const auto* org = reference.FindOrg(transfer.from_org());
  v1::State as_if;
  as_if.set_committee_org(transfer.from_org());
  as_if.set_committee_area(org == nullptr ? "" : org->area_code());
  return MaySee(as_if, actor, reference);
}

absl::StatusOr<v1::Event> EventOf(const kernel::v1::LogRecord& record) {
  v1::Event event;
  if (!event.ParseFromString(record.event())) return absl::DataLossError("cannot read an event");
  return event;
}

Found FromLog(const Reader& reader, std::string_view id, const v1::State& now, const kernel::v1::Actor& actor) {
  const auto reference = reader.Reference();
  const bool may_have = std::ranges::any_of(now.transfer(), [&](const v1::Transfer& transfer) {
    return MayHaveSeen(transfer, actor, *reference);
  });
  if (!may_have) return std::optional<HandedUp>();
  ASSIGN_OR_RETURN(const auto records, reader.History(id));
  std::optional<HandedUp> last;
  v1::State state;
  for (const auto& record : records) {
    ASSIGN_OR_RETURN(const v1::Event event, EventOf(record));
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

}  // namespace

Found LineHandedUp(const Reader& reader, std::string_view id, const v1::State& now, const kernel::v1::Actor& actor) {
  if (!KnowsHowItLeft(now)) return FromLog(reader, id, now, actor);
  const auto reference = reader.Reference();
  std::optional<HandedUp> last;
  for (int at = now.left_size() - 1; at >= 0 && !last; --at) {
    v1::State line = LineAt(now, at);
    if (!MaySee(line, actor, *reference)) continue;
    last.emplace();
    last->stored.state = std::move(line);
    last->stored.version = now.left(at).version();
    last->at_ms = now.transfer(at).at_ms();
  }
  return last;
}

Found AsHandedUp(const Reader& reader, std::string_view id, const v1::State& now, const kernel::v1::Actor& actor) {
  ASSIGN_OR_RETURN(auto found, LineHandedUp(reader, id, now, actor));
  if (!found || !KnowsHowItLeft(now)) return found;
  CHECK(found->stored.version > 0);
  ASSIGN_OR_RETURN(const auto records, reader.History(id, 0, found->stored.version - 1));
  found->stored.state.Clear();
  for (const auto& record : records) {
    ASSIGN_OR_RETURN(const v1::Event event, EventOf(record));
    MediationDomain::Apply(event, record.recorded_at_ms(), &found->stored.state);
  }
  const int at = found->stored.state.transfer_size();  // as many had handed it up before
  *found->stored.state.add_transfer() = now.transfer(at);
  return found;
}

}  // namespace mediation
