#include "tests/mediation/case_world.h"

namespace mediation {

std::string ApplyText(const std::string& more) {
  return "apply { voluntary: true " + kDispute + kParties + more + " }";
}

std::string OfType(std::string application, const std::string& dispute_type) {
  return application.replace(application.find("'D02'"), 5, "'" + dispute_type + "'");
}

std::string AgreesAs(const std::string& person, const std::string& party) {
  std::string by;
  if (person == "minor: true" || party.starts_with("guardian")) {
    by = "capacity: GUARDIAN_OF_PARTY by_name: 'vault:g' by_relation: '母亲' ";
  } else if (person == "is_organisation: true") {
    by = "capacity: HEAD_OF_ORGANISATION by_name: 'vault:h' ";
  }
  return "record_consent { party_id: 'p2' answer: AGREED_TO_MEDIATE how: '当面' " + by + "}";
}

Case::Case(Stage stage, const std::string& more, int64_t at, const char* file, int line)
    : Scenario(tests::Learned(), "c1", file, line) {
  const int64_t tuesday = at + base::kDayMs;
  struct Step {
    std::string command;
    Actor actor;
    int64_t at_ms;
    Stage leads_to;
  };
  const Step steps[] = {
      {ApplyText(more), Registrar(), at, Stage::kRegistered},
      {"ask_consent { how: '电话' }", Registrar(), at, Stage::kAsked},
      {"record_consent { party_id: 'p2' answer: AGREED_TO_MEDIATE how: '当面' proof_sha256: '" + kDigest + "' }",
       Registrar(), at, Stage::kConsented},
      {"serve_rights_notice { party_id: 'p1' party_id: 'p2' how: '当面送达' protection_information_given: "
       "true }",
       Registrar(), at, Stage::kConsented},
      {kAccept, Registrar(), at, Stage::kAccepted},
      {kAssign, Chair(), at, Stage::kAssigned},
      {SessionText(tuesday), Mediator(), tuesday, Stage::kMediating},
      {DraftText(), Mediator(), tuesday, Stage::kDrafted},
  };
  WithChance(7);
  for (const Step& step : steps) {
    if (step.leads_to > stage) return;
    When(step.command, step.actor, step.at_ms);
    EXPECT_FALSE(refusal()) << step.command << ": " << refusal()->reason;
  }
}

common::v1::ClockOutcome Case::OutcomeOf(std::string_view policy_id) {
  for (const auto& clock : state().clock()) {
    if (clock.policy_id() == policy_id) return clock.outcome();
  }
  ADD_FAILURE() << "the case has no clock " << policy_id;
  return common::v1::CLOCK_RUNNING;
}

void Come(Case* c, const std::string& sha256) {
  c->As(Platform()).WhenOn("doc/" + sha256, "hear_kept { kind: PAPER }");
  EXPECT_FALSE(c->refusal()) << c->refusal()->reason;
}

void SignIntake(Case* c) {
  for (const char* form : {"F1_APPLICATION_OR_REGISTER", "F1B_REGISTER", "F2_RIGHTS_NOTICE"}) {
    c->When(std::string("file_document { form: ") + form + " title: '已签' sha256: '" + kDigest + "' }", Registrar(),
            c->now_ms());
    EXPECT_FALSE(c->refusal()) << form << ": " << c->refusal()->reason;
  }
  Come(c);
}

std::string SessionText(int64_t now_ms, const std::string& more) {
  return "hold_session { session { started_at_ms: " + std::to_string(now_ms - base::kHourMs / 2) +
         " ended_at_ms: " + std::to_string(now_ms) +
         " place: '社区调解室' mode: ONSITE record: '双方陈述' result: CONTINUES "
         "attendance { party_id: 'p1' present: true signed_record: true } "
         "attendance { party_id: 'p2' present: true signed_record: true } " +
         more + " } }";
}

std::string DraftText(const std::string& clauses) {
  return "draft_agreement { facts: '楼上漏水' responsibilities: '楼上修理' manner: '上门修理' " + clauses +
         " }";
}

void Bind(Case* c, const std::string& clauses) {
  const int64_t now = c->now_ms();
  c->When(DraftText(clauses), Mediator(), now)
      .When("sign { party_id: 'p1' kind: SIGNATURE }", Resident("ua"), now)
      .When("sign { party_id: 'p2' kind: SIGNATURE }", Resident("ub"), now)
      .When("sign { }", Mediator(), now)
      .When("seal { copies: 4 }", Chair(), now);
  EXPECT_FALSE(c->refusal()) << c->refusal()->reason;
  EXPECT_EQ(c->state().status(), v1::EFFECTIVE);
}

void BringToMediation(Case* c, const std::string& dispute_type) {
  c->WithChance(7)
      .When(OfType(ApplyText(), dispute_type), Registrar(), kMonday)
      .When("record_consent { party_id: 'p2' answer: AGREED_TO_MEDIATE how: '当面' }")
      .When("serve_rights_notice { party_id: 'p1' party_id: 'p2' how: '当面' }")
      .When(kAccept)
      .When(kAssign, Chair(), kMonday)
      .When(SessionText(kTuesdayMs), Mediator(), kTuesdayMs);
  EXPECT_FALSE(c->refusal()) << c->refusal()->reason;
}

std::string ApplicationText(const std::string& more, const std::string& unclear,
                            const std::string& left_out) {
  std::string text =
      "apply_confirmation { kind: COURT forum: '陵城区人民法院' application_sha256: '" + kDigest + "' agreement_sha256: "
      "'" + kDigest + "' "
      "presided_proof_sha256: '" + kDigest + "' contacts_given: true ";
  for (int i = v1::NOT_A_COURT_MATTER; i <= v1::UNCLEAR_CONTENT; ++i) {
    const std::string item = v1::PreCheckItem_Name(static_cast<v1::PreCheckItem>(i));
    if (item == left_out) continue;
    text += "precheck { item: " + item + (item == unclear ? " } " : " clear: true } ");
  }
  return text + more + " }";
}

v1::Notice Told(const Case& c, size_t at) {
  v1::Notice notice;
  EXPECT_TRUE(notice.ParseFromString(c.notices().at(at).payload()));
  return notice;
}

policy::v1::Calendar NextYear() {
  policy::v1::Calendar calendar = tests::Policies().calendar;
  calendar.set_revision(calendar.revision() + 1);
  calendar.set_horizon("2027-12-31");
  for (const char* date :
       {"2027-01-01", "2027-01-04"}) {  // made up for the tests: the holiday is longer than assumed
    auto* off = calendar.add_off();
    off->set_date(date);
    off->set_name_zh("元旦");
  }
  return calendar;
}

}  // namespace mediation
