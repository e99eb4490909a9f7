// What people try, given how a matter stands: one plausible step each, often the wrong one.

#include <absl/strings/str_cat.h>
#include <absl/strings/substitute.h>

#include "tests/sim/city.h"

namespace sim {
namespace {

using kernel::v1::Actor;
using kernel::v1::Role;
using namespace incident::v1;  // NOLINT: names of statuses

constexpr char kParties[] =
    "party { person { name: '隐名丙' phone: '13700000001' side: SIDE_A } applicant: true } "
    "party { person { name: '隐名丁' phone: '13700000002' side: SIDE_B } } facts: '争议经过'";
constexpr int64_t kDayMs = 86'400'000;

Actor Person(Role role, const std::string& org, const std::string& area, const std::string& user) {
  Actor actor;
  actor.set_user_id(user);
  auto* grant = actor.add_grant();
  grant->set_role(role);
  grant->set_org_id(org);
  grant->set_area_code(area);
  return actor;
}

}  // namespace

Actor City::Desk(const Incident& matter) const {
  const int level = matter.standing().current_level();
  const std::string& area = matter.intake().area_code();
  if (level <= 2)
    return Person(kernel::v1::ROLE_GH, area.substr(0, 12) + "-centre", area.substr(0, 12), "gh");
  if (level == 3) return Person(kernel::v1::ROLE_TD, area.substr(0, 9) + "-centre", area.substr(0, 9), "td");
  if (level == 4) return Person(kernel::v1::ROLE_CD, county_ + "-centre", county_, "cd");
  return Person(kernel::v1::ROLE_CC, "3714-centre", "3714", "cc");
}

Actor City::Unit(const std::string& org) {
  return Person(world_.random.Chance(0.7) ? kernel::v1::ROLE_DH : kernel::v1::ROLE_DM, org, county_,
                "h-" + org);
}

std::string City::StepFor(const Incident& matter, Actor* actor) {
  *actor = Desk(matter);
  switch (matter.standing().status()) {
    case REPORTED:
      switch (world_.random.Below(8)) {
        case 0:
          return "reject { reason: STATUTORY_WAY explanation: '另有途径' where_to_go: '仲裁' }";
        case 1:
          return absl::Substitute("merge { primary_id: '$0' ground: '同一件事' }",
                                  matters_[world_.random.Below(matters_.size())]);
        case 2:
          return "escalate { reason: '超出能力' measures_tried: '劝过' }";
        case 3:
          return "self_handle { handling { measures: '当场' note: '已办' parties_agree: true resolved: YES } "
                 "}";
        default:
          return absl::Substitute("accept { complexity: $0 }", Pick({"SIMPLE", "ORDINARY", "COMPLEX"}));
      }
    case ACCEPTED:
      switch (world_.random.Below(8)) {
        case 0:
          return "escalate { reason: '需要上级' measures_tried: '协调过' }";
        case 1:
          return "send_down { reason: '属地能办' }";
        case 2:
        case 3:
          return absl::Substitute("refer_to_mediation { dispute_type: '$0' party_count: 2 facts: '争议' }",
                                  Pick({"D02", "D10", "D06", "D04"}));
        default:
          return absl::Substitute("dispatch { lead_org: '$0' instruction: '请办理' }",
                                  departments_[world_.random.Below(departments_.size())]);
      }
    case DISPATCHED:
      return StepWhileDispatched(matter, actor);
    case PROCESSING:
    case SUSPENDED:
      return StepWhileProcessing(matter, actor);
    default:
      return StepAfterwards(matter, actor);
  }
}

std::string City::StepWhileDispatched(const Incident& matter, Actor* actor) {
  if (matter.has_return_request()) {
    return world_.random.Chance(0.6) ? "approve_return { note: '同意' }"
                                     : "refuse_return { reason: '属你单位职责' }";
  }
  *actor = Unit(matter.standing().lead_org());
  if (world_.random.Chance(0.25)) return "request_return { reason: '不属本单位' legal_basis: '职责清单' }";
  return "take { first_contact: true }";
}

std::string City::StepWhileProcessing(const Incident& matter, Actor* actor) {
  if (matter.has_extension_request()) {
    return world_.random.Chance(0.7) ? "approve_extension {}" : "refuse_extension { reason: '不必' }";
  }
  if (matter.has_suspension_request()) {
    return world_.random.Chance(0.7) ? "approve_suspension {}" : "refuse_suspension { reason: '不必' }";
  }
  if (matter.standing().status() == SUSPENDED) return world_.random.Chance(0.5) ? "resume {}" : "";
  const int64_t now = world_.clock.NowMs();
  if (world_.random.Chance(0.08)) return "escalate { reason: '办不动' measures_tried: '办过' }";
  *actor = Unit(matter.standing().lead_org());
  switch (world_.random.Below(7)) {
    case 0:
      return absl::Substitute("request_extension { reason: '情况复杂' by { amount: $0 unit: D } }",
                              1 + world_.random.Below(9));
    case 1:
      return absl::Substitute("request_suspension { reason_code: 'S01' expected_resume_at_ms: $0 }",
                              now + 9 * kDayMs);
    case 2:
      return "progress { text: '正在办' interim_reply: true }";
    case 3:
      return "take {}";  // too late: refused
    default:
      return absl::Substitute("complete { result: '办好了' measures: '处置' resolved: $0 }",
                              Pick({"YES", "YES", "NO"}));
  }
}

std::string City::StepAfterwards(const Incident& matter, Actor* actor) {
  const std::string& area = matter.intake().area_code();
  const Actor reporter = Person(kernel::v1::ROLE_GW, area.substr(0, 12) + "-centre", area, "gw-" + area);
  switch (matter.standing().status()) {
    case PENDING_VERIFY:
      *actor = Person(kernel::v1::ROLE_VF, area.substr(0, 9) + "-centre", area.substr(0, 9), "vf");
      return world_.random.Chance(0.25) ? "verify_fail { finding: '没办好' }"
                                        : "verify_pass { record: '属实' resolved: YES }";
    case CLOSED:
      if (world_.random.Chance(0.3)) {
        *actor = Person(kernel::v1::ROLE_TD, area.substr(0, 9) + "-centre", area.substr(0, 9), "td");
        return "reopen { reason: RECURRED explanation: '又发生了' }";
      }
      *actor = reporter;
      return absl::Substitute("evaluate { solved: $0 satisfied: SATISFIED }", Pick({"YES", "YES", "NO"}));
    case EVALUATED:
      return world_.random.Chance(0.2) ? "archive { file_check: '齐全' }" : "";
    case REJECTED:
      *actor = reporter;
      return "appeal_rejection { reason: '请再看看' }";
    default:
      return "";
  }
}

std::string City::StepFor(const mediation::v1::State& state, Actor* actor) {
  const std::string& org = state.committee_org();
  const std::string& area = state.committee_area();
  const auto as = [&](Role role) {
    *actor = Person(role, org, area, role == kernel::v1::ROLE_MD ? "mediator" : "clerk");
  };
  const std::string clause = absl::Substitute(
      "clause { obligor_party_id: 'p2' obligee_party_id: 'p1' kind: PAY content: '给付' amount_fen: 5000 "
      "due_at_ms: $0 }",
      world_.clock.NowMs() + 10 * kDayMs);
  as(kernel::v1::ROLE_MR);
  switch (state.status()) {
    case mediation::v1::REGISTERED:
      if (!state.intake_complete()) return absl::StrCat("complete_intake { ", kParties, " }");
      return world_.random.Chance(0.15)
                 ? "refuse { code: 'NO_PARTY' where_to_go: '法院' notice_how: '书面' remedy: JUDICIAL }"
                 : "ask_consent { how: '电话' }";
    case mediation::v1::SEEKING_CONSENT:
      switch (world_.random.Below(5)) {
        case 0:
          return absl::Substitute("record_consent { party_id: 'p2' answer: $0 how: '电话' }",
                                  Pick({"AGREED_TO_MEDIATE", "REFUSED_TO_MEDIATE"}));
        case 1:
          return "record_consent { party_id: 'p1' answer: AGREED_TO_MEDIATE how: '当面' }";
        case 2:
          return "record_consent { party_id: 'p2' answer: AGREED_TO_MEDIATE how: '当面' }";
        case 3:
          return "serve_rights_notice { party_id: 'p1' party_id: 'p2' how: '当面' }";
        default:
          return "accept { jurisdiction_confirmed: true not_accepted_elsewhere: true }";
      }
    case mediation::v1::ACCEPTED:
      as(kernel::v1::ROLE_MC);
      return "assign { chair_user_id: 'mediator' recusal_checked: true }";
    case mediation::v1::ASSIGNED:
    case mediation::v1::MEDIATING:
      as(kernel::v1::ROLE_MD);
      switch (world_.random.Below(5)) {
        case 0:
          return "draft_agreement { " + clause + " facts: '事实' responsibilities: '责任' manner: '转账' }";
        case 1:
          return "record_oral { " + clause + " facts: '事实' manner: '当面' why_oral: '简单' }";
        case 2:
          return "end { reason: E05_TOO_FAR_APART remedy: JUDICIAL where_to_go: '法院' notice_how: '书面' }";
        default:
          return absl::Substitute(
              "hold_session { session { started_at_ms: $0 ended_at_ms: $1 place: '村' mode: ONSITE record: "
              "'谈过' "
              "attendance { party_id: 'p1' present: true signed_record: true } "
              "attendance { party_id: 'p2' present: true signed_record: true } result: $2 } }",
              world_.clock.NowMs() - 7'200'000, world_.clock.NowMs() - 3'600'000,
              Pick({"CONTINUES", "NO_AGREEMENT"}));
      }
    case mediation::v1::AGREED:
      as(kernel::v1::ROLE_MD);
      switch (world_.random.Below(4)) {
        case 0:
          return "sign { party_id: 'p1' kind: FINGERPRINT }";
        case 1:
          return "sign { party_id: 'p2' kind: SIGNATURE }";
        case 2:
          return "sign { kind: SIGNATURE }";
        default:
          as(kernel::v1::ROLE_MC);
          return "seal { copies: 3 }";
      }
    default:
      return "";
  }
}

}  // namespace sim
