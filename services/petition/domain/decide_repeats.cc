// P2 urgent, P3 repeated and joint.
#include <algorithm>
#include <string>

#include "base/calendar.h"
#include "services/petition/domain/decide.h"
#include "services/petition/domain/limits.h"
#include "services/petition/domain/people.h"

namespace petition {
namespace {

using kernel::RefusalCode;

// How many a copy adds: who follows the original under the same account is counted there.
int NewIn(const v1::State& copy, const v1::State& primary) {
  int known = 0;
  for (const auto& petitioner : copy.petitioner()) {
    const std::string& user = petitioner.person().user_id();
    known += !user.empty() && std::ranges::any_of(primary.petitioner(), [&](const v1::Petitioner& one) {
      return one.person().user_id() == user;
    });
  }
  return std::max(0, copy.petitioner_count() - known);
}

// Who of a copy's people the original does not know by their account: they petition there from now on (Art. 21 to 23,
// 32, 35). `counted`: the clerk says the original counts every one of them already; whoever it names needs no second
// entry then, but an account that may follow it does.
void AddPeople(const v1::State& copy, const v1::State& primary, bool counted, const std::string& copy_id,
               v1::CopyAdded* added) {
  const auto knows = [](const auto& people, const std::string& user) {
    return !user.empty() &&
           std::ranges::any_of(people, [&](const auto& one) { return one.person().user_id() == user; });
  };
  const bool all_named = primary.petitioner_count() <= primary.petitioner_size();
  auto representatives = std::ranges::count_if(primary.petitioner(), &v1::Petitioner::representative);
  for (const auto& petitioner : copy.petitioner()) {
    const std::string& user = petitioner.person().user_id();
    if (knows(primary.petitioner(), user) || (counted && all_named && user.empty())) continue;
    auto* taken = added->add_petitioner();
    *taken = petitioner;
    taken->set_petitioner_id("p" + std::to_string(LastPetitionerNo(primary) + added->petitioner_size()));
    if (taken->copy_id().empty()) taken->set_copy_id(copy_id);
    // Art. 20: at most five represent those who petition for one matter, however many copies they brought.
    taken->set_representative(petitioner.representative() && representatives < kRepresentativesMax);
    representatives += taken->representative();
  }
  for (const auto& agent : copy.agent()) {
    if (knows(primary.agent(), agent.person().user_id())) continue;
    auto* taken = added->add_agent();
    *taken = agent;
    taken->clear_mandate_sha256();
    if (taken->copy_id().empty()) taken->set_copy_id(copy_id);
  }
}

// Who of them nobody names, by the copy they came with: what came as a copy of this one before keeps its own.
void AddUnnamed(const v1::State& copy, const std::string& copy_id, v1::CopyAdded* added) {
  int left = added->petitioner_count() - added->petitioner_size();
  const auto take = [&](const std::string& id, int count) {
    if (count <= 0) return;
    auto* unnamed = added->add_unnamed();
    unnamed->set_copy_id(id);
    unnamed->set_count(count);
    left -= count;
  };
  for (const auto& one : copy.unnamed()) take(one.copy_id(), std::min(one.count(), left));
  take(copy_id, left);
}

// Whether `earlier` is itself, over however many others, a repeat of this one: then neither would be the first. Which
// of the two came in first is not asked: a letter may be entered after what was brought online and is handled already.
bool RepeatsThis(const v1::State& earlier, const Ask& ask) {
  const v1::State* link = &earlier;
  for (int links = 0; link != nullptr && !link->earlier_id().empty(); ++links) {
    if (link->earlier_id() == ask.ctx.aggregate_id || links >= kRepeatLinksMax) return true;
    link = ask.ctx.lookup->Find(link->earlier_id());
  }
  return false;
}

}  // namespace

Decision DecideMarkUrgent(const v1::MarkUrgentRequest& request, const Ask& ask) {
  const v1::State& state = ask.state;
  if (!state.urgent() && request.facts().empty())
    return Refuse(RefusalCode::kInvalid, "CONTENT_NEEDED", "facts");
  if (!state.urgent() && request.measures().empty()) {
    return Refuse(RefusalCode::kInvalid, "CONTENT_NEEDED", "measures");
  }
  // Nobody knew of it by the petition before there was one.
  const bool too_early = base::LocalDay(request.known_at_ms()) < base::LocalDay(state.received_at_ms());
  if (request.known_at_ms() != 0 && (request.known_at_ms() > ask.ctx.now_ms || too_early)) {
    return Refuse(RefusalCode::kInvalid, "BAD_TIME", "known_at_ms");
  }
  Decision decision;
  auto* marked = decision.Emit()->mutable_urgent_marked();
  marked->set_facts(request.facts());
  marked->set_measures(request.measures());
  auto reported = [&](v1::UrgentReport to) {
    return std::ranges::find(state.reported(), static_cast<int>(to)) != state.reported().end() ||
           std::ranges::find(marked->reported(), static_cast<int>(to)) != marked->reported().end();
  };
  for (const int to : request.reported()) {
    const auto whom = static_cast<v1::UrgentReport>(to);
    if (whom == v1::URGENT_REPORT_UNSPECIFIED || !v1::UrgentReport_IsValid(to)) {
      return Refuse(RefusalCode::kInvalid, "VALUE_NEEDED", "reported");
    }
    if (!reported(whom)) marked->add_reported(whom);
  }
  if (state.urgent() && marked->reported().empty())
    return Refuse(RefusalCode::kGuard, "ALREADY_REPORTED", "reported");
  ClockChanges clocks(state, ask.reference, ask.ctx.now_ms);
  const std::string& whose = state.unit_org().empty() ? state.office_org() : state.unit_org();
  if (!state.urgent()) clocks.Start("DP-15", From("known", whose, request.known_at_ms()));
  // Everybody: own leaders, competent department, joint-conference office; a petition office besides the
  // next higher one and the national bureau (Art. 25).
  bool all = reported(v1::OWN_LEADERS) && reported(v1::DEPARTMENT) && reported(v1::JOINT_CONFERENCE);
  if (!state.direct()) all = all && reported(v1::NEXT_LEVEL) && reported(v1::NATIONAL_BUREAU);
  if (all) clocks.Stop("DP-15");
  return With(std::move(decision), clocks);
}

Decision DecideLinkRepeat(const v1::LinkRepeatRequest& request, const Ask& ask) {
  const v1::State* earlier =
      request.earlier_id() == ask.ctx.aggregate_id ? nullptr : FindVisible(request.earlier_id(), ask);
  if (earlier == nullptr || Sealed(*earlier))
    return Refuse(RefusalCode::kInvalid, "NO_SUCH_EARLIER", "earlier_id");
  if (RepeatsThis(*earlier, ask)) return Refuse(RefusalCode::kGuard, "EARLIER_REPEATS_THIS", "earlier_id");
  switch (request.repeat_class()) {
    case v1::SAME_IN_PROCESS:
      if (!IsOpen(earlier->status())) return Refuse(RefusalCode::kGuard, "EARLIER_NOT_OPEN", "repeat_class");
      break;
    case v1::SAME_AFTER_FINAL:
      if (!earlier->final_guard()) return Refuse(RefusalCode::kGuard, "EARLIER_NOT_FINAL", "repeat_class");
      break;
    case v1::NEW_FACTS:
      if (!Says(request.new_facts())) return Refuse(RefusalCode::kInvalid, "CONTENT_NEEDED", "new_facts");
      break;
    case v1::REPEAT:
    case v1::DIFFERENT:
      break;
    default:
      return Refuse(RefusalCode::kInvalid, "VALUE_NEEDED", "repeat_class");
  }
  Decision decision;
  auto* linked = decision.Emit()->mutable_repeat_linked();
  linked->set_earlier_id(request.earlier_id());
  linked->set_earlier_code(earlier->matter_code());
  linked->set_repeat_class(request.repeat_class());
  linked->set_new_facts(request.new_facts());
  return decision;
}

Decision DecideMergeCopy(const v1::MergeCopyRequest& request, const Ask& ask) {
  const v1::State* primary =
      request.primary_id() == ask.ctx.aggregate_id ? nullptr : FindVisible(request.primary_id(), ask);
  if (primary == nullptr || Sealed(*primary))
    return Refuse(RefusalCode::kInvalid, "NO_SUCH_EARLIER", "primary_id");
  if (!IsOpen(primary->status())) return Refuse(RefusalCode::kGuard, "EARLIER_NOT_OPEN", "primary_id");
  if (primary->office_org() != ask.state.office_org())
    return Refuse(RefusalCode::kGuard, "OTHER_OFFICE", "primary_id");
  // What was decided heard none of them, and their thirty days (Art. 35, 36) would run from a day others were told.
  if (IsAnswered(primary->status())) return Refuse(RefusalCode::kGuard, "ORIGINAL_ANSWERED", "primary_id");
  // What machines cannot tell a clerk says: who follows neither under an account is known by nothing but looking.
  const int unknown = NewIn(ask.state, *primary);
  if (request.counted_already() < 0 || request.counted_already() > unknown)
    return Refuse(RefusalCode::kInvalid, "COUNTED_ALREADY", "counted_already");
  const int added = unknown - request.counted_already();
  if (primary->petitioner_count() + added > kPeopleMax)
    return Refuse(RefusalCode::kLimit, "TOO_MANY_PEOPLE", "primary_id");
  Decision decision;
  auto* copy = decision.EmitTo(request.primary_id())->mutable_copy_added();
  copy->set_copy_id(std::string(ask.ctx.aggregate_id));
  copy->set_petitioner_count(added);
  AddPeople(ask.state, *primary, added == 0, std::string(ask.ctx.aggregate_id), copy);
  AddUnnamed(ask.state, std::string(ask.ctx.aggregate_id), copy);
  const int named = primary->petitioner_size() + primary->agent_size() + copy->petitioner_size() + copy->agent_size();
  if (named > kNamedMax) return Refuse(RefusalCode::kLimit, "TOO_MANY_NAMED", "primary_id");
  auto* merged = decision.Emit()->mutable_merged();
  merged->set_primary_id(request.primary_id());
  merged->set_primary_code(primary->matter_code());
  ClockChanges clocks(ask.state, ask.reference, ask.ctx.now_ms);
  clocks.EndAll();
  return With(std::move(decision), clocks);
}

}  // namespace petition
