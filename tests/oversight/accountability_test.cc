// Suggestions of accountability (O8) and the joint conference (O9): about units; answered in writing; a listed matter
// shows it.
#include "services/oversight/domain/rules.h"
#include "services/oversight/domain/standing.h"
#include "tests/oversight/matter_world.h"

namespace oversight {
namespace {

Actor Supervisor() { return ActorOf(kernel::v1::ROLE_SV, "c-supervision", "371403", "sv1"); }
Actor PetitionHead(const std::string& area = "371403", const std::string& org = "c-petition") {
  return ActorOf(kernel::v1::ROLE_PO, org, area, "po1");
}
Actor Discipline() { return ActorOf(kernel::v1::ROLE_DI, "c-discipline", "371403", "di1"); }

reference::Reference WithDiscipline() {
  auto reference = tests::Learned();
  EXPECT_TRUE(reference.Learn(tests::OrgNotice("c-discipline", directory::v1::DISCIPLINE, "371403")).ok());
  EXPECT_TRUE(
      reference.Learn(tests::OrgNotice("t-petition", directory::v1::PETITION_OFFICE, "371403001")).ok());
  return reference;
}

std::string Suggest(const std::string& more = "", const std::string& to = "c-discipline",
                    const std::string& violation = "V04") {
  return "draft_suggestion { org_id: 'c-hrss' violation: '" + violation +
         "' facts: '三次催办未答复' evidence: '督办单三份' recipient_org: '" + to + "' " + more + " }";
}

// spec: O8
TEST(Suggestion, GoesFromTheDraftToTheWrittenAnswer) {
  Desk d(WithDiscipline(), "s1");
  d.When(Suggest(), Supervisor(), kMonday);
  EXPECT_FALSE(d.refusal());
  d.AndNoNotice();  // a draft is told to nobody
  EXPECT_FALSE(MaySee(d.state(), Discipline()));
  d.When("send_suggestion { document_no: '督建〔2026〕3号' }")
      .AndNotice("oversight.accountability_suggested");
  EXPECT_EQ(d.state().suggestion().clock().policy_id(), "DO-06");
  EXPECT_EQ(d.state().suggestion().clock().holder_org(), "c-discipline");
  EXPECT_TRUE(MaySee(d.state(), Discipline()));
  d.As(Discipline())
      .When("answer_suggestion { adoption: NOT_ADOPTED text: '' document_no: '复1号' }")
      .ThenRefused("CONTENT_NEEDED");
  d.When("answer_suggestion { adoption: NOT_ADOPTED text: '已说明' }").ThenRefused("CONTENT_NEEDED");  // Art. 40: 书面
  d.When("answer_suggestion { adoption: PARTLY_ADOPTED text: '已约谈该单位' document_no: '复1号' }")
      .AndNotice("oversight.suggestion_answered");
  EXPECT_EQ(d.state().suggestion().clock().outcome(), common::v1::CLOCK_MET);
  d.As(Supervisor()).When("close_suggestion {}");
  EXPECT_EQ(d.state().suggestion().status(), v1::SUGGESTION_CLOSED);
}

// spec: O8 DO-06 DO-01
TEST(Suggestion, RemindsTheBodyBeforeTheDayAndWhenItIsPast) {
  Desk d(WithDiscipline(), "s1");
  d.When(Suggest(), Supervisor(), kMonday).AndNoTimer();
  d.When("send_suggestion { document_no: '督建〔2026〕3号' }");
  const int64_t due = d.state().suggestion().clock().due_at_ms();
  EXPECT_EQ(d.state().suggestion().light(), common::v1::GREEN);
  d.WhenTimerFires("suggestion").AndNotice("oversight.reminded");
  EXPECT_EQ(d.state().suggestion().light(), common::v1::YELLOW);
  EXPECT_LT(d.now_ms(), due);
  v1::Notice said;
  ASSERT_TRUE(said.ParseFromString(d.notices()[0].payload()));
  EXPECT_EQ(said.to_org(), "c-discipline");
  EXPECT_EQ(said.policy_id(), "DO-06");
  EXPECT_EQ(said.light(), common::v1::YELLOW);
  d.AndTimerAt(due + 1).WhenTimerFires("suggestion").AndNotice("oversight.reminded").AndNoTimer();
  EXPECT_EQ(d.state().suggestion().light(), common::v1::RED);
  d.As(Discipline()).When("answer_suggestion { adoption: ADOPTED text: '已立案' document_no: '复1号' }");
  EXPECT_EQ(d.state().suggestion().clock().outcome(), common::v1::CLOCK_MISSED);
}

// What was sent before suggestions had a light turns red when it is late, and was never yellow.
// spec: O8 DO-06
TEST(Suggestion, SentWithoutALightTurnsRedOnly) {
  Desk d(WithDiscipline(), "s1");
  const std::string sent = "suggestion_sent { clock { policy_id: 'DO-06' started_at_ms: 1 due_at_ms: " +
                           std::to_string(EndOf("2026-12-23")) + " holder_org: 'c-discipline' } }";
  d.At(kMonday).Given({"suggestion_drafted { suggestion { from_org: 'c-supervision' area_code: '371403' recipient_org: "
                       "'c-discipline' status: SUGGESTION_DRAFT } }",
                       sent});
  d.AndTimerAt(EndOf("2026-12-23") + 1).WhenTimerFires("suggestion").AndNotice("oversight.reminded").AndNoTimer();
  EXPECT_EQ(d.state().suggestion().light(), common::v1::RED);
}

// spec: O8
TEST(Suggestion, IsAboutAUnitAndToABodyWithAuthorityOverIt) {
  Desk d(WithDiscipline(), "s1");
  d.When(Suggest("", "c-hrss"), Supervisor(), kMonday).ThenRefused("NO_AUTHORITY");
  d.When(Suggest("", "t-centre")).ThenRefused("NO_AUTHORITY");  // below the unit
  d.When(Suggest("", "c-discipline", "V15")).ThenRefused(RefusalCode::kInvalid);
  d.When("draft_suggestion { org_id: 'c-hrss' violation: 'V04' facts: '未答复' recipient_org: 'c-discipline' }")
      .ThenRefused("CONTENT_NEEDED");  // evidence
  d.When(
       "draft_suggestion { org_id: 'other-hrss' violation: 'V01' facts: '事' evidence: '据' recipient_org: "
       "'c-discipline' }")
      .ThenRefused(RefusalCode::kNotAllowed);
  d.When(Suggest(), ActorOf(kernel::v1::ROLE_SV, "x", "371482"), kMonday)
      .ThenRefused(RefusalCode::kNotAllowed);
  // There is no field for a person.
  for (int i = 0; i < v1::DraftSuggestionRequest::descriptor()->field_count(); ++i) {
    const std::string name = v1::DraftSuggestionRequest::descriptor()->field(i)->name();
    EXPECT_EQ(name.find("person"), std::string::npos);
    EXPECT_EQ(name.find("user"), std::string::npos);
  }
}

// 有管理权限的机关: the discipline organ, the government over it, its own line. Before, any bureau of the area would do.
// spec: O8
TEST(Suggestion, GoesUpTheLineAndToNoBureauBesideTheUnit) {
  auto reference = WithDiscipline();
  const auto learn = [&](const char* id, directory::v1::OrgKind kind, const char* area, const char* parent,
                         const char* superior) {
    auto notice = tests::OrgNotice(id, kind, area);
    notice.mutable_org_changed()->set_parent(parent);
    notice.mutable_org_changed()->set_superior_for_review(superior);
    EXPECT_TRUE(reference.Learn(notice).ok());
  };
  using namespace directory::v1;  // NOLINT: kinds of organisations
  learn("city-gov", GOV, "3714", "", "");
  learn("city-hrss", DEPARTMENT, "3714", "city-gov", "");
  learn("city-housing", DEPARTMENT, "3714", "city-gov", "");
  learn("c-gov", GOV, "371403", "city-gov", "city-gov");
  learn("c-hrss", DEPARTMENT, "371403", "c-gov", "city-hrss");
  learn("c-court", COURT, "371403", "c-gov", "");
  learn("c-centre", CENTRE, "371403", "", "");
  learn("other-discipline", DISCIPLINE, "371482", "", "");
  for (const char* body : {"c-discipline", "c-gov", "city-gov", "city-hrss"}) {
    Desk d(reference, "s1");
    d.When(Suggest("", body), Supervisor(), kMonday);
    EXPECT_FALSE(d.refusal()) << body;
  }
  for (const char* body : {"c-housing", "c-court", "c-centre", "city-housing", "other-discipline", "c-hrss"}) {
    Desk d(reference, "s1");
    d.When(Suggest("", body), Supervisor(), kMonday).ThenRefused("NO_AUTHORITY");
    EXPECT_EQ(d.refusal()->field, "recipient_org") << body;
  }
}

// Whoever mistypes a unit is told so, and not that they may not.
// spec: O8 O9
TEST(Suggestion, AboutAUnitThereIsNotNamesTheField) {
  for (const char* about : {"draft_suggestion { org_id: 'nobody' violation: 'V01' facts: '事' evidence: '据' "
                            "recipient_org: 'c-discipline' }",
                            "record_measure { measure: CIRCULAR org_id: 'nobody' decided_day: '2026-11-20' "
                            "rectify_by_day: '2026-12-10' document_no: '1号' demand: '整改' }"}) {
    Desk d(WithDiscipline(), "s1");
    d.When(about, PetitionHead(), kMonday).ThenRefused(RefusalCode::kInvalid, "UNKNOWN_ORG");
    ASSERT_TRUE(d.refusal());
    EXPECT_EQ(d.refusal()->field, "org_id");
    d.When(about, CountyCentre(), kMonday).ThenRefused(RefusalCode::kNotAllowed);
  }
}

// spec: O8
TEST(Suggestion, NamesOnlyMattersItsOfficeMaySee) {
  Desk d(WithDiscipline(), "s1");
  d.As(Platform()).At(kMonday).WhenOn(kPetitionCode, HeardPetition(1, kHandled + PetitionClock()));
  d.When(
       "draft_suggestion { org_id: 't-centre' violation: 'V04' facts: '事实' evidence: '证据' recipient_org: "
       "'c-discipline' "
       "matter_code: '" +
           std::string(kPetitionCode) + "' }",
       PetitionHead("371403001", "t-petition"), kMonday)
      .ThenRefused("NO_SUCH_MATTER");
  d.When(Suggest("matter_code: '" + std::string(kPetitionCode) + "'"), PetitionHead(), kMonday);
  EXPECT_FALSE(d.refusal());
}

std::string ListMatter(const std::string& code, const std::string& measure = "LISTED_SUPERVISION") {
  return "record_measure { measure: " + measure + " org_id: 'c-hrss' " +
         (code.empty() ? "" : "matter_code: '" + code + "' ") +
         "decided_day: '2026-11-20' rectify_by_day: '2026-12-10' document_no: '联办1号' demand: '限期整改' }";
}

// spec: O9 3.6.3
TEST(Conference, ListsAMatterUntilItIsPutRight) {
  Desk d(WithDiscipline(), "l1");
  d.As(Platform()).At(kMonday).WhenOn(kCode, Heard(1, kProcessing + ClockText()));
  d.As(PetitionHead())
      .When(ListMatter(kCode))
      .AndNotice("oversight.listed")
      .AndNotice("oversight.conference_measure");
  ASSERT_FALSE(d.refusal());
  for (const auto& notice : d.notices()) {
    v1::Notice said;
    ASSERT_TRUE(said.ParseFromString(notice.payload()));
    if (notice.topic() != "oversight.listed") continue;
    EXPECT_EQ(said.service(), "incident");
    EXPECT_EQ(said.subject_id(), "i1");
    EXPECT_EQ(said.order_id(), "l1");
  }
  ASSERT_EQ(d.StateOf(kCode).matter().listing_size(), 1);
  EXPECT_GT(EscalatedAt(d.StateOf(kCode).matter(), 5), 0);  // the city hears of what a county lists
  d.WhenOn("l2", ListMatter(kCode)).ThenRefused("ALREADY_LISTED");
  d.When("end_measure { result: '已全部支付' }").AndNotice("oversight.unlisted");
  EXPECT_TRUE(d.StateOf(kCode).matter().listing().empty());
  EXPECT_EQ(d.state().listing().status(), v1::MEASURE_ENDED);
}

// spec: O9
TEST(Conference, InterviewsAndCircularsChangeNoMatter) {
  Desk d(WithDiscipline(), "m1");
  d.When(ListMatter("", "INTERVIEW"), PetitionHead(), kMonday).AndNotice("oversight.conference_measure");
  EXPECT_FALSE(d.refusal());
  d.WhenOn("m2", ListMatter("", "LISTED_SUPERVISION")).ThenRefused(RefusalCode::kInvalid);
  d.As(Platform()).WhenOn(kCode, Heard(1, kProcessing + ClockText()));
  d.As(PetitionHead()).WhenOn("m5", ListMatter(kCode, "INTERVIEW")).AndNotice("oversight.conference_measure");
  EXPECT_TRUE(d.StateOf(kCode).matter().listing().empty());
  d.As(Platform()).WhenOn(kCode, Heard(2, kEnded, "incident.closed"));
  d.As(PetitionHead()).WhenOn("m6", ListMatter(kCode)).ThenRefused("MATTER_ENDED");
  d.WhenOn("m3",
           "record_measure { measure: CIRCULAR org_id: 'c-hrss' decided_day: '2026-12-20' rectify_by_day: "
           "'2026-12-30' document_no: '1号' demand: '整改' }")
      .ThenRefused("BAD_PAST_DAY");
  d.WhenOn("m3",
           "record_measure { measure: CIRCULAR org_id: 'c-hrss' decided_day: '1990-01-01' rectify_by_day: "
           "'2026-12-30' document_no: '1号' demand: '整改' }")
      .ThenRefused("TOO_LONG_AGO");
  EXPECT_EQ(d.refusal()->field, "decided_day");
  d.WhenOn("m3",
           "record_measure { measure: CIRCULAR org_id: 'c-hrss' decided_day: '2026-11-23' rectify_by_day: "
           "'2099-01-01' document_no: '1号' demand: '整改' }")
      .ThenRefused("TOO_FAR");
  // 回避: not about itself.
  d.As(PetitionHead("371403", "c-hrss")).WhenOn("m3", ListMatter("", "CIRCULAR")).ThenRefused("OWN_MEASURE");
  d.As(CountyCentre()).WhenOn("m4", ListMatter("", "INTERVIEW")).ThenRefused(RefusalCode::kNotAllowed);
}

}  // namespace
}  // namespace oversight
