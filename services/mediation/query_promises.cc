// The promise calendar 履约日历: open promises by day, oldest first, so that what is overdue stands on top. One range
// of one index. The words of a clause are for its own committee; others see when it is due, of what kind it is,
// and how it stands.
#include <algorithm>
#include <cstdlib>

#include "base/area_code.h"
#include "base/calendar.h"
#include "services/mediation/domain/heirs.h"
#include "services/mediation/domain/keys.h"
#include "services/mediation/domain/promise.h"
#include "services/mediation/domain/refusals.h"
#include "services/mediation/domain/rules.h"
#include "services/mediation/queries.h"
#include "services/rpc/page_token.h"

namespace mediation {
namespace {

using kernel::RefusalCode;

struct Whose {
  std::vector<std::string> keys;  // committees, or areas: the one that was asked for, then those that went into it
  std::optional<kernel::Refusal> refusal;
};

Whose WhoseOf(const rpc::Caller& caller, const v1::ListPromisesRequest& request,
              const reference::Reference& reference) {
  const auto no = [](RefusalCode code, std::string_view reason, std::string_view field) {
    return Whose{{}, Why(code, reason, field)};
  };
  if (!request.committee_org().empty()) {
    if (!SeesCommittee(caller, request.committee_org(), reference)) {
      return no(RefusalCode::kNotAllowed, "NOT_ALLOWED", "committee_org");
    }
    const auto today = [&](std::string_view org) { return UnitToday(org, reference); };
    return {WithFormer(request.committee_org(), caller.orgs, today), {}};
  }
  if (base::LevelOf(request.area_code()) != common::v1::VILLAGE) {
    return no(RefusalCode::kInvalid, "BAD_AREA", "area_code");
  }
  v1::State as_if;  // a case there, to ask the one rule there is
  as_if.set_committee_area(request.area_code());
  const bool works_there = std::ranges::any_of(caller.actor.grant(), [&](const kernel::v1::Grant& grant) {
    return grant.role() == kernel::v1::ROLE_GW && WorksInVillage(grant, request.area_code());
  });
  if (!works_there && !MaySee(as_if, caller.actor, reference))
    return no(RefusalCode::kNotAllowed, "NOT_ALLOWED", "area_code");
  const auto today = [&](std::string_view area) { return AreaToday(area, reference); };
  return {WithFormer(request.area_code(), caller.areas, today), {}};
}

bool IsDay(const std::string& text) { return text.empty() || base::ParseDay(text).has_value(); }

// "org/2026-12-24/3" -> the day and the number of the clause.
bool Parse(std::string_view key, std::string* day, int* no) {
  const size_t last = key.rfind('/');
  const size_t before = last == std::string_view::npos || last == 0 ? last : key.rfind('/', last - 1);
  if (before == std::string_view::npos) return false;
  *day = std::string(key.substr(before + 1, last - before - 1));
  *no = std::atoi(std::string(key.substr(last + 1)).c_str());
  return true;
}

}  // namespace

rpc::Answer Queries::ListPromises(const rpc::Caller& caller, const v1::ListPromisesRequest& request,
                                  v1::ListPromisesResponse* out) const {
  const CaseReader reader = parts_.read();
  const Whose whose = WhoseOf(caller, request, *reader.Reference());
  if (whose.refusal) return *whose.refusal;
  if (!IsDay(request.from_day())) return Why(RefusalCode::kInvalid, "BAD_DAY", "from_day");
  if (!IsDay(request.to_day())) return Why(RefusalCode::kInvalid, "BAD_DAY", "to_day");
  if (!request.to_day().empty() && request.from_day() > request.to_day()) {
    return Why(RefusalCode::kInvalid, "DAYS_REVERSED", "to_day");
  }
  const std::string from = "/" + request.from_day();
  const std::string to = "/" + (request.to_day().empty() ? "9999-99-99" : request.to_day());
  std::string question = "ListPromises from " + from + " " + to;
  for (const std::string& key : whose.keys) question += " " + key;
  const auto position = rpc::PagePosition(question, request.page_token());
  if (!position) return Why(RefusalCode::kInvalid, "PAGE_TOKEN", "page_token");
  // '/' follows a day in the key, and '0' follows '/': everything of the last day is before it.
  const auto list = [&](size_t range, size_t size, std::string_view after) {
    return reader.ListRange("promise", whose.keys[range] + from, whose.keys[range] + to + "0", size, after);
  };
  auto page = ListRanges(whose.keys.size(), PageSize(request.page_size()), *position, list);
  if (!page.ok()) return page.status();
  for (const auto& item : page->items) {
    auto stored = reader.Get(item.aggregate_id);
    if (!stored.ok()) return stored.status();
    std::string day;
    int no = 0;
    if (!*stored || !Parse(item.key, &day, &no) || !HasClause((*stored)->state, no)) continue;
    const v1::State& state = (*stored)->state;
    const v1::Clause& clause = state.agreement().clause(no - 1);
    auto* line = out->add_line();
    line->set_case_id(item.aggregate_id);
    line->set_file_no(state.file_no());
    line->set_day(day);
    line->set_kind(clause.kind());
    line->set_committee_org(state.committee_org());
    line->set_chair_user_id(state.chair_user_id());
    *line->mutable_promise() = PromiseAt(state, no);
    line->mutable_promise()->clear_performance();  // see GetCase
    if (std::ranges::find(caller.orgs, state.committee_org()) == caller.orgs.end()) {
      line->mutable_promise()->clear_amount_fen();
      line->mutable_promise()->clear_paid_fen();
      continue;
    }
    line->set_content(clause.content());
    line->set_place(clause.place());
    line->set_obligor_party_id(clause.obligor_party_id());
    line->set_obligee_party_id(clause.obligee_party_id());
  }
  out->set_next_page_token(rpc::PageToken(question, page->next_page_token));
  return {};
}

}  // namespace mediation
