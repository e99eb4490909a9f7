// What is sealed with an accusation (Art. 30): copies of it, and records of receptions, say the same.
#include <absl/strings/str_cat.h>

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "services/petition/domain/decide.h"
#include "services/petition/domain/limits.h"

namespace petition {
namespace {

// Says in the event by which something was sealed that nothing is left to be sealed with it.
void SayAll(v1::Event* event) {
  if (event->has_retyped()) event->mutable_retyped()->set_along_sealed(true);
  if (event->has_intake_completed()) event->mutable_intake_completed()->set_along_sealed(true);
  if (event->has_along_sealed()) event->mutable_along_sealed()->set_finished(true);
}

// A copy had left as one, and ended: as an accusation it lies at the desk that keeps the original, with the fifteen
// days of what has just been received there (Art. 22).
void SealCopy(const std::string& id, const v1::State& keeper, const Ask& ask, Decision* decision) {
  const v1::State& copy = *ask.ctx.lookup->Find(id);
  auto* retyped = decision->EmitTo(id)->mutable_retyped();
  retyped->set_from(copy.type());
  retyped->set_to(v1::ACCUSATION);
  retyped->set_office_org(keeper.office_org());
  retyped->set_office_area(keeper.office_area());
  retyped->set_office_level(keeper.office_level());
  ClockChanges clocks(copy, ask.reference, ask.ctx.now_ms);
  clocks.EndAll();
  clocks.Start("DP-01", From("retyped", keeper.office_org()));
  clocks.WriteTo(&decision->events.back().event);
}

// Of the petition the command is about, which the event at `sealed_by` has sealed: everything that says the same, as
// far as one command goes. `keeper`: the petition as it is then.
void SealAlong(size_t sealed_by, const v1::State& keeper, const Ask& ask, Decision* decision) {
  struct Sealed {
    std::string id;
    size_t by;
  };
  std::vector<Sealed> sealed = {{std::string(ask.ctx.aggregate_id), sealed_by}};
  std::set<std::string> met;
  size_t room = kSealedAlongStep;
  for (size_t i = 0; i < sealed.size(); ++i) {
    const auto [id, by] = sealed[i];
    const auto copies = ask.ctx.lookup->Scan("copy", absl::StrCat(id, "/"), room + 1);
    const auto receptions = ask.ctx.lookup->Scan("met", absl::StrCat(id, "/"), kSealedAlongStep + 1);
    bool all = receptions.size() <= kSealedAlongStep;
    for (const std::string& copy : copies) {
      all = all && room > 0;
      if (room == 0) break;
      --room;
      sealed.push_back({copy, decision->events.size()});
      SealCopy(copy, keeper, ask, decision);
    }
    for (const std::string& reception : receptions) {
      if (met.contains(reception)) continue;  // where the original and a copy of it were brought
      all = all && room > 0;
      if (room == 0) break;
      --room;
      met.insert(reception);
      decision->EmitTo(reception)->mutable_reception_sealed()->set_petition_id(id);
    }
    if (all) SayAll(&decision->events[by].event);
  }
}

}  // namespace

Decision WithAlong(Decision decision, const Ask& ask) {
  if (decision.refusal || Sealed(ask.state)) return decision;
  v1::State after = ask.state;
  size_t sealed_by = decision.events.size();
  for (size_t i = 0; i < decision.events.size(); ++i) {
    const auto& emitted = decision.events[i];
    if (!emitted.aggregate_id.empty() && emitted.aggregate_id != ask.ctx.aggregate_id) continue;
    PetitionDomain::Apply(emitted.event, ask.ctx.now_ms, &after);
    if (Sealed(after) && sealed_by == decision.events.size()) sealed_by = i;
  }
  if (sealed_by < decision.events.size()) SealAlong(sealed_by, after, ask, &decision);
  return decision;
}

Decision DecideSealAlong(const Ask& ask) {
  if (!Sealed(ask.state) || ask.state.along_sealed() || ask.state.has_reception()) return {};
  Decision decision;
  decision.Emit()->mutable_along_sealed();
  SealAlong(0, ask.state, ask, &decision);
  return decision;
}

}  // namespace petition
