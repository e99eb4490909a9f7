// Around the work itself: leaders who take charge of a case, backlog, receptions, evaluations; and those who try
// what they may not. Who asks about an accusation without the right to it is answered as about one that never was:
// both are asked, the answers are compared.

#include <absl/strings/str_cat.h>
#include <absl/strings/substitute.h>

#include <memory>

#include "services/reference/deadline.h"
#include "tests/sim/actors.h"
#include "tests/sim/city.h"

namespace sim {
namespace {

using absl::StrCat;
using absl::Substitute;
using kernel::v1::Actor;
using namespace petition::v1;  // NOLINT: names of statuses

constexpr int64_t kDayMs = 86'400'000;

Actor CountyHead(const char* user = "po-county") {
  return As(kernel::v1::ROLE_PO, "371403-petition", kCounty, user);
}
Actor CityHead() { return As(kernel::v1::ROLE_PO, "3714-petition", kCity, "po-city"); }
Actor CaseLeader() { return As(kernel::v1::ROLE_CL, "371403-gov", kCounty, "leader"); }

std::string WordsOf(const kernel::Refusal& refusal) {
  std::string text = StrCat(static_cast<int>(refusal.code), " ", refusal.reason, " ", refusal.field, " ",
                            refusal.message_zh, " ", refusal.message_en);
  for (const auto& [key, value] : refusal.metadata) absl::StrAppend(&text, " ", key, "=", value);
  return text;
}

}  // namespace

City::Maybe City::WorkAround(const Petition& state) {
  const int64_t now = world_.clock.NowMs();
  const uint64_t die = world_.random.Below(100);
  const bool listed = state.backlog().state() == LISTED || state.backlog().state() == WRITE_OFF_PROPOSED;
  if (listed && Chance(0.4)) return KeepBacklog(state);
  if (!state.leader().user_id().empty() && Chance(0.3)) return LeadCase(state);
  if (!state.improvement().empty() && Chance(0.4)) {
    return Step{Handler(state), Substitute("answer_suggestion { adoption: $0 answer: '$1' }",
                                           Pick({"FULL", "PART", "NONE"}), Words("采纳"))};
  }
  const bool owes = state.has_execution() && state.execution().executed_at_ms() == 0;
  if (owes && Chance(0.6)) return Step{Handler(state), Substitute("record_execution { record: '$0' }", Words("落实"))};
  for (const auto& clock : state.clock()) {
    if (clock.policy_id() == "DP-12" && reference::IsRunning(clock) && Chance(0.3)) {
      if (Chance(0.5))
        return Step{Handler(state), Substitute("report_completion { report: '$0' }", Words("办结"))};
      const auto later = static_cast<int64_t>(1 + world_.random.Below(32)) * kDayMs;
      return Step{Office(state), Substitute("extend_report { report_due_at_ms: $0 reason: '情况复杂' }",
                                            clock.due_at_ms() + later)};
    }
  }
  if (die < 12) {
    return Step{Clerk(state), Substitute("mark_urgent { facts: '$0' measures: '$0' known_at_ms: $1 reported: "
                                         "OWN_LEADERS reported: DEPARTMENT $2 }",
                                         Words("聚集"), now - 60'000,
                                         Chance(0.5) ? "reported: JOINT_CONFERENCE reported: NEXT_LEVEL "
                                                       "reported: NATIONAL_BUREAU"
                                                     : "")};
  }
  if (die < 30) return Step{CountyHead(), Substitute("suggest { suggestion: '$0' }", Words("完善"))};
  if (die < 42) {
    return Step{Asker(state), Substitute("evaluate { unit: $0 office: $1 text: '$2' }",
                                         world_.random.Below(7), world_.random.Below(6), Words("评价"))};
  }
  if (die < 46) return Withdraw(state);
  if (die < 75) return LeadCase(state);
  return KeepBacklog(state);
}

// Online by the petitioner alone; at the desk with what they have signed.
City::Step City::Withdraw(const Petition& state) {
  const Actor who = Asker(state);
  const bool online = who.grant(0).role() == kernel::v1::ROLE_PUB;
  return {who, Substitute("withdraw { statement: '$0' $1}", Words("撤回"),
                          online ? "" : StrCat("proof_sha256: '", std::string(64, 'd'), "' "))};
}

City::Maybe City::LeadCase(const Petition& state) {
  if (state.has_proposed_leader() && Chance(0.5)) {
    return Step{As(kernel::v1::ROLE_CL, "371403-gov", kCounty, state.proposed_leader().user_id()), "accept_lead {}"};
  }
  if (state.leader().user_id().empty() || Chance(0.1)) {
    return Step{
        CountyHead(),
        Substitute("propose_leader { leader_user_id: '$0' leader_org: '371403-gov' target_at_ms: $1 }",
                   Named({"leader", "leader-2"}),
                   world_.clock.NowMs() + static_cast<int64_t>(5 + world_.random.Below(88)) * kDayMs)};
  }
  const Actor leader = As(kernel::v1::ROLE_CL, "371403-gov", kCounty, state.leader().user_id());
  if (!state.leader().accepted()) return Step{Chance(0.9) ? leader : CaseLeader(), "accept_lead {}"};
  if (Chance(0.5)) return std::nullopt;
  return Step{leader, Substitute("record_lead { work: $0 text: '$1' }",
                                 Pick({"PLAN", "CONTACT", "REPORT", "CLOSE_PROPOSAL"}), Words("包案"))};
}

City::Maybe City::KeepBacklog(const Petition& state) {
  switch (state.backlog().state()) {
    case LISTED: {
      const std::string ground = Pick({"OPINION_EXECUTED", "AGREEMENT", "RELIEF", "LAWFUL_CONCLUSION", "COMMITMENT"});
      const std::string paper =
          ground == "COMMITMENT" ? StrCat("proof_sha256: '", std::string(64, 'd'), "' ") : std::string();
      return Step{CountyHead(), Substitute("propose_write_off { ground: $0 $1 evidence: '$2' }", ground, paper,
                                           Words("息诉"))};
    }
    case WRITE_OFF_PROPOSED:
      return Step{CityHead(), Substitute("confirm_write_off { confirmed: $0 reason: '$1' }",
                                         Pick({"true", "false"}), Words("核查"))};
    default:
      return Step{CountyHead(), Substitute("list_backlog { cause: '$0' plan: '$0' }", Words("积案"))};
  }
}

void City::Receive() {
  std::string met;
  if (!petitions_.empty() && Chance(0.6)) {
    const std::string& id = AnyOf(petitions_);
    told_of_.insert(id);
    met = Substitute("petition_id: '$0'", id);
  }
  const std::string area = Chance(0.5) ? std::string(kCounty) : AnyOf(grids_).substr(0, 9);
  Ask(petition_, "", true,
      {As(Chance(0.5) ? kernel::v1::ROLE_LD : kernel::v1::ROLE_PC, "371403-petition", kCounty, "leader-2"),
       Substitute("record_reception { kind: $0 leader_user_id: '$6' area_code: '$1' place: '接访室' "
                  "held_at_ms: $2 "
                  "petitioner_count: $3 record: '$4' $5 }",
                  Pick({"RECEPTION_DAY", "VISIT_DOWN"}), area, world_.clock.NowMs() - 3'600'000,
                  1 + world_.random.Below(6), Words("接访") + std::string(kNameMark), met,
                  Named({"leader", "city-leader"}))});
}

// Whatever it is, by whoever it is: mostly at the wrong time, by the wrong person.
City::Step City::AnyStep() {
  const std::string org = Chance(0.5) ? AnyOf(departments_) : StrCat(AnyOf(grids_).substr(0, 9), "-petition");
  const Actor actors[] = {Anybody(),
                          Citizen(StrCat("c-", 1 + world_.random.Below(40))),
                          As(kernel::v1::ROLE_PC, org, AreaOfOrg(org), "pc-" + org),
                          As(kernel::v1::ROLE_PH, org, AreaOfOrg(org), "ph-" + org),
                          As(kernel::v1::ROLE_DM, org, AreaOfOrg(org), "dm-" + org),
                          As(kernel::v1::ROLE_RV, "3714-gov", kCity, "rv-3714-gov"),
                          As(kernel::v1::ROLE_PC, "371403-petition", kCounty, "pc-371403-petition"),
                          As(kernel::v1::ROLE_SV, "371403-gov", kCounty, "sv"),
                          As(kernel::v1::ROLE_CYL, "3714-gov", kCity, "mayor"),
                          CaseLeader()};
  const std::string steps[] = {Substitute("accept { route: 6 recusal_checked: true $0 }", Notice()),
                               Substitute("forward { to_org: '$0' reason: '转' $1 }", AnyOf(departments_),
                                          Chance(0.5) ? Notice() : std::string()),
                               "confirm_receipt {}",
                               "record_death { petitioner_id: 'p1' died_at_ms: 1 }",
                               "terminate {}",
                               "object { reason: '不属本单位' }",
                               "decide_objection { agreed: true reason: '同意' }",
                               Substitute("refuse_acceptance { code: 'NA07' $0 }", Notice()),
                               Substitute("extend { days: 10 reason: '情况复杂' $0 }", Notice()),
                               "retype { type: REQUEST reason: '改类' }",
                               "transfer_to_discipline { discipline_org: '371403-discipline' }",
                               "receive_sealed {}",
                               "issue_opinion { document_no: '1' sealed_by_unit: true }",
                               "withdraw { statement: '撤回' }",
                               "request_review { grounds: '不服' }",
                               "evaluate { unit: 5 office: 5 }",
                               "list_backlog { cause: '积案' plan: '化解' }",
                               "confirm_write_off { confirmed: true reason: '核查' }",
                               "propose_leader { leader_user_id: 'leader' }",
                               "accept_lead {}",
                               "end_hearing { hearing { record: '记录' conclusion: '结论' } }",
                               "suggest { suggestion: '完善' }"};
  return {actors[world_.random.Below(std::size(actors))], steps[world_.random.Below(std::size(steps))]};
}

void City::Meddle() {
  if (Chance(0.5)) return Knock();
  const std::vector<std::string>& list = Chance(0.5) ? petitions_ : answered_;
  if (!list.empty()) Ask(petition_, AnyOf(list), false, AnyStep());
}

// The same request about an accusation and about a petition that never was, by somebody without the right.
void City::Knock() {
  if (accusations_.empty()) return;
  const Step step = AnyStep();
  auto first = std::make_shared<std::string>();
  const auto compare = [this, first, what = step.text](const kernel::Refusal& refusal) {
    const std::string words = WordsOf(refusal);
    if (first->empty()) {
      *first = words;
    } else if (*first != words) {
      ears_.OnTold(
          StrCat("an accusation is answered otherwise than nothing: ", what, ": ", *first, " | ", words));
    } else {
      ears_.OnCompared();
    }
  };
  std::string nobody = rpc::IdSource(base::Random(world_.random.Next())).NewUlid(world_.clock.NowMs());
  if (options_.sabotage == Sabotage::kAnswerTells && !petitions_.empty()) nobody = AnyOf(petitions_);
  Ask(petition_, AnyOf(accusations_), false, step, compare);
  Ask(petition_, nobody, false, step, compare);
}

}  // namespace sim
