// Reporters, desks, units and verifiers: what they try, given how a matter stands. Most steps are the right
// one.

#include <absl/strings/str_cat.h>
#include <absl/strings/substitute.h>
#include <google/protobuf/text_format.h>

#include <algorithm>

#include "base/calendar.h"
#include "services/incident/domain/asking.h"
#include "services/incident/domain/index_keys.h"
#include "tests/sim/actors.h"
#include "tests/sim/city.h"

namespace sim {
namespace {

using absl::StrCat;
using absl::Substitute;
using kernel::v1::Actor;
using namespace incident::v1;  // NOLINT: names of statuses

constexpr int64_t kDayMs = 86'400'000;
constexpr char kCategories[][5] = {"0102", "0102", "0101", "0105", "0199", "0802", "0701",
                                   "0401", "0303", "0107", "1001", "1301", "1301", "0202"};

std::string Village(const City::Incident& matter) { return matter.intake().area_code().substr(0, 12); }
std::string Township(const City::Incident& matter) { return matter.intake().area_code().substr(0, 9); }
bool IsAppeal(const City::Incident& matter) { return matter.intake().kind() == ENTERPRISE_APPEAL; }
Actor Hotline() { return As(kernel::v1::ROLE_HA, "3714-hotline", kCity, "ha"); }

// Whoever reports a fire says so.
std::string SaidOf(const std::string& category, const std::string& urgency) {
  return category == "0401" ? "CRITICAL" : urgency;
}

bool IsOver(const City::Incident& matter, int64_t now_ms) {
  switch (matter.standing().status()) {
    case REJECTED:
      return matter.rejection_appealed();
    case CANCELLED:
    case MERGED:
    case ARCHIVED:
      return true;
    case EVALUATED:
      return now_ms - matter.closed_at_ms() < 30 * kDayMs;  // to be archived later
    default:
      return false;
  }
}

}  // namespace

Actor City::Desk(const Incident& matter, int at_least) const {
  const int level = std::max<int>(matter.standing().current_level(), at_least);
  if (level <= 2)
    return As(kernel::v1::ROLE_GH, Centre(Village(matter)), Village(matter), "gh-" + Village(matter));
  if (level == 3) {
    return As(kernel::v1::ROLE_TD, Centre(Township(matter)), Township(matter), "td-" + Township(matter));
  }
  if (level == 4) return As(kernel::v1::ROLE_CD, Centre(kCounty), kCounty, "cd");
  return As(kernel::v1::ROLE_CC, Centre(kCity), kCity, "cc");
}

Actor City::Unit(const std::string& org) { return As(kernel::v1::ROLE_DH, org, AreaOfOrg(org), "h-" + org); }

Actor City::Verifier(const Incident& matter) const {
  return As(kernel::v1::ROLE_VF, Centre(Township(matter)), Township(matter), "vf-" + Township(matter));
}

// Who reported it: by their account, or with the code they were given.
City::Step City::ByReporter(const Incident& matter, std::string command, std::string fields) const {
  const auto& reporter = matter.reporter();
  if (reporter.user_id().empty()) {
    return {Anybody(), StrCat(command, " { query_code: '", reporter.query_code(), "' ", fields, " }")};
  }
  return {As(kernel::v1::ROLE_GW, Centre(Village(matter)), matter.intake().area_code(), reporter.user_id()),
          StrCat(command, " { ", fields, " }")};
}

void City::Report() {
  const std::string& grid = AnyOf(grids_);
  const std::string category = kCategories[world_.random.Below(std::size(kCategories))];
  const bool by_hotline = Chance(0.1), by_police = !by_hotline && Chance(0.08);
  const Actor worker = by_hotline  ? Hotline()
                       : by_police ? Unit(grid.substr(0, 9) + "-police")
                                   : As(kernel::v1::ROLE_GW, Centre(grid.substr(0, 12)), grid, "gw-" + grid);
  std::string text = Substitute(
      "report { category: '$0' text: '$1' area_code: '$2' scale: $3 urgency: $4 party { $5 } party { $6 } "
      "device_at_ms: $7 ",
      category, Words("一件事"), grid, Pick({"S1_ONE", "S2_2_TO_4", "S2_2_TO_4", "S3_5_TO_9", "S4_10_TO_49"}),
      SaidOf(category, Pick({"NORMAL", "NORMAL", "URGENT"})), Person("side: SIDE_A"), Person("side: SIDE_B"),
      world_.clock.NowMs() - 60'000);
  if (by_hotline || Chance(0.2)) text += StrCat("contact { ", Person(), " } on_behalf: true ");
  if (Chance(0.1)) text += "risk: HIGH ";
  if (Chance(0.03)) text += "sealed: true ";
  if (Chance(0.12)) {
    text += Substitute("self_handled { measures: '$0' note: '当场' parties_agree: true resolved: YES }",
                       Words("劝过"));
  }
  Ask(incident_, "", true, {worker, text + "}"});
}

void City::ReportByPublic() {
  const std::string& grid = AnyOf(grids_);
  const std::string contact = Chance(0.7) ? StrCat("contact { ", Person(), " }") : "";
  Ask(incident_, "", true,
      {Chance(0.5) ? Anybody() : Citizen(StrCat("c-", 1 + world_.random.Below(40))),
       Substitute("public_report { text: '$0' category: '$1' area_code: '$2' $3 kind: $4 }", Words("路坏了"),
                  Pick({"0802", "0701", "0202", "1301"}), grid, contact,
                  Pick({"KIND_UNSPECIFIED", "INCIDENT"}))});
}

void City::WorkOnIncident() {
  if (!incident_.up()) return;
  std::vector<std::string>& list = !ended_.empty() && (matters_.empty() || Chance(0.12)) ? ended_ : matters_;
  if (list.empty()) return;
  const size_t which = world_.random.Below(list.size());
  const std::string id = list[which];
  const auto stored = incident_.Read().Get(id);
  CHECK(stored.ok()) << stored.status();
  if (!*stored) return;  // acknowledged, but the reader is of a moment before: a restart
  const Incident& matter = (*stored)->state.incident();
  const bool over = IsOver(matter, world_.clock.NowMs());
  if (over != (&list == &ended_)) {
    list[which] = list.back();
    list.pop_back();
    (over ? ended_ : matters_).push_back(id);
  }
  if (const Maybe step = StepFor(matter)) Ask(incident_, id, false, *step);
}

City::Maybe City::StepFor(const Incident& matter) {
  switch (matter.standing().status()) {
    case REPORTED:
      return WhileReported(matter);
    case ACCEPTED:
      return WhileAccepted(matter);
    case DISPATCHED:
      return WhileDispatched(matter);
    case PROCESSING:
      return WhileProcessing(matter);
    case SUSPENDED:
      return WhileSuspended(matter);
    case PENDING_VERIFY:
      return WhileVerified(matter);
    case CLOSED:
    case EVALUATED:
      return WhileClosed(matter);
    case REJECTED:
      if (matter.rejection_appealed() || Chance(0.4)) return std::nullopt;
      return ByReporter(matter, "appeal_rejection", "reason: '请再看看'");
    case REFERRED:
      return Chance(0.1) ? Maybe(Supplement(matter)) : std::nullopt;
    case MERGED:  // refused until what it was merged into is closed, and again once they have said it
      if (Chance(0.7)) return std::nullopt;
      return ByReporter(matter, "evaluate", StrCat("solved: ", Pick({"YES", "NO"}), " satisfied: SATISFIED"));
    default:
      return std::nullopt;
  }
}

City::Step City::Supplement(const Incident& matter) {
  return ByReporter(matter, "supplement",
                    Substitute("text: '$0' party { $1 }", Words("补充"), Person("side: SIDE_THIRD")));
}

City::Maybe City::Merge(const Incident& matter) {
  for (int tries = 0; tries < 12; ++tries) {
    const std::string& id = AnyOf(matters_);
    const auto other = incident_.Read().Get(id);
    CHECK(other.ok()) << other.status();
    if (!*other) continue;
    const Incident& primary = (*other)->state.incident();
    if (primary.matter_code() == matter.matter_code() || primary.intake().kind() != matter.intake().kind() ||
        Township(primary) != Township(matter)) {
      continue;
    }
    return Step{Desk(matter, 3),
                Substitute("merge { primary_id: '$0' ground: '$1' }", id, Words("同一件事"))};
  }
  return std::nullopt;
}

City::Maybe City::WhileReported(const Incident& matter) {
  const int level = matter.standing().current_level();
  const uint64_t die = world_.random.Below(100);
  if (die < 5) return ByReporter(matter, "cancel", "reason: '不用了'");
  if (die < 10) {
    if (level <= 2)
      return Step{Desk(matter), "propose_rejection { reason: NO_CONTENT explanation: '没有内容' }"};
    if (level <= 4) {
      return Step{Desk(matter),
                  Substitute("reject { reason: $0 explanation: '$1' where_to_go: '仲裁' }",
                             Pick({"STATUTORY_WAY", "NO_CONTENT", "NOT_IN_ITEM_LIST"}), Words("另有途径"))};
    }
  }
  if (die < 16) return Merge(matter);
  if (die < 20) {
    return Step{Desk(matter),
                Substitute("escalate { reason: '$0' measures_tried: '劝过' }", Words("超出能力"))};
  }
  if (die < 25) return Supplement(matter);
  if (die < 33 && level <= 2) {
    return Step{Desk(matter),
                Substitute("self_handle { handling { measures: '$0' note: '已办' parties_agree: true "
                           "resolved: YES } }",
                           Words("当场"))};
  }
  const std::string unlisted = Chance(0.04) ? "not_in_item_list: true" : "";
  const std::string risk = Pick({"LOW", "LOW", "MID", "HIGH"});
  std::string complexity = Pick({"SIMPLE", "ORDINARY", "ORDINARY", "COMPLEX"});
  if (IsAppeal(matter) && complexity == "COMPLEX") complexity = "ORDINARY";  // that is a step of its own
  return Step{Desk(matter), Substitute("accept { complexity: $0 risk: $1 $2 }", complexity, risk, unlisted)};
}

// A unit the desk of `level` may give it to.
std::string City::UnitFor(const Incident& matter, int level) {
  if (level <= 2) return Centre(Village(matter));
  if (level == 3) return StrCat(Township(matter), Pick({"-centre", "-justice", "-police"}));
  return Chance(0.85) ? AnyOf(departments_) : Centre(Township(matter));
}

City::Maybe City::WhileAccepted(const Incident& matter) {
  const int level = matter.standing().current_level();
  const uint64_t die = world_.random.Below(100);
  const bool dispute = matter.intake().category().starts_with("01");
  if (die < 4) {
    return Step{Desk(matter),
                Substitute("escalate { reason: '$0' measures_tried: '协调过' }", Words("要上级"))};
  }
  if (die < 9 && level >= 3)
    return Step{Desk(matter), StrCat("send_down { reason: '", Words("属地能办"), "' }")};
  if (die < 12) return Merge(matter);
  if ((die < 40 && dispute && level <= 4) || (die < 14 && level <= 4)) {
    return Step{Desk(matter),
                Substitute("refer_to_mediation { dispute_type: '$0' party_count: 2 facts: '$1' }",
                           Pick({"D02", "D10", "D06", "D04"}), Words("争议"))};
  }
  if (die < 43 && (level == 3 || level == 4)) {
    return Step{Desk(matter), Substitute("refer_to_petition { facts: '$0' against_org: '$1' }", Words("诉求"),
                                          Chance(0.5) ? AnyOf(departments_) : std::string())};
  }
  if (die < 47 && IsAppeal(matter)) return StepOfAppeal(matter);
  const int by = std::max(level, matter.designation_level());
  return Step{Desk(matter, by), Substitute("dispatch { lead_org: '$0' instruction: '$1' }",
                                           UnitFor(matter, by), Words("请办理"))};
}

City::Maybe City::WhileDispatched(const Incident& matter) {
  if (matter.has_return_request()) return AnswerRequests(matter);
  Actor unit = Unit(matter.standing().lead_org());
  const uint64_t die = world_.random.Below(100);
  // What came back once often comes back again; then the next level designates.
  if (die < (matter.return_count() == 1 ? 60u : 22u))
    return Step{unit, "request_return { reason: '不属本单位' legal_basis: '职责清单' }"};
  if (die < 25) return Step{unit, "escalate { reason: '办不动' measures_tried: '看过' }"};
  return Step{unit, StrCat("take { first_contact: ", IsAppeal(matter) ? "true" : "false", " }")};
}

City::Maybe City::AnswerRequests(const Incident& matter) {
  const Actor desk = Desk(matter, matter.dispatched_level());
  if (matter.has_return_request()) {
    return Step{
        desk, Chance(0.65) ? "approve_return { note: '同意' }" : "refuse_return { reason: '属你单位职责' }"};
  }
  if (matter.has_extension_request()) {
    return Step{desk, Chance(0.6) ? "approve_extension {}" : "refuse_extension { reason: '不必' }"};
  }
  if (matter.has_suspension_request()) {
    return Step{desk, Chance(0.65) ? "approve_suspension {}" : "refuse_suspension { reason: '不必' }"};
  }
  return std::nullopt;
}

City::Maybe City::StepOfAppeal(const Incident& matter) {
  switch (world_.random.Below(4)) {
    case 0:
      return Step{As(kernel::v1::ROLE_CD, Centre(kCounty), kCounty, "cd"),
                  "classify_complex { reason: '多部门' }"};
    case 1:
      return ByReporter(matter, "confirm_service", "resolved: YES");
    case 2:
      return Step{Hotline(), StrCat("confirm_service { note: '回访' resolved: ", Pick({"PARTLY", "NO"}), " }")};
    default:
      return Step{Hotline(), "record_attempt { note: '没人接' }"};
  }
}

City::Maybe City::WhileProcessing(const Incident& matter) {
  if (matter.has_extension_request() || matter.has_suspension_request()) return AnswerRequests(matter);
  const uint64_t die = world_.random.Below(100);
  if (die < 4) return Step{Desk(matter), "escalate { reason: '办不动' measures_tried: '办过' }"};
  if (die < 7 && matter.standing().current_level() <= 4) {
    return Step{
        Desk(matter),
        Substitute("refer_to_mediation { dispute_type: 'D02' party_count: 2 facts: '$0' }", Words("争议"))};
  }
  if (die < 9 && matter.standing().current_level() >= 3 && matter.standing().current_level() <= 4) {
    return Step{Desk(matter), Substitute("refer_to_petition { facts: '$0' against_org: '$1' }", Words("诉求"),
                                          Chance(0.5) ? AnyOf(departments_) : std::string())};
  }
  if (die < 22 && IsAppeal(matter)) return StepOfAppeal(matter);
  Actor unit = Unit(matter.standing().lead_org());
  if (die < 32) {
    return Step{unit, Substitute("request_extension { reason: '情况复杂' by { amount: $0 unit: D } }",
                                 1 + world_.random.Below(5))};
  }
  if (die < 42) {
    return Step{unit,
                Substitute("request_suspension { reason_code: '$0' expected_resume_at_ms: $1 }",
                           Pick({"S01", "S02", "S03"}),
                           world_.clock.NowMs() + static_cast<int64_t>(2 + world_.random.Below(8)) * kDayMs)};
  }
  if (die < 52) return Step{unit, Substitute("progress { text: '$0' interim_reply: true }", Words("正在办"))};
  return Step{unit,
              Substitute("complete { result: '$0' measures: '处置' resolved: $1 attachment { sha256: '$2' "
                         "mime: 'image/jpeg' use: AFTER } }",
                         Words("办好了"), Pick({"YES", "YES", "PARTLY", "NO"}), std::string(64, 'a'))};
}

City::Maybe City::WhileSuspended(const Incident& matter) {
  const uint64_t die = world_.random.Below(100);
  if (die < 12) {  // mostly left alone, until somebody resumes it or its review is due
    return Step{die < 6 ? Desk(matter) : Unit(matter.standing().lead_org()), "resume { note: '可以办了' }"};
  }
  if (die < 16) return Step{Unit(matter.standing().lead_org()), "progress { text: '等着' }"};
  return std::nullopt;
}

City::Maybe City::WhileVerified(const Incident& matter) {
  const uint64_t die = world_.random.Below(100);
  if (IsAppeal(matter) && die < 75) {
    if (matter.contact_attempts() >= 2) return Step{Hotline(), "close_explained { explanation: '联系不上' }"};
    const int64_t tried = matter.attempt_counted_at_ms();  // again today would not count
    if (die < 60 && base::LocalDay(tried) == base::LocalDay(world_.clock.NowMs())) return std::nullopt;
    if (die < 60) return Step{Hotline(), "record_attempt { note: '没人接' }"};
    return StepOfAppeal(matter);
  }
  if (die < 52) return Step{Verifier(matter), Substitute("verify_fail { finding: '$0' }", Words("没办好"))};
  if (die < 60) {
    return Step{
        Verifier(matter),
        Substitute("verify_pass { record: '长期' resolved: NO closure_type: LONG_TERM review_at_ms: $0 }",
                   world_.clock.NowMs() + 5 * kDayMs)};
  }
  return Step{Verifier(matter),
              Substitute("verify_pass { record: '$0' resolved: $1 closure_type: $2 }", Words("属实"),
                         Pick({"YES", "YES", "PARTLY"}), Pick({"HANDLED", "HANDLED", "NOT_FOUND"}))};
}

City::Maybe City::WhileClosed(const Incident& matter) {
  const uint64_t die = world_.random.Below(100);
  if (matter.sample_open()) {
    return Step{Verifier(matter),
                Substitute("verify_sample { passed: $0 record: '抽查' }", die < 70 ? "true" : "false")};
  }
  if (die < 8) {
    return Step{die < 2 ? As(kernel::v1::ROLE_SV, Centre(kCounty), kCounty, "sv") : Desk(matter, 3),
                Substitute("reopen { reason: $0 explanation: '$1' }",
                           Pick({"RECURRED", "NOT_SOLVED", "FALSE_COMPLETION"}), Words("又发生了"))};
  }
  if (matter.standing().status() == CLOSED) {
    if (die < 50) return std::nullopt;
    return ByReporter(
        matter, "evaluate",
        StrCat("solved: ", Pick({"YES", "YES", "NO"}), " satisfied: SATISFIED text: '", Words("好"), "'"));
  }
  if (world_.clock.NowMs() - matter.closed_at_ms() < 29 * kDayMs && die < 90) return std::nullopt;
  return Step{Desk(matter, 3), "archive { file_check: '齐全' }"};
}

void City::Campaign() {
  const std::string township = AnyOf(grids_).substr(0, 9);
  const Actor dispatcher = As(kernel::v1::ROLE_TD, Centre(township), township, "td-" + township);
  if (!campaigns_.empty() && Chance(0.3)) {
    return Ask(incident_, AnyOf(campaigns_), false, {dispatcher, "end_campaign { summary: '排查完了' }"});
  }
  if (!incident_.up()) return;
  const int64_t due = world_.clock.NowMs() + 4 * kDayMs;
  const std::string emergency =
      Chance(0.4) ? StrCat("emergency: true retain_until_ms: ", due + 3 * kDayMs) : "";
  std::string asked = Substitute(
      "title: '排查' category: '1201' area_code: '$0' due_at_ms: $1 minutes_per_task: 20 asked { questions: $2 } $3",
      township, due, static_cast<int>(world_.random.Below(4)), emergency);
  // Whoever asks has looked at the cost; now and then somebody has not, and is refused.
  if (!Chance(0.1)) {
    incident::v1::StartCampaignRequest request;
    CHECK(google::protobuf::TextFormat::ParseFromString(asked, &request)) << asked;
    const auto known = incident_.Read().Reference();
    asked += StrCat(" seen_cost_minutes: ", incident::CostOf(request, *known).minutes());
  }
  // Half of those who find the same going on mean another one; the others send it all the same, and are refused.
  const auto running = incident_.Read().List("running", incident::RunningPrefix('#', "1201", township), 1);
  CHECK(running.ok()) << running.status();
  if (!running->items.empty() && Chance(0.5))
    asked += StrCat(" seen_campaign_id: '", running->items[0].aggregate_id, "'");
  Ask(incident_, StrCat("campaign-", ++people_), true, {dispatcher, StrCat("start_campaign { ", asked, " }")});
}

void City::WorkOnTask() {
  if (!incident_.up()) return;
  const std::string& grid = AnyOf(grids_);
  const auto open = incident_.Read().List("task", grid, 5);
  CHECK(open.ok()) << open.status();
  if (open->items.empty()) return;
  const std::string id = open->items[world_.random.Below(open->items.size())].aggregate_id;
  const std::string found =
      Substitute("finding { category: '0701' text: '$0' scale: S1_ONE }", Words("隐患"));
  Ask(incident_, id, false,
      {As(kernel::v1::ROLE_GW, Centre(grid.substr(0, 12)), grid, "gw-" + grid),
       StrCat("complete_task { ", Chance(0.6) ? std::string("all_normal: true") : found, " }")});
}

}  // namespace sim
