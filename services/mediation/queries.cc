#include "services/mediation/queries.h"

#include <absl/strings/ascii.h>

#include <algorithm>
#include <functional>
#include <iterator>
#include <map>
#include <set>

#include "base/area_code.h"
#include "base/status_macros.h"
#include "services/mediation/domain/heirs.h"
#include "services/mediation/domain/keys.h"
#include "services/mediation/domain/limits.h"
#include "services/mediation/domain/promise.h"
#include "services/mediation/domain/refusals.h"
#include "services/mediation/domain/rules.h"
#include "services/mediation/exactly.h"
#include "services/mediation/handed_up.h"
#include "services/mediation/shown_to_party.h"
#include "services/reference/clocks.h"
#include "services/rpc/page_token.h"
#include "services/rpc/steps.h"

namespace mediation {
namespace {

using kernel::RefusalCode;
using StoredCase = kernel::Stored<v1::State>;
constexpr size_t kMatterCodeLength = 21;  // "37140320261123M000001"

rpc::Answer NotFound() { return Why(RefusalCode::kNotFound, "NOT_FOUND"); }

void ExplainClocks(const v1::State& state, const reference::Reference& reference, int64_t now_ms,
                   auto* deadlines) {
  if (!reference.HasCalendar()) return;
  for (const auto& clock : state.clock()) {
    *deadlines->Add() = reference::Explain(clock, reference.light_rule(), now_ms, reference.calendar());
  }
}

// What changed the course, and what follows an agreement.
void FillCourse(const v1::State& state, v1::Case* out) {
  out->set_performance(PerformanceOf(state));
  for (auto& promise : PromisesOf(state)) *out->add_promise() = std::move(promise);
  *out->mutable_visit() = state.visit();
  *out->mutable_breach() = state.breach();
  if (state.has_confirmation_record()) *out->mutable_confirmation_record() = state.confirmation_record();
  out->set_risk(state.risk());
  *out->mutable_risk_report() = state.risk_report();
  *out->mutable_recusal() = state.recusal();
  if (state.has_pausing()) *out->mutable_pausing() = state.pausing();
  *out->mutable_transfer() = state.transfer();
  out->set_completion(state.completion());
  out->set_completed_at_ms(state.completed_at_ms());
  out->set_archived_at_ms(state.archived_at_ms());
  out->set_retained_until_ms(state.retained_until_ms());
  out->set_difficult(IsDifficult(state));
  *out->mutable_order() = state.order();
  out->set_hand_over_lapsed_at_ms(state.hand_over_lapsed_at_ms());
  *out->mutable_document() = state.document();
  *out->mutable_former_agreement() = state.former_agreement();
}

void FillCase(const v1::State& state, v1::Case* out) {
  out->set_matter_code(state.matter_code());
  out->set_file_no(state.file_no());
  out->set_kind(state.kind());
  out->set_status(state.status());
  out->set_source(state.source());
  out->set_area_code(state.area_code());
  out->set_committee_org(state.committee_org());
  out->set_jurisdiction_ground(state.jurisdiction_ground());
  out->set_dispute_type(state.dispute_type());
  out->set_dispute_detail(state.dispute_detail());
  out->set_scale(state.scale());
  out->set_facts(state.facts());
  *out->mutable_claim() = state.claim();
  out->set_amount_fen(state.amount_fen());
  out->set_domestic_violence(state.domestic_violence());
  *out->mutable_party() = state.party();
  out->set_chair_user_id(state.chair_user_id());
  *out->mutable_mediator_user_id() = state.mediator_user_id();
  *out->mutable_session() = state.session();
  *out->mutable_investigation() = state.investigation();
  if (state.has_agreement()) *out->mutable_agreement() = state.agreement();
  out->set_end_reason(state.end_reason());
  out->set_refusal_code(state.refusal_code());
  if (state.has_remedy_notice()) *out->mutable_remedy_notice() = state.remedy_notice();
  out->set_confirmation(state.confirmation());
  if (state.has_origin()) *out->mutable_origin() = state.origin();
  out->set_registered_at_ms(state.registered_at_ms());
  out->set_accepted_at_ms(state.accepted_at_ms());
  out->set_ended_at_ms(state.ended_at_ms());
  out->set_intake_complete(state.intake_complete());
  out->set_protection_information_given(state.protection_information_given());
  out->set_period_end_ms(state.period_end_ms());
  out->set_civil_rights_and_duties(state.civil_rights_and_duties());
  FillCourse(state, out);
}

// The one list that was asked for: its index and prefixes, one walked after the other; a refusal if none, or one that
// is not the caller's.
struct Listing {
  std::string_view index;
  std::vector<std::string> prefixes;
  std::optional<kernel::Refusal> refusal;
};

// Of each the open ones, or those that ended.
std::vector<std::string> Prefixes(const std::vector<std::string>& whose, bool ended) {
  std::vector<std::string> prefixes;
  for (const std::string& one : whose) prefixes.push_back(ListPrefix(one, ended));
  return prefixes;
}

Listing ListingOf(const rpc::Caller& caller, const v1::ListCasesRequest& request,
                  const reference::Reference& reference) {
  const std::string& me = caller.actor.user_id();
  const Listing not_allowed{"", {}, Why(RefusalCode::kNotAllowed, "NOT_ALLOWED")};
  if (request.mine())
    return me.empty() ? not_allowed : Listing{"party_user", {ListPrefix(me, request.ended())}, {}};
  if (!request.mediator_user_id().empty()) {
    if (request.mediator_user_id() != me) return not_allowed;
    return {"mediator", {ListPrefix(me, request.ended())}, {}};
  }
  if (!request.matter_code().empty()) return {"matter_code", {request.matter_code() + "/"}, {}};
  if (!request.committee_org().empty()) {
    if (!SeesCommittee(caller, request.committee_org(), reference)) return not_allowed;
    const auto today = [&](std::string_view org) { return UnitToday(org, reference); };
    const auto whose = WithFormer(request.committee_org(), caller.orgs, today);
    if (!request.handed_up()) return {"committee", Prefixes(whose, request.ended()), {}};
    Listing handed_up{"handed_up", {}, {}};
    for (const std::string& org : whose) handed_up.prefixes.push_back(HandedUpPrefix(org));
    return handed_up;
  }
  if (request.handed_up()) return {"", {}, Why(RefusalCode::kInvalid, "VALUE_NEEDED", "committee_org")};
  const int level = base::LevelOf(request.area_code());
  if (level < common::v1::VILLAGE || level > common::v1::CITY) {
    return {"", {}, Why(RefusalCode::kInvalid, "BAD_AREA", "area_code")};
  }
  v1::State as_if;
  as_if.set_committee_area(request.area_code());
  if (!MaySee(as_if, caller.actor, reference)) return not_allowed;
  const auto today = [&](std::string_view area) { return AreaToday(area, reference); };
  return {"area", Prefixes(WithFormer(request.area_code(), caller.areas, today), request.ended()), {}};
}

// A party reads no step by which authorities spoke with each other, and not that danger was reported.
bool IsAmongAuthorities(const kernel::v1::LogRecord& step) {
  static constexpr std::string_view kTheirs[] = {"order_set", "instruction_noted", "oversight_answered",
                                                 "hand_over_lapsed", "risk_reported"};
  return std::ranges::find(kTheirs, std::string_view(step.event_type())) != std::end(kTheirs);
}

bool IsStaffHere(const v1::State& state, const kernel::v1::Actor& actor, const reference::Reference& reference) {
  v1::State without_parties;
  without_parties.set_status(state.status());
  without_parties.set_committee_org(state.committee_org());
  without_parties.set_committee_area(state.committee_area());
  *without_parties.mutable_mediator_user_id() = state.mediator_user_id();
  return MaySee(without_parties, actor, reference);
}

// Whoever has the code of a matter 一案一码 finds its case by it: of several, the newest that is theirs to see.
absl::StatusOr<std::string> IdOf(const CaseReader& reader, const kernel::v1::Actor& actor, const std::string& given) {
  if (given.size() != kMatterCodeLength) return given;
  ASSIGN_OR_RETURN(const auto page, reader.List("matter_code", given + "/", kCasesOfMatterMax));
  std::string newest = page.items.empty() ? given : page.items.back().aggregate_id;
  int64_t newest_ms = 0;
  for (const auto& item : page.items) {
    ASSIGN_OR_RETURN(const auto stored, reader.Get(item.aggregate_id));
    if (!stored || !MaySee(stored->state, actor, *reader.Reference())) continue;
    if (stored->state.registered_at_ms() >= newest_ms) newest = item.aggregate_id;
    newest_ms = std::max(newest_ms, stored->state.registered_at_ms());
  }
  return newest;
}

}  // namespace

v1::CaseLine LineOf(const std::string& id, const kernel::Stored<v1::State>& stored,
                    const reference::Reference& reference, int64_t now_ms) {
  const v1::State& state = stored.state;
  v1::CaseLine line;
  line.set_id(id);
  line.set_version(stored.version);
  line.set_matter_code(state.matter_code());
  line.set_file_no(state.file_no());
  line.set_kind(state.kind());
  line.set_status(state.status());
  line.set_source(state.source());
  line.set_dispute_type(state.dispute_type());
  line.set_committee_org(state.committee_org());
  line.set_area_code(state.area_code());
  line.set_registered_at_ms(state.registered_at_ms());
  line.set_party_count(state.party().empty() ? state.referred_party_count() : state.party_size());
  line.set_chair_user_id(state.chair_user_id());
  line.set_end_reason(state.end_reason());
  const common::v1::Clock* next = reference::NextDue(state.clock());
  if (next != nullptr) {
    line.set_due_policy_id(next->policy_id());
    line.set_due_at_ms(next->due_at_ms());
    if (reference.HasCalendar()) {
      line.set_light(reference::LightOf(*next, reference.light_rule(), now_ms, reference.calendar()));
    }
  }
  return line;
}

absl::StatusOr<kernel::Page> ListRanges(
    size_t count, size_t size, std::string_view position,
    const std::function<absl::StatusOr<kernel::Page>(size_t range, size_t size, std::string_view from)>& list) {
  kernel::Page out;
  size_t at = position.empty() ? 0 : static_cast<unsigned char>(position.front());
  std::string from(position.empty() ? position : position.substr(1));
  for (; at < count; ++at, from.clear()) {
    auto page = list(at, size - out.items.size(), from);
    if (!page.ok()) return page.status();
    std::ranges::move(page->items, std::back_inserter(out.items));
    const bool more_here = !page->next_page_token.empty();
    if (!more_here && (out.items.size() < size || at + 1 == count)) continue;
    out.next_page_token = std::string(1, static_cast<char>(more_here ? at : at + 1)) + page->next_page_token;
    break;
  }
  return out;
}

std::vector<std::string> WithFormer(const std::string& whose, const std::vector<std::string>& own,
                                    const std::function<std::string(std::string_view)>& today) {
  std::vector<std::string> all{whose};
  for (const std::string& former : own) {
    if (former != whose && today(former) == whose) all.push_back(former);
  }
  return all;
}

size_t PageSize(int wanted) {
  return static_cast<size_t>(wanted <= 0 ? kPageDefault : std::min(wanted, kPageSizeMax));
}

bool SeesCommittee(const rpc::Caller& caller, std::string_view org_id,
                   const reference::Reference& reference) {
  if (std::ranges::find(caller.orgs, org_id) != caller.orgs.end()) return true;
  const auto* org = reference.FindOrg(org_id);
  v1::State as_if;  // a case of that committee, to ask the one rule there is
  as_if.set_committee_org(std::string(org_id));
  as_if.set_committee_area(org == nullptr ? "" : org->area_code());
  return org != nullptr && MaySee(as_if, caller.actor, reference);
}

rpc::Answer Queries::Locate(const CaseReader& reader, std::string_view id, StoredCase* out) const {
  if (id.starts_with(kernel::kReferencePrefix)) return NotFound();
  auto stored = reader.Get(id);
  if (!stored.ok()) return stored.status();
  if (!*stored || (*stored)->state.status() == v1::CASE_STATUS_UNSPECIFIED) return NotFound();
  *out = **std::move(stored);
  return {};
}

rpc::Answer Queries::Find(const CaseReader& reader, const rpc::Caller& caller, std::string_view id,
                          StoredCase* out) const {
  if (auto answer = Locate(reader, id, out); !answer.ok()) return answer;
  if (MaySee(out->state, caller.actor, *reader.Reference())) return {};
  const auto handed_up = LineHandedUp(reader, id, out->state, caller.actor);
  if (!handed_up.ok()) return handed_up.status();
  return *handed_up ? rpc::Answer(Why(RefusalCode::kNotAllowed, "HANDED_UP")) : NotFound();
}

rpc::Answer Queries::FindToRead(const CaseReader& reader, const rpc::Caller& caller, std::string_view id,
                                StoredCase* out, int64_t* as_of_ms) const {
  *as_of_ms = 0;
  if (auto answer = Locate(reader, id, out); !answer.ok()) return answer;
  if (MaySee(out->state, caller.actor, *reader.Reference())) return {};
  auto handed_up = AsHandedUp(reader, id, out->state, caller.actor);
  if (!handed_up.ok()) return handed_up.status();
  if (!*handed_up) return NotFound();
  *as_of_ms = (*handed_up)->at_ms;
  *out = std::move((*handed_up)->stored);
  return {};
}

rpc::Answer Queries::GetCase(const rpc::Caller& caller, const v1::GetCaseRequest& request,
                             v1::Case* out) const {
  const CaseReader reader = parts_.read();
  const auto id = IdOf(reader, caller.actor, request.id());
  if (!id.ok()) return id.status();
  StoredCase stored;
  int64_t as_of_ms = 0;
  if (auto answer = FindToRead(reader, caller, *id, &stored, &as_of_ms); !answer.ok()) return answer;
  const auto reference = reader.Reference();
  FillCase(stored.state, out);
  const bool handed_up = as_of_ms != 0;
  const std::string& holder = handed_up ? stored.state.transfer().rbegin()->to_org() : stored.state.committee_org();
  out->set_holder_org(UnitToday(holder, *reference));
  out->set_id(*id);
  out->set_version(stored.version);
  out->set_as_of_ms(as_of_ms);
  if (!handed_up) {  // of what was handed up nothing is left to do
    for (auto& name : AllowedCommands(stored.state, caller.actor, *reference)) {
      out->add_allowed_command(std::move(name));
    }
  }
  const bool leader_only = !std::ranges::any_of(caller.actor.grant(), [&](const auto& grant) {
    return grant.org_id() == stored.state.committee_org();
  }) && !std::ranges::any_of(stored.state.party(), [&](const v1::Party& party) {
    return !caller.actor.user_id().empty() && party.person().user_id() == caller.actor.user_id();
  });
  if (!leader_only && !handed_up) out->set_query_code(stored.state.query_code());
  // What people said in mediation stays between them and their committee (人民调解法 15); who supervises sees that it met,
  // when, and with what result.
  if (leader_only) {
    for (v1::Session& session : *out->mutable_session()) session.clear_record();
    for (v1::Investigation& talk : *out->mutable_investigation()) {
      talk.clear_asked();
      talk.clear_took_part();
      talk.clear_record();
      talk.clear_place();
      talk.clear_signed_sha256();
    }
    for (v1::Visit& visit : *out->mutable_visit()) {
      visit.clear_finding();
      visit.clear_measures();
    }
  }
  // A petitioner's letter is not for the other side to read, nor for who only looks on.
  const bool staff = IsStaffHere(stored.state, caller.actor, *reference);
  if (staff && !leader_only && !handed_up) RETURN_IF_ERROR(ShowHanded(reader, *id, stored.state, out));
  if (!staff) HideFromParty(caller.actor, out);
  HideOthers(caller.actor, out);
  ExplainClocks(stored.state, *reference, handed_up ? as_of_ms : caller.now_ms, out->mutable_deadline());
  return {};
}

rpc::Answer Queries::ListCases(const rpc::Caller& caller, const v1::ListCasesRequest& request,
                               v1::ListCasesResponse* out) const {
  const CaseReader reader = parts_.read();
  const auto reference = reader.Reference();
  const Listing listing = ListingOf(caller, request, *reference);
  if (listing.refusal) return *listing.refusal;
  std::string question = "ListCases of " + std::string(listing.index);
  for (const std::string& prefix : listing.prefixes) question += " " + prefix;
  const auto position = rpc::PagePosition(question, request.page_token());
  if (!position) return Why(RefusalCode::kInvalid, "PAGE_TOKEN", "page_token");
  const auto list = [&](size_t range, size_t size, std::string_view from) {
    return reader.List(listing.index, listing.prefixes[range], size, from);
  };
  auto page = ListRanges(listing.prefixes.size(), PageSize(request.page_size()), *position, list);
  if (!page.ok()) return page.status();
  for (const auto& item : page->items) {
    auto stored = reader.Get(item.aggregate_id);
    if (!stored.ok()) return stored.status();
    if (!*stored) continue;
    if (request.handed_up() && !MaySee((*stored)->state, caller.actor, *reference)) {
      const auto then = LineHandedUp(reader, item.aggregate_id, (*stored)->state, caller.actor);
      if (!then.ok()) return then.status();
      if (!*then) continue;
      *out->add_line() = LineOf(item.aggregate_id, (*then)->stored, *reference, (*then)->at_ms);
      out->mutable_line()->rbegin()->set_as_of_ms((*then)->at_ms);
      continue;
    }
    // Cases of one matter, of one area may lie with several committees; each is told to its own line.
    const bool shared = listing.index == "matter_code" || listing.index == "area" || listing.index == "committee";
    if (shared && !MaySee((*stored)->state, caller.actor, *reference)) continue;
    *out->add_line() = LineOf(item.aggregate_id, **stored, *reference, caller.now_ms);
  }
  out->set_next_page_token(rpc::PageToken(question, page->next_page_token));
  return {};
}

rpc::Answer Queries::ListSteps(const rpc::Caller& caller, const v1::ListStepsRequest& request,
                               v1::ListStepsResponse* out) const {
  const CaseReader reader = parts_.read();
  StoredCase stored;
  int64_t as_of_ms = 0;
  if (auto answer = FindToRead(reader, caller, request.id(), &stored, &as_of_ms); !answer.ok()) return answer;
  const bool staff = IsStaffHere(stored.state, caller.actor, *reader.Reference());
  auto answer = rpc::ShowSteps(
      reader, "ListSteps", request, stored.version, PageSize(request.page_size()),
      Why(RefusalCode::kInvalid, "PAGE_TOKEN", "page_token"), out,
      [staff](const kernel::v1::LogRecord& step) { return staff || !IsAmongAuthorities(step); });
  if (answer.ok()) HideOthers(stored.state, caller.actor, out);
  return answer;
}

rpc::Answer Queries::CountCases(const rpc::Caller& caller, const v1::CountCasesRequest& request,
                                v1::CountCasesResponse* out) const {
  const int level = base::LevelOf(request.area_code());
  if (level < common::v1::TOWNSHIP || level > common::v1::CITY) {
    return Why(RefusalCode::kInvalid, "FIGURES_AREA", "area_code");
  }
  const CaseReader reader = parts_.read();
  auto sum = [&](const std::string& prefix, std::map<std::string, int64_t>* by) -> absl::Status {
    auto tallies = reader.Tallies(prefix + request.area_code(), kTalliesMax);
    if (!tallies.ok()) return tallies.status();
    for (const auto& tally : *tallies) {
      (*by)[tally.key.substr(tally.key.rfind('/') + 1)] += static_cast<int64_t>(tally.count);
    }
    return absl::OkStatus();
  };
  std::map<std::string, int64_t> by_status, by_dispute;
  if (auto status = sum("status/", &by_status); !status.ok()) return status;
  if (auto status = sum("dispute/", &by_dispute); !status.ok()) return status;
  const bool exact = ReadsExactly(caller, request.area_code());
  for (const auto& [name, count] : by_status) {
    if (!exact && count < base::kFew) continue;
    auto* row = out->add_by_status();
    v1::CaseStatus value = v1::CASE_STATUS_UNSPECIFIED;
    v1::CaseStatus_Parse(name, &value);
    row->set_status(value);
    row->set_count(exact ? count : base::Rounded(count));
  }
  for (const auto& [type, count] : by_dispute) {
    if (!exact && count < base::kFew) continue;
    auto* row = out->add_by_dispute();
    row->set_dispute_type(type);
    row->set_count(exact ? count : base::Rounded(count));
  }
  out->set_rounded(!exact);
  return {};
}

rpc::Answer Queries::TrackCase(const rpc::Caller& caller, const v1::TrackCaseRequest& request,
                               v1::CaseTrack* out) const {
  // What a citizen is shown: the steps of the procedure, nothing of what was said in it.
  static const std::set<std::string, std::less<>> kMilestones = {"registered",
                                                                 "consent_asked",
                                                                 "accepted",
                                                                 "refused",
                                                                 "assigned",
                                                                 "mediator_replaced",
                                                                 "paused",
                                                                 "resumed",
                                                                 "extended",
                                                                 "session_held",
                                                                 "investigated",
                                                                 "agreed",
                                                                 "reconsidered",
                                                                 "effective",
                                                                 "transferred",
                                                                 "performed",
                                                                 "breached",
                                                                 "followed_up",
                                                                 "remediated",
                                                                 "confirmation_applied",
                                                                 "confirmation_recorded",
                                                                 "completed",
                                                                 "ended",
                                                                 "archived"};
  const CaseReader reader = parts_.read();
  const std::string code = absl::AsciiStrToUpper(request.query_code());  // as a telephone types it
  auto page = reader.List("query_code", code, 1);
  if (!page.ok()) return page.status();
  if (page->items.empty() || page->items[0].key != code) return NotFound();
  const std::string& id = page->items[0].aggregate_id;
  auto stored = reader.Get(id);
  if (!stored.ok()) return stored.status();
  if (!*stored) return NotFound();
  const v1::State& state = (*stored)->state;
  out->set_matter_code(state.matter_code());
  out->set_file_no(state.file_no());
  out->set_status(state.status());
  out->set_committee_org(state.committee_org());
  out->set_registered_at_ms(state.registered_at_ms());
  out->set_end_reason(state.end_reason());
  out->set_refusal_code(state.refusal_code());
  if (state.has_remedy_notice()) {
    *out->mutable_remedy_notice() = state.remedy_notice();
    out->mutable_remedy_notice()->clear_where_to_go();  // free text of the committee
  }
  out->set_performance(PerformanceOf(state));
  for (const auto& promise : PromisesOf(state)) {
    auto* shown = out->add_promise();
    shown->set_no(promise.no());
    shown->set_kind(state.agreement().clause(promise.no() - 1).kind());
    shown->set_due_at_ms(promise.due_ms());
    shown->set_state(promise.state());
  }
  out->set_confirmation(state.confirmation());
  out->set_completion(state.completion());
  ExplainClocks(state, *reader.Reference(), caller.now_ms, out->mutable_deadline());
  auto records = reader.History(id);
  if (!records.ok()) return records.status();
  for (const auto& record : *records) {
    if (!kMilestones.contains(record.event_type())) continue;
    auto* milestone = out->add_milestone();
    milestone->set_event_type(record.event_type());
    milestone->set_at_ms(record.recorded_at_ms());
  }
  return {};
}

}  // namespace mediation
