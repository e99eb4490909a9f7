// Who mediates, sessions, and the end without an agreement.
#include "services/mediation/domain/rules.h"
#include "tests/mediation/case_world.h"

namespace mediation {
namespace {

const std::string kThird = "party { person { name: 'vault:c' side: SIDE_THIRD user_id: 'uc' } } ";

// spec: M7 DM-03
TEST(Assign, NamesOneChairAndStopsTheClock) {
  AcceptedCase()
      .When("assign { chair_user_id: 'md1' other_user_id: 'md2' recusal_checked: true }", Chair(), kMonday)
      .ThenPartly({"assigned { chair_user_id: 'md1' other_user_id: 'md2' }"})
      .AndNoTimer("due/DM-03")
      .AndNotice("mediation.assigned")
      .AndState("status: ASSIGNED mediator_user_id: 'md1' mediator_user_id: 'md2'");
}

// 疑难复杂 of the ministry's statistics: once said, it stays said.
// spec: M7
TEST(Assign, MaySayThatTheCaseIsDifficult) {
  Case c = AcceptedCase();
  EXPECT_FALSE(IsDifficult(c.state()));
  c.When("assign { chair_user_id: 'md1' recusal_checked: true difficult: true }", Chair(), kMonday);
  EXPECT_TRUE(IsDifficult(c.state()));
}

// spec: M7
TEST(Assign, ChecksRecusal) {
  AcceptedCase().When("assign { chair_user_id: 'md1' }", Chair(), kMonday).ThenRefused("RECUSAL_NOT_CHECKED");
  AcceptedCase().When("assign { recusal_checked: true }", Chair(), kMonday).ThenRefused("VALUE_NEEDED");
  AcceptedCase()
      .When("assign { chair_user_id: 'ub' recusal_checked: true }", Chair(), kMonday)
      .ThenRefused("MEDIATOR_IS_PARTY");
  AcceptedCase()
      .When("assign { chair_user_id: 'md1' other_user_id: 'ua' recusal_checked: true }", Chair(), kMonday)
      .ThenRefused("MEDIATOR_IS_PARTY");
  AcceptedCase()
      .When("assign { chair_user_id: 'md1' other_user_id: 'md1' recusal_checked: true }", Chair(), kMonday)
      .ThenRefused("MEDIATOR_TWICE");
}

void ExpectNotNamed(Case* c, const std::string& command, const Actor& asker, const std::string& reason,
                    const std::string& field) {
  c->When(command, asker, kMonday).ThenRefused(RefusalCode::kGuard, reason);
  EXPECT_EQ(c->refusal()->field, field) << command;
}

// 人民调解法 13, 14, 19: whoever mediates is a mediator of the committee. A clerk, a resident, a mediator of another
// committee or one who has left was assigned as well as anybody, and so was "nobody".
// spec: M7
TEST(Assign, NamesMediatorsOfTheCommitteeThatHasTheCase) {
  const struct {
    std::string user, reason;
  } outsiders[] = {{"nobody", "NO_SUCH_STAFF"}, {"md-gone", "STAFF_DISABLED"}, {"pc1", "POST_MISSING"},
                   {"md-above", "POST_MISSING"}, {"mc1", "POST_MISSING"}};
  for (const auto& [user, reason] : outsiders) {
    Case c = AcceptedCase();
    const std::string checked = " recusal_checked: true }";
    ExpectNotNamed(&c, "assign { chair_user_id: '" + user + "'" + checked, Chair(), reason, "chair_user_id");
    ExpectNotNamed(&c, "assign { chair_user_id: 'md1' other_user_id: 'md2' other_user_id: '" + user + "'" + checked,
                   Chair(), reason, "other_user_id");
    ExpectNotNamed(&c, "choose_mediator { party_id: 'p1' mediator_user_id: '" + user + "' }", Resident("ua"), reason,
                   "mediator_user_id");
  }
}

// spec: M8
TEST(ReplaceMediator, NamesMediatorsOfTheCommitteeThatHasTheCase) {
  Case c = AssignedCase();
  const std::string why = " recusal_checked: true reason: '生病' }";
  ExpectNotNamed(&c, "replace_mediator { chair_user_id: 'md-above'" + why, Chair(), "POST_MISSING", "chair_user_id");
  ExpectNotNamed(&c, "replace_mediator { chair_user_id: 'md2' other_user_id: 'nobody'" + why, Chair(), "NO_SUCH_STAFF",
                 "other_user_id");
}

// Nothing is undone: the case goes on with whoever was assigned while they held the post.
// spec: M7 M9
TEST(Assign, StandsWhenTheMediatorLeavesLater) {
  Case c = AssignedCase();
  directory::v1::Notice gone = tests::StaffNotice("md1", kernel::v1::ROLE_MD, "v-committee", "371403001002");
  gone.mutable_staff_changed()->clear_post();
  v1::Command learn;
  *learn.mutable_learn_reference()->mutable_notice() = gone;
  c.As(Platform()).WhenOn("ref/staff/md1", learn.ShortDebugString());
  EXPECT_FALSE(c.refusal());
  c.When(SessionText(kTuesdayMs), Mediator(), kTuesdayMs).ThenPartly({"session_held {}"});
  c.When("replace_mediator { chair_user_id: 'md2' other_user_id: 'md1' recusal_checked: true reason: '增加' }", Chair(),
         c.now_ms())
      .ThenRefused("POST_MISSING");
}

TEST(Assign, IsTheCommitteesOwnBusiness) {
  const Actor above = ActorOf(kernel::v1::ROLE_MC, "t-committee", "371403001", "mc2");
  AcceptedCase().When(kAssign, above, kMonday).ThenRefused(RefusalCode::kNotAllowed);
}

// spec: M7
TEST(ChooseMediator, SharedByAllPartiesBindsTheChair) {
  Case c = AcceptedCase();
  c.When("choose_mediator { party_id: 'p1' mediator_user_id: 'md7' }", Resident("ua"), kMonday)
      .When(kAssign, Chair(), kMonday)
      .ThenPartly({"assigned { chair_user_id: 'md1' }"});  // one side alone does not bind
  Case both = AcceptedCase();
  both.When("choose_mediator { party_id: 'p1' mediator_user_id: 'md7' }", Resident("ua"), kMonday)
      .When("choose_mediator { party_id: 'p2' mediator_user_id: 'md7' }", Registrar(), kMonday)
      .When(kAssign, Chair(), kMonday)
      .ThenRefused("PARTIES_CHOSE_ANOTHER")
      .When("assign { chair_user_id: 'md7' recusal_checked: true }")
      .ThenPartly({"assigned { chair_user_id: 'md7' chosen_by_parties: true }"});
}

TEST(ChooseMediator, IsForOneselfAndNotForAParty) {
  AcceptedCase()
      .When("choose_mediator { party_id: 'p2' mediator_user_id: 'md7' }", Resident("ua"), kMonday)
      .ThenRefused("NOT_YOUR_PARTY");
  AcceptedCase()
      .When("choose_mediator { party_id: 'p1' mediator_user_id: 'ub' }", Resident("ua"), kMonday)
      .ThenRefused("MEDIATOR_IS_PARTY");
}

// spec: M9
TEST(HoldSession, KeepsRecordAndAttendance) {
  Case c = MediatingCase();
  c.ThenPartly({"session_held { session { no: 1 record: '双方陈述' mediator_user_id: 'md1' "
                "attendance { party_id: 'p1' present: true signed_record: true } attendance { party_id: 'p2' "
                "present: true } } }"})
      .AndNotice("mediation.session_held");
  const int64_t later = c.now_ms() + base::kDayMs;
  c.When("hold_session { session { started_at_ms: " + std::to_string(later) +
             " ended_at_ms: " + std::to_string(later) +
             " mode: ONLINE record: '未达成' result: NO_AGREEMENT attendance { party_id: 'p1' present: true "
             "} } }",
         later)
      .AndState("failed_sessions: 1");
  EXPECT_EQ(c.state().session(1).no(), 2);
}

// spec: M9
TEST(HoldSession, IsForTheMediatorsOfTheCase) {
  AssignedCase().When(SessionText(kMonday), Mediator("md5"), kMonday).ThenRefused(RefusalCode::kNotAllowed);
}

// spec: M9
TEST(HoldSession, IsRefusedWithTheFieldAtFault) {
  const std::string time =
      "started_at_ms: " + std::to_string(kMonday) + " ended_at_ms: " + std::to_string(kMonday);
  const std::string who = " attendance { party_id: 'p1' present: true } ";
  struct {
    std::string session, reason, field;
  } wrong[] = {
      {"place: 'x' mode: ONSITE record: 'x' result: CONTINUES" + who, "BAD_TIME", "session.started_at_ms"},
      {"started_at_ms: " + std::to_string(kMonday) +
           " place: 'x' mode: ONSITE record: 'x' result: CONTINUES" + who,
       "BAD_TIME", "session.ended_at_ms"},
      {time + " mode: ONSITE record: 'x' result: CONTINUES" + who, "CONTENT_NEEDED", "session.place"},
      {time + " place: 'x' record: 'x' result: CONTINUES" + who, "VALUE_NEEDED", "session.mode"},
      {time + " place: 'x' mode: ONSITE record: 'x'" + who, "VALUE_NEEDED", "session.result"},
      {time + " place: 'x' mode: ONSITE result: CONTINUES" + who, "CONTENT_NEEDED", "session.record"},
      {time + " place: 'x' mode: ONSITE record: 'x' result: CONTINUES", "VALUE_NEEDED", "session.attendance"},
      {time + " place: 'x' mode: ONSITE record: 'x' result: CONTINUES" + who + who, "UNKNOWN_PARTY",
       "session.attendance[1].party_id"},
  };
  for (const auto& row : wrong) {
    Case c = AssignedCase();
    c.When("hold_session { session { " + row.session + " } }", Mediator(), kMonday).ThenRefused(row.reason);
    ASSERT_TRUE(c.refusal());
    EXPECT_EQ(c.refusal()->field, row.field);
  }
}

// spec: M9
TEST(HoldSession, BringsNobodyFaceToFaceWhoDoesNotFreelyWantIt) {
  const std::string violence =
      "domestic_violence: true party { needs_protection: true person { name: 'vault:c' side: SIDE_A } }";
  Case c = Asked(violence);
  for (const char* id : {"p2", "p3"}) {
    c.When(std::string("record_consent { party_id: '") + id + "' answer: AGREED_TO_MEDIATE how: 'x' }",
           Registrar(), kMonday);
  }
  c.When(
       "serve_rights_notice { party_id: 'p1' party_id: 'p2' party_id: 'p3' how: 'x' "
       "protection_information_given: true }")
      .When(kAccept)
      .When(kAssign, Chair(), kMonday)
      .When(SessionText(kMonday + base::kDayMs, "face_to_face: true"), Mediator(), kMonday + base::kDayMs)
      .ThenRefused("FACE_TO_FACE_NOT_FREE")
      .When(SessionText(c.now_ms(), "public: true"))
      .ThenRefused("PUBLIC_NOT_ALLOWED")
      .When(SessionText(c.now_ms()))
      .ThenPartly({"session_held {}"})
      .When(SessionText(c.now_ms(), "face_to_face: true face_to_face_consent_party_id: 'p3'"))
      .ThenPartly({"session_held {}"});
  // Who came and where says it too, whatever the flag says.
  const std::string came = "attendance { party_id: 'p3' present: true } ";
  c.When(SessionText(c.now_ms(), came)).ThenRefused("FACE_TO_FACE_NOT_FREE");
  ASSERT_TRUE(c.refusal());
  EXPECT_EQ(c.refusal()->field, "session.face_to_face_consent_party_id");
  EXPECT_EQ(c.refusal()->metadata.at("party_id"), "p3");
  EXPECT_NE(c.refusal()->message_zh.find("p3"), std::string::npos);
  c.When(SessionText(c.now_ms(), came + "face_to_face_consent_party_id: 'p3'"))
      .ThenPartly({"session_held { session { face_to_face: true } }"});
  const auto changed = [&](const std::string& from, const std::string& to) {
    std::string text = SessionText(c.now_ms(), came);
    text.replace(text.find(from), from.size(), to);
    return text;
  };
  c.When(changed("ONSITE", "ONLINE")).ThenPartly({"session_held {}"});
  EXPECT_FALSE(c.state().session().rbegin()->face_to_face()) << "they see each other on a screen";
  c.When(changed("'p2' present: true", "'p2' by_agent: true")).ThenPartly({"session_held {}"});
  EXPECT_FALSE(c.state().session().rbegin()->face_to_face()) << "somebody else came for the other side";
}

// spec: M9
TEST(HoldSession, BringsNobodyTogetherBeforeItIsSaidWhoIsToBeProtected) {
  const int64_t tuesday = kMonday + base::kDayMs;
  Case c = AssignedCase("domestic_violence: true");
  c.When(SessionText(tuesday), Mediator(), tuesday).ThenRefused("PROTECTED_PERSON_UNKNOWN");
  ASSERT_TRUE(c.refusal());
  EXPECT_EQ(c.refusal()->field, "session.attendance");
  std::string online = SessionText(tuesday);
  online.replace(online.find("ONSITE"), 6, "ONLINE");
  c.When(online).ThenPartly({"session_held {}"});
}

TEST(HoldSession, IsNotPublicWhenAPartyObjects) {
  Case c = AssignedCase("party { objects_to_public: true person { name: 'vault:c' side: SIDE_THIRD } }");
  c.When(SessionText(kMonday + base::kDayMs, "public: true"), Mediator(), kMonday + base::kDayMs)
      .ThenRefused("PUBLIC_NOT_ALLOWED");
}

// spec: M17 DM-04
TEST(End, ByAPartyNeedsNoReasonAndTellsTheOtherWays) {
  Case c = MediatingCase();
  c.When("end { reason: E04_PARTY_REFUSES }", Resident("ub"), c.now_ms())
      .ThenPartly({"ended { reason: E04_PARTY_REFUSES party_id: 'p2' "
                   "notice { remedy: ARBITRATION remedy: ADMINISTRATIVE_WAY remedy: JUDICIAL } }"})
      .AndNotice("mediation.ended")
      .AndState("status: ENDED end_reason: E04_PARTY_REFUSES")
      .AndNoTimer();
  EXPECT_EQ(c.state().clock_size(), 4);
}

// spec: M17
TEST(End, ByAPartyIsWithdrawalOrRefusalOnly) {
  Registered()
      .When("end { reason: E03_SETTLED_THEMSELVES }", Resident("ua"), kMonday)
      .ThenPartly({"ended { party_id: 'p1' }"});
  Registered()
      .When("end { reason: E05_TOO_FAR_APART }", Resident("ua"), kMonday)
      .ThenRefused("REASON_NOT_FOR_YOU");
  Registered()
      .When("end { reason: E04_PARTY_REFUSES party_id: 'p2' }", Resident("ua"), kMonday)
      .ThenRefused("NOT_YOUR_PARTY");
  Registered()
      .When("end { reason: E04_PARTY_REFUSES }", Resident("nobody"), kMonday)
      .ThenRefused(RefusalCode::kNotAllowed);
}

// spec: M17
TEST(End, IsNotForAThirdParty) {  // Art. 17: 当事人一方. A third party once ended what the two sides mediated
  Case c = MediatingCase(kThird);
  c.When("end { reason: E04_PARTY_REFUSES }", Resident("uc"), c.now_ms())
      .ThenRefused("THIRD_PARTY_CANNOT_END")
      .When("end { reason: E03_SETTLED_THEMSELVES }")
      .ThenRefused("THIRD_PARTY_CANNOT_END")
      .When("end { reason: E04_PARTY_REFUSES }", Resident("ub"), c.now_ms())
      .AndState("status: ENDED");
}

// spec: M17
TEST(End, ByStaffNamesAReasonOfTheListAndServesTheNotice) {
  const std::string notice = " remedy: JUDICIAL where_to_go: '区法院立案庭' notice_how: '书面' ";
  for (const char* reason :
       {"E03_SETTLED_THEMSELVES", "E04_PARTY_REFUSES", "E05_TOO_FAR_APART", "E07_PARTY_UNREACHABLE",
        "E09_TAKEN_BY_OTHER_AUTHORITY", "E10_SHAM_OR_HARM", "E11_NOT_SUITABLE", "E12_DIED_OR_GONE"}) {
    Case c = MediatingCase();
    c.When(std::string("end { party_id: 'p2' reported_to: '区公安分局' reason: ") + reason + notice + "}",
           Chair(), c.now_ms())
        .ThenPartly(
            {std::string("ended { reason: ") + reason + " notice { remedy: JUDICIAL how: '书面' } }"});
  }
  Case c = MediatingCase();
  c.When("end { reason: E05_TOO_FAR_APART notice_how: 'x' }", Mediator(), c.now_ms())
      .ThenRefused("NOTICE_NEEDED")
      .When("end { reason: E05_TOO_FAR_APART remedy: JUDICIAL where_to_go: '区法院立案庭' }")
      .ThenRefused("NOTICE_NEEDED")
      .When("end { reason: E05_TOO_FAR_APART remedy: JUDICIAL notice_how: '书面' }")
      .ThenRefused(RefusalCode::kInvalid, "CONTENT_NEEDED")  // it was ended without a word of where to go
      .When("end { reason: E01_WRITTEN_AGREEMENT" + notice + "}")
      .ThenRefused("UNKNOWN_CODE")
      .When("end { reason: E02_ORAL_AGREEMENT" + notice + "}")
      .ThenRefused("UNKNOWN_CODE")
      .When("end { reason: E07_PARTY_UNREACHABLE" + notice + "}")
      .ThenRefused("VALUE_NEEDED")
      .When("end { reason: E06_PERIOD_EXPIRED" + notice + "}")
      .ThenRefused("PERIOD_NOT_OVER")
      .When("end { reason: E10_SHAM_OR_HARM" + notice + "}")
      .ThenRefused("REPORT_NEEDED")
      .When("end { reason: E08_WILL_NOT_SIGN party_id: 'p2'" + notice + "}")
      .ThenRefused(RefusalCode::kWrongStatus);
  AcceptedCase()
      .When("end { reason: E05_TOO_FAR_APART" + notice + "}", Chair(), kMonday)
      .ThenRefused("SESSION_NEEDED");
  DraftedCase()
      .When("end { reason: E08_WILL_NOT_SIGN party_id: 'p2'" + notice + "}", Chair(), kMonday + base::kDayMs)
      .ThenPartly({"ended { reason: E08_WILL_NOT_SIGN }"});
}

// spec: M17
TEST(End, OfALabourDisputeNamesArbitration) {
  Case c(tests::Learned(), "c1");
  BringToMediation(&c, "D11");
  c.When("end { reason: E05_TOO_FAR_APART remedy: JUDICIAL notice_how: '书面' }", Mediator(), c.now_ms())
      .ThenRefused("ARBITRATION_COMES_FIRST")
      .When("end { reason: E05_TOO_FAR_APART remedy: JUDICIAL remedy: ARBITRATION where_to_go: '仲裁委' "
            "notice_how: '书面' }")
      .ThenPartly({"ended { reason: E05_TOO_FAR_APART }"});
}

// spec: M17
TEST(End, RecordsUndisputedFactsWithTheConsentOfBothOnly) {
  const std::string facts =
      "end { reason: E05_TOO_FAR_APART remedy: JUDICIAL where_to_go: 'x' notice_how: 'x' undisputed_facts: '漏水属实' ";
  Case c = MediatingCase();
  c.When(facts + "undisputed_consent_party_id: 'p1' }", Mediator(), c.now_ms())
      .ThenRefused("UNDISPUTED_NEEDS_CONSENT")
      .When(facts + "undisputed_consent_party_id: 'p1' undisputed_consent_party_id: 'p2' }")
      .ThenPartly({"ended { undisputed_facts: '漏水属实' }"});
}

// spec: M17 DM-04
TEST(Period, IsWarnedOfThreeWorkingDaysBeforeThePlatformEndsTheCase) {
  Case c = MediatingCase();
  c.AndTimer("warn_period", Local("2026-12-18 09:00"))
      .AndNoTimer("period")
      .WhenTimerFires("warn_period")
      .ThenPartly({"period_warned {}"})
      .AndNotice("mediation.period_warned");
  EXPECT_EQ(c.state().period_end_ms(), EndOf("2026-12-23"));
  c.AndTimer("period", EndOf("2026-12-23") + 1)
      .WhenTimerFires("period")
      .ThenPartly({"ended { reason: E06_PERIOD_EXPIRED notice { remedy: ARBITRATION remedy: "
                   "ADMINISTRATIVE_WAY remedy: JUDICIAL } }"})
      .AndNotice("mediation.ended")
      .AndNoTimer();
  EXPECT_EQ(c.OutcomeOf("DM-04"), common::v1::CLOCK_MISSED);
}

// spec: M17 DM-04
TEST(Period, IsNotEndedBeforeTheWarningIsThreeWorkingDaysOld) {
  Case c = MediatingCase();
  c.When("end_period {}", Platform(), Local("2027-01-05 10:00")).ThenNothing();
  c.WhenTimerFires("warn_period");  // the platform had been down
  EXPECT_EQ(c.state().period_end_ms(), EndOf("2027-01-08"));
  c.WhenTimerFires("due/DM-04")
      .Then({"clock_expired { policy_id: 'DM-04' }"})
      .AndState("status: MEDIATING")
      .WhenTimerFires("period")
      .ThenPartly({"ended { reason: E06_PERIOD_EXPIRED }"});
}

// spec: DM-04
TEST(Period, FiringThatLostTheRaceWithTheAgreementDoesNothing) {
  Case c = DraftedCase();
  c.When("end_period {}", Platform(), Local("2027-01-05 10:00"))
      .ThenNothing()
      .When("warn_period {}")
      .ThenNothing()
      .When("expire_clock { policy_id: 'DM-04' }")
      .ThenNothing();
}

// 人民调解法 23(3): a party who thought of it only when people came to listen could not say so any more.
// spec: M5 M9
TEST(Wish, ForNoAudienceIsRecordedAfterTheIntakeAndTakenBack) {
  Case c = MediatingCase();
  const int64_t now = c.now_ms();
  const std::string in_public = SessionText(now, "public: true");
  c.When("record_wish { party_id: 'p2' not_public: WISHED }", Resident("ub"), now)
      .ThenPartly({"wish_recorded { party_id: 'p2' objects_to_public: true }"})
      .When(in_public, Mediator(), now)
      .ThenRefused("PUBLIC_NOT_ALLOWED")
      .When("record_wish { party_id: 'p2' not_public: WISH_TAKEN_BACK how: '当面' }", Mediator(), now)
      .ThenPartly({"wish_recorded { party_id: 'p2' how: '当面' }"})
      .When(in_public, Mediator(), now)
      .ThenPartly({"session_held {}"});
}

// 若干规定 34: one wish leaves the other as it was.
// spec: M5 M15
TEST(Wish, ForWritingIsRecordedAfterTheIntake) {
  Case c = MediatingCase();
  const int64_t now = c.now_ms();
  const std::string oral = "record_oral { facts: '漏水' manner: '上门' why_oral: '当场履行' " + std::string(kClause) + " }";
  c.When("record_wish { party_id: 'p1' in_writing: WISHED how: '电话' }", Registrar(), now)
      .When(oral, Mediator(), now)
      .ThenRefused("PARTY_WANTS_WRITING")
      .When("record_wish { party_id: 'p1' not_public: WISHED }", Resident("ua"), now);
  EXPECT_TRUE(c.state().party(0).wants_writing());
  EXPECT_TRUE(c.state().party(0).objects_to_public());
  c.When("record_wish { party_id: 'p1' in_writing: WISH_TAKEN_BACK }").When(oral, Mediator(), now);
  EXPECT_FALSE(c.refusal()) << c.refusal()->reason;
}

// spec: M5
TEST(Wish, IsTheOwnPartysAndIsSaid) {
  Case c = AssignedCase();
  const int64_t now = c.now_ms();
  c.When("record_wish { party_id: 'p1' in_writing: WISHED }", Resident("ub"), now)
      .ThenRefused(RefusalCode::kNotAllowed, "NOT_YOUR_PARTY")
      .When("record_wish { party_id: 'p9' in_writing: WISHED }")
      .ThenRefused("UNKNOWN_PARTY")
      .When("record_wish { party_id: 'p2' }")
      .ThenRefused("VALUE_NEEDED")
      .When("record_wish { party_id: 'p2' in_writing: WISH_TAKEN_BACK }")
      .ThenRefused("SAME_WISH")
      .When("record_wish { party_id: 'p2' in_writing: WISHED }", Mediator(), now)
      .ThenRefused("CONTENT_NEEDED")
      .When("request_recusal { party_id: 'p2' mediator_user_id: 'md1' ground: KINSHIP }", Resident("ub"), now)
      .When("record_wish { party_id: 'p2' in_writing: WISHED how: '当面' }", Mediator(), now)
      .ThenRefused("RECUSAL_PENDING")
      .When("record_wish { party_id: 'p2' in_writing: WISHED }", Resident("ub"), now)
      .ThenPartly({"wish_recorded { party_id: 'p2' wants_writing: true }"});
  DraftedCase().When("record_wish { party_id: 'p2' in_writing: WISHED }", Resident("ub"), kTuesdayMs)
      .ThenRefused(RefusalCode::kWrongStatus);
}

}  // namespace
}  // namespace mediation
