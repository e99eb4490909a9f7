// Leaders, supervisors, and those who report to them: instructions to the end, lead units, sending down, going up;
// supervision orders from the platform's draft to the accepted answer.

#include <absl/strings/str_cat.h>
#include <absl/strings/substitute.h>

#include "base/calendar.h"
#include "services/oversight/domain/keys.h"
#include "tests/sim/actors.h"
#include "tests/sim/city.h"

namespace sim {
namespace {

using absl::Substitute;
using kernel::v1::Actor;

constexpr int64_t kDayMs = 86'400'000;

Actor Leader() { return As(kernel::v1::ROLE_CL, "371403-gov", kCounty, "leader"); }

}  // namespace

// Of a matter people know, whichever service holds it; often one that is on a leader's list.
std::string City::AnyMatterCode() {
  if (Chance(0.5)) {
    const auto list = oversight_.Read().List("review", std::string(kCounty) + "/", 50);
    CHECK(list.ok()) << list.status();
    if (!list->items.empty()) return list->items[world_.random.Below(list->items.size())].aggregate_id;
  }
  if (Chance(0.3) && !cases_.empty() && mediation_.up()) {
    const auto stored = mediation_.Read().Get(AnyOf(cases_));
    CHECK(stored.ok()) << stored.status();
    return *stored ? (*stored)->state.matter_code() : "";
  }
  if (matters_.empty() || !incident_.up()) return "";
  const auto stored = incident_.Read().Get(AnyOf(matters_));
  CHECK(stored.ok()) << stored.status();
  return *stored ? (*stored)->state.incident().matter_code() : "";
}

void City::Lead() {
  if (!oversight_.up()) return;
  const std::string code = AnyMatterCode();
  if (code.empty()) return;
  if (Chance(0.4)) return Supervise();
  if (Chance(0.25)) return HoldToAccount();
  if (Chance(0.15)) {
    return Ask(oversight_, code, false,
               {Leader(), Substitute("ask_escalation { reason_code: 'BEYOND_ABILITY' tried: '$0' }", Words("已两次上门"))});
  }
  switch (world_.random.Below(4)) {
    case 0:
    case 1: {
      const std::string to = Chance(0.6) ? Substitute("addressee_org: '$0'", AnyOf(departments_)) : "";
      return Ask(oversight_, "", true,
                 {Leader(), Substitute("instruct { matter_id: '$0' text: '$1' due_at_ms: $2 $3 }", code,
                                       Words("请抓紧"), world_.clock.NowMs() + 5 * kDayMs, to)});
    }
    case 2:
      return Ask(oversight_, code, false,
                 {Leader(), Substitute("assign_lead { id: '$0' to_org: '$1' reason_code: 'EXPERTISE' }", code,
                                       AnyOf(departments_))});
    default: {
      const auto stored = oversight_.Read().Get(code);
      CHECK(stored.ok()) << stored.status();
      int level = 4;
      if (*stored) {
        for (const auto& part : (*stored)->state.matter().part()) {
          if (part.has_incident()) level = part.incident().current_level();
        }
      }
      return Ask(oversight_, code, false,
                 {Chance(0.5) ? Leader() : As(kernel::v1::ROLE_CD, "371403-centre", kCounty, "cd"),
                  Substitute("send_down { id: '$0' to_level: $1 reason_code: 'BACK_TO_TOWNSHIP' }", code,
                             level - 1)});
    }
  }
}

void City::FollowInstruction() {
  if (!oversight_.up() || instructions_.empty()) return;
  const std::string id = AnyOf(instructions_);
  const auto stored = oversight_.Read().Get(id);
  CHECK(stored.ok()) << stored.status();
  if (!*stored) return;
  const auto& instruction = (*stored)->state.instruction();
  const bool open = instruction.status() == oversight::v1::ISSUED || instruction.status() == oversight::v1::DISTRIBUTED;
  if (open && Chance(0.1)) {
    return Ask(oversight_, id, false,
               {Chance(0.7) ? Leader() : As(kernel::v1::ROLE_SV, "371403-gov", kCounty, "sv"),
                Substitute("withdraw_instruction { reason: '$0' }", Words("已自行解决"))});
  }
  switch (instruction.status()) {
    case oversight::v1::ISSUED:
      return Ask(oversight_, id, false,
                 {As(kernel::v1::ROLE_CD, "371403-centre", kCounty, "cd"),
                  Chance(0.3) ? Substitute("distribute { addressee_org: '$0' }", AnyOf(departments_))
                              : "distribute {}"});
    case oversight::v1::DISTRIBUTED: {
      const std::string& org = instruction.addressee_org(
          static_cast<int>(world_.random.Below(static_cast<uint64_t>(instruction.addressee_org_size()))));
      return Ask(oversight_, id, false,
                 {As(kernel::v1::ROLE_DM, org, AreaOfOrg(org), "dm-" + org),
                  Substitute("report { text: '$0' }", Words("已落实"))});
    }
    case oversight::v1::REPORTED:
      return Ask(oversight_, id, false,
                 {Leader(), Substitute("close_instruction { text: '$0' }", Words("好"))});
    default:
      return;
  }
}

// A draft is issued by whom its card asks for; an order that is out is acknowledged, answered, accepted or sent back.
void City::Supervise() {
  const bool draft = Chance(0.4);
  const auto list = oversight_.Read().List("order", draft ? "d/371403/" : "a/371403/", draft ? 300 : 30);
  CHECK(list.ok()) << list.status();
  if (list->items.empty()) return;
  std::string id = list->items[world_.random.Below(list->items.size())].aggregate_id;
  auto stored = oversight_.Read().Get(id);
  // Most are about incidents; cases and petitions have their turn too.
  for (int tries = Chance(0.5) ? 8 : 0; tries > 0; --tries) {
    CHECK(stored.ok()) << stored.status();
    if (*stored && (*stored)->state.order().service() != "incident") break;
    id = list->items[world_.random.Below(list->items.size())].aggregate_id;
    stored = oversight_.Read().Get(id);
  }
  // Cards are few among the drafts, and seen first.
  const size_t looked = draft && Chance(0.3) ? list->items.size() : 0;
  for (size_t i = 0; i < looked; ++i) {
    auto one = oversight_.Read().Get(list->items[i].aggregate_id);
    if (!one.ok() || !*one || (*one)->state.order().card() < common::v1::CARD_YELLOW) continue;
    id = list->items[i].aggregate_id;
    stored = std::move(one);
    break;
  }
  CHECK(stored.ok()) << stored.status();
  if (!*stored) return;
  const auto& order = (*stored)->state.order();
  // What is against the county's centre is signed, and its answer judged, by the city's.
  const bool of_centre = order.to_org() == "371403-centre";
  const Actor centre = of_centre ? As(kernel::v1::ROLE_CC, "3714-centre", kCity, "cc")
                                 : As(kernel::v1::ROLE_CD, "371403-centre", kCounty, "cd");
  const Actor supervisor = As(kernel::v1::ROLE_SV, "371403-gov", kCounty, "sv");
  const Actor judge = of_centre && order.card() == common::v1::CARD_ORDINARY ? centre : supervisor;
  const Actor unit = As(kernel::v1::ROLE_DM, order.to_org(), AreaOfOrg(order.to_org()), "dm-" + order.to_org());
  const auto say = [&](const Actor& actor, const char* command, const char* field, const char* words) {
    Ask(oversight_, id, false, {actor, Substitute("$0 { $1: '$2' }", command, field, Words(words))});
  };
  switch (order.status()) {
    case oversight::v1::ORDER_DRAFT:
      if (Chance(0.1)) {  // by who might sign it instead
        const Actor signer = order.card() == common::v1::CARD_ORDINARY ? centre
                             : order.card() == common::v1::CARD_YELLOW ? supervisor
                                                                       : Leader();
        return say(signer, "cancel_order", "reason", "已说明");
      }
      if (order.card() == common::v1::CARD_ORDINARY) return say(centre, "issue_order", "demand", "限期办结");
      if (order.card() == common::v1::CARD_YELLOW) return say(supervisor, "issue_yellow", "demand", "限期办结");
      if (Chance(0.5)) return say(Leader(), "issue_red", "demand", "立即办结");
      return say(As(kernel::v1::ROLE_CYL, "3714-gov", kCity, "city-leader"), "issue_red", "demand", "立即办结");
    case oversight::v1::ORDER_ISSUED:
    case oversight::v1::ORDER_SENT_BACK:
      if (Chance(0.3)) return Ask(oversight_, id, false, {unit, "acknowledge_order {}"});
      [[fallthrough]];
    case oversight::v1::ORDER_ACKNOWLEDGED:
      return Ask(oversight_, id, false,
                 {unit, Substitute("answer_order { result: '$0' evidence: '$1' }", Words("已办结"), Words("照片"))});
    case oversight::v1::ORDER_RESPONDED:
      if (Chance(0.3)) return say(judge, "send_back_answer", "reason", "未见实效");
      return say(judge, "accept_answer", "text", "属实");
    default:
      return;
  }
}

// Centres look at what they are warned of, or do not: then the level above does.
void City::HeedWarning() {
  if (!oversight_.up()) return;
  const std::string area = Pick({"371403001", "371403100", kCounty, kCounty, kCity});
  const auto list = oversight_.Read().List("warning", oversight::WarningPrefix(area, false), 100);
  CHECK(list.ok()) << list.status();
  if (list->items.empty()) return;
  const std::string id = list->items[world_.random.Below(list->items.size())].aggregate_id;
  const auto stored = oversight_.Read().Get(id);
  CHECK(stored.ok()) << stored.status();
  if (!*stored) return;
  const auto& warning = (*stored)->state.warning();
  const std::string place = warning.area_code().substr(0, warning.level() == 3 ? 9 : warning.level() == 4 ? 6 : 4);
  const auto role = warning.level() == 3   ? kernel::v1::ROLE_TD
                    : warning.level() == 4 ? kernel::v1::ROLE_CD
                                           : kernel::v1::ROLE_CC;
  const Actor centre = As(role, Centre(place), place, "duty-" + place);
  const auto say = [&](const char* command, const char* field, const char* words) {
    Ask(oversight_, id, false, {centre, Substitute("$0 { $1: '$2' }", command, field, Words(words))});
  };
  switch (warning.status()) {
    case oversight::v1::WARNING_RAISED:
      return Ask(oversight_, id, false, {centre, "acknowledge_warning {}"});
    case oversight::v1::WARNING_ACKNOWLEDGED:
      if (Chance(0.3)) return say("mark_warning_false", "reason", "同一批农户分别登记");
      return say("act_on_warning", "done", "已上门核实");
    default:
      if (Chance(0.2)) return say("mark_warning_false", "reason", "核实后并无此事");
      return say("clear_warning", "reason", "已平息");
  }
}

// What the joint conference decides, and what supervision suggests of a unit.
void City::HoldToAccount() {
  const bool of_conference = Chance(0.3);
  const auto open = oversight_.Read().List(
      "accountability", oversight::AccountabilityPrefix(of_conference ? 'm' : 's', kCounty, false), 50);
  CHECK(open.ok()) << open.status();
  if (!open->items.empty() && Chance(0.7)) {
    const std::string id = open->items[world_.random.Below(open->items.size())].aggregate_id;
    const auto stored = oversight_.Read().Get(id);
    CHECK(stored.ok()) << stored.status();
    if (!*stored) return;
    if ((*stored)->state.has_suggestion()) return FollowSuggestion(id, (*stored)->state.suggestion());
    return Ask(oversight_, id, false,
               {As(kernel::v1::ROLE_PO, "371403-petition", kCounty, "po"),
                Substitute("end_measure { result: '$0' }", Words("已整改"))});
  }
  const std::string code = AnyMatterCode();
  if (code.empty()) return;
  const std::string unit = AnyOf(departments_);
  const base::Day today = base::LocalDay(world_.clock.NowMs());
  if (Chance(0.5)) {
    const bool listed = Chance(0.7);
    return Ask(oversight_, "", true,
               {As(kernel::v1::ROLE_PO, "371403-petition", kCounty, "po"),
                Substitute("record_measure { measure: $0 org_id: '$1' $2 decided_day: '$3' rectify_by_day: '$4' "
                           "document_no: '联办1号' demand: '$5' }",
                           listed ? "LISTED_SUPERVISION" : Pick({"INTERVIEW", "CIRCULAR"}), unit,
                           listed ? Substitute("matter_code: '$0'", code) : std::string(), base::DayText(today),
                           base::DayText(today + 10), Words("限期整改"))});
  }
  Ask(oversight_, "", true,
      {As(kernel::v1::ROLE_SV, "371403-gov", kCounty, "sv"),
       Substitute("draft_suggestion { org_id: '$0' violation: '$1' facts: '$2' evidence: '$2' "
                  "recipient_org: '371403-discipline' matter_code: '$3' }",
                  unit, Pick({"V02", "V04", "V13"}), Words("推诿"), code)});
}

void City::FollowSuggestion(const std::string& id, const oversight::v1::SuggestionState& suggestion) {
  const Actor supervisor = As(kernel::v1::ROLE_SV, "371403-gov", kCounty, "sv");
  const Actor body = As(kernel::v1::ROLE_DI, suggestion.recipient_org(), kCounty, "di");
  switch (suggestion.status()) {
    case oversight::v1::SUGGESTION_DRAFT:
      if (Chance(0.1)) {
        return Ask(oversight_, id, false,
                   {supervisor, Substitute("withdraw_suggestion { reason: '$0' }", Words("已说明"))});
      }
      return Ask(oversight_, id, false, {supervisor, "send_suggestion { document_no: '督建1号' }"});
    case oversight::v1::SUGGESTION_SENT:
      return Ask(oversight_, id, false,
                 {body, Substitute("answer_suggestion { adoption: $0 text: '$1' document_no: '复函1号' }",
                                   Pick({"ADOPTED", "PARTLY_ADOPTED", "NOT_ADOPTED"}), Words("已研究"))});
    case oversight::v1::SUGGESTION_ANSWERED:
      return Ask(oversight_, id, false, {supervisor, "close_suggestion {}"});
    default:
      return;
  }
}

}  // namespace sim
