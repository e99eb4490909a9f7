// The other side is asked; the case is accepted, or it is not.
#include "services/mediation/domain/clocks.h"
#include "tests/mediation/case_world.h"

namespace mediation {
namespace {

// spec: M4 DM-02
TEST(AskConsent, StartsTheClockOfTheAnswer) {
  Registered()
      .When("ask_consent { how: '电话' }", Registrar(), kMonday)
      .ThenPartly({"consent_asked { party_id: 'p2' how: '电话' }"})
      .AndTimer("due/DM-02", EndOf("2026-11-26") + 1)
      .AndState(
          "status: SEEKING_CONSENT party { party_id: 'p1' consent: AGREED_TO_MEDIATE } party { party_id: "
          "'p2' consent: ASKED }")
      .AndNotice("mediation.consent_asked");
  Registered().When("ask_consent {}", Registrar(), kMonday).ThenRefused("CONTENT_NEEDED");  // how they were asked
}

// spec: M4 DM-02
TEST(AskConsent, AskedAgainDoesNotPutTheClockBack) {
  Case c = Asked();
  c.When("ask_consent { how: '上门' }", Registrar(), kMonday + base::kDayMs)
      .AndTimer("due/DM-02", EndOf("2026-11-26") + 1)
      .When("ask_consent { how: 'x' party_id: 'p9' }")
      .ThenRefused("UNKNOWN_PARTY")
      .When("ask_consent { how: 'x' party_id: 'p1' }")
      .ThenRefused("NOBODY_TO_ASK");
}

// spec: M5 DM-02
TEST(RecordConsent, OfTheLastSideStopsTheClock) {
  Case c = Asked();
  c.When("record_consent { party_id: 'p2' answer: AGREED_TO_MEDIATE how: '当面' proof_sha256: '" + kDigest + "' }")
      .AndNoTimer("due/DM-02");
  EXPECT_EQ(c.state().party(1).consent_how(), "当面");
}

// spec: M6 DM-01 DM-02
TEST(RecordConsent, OfARefusalEndsTheMatterAtOnce) {
  Case c = Asked();
  c.When("record_consent { party_id: 'p2' answer: REFUSED_TO_MEDIATE how: '电话' }")
      .ThenPartly({"consent_recorded { party_id: 'p2' answer: REFUSED_TO_MEDIATE }",
                   "refused { code: 'PARTY_REFUSES' refusing_party_id: 'p2' "
                   "notice { remedy: ARBITRATION remedy: ADMINISTRATIVE_WAY remedy: JUDICIAL } }"})
      .AndNotice("mediation.refused")
      .AndState("status: REFUSED")
      .AndNoTimer();
}

TEST(RecordConsent, OfAThirdPartyDecidesNothing) {
  Case c = Asked("party { person { name: 'vault:c' side: SIDE_THIRD } }");
  c.When("record_consent { party_id: 'p3' answer: REFUSED_TO_MEDIATE how: '电话' }")
      .ThenPartly({"consent_recorded { party_id: 'p3' }"})
      .AndState("status: SEEKING_CONSENT");
}

// The other side is a child, a ward, or a company, and has been asked.
class AskedWith : public Case {
 public:
  explicit AskedWith(const std::string& person, const std::string& party = "") : Case(tests::Learned(), "c1") {
    std::string text = ApplyText();
    const std::string from = "user_id: 'ub' } } ";
    text.replace(text.find(from), from.size(), "user_id: 'ub' " + person + " } " + party + " } ");
    WithChance(7).When(text, Registrar(), kMonday).When("ask_consent { how: '电话' }");
    EXPECT_FALSE(refusal()) << refusal()->reason;
  }
};
std::string Answer(const std::string& more, const std::string& answer = "AGREED_TO_MEDIATE") {
  return "record_consent { party_id: 'p2' how: '当面' answer: " + answer + " " + more + " }";
}
const std::string kWard = "guardian { name: 'vault:g' relation: '母亲' }";

// 民法典 19, 23, 61: a child's own yes, and a company's that nobody gave, were taken for consent.
// spec: M5
TEST(RecordConsent, OfAChildOrACompanySaysWhoGaveIt) {
  const std::string child = "minor: true", company = "is_organisation: true";
  const struct { std::string person, party, more, reason, field; } wrong[] = {
      {child, "", "", "GUARDIAN_CONSENTS", "capacity"},
      {child, "", "capacity: IN_PERSON", "GUARDIAN_CONSENTS", "capacity"},
      {"", kWard, "", "GUARDIAN_CONSENTS", "capacity"},
      {child, "", "capacity: GUARDIAN_OF_PARTY", "CONSENT_NAME_NEEDED", "by_name"},
      {child, "", "capacity: GUARDIAN_OF_PARTY by_name: 'vault:g'", "CONSENT_RELATION_NEEDED", "by_relation"},
      {child, "", "kind: PARTY_SEAL proof_sha256: '" + kDigest + "'", "GUARDIAN_CONSENTS", "capacity"},
      {company, "", "", "WHO_CONSENTS_FOR_IT", "capacity"},
      {company, "", "kind: PARTY_SEAL", "WHO_CONSENTS_FOR_IT", "capacity"},  // a seal is on a paper
      {company, "", "capacity: IN_PERSON", "NO_GUARDIAN_HERE", "capacity"},
      {company, "", "capacity: HEAD_OF_ORGANISATION", "CONSENT_NAME_NEEDED", "by_name"},
      {company, "", "capacity: ORDINARY_AGENT", "CONSENT_NAME_NEEDED", "by_name"},
      {"", "", "capacity: HEAD_OF_ORGANISATION by_name: 'vault:h'", "ORGANISATIONS_ONLY", "capacity"},
      {"", "", "capacity: SPECIAL_AGENT", "CONSENT_NAME_NEEDED", "by_name"}};
  for (const auto& [person, party, more, reason, field] : wrong) {
    AskedWith c(person, party);
    c.When(Answer(more)).ThenRefused(reason);
    EXPECT_EQ(c.refusal()->field, field) << person << more;
    EXPECT_EQ(c.state().party(1).consent(), v1::ASKED);
  }
  const struct { std::string person, party, more; } right[] = {
      {"", "", ""},
      {"", "", "capacity: SPECIAL_AGENT by_name: 'vault:l'"},
      {child, "", "capacity: GUARDIAN_OF_PARTY by_name: 'vault:g' by_relation: '父亲'"},
      {child, kWard, "capacity: GUARDIAN_OF_PARTY"},
      {"", kWard, "capacity: GUARDIAN_OF_PARTY"},
      {company, "", "kind: PARTY_SEAL proof_sha256: '" + kDigest + "'"},
      {company, "", "capacity: ORDINARY_AGENT by_name: 'vault:l'"},
      {company, "head { name: 'vault:h' }", "capacity: HEAD_OF_ORGANISATION"}};
  for (const auto& [person, party, more] : right) {
    AskedWith c(person, party);
    c.When(Answer(more)).ThenPartly({"consent_recorded { party_id: 'p2' " + more + " }"});
    EXPECT_EQ(c.state().party(1).consent(), v1::AGREED_TO_MEDIATE);
  }
  AskedWith kept(child);
  kept.When(Answer("capacity: GUARDIAN_OF_PARTY by_name: 'vault:g' by_relation: '父亲'"));
  EXPECT_EQ(kept.state().party(1).consent_as(), v1::GUARDIAN_OF_PARTY);
  EXPECT_EQ(kept.state().party(1).consent_name(), "vault:g");
  EXPECT_EQ(kept.state().party(1).consent_relation(), "父亲");
}

// Nobody is mediated against their will: a child's no counts, and so does that of a company's clerk (Art. 17).
// spec: M6
TEST(RecordConsent, ARefusalIsTakenFromAnybodyOfTheSide) {
  for (const char* person : {"minor: true", "is_organisation: true", ""}) {
    AskedWith c(person);
    c.When(Answer("", "REFUSED_TO_MEDIATE")).AndState("status: REFUSED");
  }
  AskedWith named("minor: true");
  named.When(Answer("capacity: HEAD_OF_ORGANISATION", "REFUSED_TO_MEDIATE")).ThenRefused("ORGANISATIONS_ONLY");
  named.When(Answer("capacity: GUARDIAN_OF_PARTY", "REFUSED_TO_MEDIATE")).AndState("status: REFUSED");
  EXPECT_EQ(named.state().party(1).consent_as(), v1::GUARDIAN_OF_PARTY);
}

// From an account its owner answers.
// spec: M5
TEST(RecordConsent, AnothersWordIsNotClicked) {
  const std::string guardian = "capacity: GUARDIAN_OF_PARTY ";
  AskedWith c("minor: true", kWard);
  c.When(Answer(guardian), Resident("ub"), kMonday).ThenRefused("CONSENT_PROOF_NEEDED");
  EXPECT_EQ(c.refusal()->field, "proof_sha256");
  c.When(Answer(guardian + "proof_sha256: '" + kDigest + "'"), Resident("ub"), kMonday)
      .ThenPartly({"consent_recorded { capacity: GUARDIAN_OF_PARTY }"});
}

// Who applies agrees by that. A child whose guardian nobody recorded cannot; the case is taken, and somebody is asked.
// spec: M1 M5
TEST(Apply, IsAConsentOfWhoeverActsOnRecord) {
  const struct { std::string person, party; v1::Capacity by; bool agrees; } rows[] = {
      {"", "", v1::CAPACITY_UNSPECIFIED, true},
      {"minor: true", kWard, v1::GUARDIAN_OF_PARTY, true},
      {"minor: true", "", v1::CAPACITY_UNSPECIFIED, false},
      {"is_organisation: true", "head { name: 'vault:h' }", v1::HEAD_OF_ORGANISATION, true},
      {"is_organisation: true", "head { post: '经理' }", v1::CAPACITY_UNSPECIFIED, false},
      {"is_organisation: true", "", v1::CAPACITY_UNSPECIFIED, false}};
  for (const auto& [person, party, by, agrees] : rows) {
    Case c(tests::Learned(), "c1");
    c.When("apply { voluntary: true " + kDispute + "party { applicant: true person { name: 'vault:a' side: SIDE_A " +
               person + " } " + party + " } party { person { name: 'vault:b' side: SIDE_B } } }",
           Registrar(), kMonday)
        .AndState("status: REGISTERED");
    EXPECT_EQ(c.state().party(0).consent() == v1::AGREED_TO_MEDIATE, agrees) << person << party;
    EXPECT_EQ(c.state().party(0).consent_as(), by) << person << party;
    if (agrees) continue;
    c.When("record_consent { party_id: 'p2' answer: AGREED_TO_MEDIATE how: '当面' }")
        .When("serve_rights_notice { party_id: 'p1' party_id: 'p2' how: '当面' }")
        .When(kAccept)
        .ThenRefused("CONSENT_MISSING");
    EXPECT_EQ(c.refusal()->metadata.at("party_id"), "p1");
  }
}

// On the way it is the same: both sides sign, and one of them is a child.
// spec: M11
TEST(Consents, OnTheWayComeFromWhoeverActsForTheParty) {
  AskedWith c("minor: true", kWard);
  c.When(Answer("capacity: GUARDIAN_OF_PARTY"))
      .When("serve_rights_notice { party_id: 'p1' party_id: 'p2' how: '当面' }")
      .When(kAccept)
      .When(kAssign, Chair(), kMonday)
      .When(SessionText(kTuesdayMs), Mediator(), kTuesdayMs);
  ASSERT_FALSE(c.refusal()) << c.refusal()->reason;
  const auto extend = [](const std::string& by) {
    return "extend { by { amount: 1 unit: MO } reason: '双方同意' consent { party_id: 'p1' proof_sha256: '" + kDigest +
           "' } consent { party_id: 'p2' proof_sha256: '" + kDigest + "' " + by + " } }";
  };
  c.When(extend(""), Mediator(), kTuesdayMs).ThenRefused("GUARDIAN_CONSENTS");
  EXPECT_EQ(c.refusal()->field, "consent[1].capacity");
  c.When(extend("capacity: SPECIAL_AGENT")).ThenRefused("CONSENT_NAME_NEEDED");
  EXPECT_EQ(c.refusal()->field, "consent[1].by_name");
  c.When(extend("capacity: GUARDIAN_OF_PARTY"))
      .ThenPartly({"extended { consent { party_id: 'p1' } consent { party_id: 'p2' capacity: GUARDIAN_OF_PARTY } }"});
}

TEST(RecordConsent, IsForOneselfOnly) {
  Asked()
      .When("record_consent { party_id: 'p2' answer: AGREED_TO_MEDIATE how: '网上' }", Resident("ub"),
            kMonday)
      .ThenPartly({"consent_recorded { party_id: 'p2' }"});
  Asked()
      .When("record_consent { party_id: 'p2' answer: AGREED_TO_MEDIATE how: '网上' }", Resident("ua"),
            kMonday)
      .ThenRefused("NOT_YOUR_PARTY");
  Asked()
      .When("record_consent { party_id: 'p2' answer: AGREED_TO_MEDIATE how: '网上' }", Resident("stranger"),
            kMonday)
      .ThenRefused(RefusalCode::kNotAllowed);
  Asked().When("record_consent { party_id: 'p2' answer: ASKED how: '网上' }").ThenRefused("VALUE_NEEDED");
}

// spec: M5 DM-01 DM-02 DM-03 DM-04
TEST(Accept, NumbersTheFileAndStartsThePeriodOfMediation) {
  Case c = AcceptedCase();
  c.ThenPartly({"accepted { file_no: '（2026）陵人调字第0001号' }"})
      .AndNotice("mediation.accepted")
      .AndNoTimer("due/DM-01")
      .AndNoTimer("due/DM-02")
      .AndTimer("due/DM-03", EndOf("2026-11-25") + 1)
      .AndTimer("due/DM-04", EndOf("2026-12-23") + 1)      // one month by the calendar
      .AndTimer("warn_period", Local("2026-12-18 09:00"))  // three working days before
      .AndState("status: ACCEPTED");
}

// spec: M5
TEST(Accept, NeedsEveryThingTheLawAsksFor) {
  Asked().When(kAccept).ThenRefused("CONSENT_MISSING");
  Case agreed = Asked();
  agreed.When("record_consent { party_id: 'p2' answer: AGREED_TO_MEDIATE how: '当面' }")
      .When(kAccept)
      .ThenRefused("RIGHTS_NOTICE_MISSING")
      .When("serve_rights_notice { party_id: 'p1' how: 'x' }")
      .When(kAccept)
      .ThenRefused("RIGHTS_NOTICE_MISSING")
      .When("serve_rights_notice { party_id: 'p2' how: 'x' }")
      .When("accept { not_accepted_elsewhere: true }")
      .ThenRefused("JURISDICTION_NOT_CONFIRMED")
      .When("accept { jurisdiction_confirmed: true }")
      .ThenRefused("NOT_ACCEPTED_ELSEWHERE_NOT_CONFIRMED")
      .When(kAccept)
      .ThenPartly({"accepted {}"});
}

TEST(Accept, IsPossibleAtOnceWhenBothSidesApplyTogether) {
  Case c(tests::Learned(), "c1");
  c.When("apply { voluntary: true " + kDispute +
             "party { applicant: true person { name: 'v' side: SIDE_A } } party { applicant: true person { "
             "name: 'w' side: SIDE_B } } }",
         Registrar(), kMonday)
      .When("serve_rights_notice { party_id: 'p1' party_id: 'p2' how: '当面' }")
      .When(kAccept)
      .ThenPartly({"accepted {}"});
}

// spec: M5
TEST(Accept, NeedsTheProtectionInformationWhereThereIsViolence) {
  Case c = Asked("domestic_violence: true");
  c.When("record_consent { party_id: 'p2' answer: AGREED_TO_MEDIATE how: '当面' }")
      .When("serve_rights_notice { party_id: 'p1' party_id: 'p2' how: '分别送达' }")
      .When(kAccept)
      .ThenRefused("PROTECTION_INFORMATION_MISSING")
      .When("serve_rights_notice { party_id: 'p1' how: '单独告知' protection_information_given: true }")
      .When(kAccept)
      .ThenPartly({"accepted {}"});
  EXPECT_EQ(c.notices()[0].classification(), kernel::v1::SENSITIVE);
}

// spec: M5
TEST(Accept, OfASecondCaseOfTheSameMatterIsRefused) {
  Case c = Consented();
  c.GivenOn("c2",
            {"registered { matter_code: '37140320261123M000001' committee_org: 'x' area_code: '371403' }",
             "accepted {}"});
  c.When(kAccept).ThenRefused("ALREADY_OPEN_HERE");
}

// spec: M5 DM-04
TEST(Period, FollowsTheTypeOfDispute) {
  struct {
    const char* type;
    std::string due;
  } periods[] = {
      {"D01", "2026-12-23"},  // one month
      {"D15", "2027-01-05"},  // thirty working days; the new year's day is one of the assumed holidays
      {"D16", "2026-12-23"},  // one month: the ten days of 道交法实施条例 95 bind the traffic police
      {"D11", "2026-12-08"},  // fifteen days from the application
  };
  for (const auto& row : periods) {
    Case c(tests::Learned(), "c1");
    std::string text = ApplyText();
    text.replace(text.find("'D02'"), 5, std::string("'") + row.type + "'");
    c.When(text, Registrar(), kMonday)
        .When("record_consent { party_id: 'p2' answer: AGREED_TO_MEDIATE how: 'x' }")
        .When("serve_rights_notice { party_id: 'p1' party_id: 'p2' how: 'x' }")
        .When(kAccept, kMonday)
        .AndTimer("due/DM-04", EndOf(row.due) + 1);
  }
}

// spec: DM-04
TEST(Period, OfALabourDisputeCountsFromTheApplication) {
  Case c(tests::Learned(), "c1");
  std::string text = ApplyText("application_received_at_ms: " + std::to_string(Local("2026-11-16 10:00")));
  text.replace(text.find("'D02'"), 5, "'D10'");
  c.When(text, Registrar(), kMonday)
      .When("record_consent { party_id: 'p2' answer: AGREED_TO_MEDIATE how: 'x' }")
      .When("serve_rights_notice { party_id: 'p1' party_id: 'p2' how: 'x' }")
      .When(kAccept)
      .AndTimer("due/DM-04", EndOf("2026-12-01") + 1);
}

// spec: DM-04 M3
TEST(Period, OfACourtsCaseIsTheCourts) {
  struct {
    const char* more;
    const char* due;
  } courts[] = {
      {"", "2026-12-23"},                                                // delegated: 30 days
      {"court_entrusted: true court_case_no: '诉12' ", "2026-12-08"},    // entrusted: 15 days
      {"court_entrusted: true court_case_no: '诉12' summary_procedure: true ", "2026-11-30"},  // summary: 7 days
  };
  for (const auto& row : courts) {
    Case c(tests::Learned(), "c1");
    c.When("receive_referral { sender: FROM_COURT document: 'd' " + std::string(row.more) + kDispute +
               kParties + " }",
           Registrar(), kMonday)
        .When("record_consent { party_id: 'p1' answer: AGREED_TO_MEDIATE how: 'x' }")
        .When("record_consent { party_id: 'p2' answer: AGREED_TO_MEDIATE how: 'x' }")
        .When("serve_rights_notice { party_id: 'p1' party_id: 'p2' how: 'x' }")
        .When(kAccept)
        .AndTimer("due/DM-04", EndOf(row.due) + 1)
        .AndNoTimer("due/DM-08");
  }
}

// 特邀调解规定 27: 自……签字接收法院移交材料之日起计算, whenever the sides have agreed and the case is accepted.
// spec: DM-04 M5 DM-08
TEST(Period, OfACourtsCaseCountsFromTheDayItsPapersCame) {
  Case c(tests::Learned(), "c1");
  const int64_t accepted = Local("2026-11-26 10:00");
  c.When("receive_referral { sender: FROM_COURT document: 'd' " + kDispute + kParties + " }", Registrar(), kMonday)
      .When("record_consent { party_id: 'p1' answer: AGREED_TO_MEDIATE how: 'x' }")
      .When("record_consent { party_id: 'p2' answer: AGREED_TO_MEDIATE how: 'x' }")
      .When("serve_rights_notice { party_id: 'p1' party_id: 'p2' how: 'x' }")
      .When(kAccept, Registrar(), accepted)
      .AndNoTimer("due/DM-08")  // the court has its answer
      .AndTimer("due/DM-04", EndOf("2026-12-23") + 1);
  EXPECT_EQ(FindClock(c.state(), "DM-04")->started_by(), "papers_received");
  Case own = Consented();
  own.When(kAccept, Registrar(), accepted).AndTimer("due/DM-04", EndOf("2026-12-28") + 1);  // 12-26 is a Saturday
}

// The committee signed for the papers on Friday, and its registrar entered them on Monday: the court's 30, 15 and 7
// days were overrun by three.
// spec: DM-04 DM-08 M3
TEST(Period, OfPapersSignedForOnFridayAndEnteredOnMondayCountsFromFriday) {
  const int64_t friday = Local("2026-11-20 16:00");
  const std::pair<const char*, const char*> courts[] = {
      {"", "2026-12-21"},                                               // the thirtieth day is a Sunday
      {"court_entrusted: true court_case_no: '诉12' ", "2026-12-07"},   // the fifteenth a Saturday
      {"court_entrusted: true court_case_no: '诉12' summary_procedure: true ", "2026-11-27"},
  };
  for (const auto& [more, due] : courts) {
    Case c(tests::Learned(), "c1");
    c.When("receive_referral { sender: FROM_COURT document: 'd' received_at_ms: " + std::to_string(friday) + " " +
               std::string(more) + kDispute + kParties + " }",
           Registrar(), kMonday)
        .ThenPartly({"registered { application_received_at_ms: " + std::to_string(friday) + " }"})
        .AndTimer("due/DM-08", EndOf("2026-11-25") + 1)  // three working days after Friday
        .When("record_consent { party_id: 'p1' answer: AGREED_TO_MEDIATE how: 'x' }")
        .When("record_consent { party_id: 'p2' answer: AGREED_TO_MEDIATE how: 'x' }")
        .When("serve_rights_notice { party_id: 'p1' party_id: 'p2' how: 'x' }")
        .When(kAccept)
        .AndTimer("due/DM-04", EndOf(due) + 1);
  }
  for (const int64_t wrong : {kMonday + 1, kMonday - 200 * base::kDayMs, int64_t{-1}}) {
    Case c(tests::Learned(), "c1");
    c.When("receive_referral { sender: FROM_COURT document: 'd' received_at_ms: " + std::to_string(wrong) + " " +
               kDispute + kParties + " }",
           Registrar(), kMonday)
        .ThenRefused(RefusalCode::kInvalid, "BAD_RECEIVED");
    EXPECT_EQ(c.refusal()->field, "received_at_ms");
  }
}

// spec: M6 DM-01
TEST(Refuse, NamesAReasonOfTheListAndWhereToGo) {
  Case c = Registered();
  c.When("refuse { code: 'SPECIAL_ORGAN' where_to_go: '劳动仲裁委' notice_how: '书面' remedy: ARBITRATION }")
      .ThenPartly(
          {"refused { code: 'SPECIAL_ORGAN' notice { where_to_go: '劳动仲裁委' remedy: ARBITRATION } }"})
      .AndNotice("mediation.refused")
      .AndNoTimer();
  EXPECT_EQ(c.state().clock(0).outcome(), common::v1::CLOCK_MET);
  // Nobody was named who had refused, and both had asked to be mediated.
  const std::string in_nobodys_name = "refuse { code: 'PARTY_REFUSES' where_to_go: '法院' notice_how: '书面' ";
  Consented()
      .When(in_nobodys_name + "}", Registrar(), kMonday)
      .ThenRefused("VALUE_NEEDED")
      .When(in_nobodys_name + "party_id: 'p2' }")
      .ThenPartly({"refused { code: 'PARTY_REFUSES' refusing_party_id: 'p2' }"});
  Registered().When("refuse { code: 'BUSY' where_to_go: 'x' notice_how: 'x' }").ThenRefused("UNKNOWN_CODE");
  Registered().When("refuse { code: 'NOT_CIVIL' notice_how: 'x' }").ThenRefused("CONTENT_NEEDED");
  Registered().When("refuse { code: 'NOT_CIVIL' where_to_go: 'x' }").ThenRefused("CONTENT_NEEDED");
}

// Workers were turned away to a court that sends them to arbitration (劳动争议调解仲裁法 5).
// spec: M6
TEST(Refuse, OfALabourDisputeNamesArbitration) {
  Case c(tests::Learned(), "c1");
  std::string apply = ApplyText();
  apply.replace(apply.find("'D02'"), 5, "'D11'");
  const std::string notice = "refuse { code: 'ACCEPTED_ELSEWHERE' where_to_go: '法院' notice_how: '书面' ";
  c.WithChance(7).When(apply, Registrar(), kMonday).When(notice + "remedy: JUDICIAL }");
  c.ThenRefused(RefusalCode::kInvalid, "ARBITRATION_COMES_FIRST");
  EXPECT_EQ(c.refusal()->field, "remedy");
  c.When(notice + "remedy: JUDICIAL remedy: ARBITRATION }").ThenPartly({"refused { code: 'ACCEPTED_ELSEWHERE' }"});
}

// spec: M6 DM-08
TEST(Refuse, OfAReferralAnswersItsSender) {
  Case c(tests::Learned(), "rf-r1");
  c.When(
       "take_referral { origin { service: 'incident' aggregate_id: 'i1' matter_code: 'X' referral_id: 'r1' } "
       "area_code: '371403001002' dispute_type: 'D02' }",
       Platform(), kMonday)
      .When("refuse { code: 'NOT_CIVIL' where_to_go: '公安' notice_how: '书面' }", Registrar(), kMonday)
      .AndNotice("mediation.refused")
      .AndNoTimer();
  v1::Notice notice;
  ASSERT_TRUE(notice.ParseFromString(c.notices()[0].payload()));
  EXPECT_EQ(notice.origin().referral_id(), "r1");
  EXPECT_EQ(notice.refusal_code(), "NOT_CIVIL");
}

// spec: DM-01
TEST(Acceptance, LateIsRecordedOnceAndMissed) {
  Case c = Registered();
  c.WhenTimerFires("due/DM-01")
      .Then({"clock_expired { policy_id: 'DM-01' }"})
      .AndNotice("mediation.overdue")
      .AndNoTimer("due/DM-01")
      .When("refuse { code: 'NOT_CIVIL' where_to_go: 'x' notice_how: 'x' }", Registrar(),
            EndOf("2026-11-27"));
  EXPECT_EQ(c.state().clock(0).outcome(), common::v1::CLOCK_MISSED);
}

}  // namespace
}  // namespace mediation
