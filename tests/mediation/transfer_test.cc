// To a committee above (M25): who may, what goes with it, and what the court that sent the case has to say.
#include "base/coding.h"
#include "services/mediation/domain/clocks.h"
#include "tests/mediation/case_world.h"

namespace mediation {
namespace {

const std::string kUp = "transfer_up { committee_org: 't-committee' ground: DIFFICULT reason: '跨村' }";

// The higher committee goes on with a clock that was late, and its lateness had been told.
// spec: M25 DM-04
TEST(TransferUp, OfALateCaseDoesNotTellItsLatenessTwice) {
  Case c = MediatingCase();
  c.WhenTimerFires("due/DM-04").ThenPartly({"clock_expired { policy_id: 'DM-04' }"});
  c.When(kUp, Chair(), c.now_ms()).AndNotice("mediation.transferred").AndNoTimer("due/DM-04");
}

// spec: M25 DM-03 DM-04
TEST(TransferUp, GivesTheCaseToTheCommitteeAboveWithItsPeriodRunning) {
  Case c = MediatingCase();
  c.When(kUp, Chair(), c.now_ms())
      .ThenPartly(
          {"transferred { transfer { from_org: 'v-committee' from_level: 2 to_org: 't-committee' to_level: 3 "
           "ground: DIFFICULT } status: ACCEPTED }"})
      .AndNotice("mediation.transferred")
      .AndState("status: ACCEPTED committee_org: 't-committee' committee_level: 3")
      .AndTimer("due/DM-04", EndOf("2026-12-23") + 1)
      .AndTimer("due/DM-03", EndOf("2026-11-26") + 1);
  EXPECT_EQ(Told(c).level(), 3);  // the level at which it will be resolved
  EXPECT_EQ(Told(c).from_org(), "v-committee");
  std::string when = "v-committee/";
  base::AppendU64(&when, ~static_cast<uint64_t>(c.now_ms()));
  c.AndIndex("handed_up", when);
  for (const auto& clock : c.state().clock()) {
    if (clock.policy_id() == "DM-04") {
      EXPECT_EQ(clock.holder_org(), "t-committee");
    }
  }
  c.When(kAssign, Chair(), c.now_ms())
      .ThenRefused(RefusalCode::kNotAllowed)
      .When(kAssign, ActorOf(kernel::v1::ROLE_MC, "t-committee", "371403001", "mc2"), c.now_ms())
      .ThenRefused("POST_MISSING")  // the mediators below are not those of the committee that has it now
      .When("assign { chair_user_id: 'md-above' recusal_checked: true }")
      .ThenPartly({"assigned {}"});
}

// spec: M25
TEST(TransferUp, GoesUpItsOwnLineOnly) {
  Case c = AcceptedCase();
  c.When("transfer_up { committee_org: 'other-committee' ground: DIFFICULT reason: 'xx' }", Chair(), kMonday)
      .ThenRefused("COMMITTEE_NOT_ABOVE")
      .When("transfer_up { committee_org: 'v-committee' ground: DIFFICULT reason: 'xx' }")
      .ThenRefused("COMMITTEE_NOT_ABOVE")
      .When("transfer_up { committee_org: 'c-centre' ground: DIFFICULT reason: 'xx' }")
      .ThenRefused("UNKNOWN_COMMITTEE")
      .When("transfer_up { committee_org: 't-committee' ground: ORDERED_ABOVE reason: 'xx' }")
      .ThenRefused("VALUE_NEEDED")
      .When("transfer_up { committee_org: 't-committee' ground: CROSS_AREA }")
      .ThenRefused("CONTENT_NEEDED");
}

// A case that waited for an appraisal was as open as any, and could not be handed up before the appraisal had come.
// spec: M25 M10 DM-03 DM-04
TEST(TransferUp, OfACaseThatWaitsForAnAppraisalGoesOnWaiting) {
  const Actor above = ActorOf(kernel::v1::ROLE_MC, "t-committee", "371403001", "mc2");
  const int64_t resumed = Local("2026-11-30 09:00");
  Case c(tests::Learned(), "c1");
  BringToMediation(&c, "D15");
  const std::string until = std::to_string(Local("2026-12-10 12:00"));
  c.When("pause { ground: APPRAISAL expected_end_at_ms: " + until + " " + kBothSign + "}", Chair(), kTuesdayMs)
      .AndState("status: PAUSED")
      .When(kUp, Chair(), kTuesdayMs)
      .ThenPartly({"transferred { transfer { to_org: 't-committee' } status: PAUSED left { status: PAUSED } }"})
      .AndState("status: PAUSED committee_org: 't-committee' pausing { ground: APPRAISAL }")
      .AndNoTimer("due/DM-03")
      .AndNoTimer("due/DM-04");
  EXPECT_FALSE(Ticks(c.state(), "DM-04"));
  EXPECT_EQ(FindClock(c.state(), "DM-04")->holder_org(), "t-committee");
  c.When("resume { remark: '鉴定意见已出' }", Chair(), resumed)
      .ThenRefused(RefusalCode::kNotAllowed)
      .When("resume { remark: '鉴定意见已出' }", above, resumed)
      .ThenPartly({"resumed {}"})
      .AndState("status: ACCEPTED")
      .AndTimer("due/DM-03", EndOf("2026-12-02") + 1)
      .When("assign { chair_user_id: 'md-above' recusal_checked: true }")
      .ThenPartly({"assigned {}"})
      .AndNoTimer("due/DM-03");
  EXPECT_TRUE(Ticks(c.state(), "DM-04"));
}

// 行业性专业性调委会: a committee of a trade takes the disputes of its trade, and that of an area any.
// spec: M25
TEST(TransferUp, ToACommitteeOfATradeWhenTheDisputeIsOfThatTrade) {
  const struct { const char* duty; const char* type; bool fits; } asked[] = {
      {"industry-medical", "D15", true},   {"industry-medical", "D02", false}, {"industry-traffic", "D16", true},
      {"industry-traffic", "D15", false},  {"industry-labour", "D10", true},   {"industry-labour", "D11", true},
      {"industry-labour", "D04", false},   {"industry-consumer", "D12", true}, {"industry-consumer", "D13", true},
      {"industry-consumer", "D14", true},  {"industry-property", "D17", true}, {"industry-property", "D02", false},
      {"industry-medical", "D99", false},  {"county", "D15", true},            {"county", "D02", true},
      {"industry-of-a-kind-nobody-listed", "D02", true}};
  for (const auto& [duty, type, fits] : asked) {
    auto reference = tests::Learned();
    auto notice = tests::OrgNotice("trade-committee", directory::v1::COMMITTEE, "371403", duty);
    ASSERT_TRUE(reference.Learn(notice).ok());
    Case c(std::move(reference), "c1");
    BringToMediation(&c, type);
    c.When("transfer_up { committee_org: 'trade-committee' ground: DIFFICULT reason: '疑难' }", Chair(), kTuesdayMs);
    if (fits) {
      EXPECT_FALSE(c.refusal()) << duty << " " << type << ": " << c.refusal()->reason;
    } else {
      c.ThenRefused("NOT_OF_ITS_TRADE");
      EXPECT_EQ(c.refusal()->field, "committee_org");
      EXPECT_EQ(c.refusal()->metadata.at("dispute_type"), type);
    }
  }
}

// A case a court has delegated before filing, or entrusted after it, brought to the point where it is accepted.
void TakeFromCourt(bool entrusted, Case* c) {
  c->When("receive_referral { sender: FROM_COURT document: '委派函' " + kDispute + kParties +
             (entrusted ? "court_entrusted: true court_case_no: '诉12' }" : "}"),
         Registrar(), kMonday)
      .When("record_consent { party_id: 'p1' answer: AGREED_TO_MEDIATE how: 'x' }")
      .When("record_consent { party_id: 'p2' answer: AGREED_TO_MEDIATE how: 'x' }")
      .When("serve_rights_notice { party_id: 'p1' party_id: 'p2' how: 'x' }")
      .When(kAccept);
  EXPECT_EQ(c->state().status(), v1::ACCEPTED);
}
const std::string kAtMonday = "at_ms: " + std::to_string(kMonday);
std::string UpWith(const std::string& consent) {
  return kUp.substr(0, kUp.size() - 1) + "court_consent { " + consent + " } }";
}

// 特邀调解规定 11, 12: the court picks who mediates, from its own list.
// spec: M25
TEST(TransferUp, OfACourtsCaseNeedsTheCourtsPaperOrWord) {
  for (const bool entrusted : {false, true}) {
    Case c(tests::Learned(), "c1");
    TakeFromCourt(entrusted, &c);
    c.When(kUp, Chair(), kMonday)
        .ThenRefused("COURT_NOT_ASKED")
        .When(UpWith(""))
        .ThenRefused("COURT_NOT_ASKED")
        .When(UpWith("document_sha256: '陵法函1号'"))
        .ThenRefused("BAD_DIGEST")
        .When(UpWith("word: '立案庭王法官电话同意' at_ms: " + std::to_string(kMonday + 1)))
        .ThenRefused("BAD_CONSENT_TIME")
        .When(UpWith("word: '立案庭王法官电话同意' at_ms: " + std::to_string(kMonday - base::kDayMs)))
        .ThenRefused("BAD_CONSENT_TIME")
        .When(UpWith("word: '立案庭王法官电话同意' at_ms: 9223372036854775807"))
        .ThenRefused("BAD_CONSENT_TIME")
        .When(UpWith("word: '立案庭王法官电话同意'"))
        .ThenRefused("BAD_CONSENT_TIME");  // when, is not said
    EXPECT_EQ(c.refusal()->field, "court_consent.at_ms");
    for (const std::string word : {"x", "同", "同意了吧。"}) {
      c.When(UpWith("word: '" + word + "' " + kAtMonday)).ThenRefused("COURT_WORD_TOO_SHORT");
      EXPECT_EQ(c.refusal()->field, "court_consent.word");
    }
    c.When(UpWith("word: '立案庭王法官电话同意' " + kAtMonday))
        .ThenPartly({"transferred { transfer { to_org: 't-committee' court_consent { word: '立案庭王法官电话同意' at_ms: " +
                     std::to_string(kMonday) + " } } }"});
  }
  Case by_paper(tests::Learned(), "c1");
  TakeFromCourt(false, &by_paper);
  by_paper.When(UpWith("document_sha256: '" + kDigest + "'"), Chair(), kMonday)
      .ThenRefused("BAD_CONSENT_TIME")
      .When(UpWith("document_sha256: '" + kDigest + "' at_ms: " +
                   std::to_string(base::StartOfDayMs(base::LocalDay(kMonday)))))  // a paper has a day
      .ThenPartly({"transferred { transfer { court_consent { document_sha256: '" + kDigest + "' } } }"});
  ASSERT_EQ(by_paper.state().paper_size(), 1);  // the file waits for its bytes
  EXPECT_EQ(by_paper.state().paper(0).sha256(), kDigest);
  AcceptedCase().When(UpWith("word: '同意'"), Chair(), kMonday).ThenRefused("NO_COURT_TO_ASK");
}

// Oversight is not the court.
// spec: M25
TEST(TransferUp, OfACourtsCaseIsNotDoneBecauseOversightAsks) {
  Case c(tests::Learned(), "c1");
  TakeFromCourt(false, &c);
  c.When("oversee { topic: 'oversight.escalate_requested' notice { instruction_id: 'in1' to_level: 4 } }", Platform(),
         kMonday)
      .ThenPartly({"oversight_answered { done: false reason_code: 'COURT_NOT_ASKED' }"})
      .AndState("committee_org: 'v-committee'");
}

// spec: M25
TEST(TransferUp, AsOversightAskedIsDoneAndAnswered) {
  const std::string ask =
      "oversee { topic: 'oversight.escalate_requested' notice { instruction_id: 'in1' to_level: ";
  Case c = AssignedCase();
  c.When(ask + "4 } }", Platform(), kMonday)
      .ThenPartly(
          {"transferred { transfer { to_org: 'c-committee' ground: ORDERED_ABOVE } instruction_id: 'in1' }"})
      .AndNotice("mediation.transferred");
  EXPECT_TRUE(Told(c).answer().done());
  EXPECT_EQ(Told(c).answer().instruction_id(), "in1");
  c.When(ask + "4 } }").ThenNothing();  // told twice, done once
  DraftedCase()
      .When(ask + "4 } }", Platform(), kTuesdayMs)
      .ThenPartly({"oversight_answered { done: false reason_code: 'CASE_NOT_OPEN' }"});
  AssignedCase()
      .When(ask + "2 } }", Platform(), kMonday)
      .ThenPartly({"oversight_answered { done: false reason_code: 'NO_COMMITTEE' }"});
}

}  // namespace
}  // namespace mediation
