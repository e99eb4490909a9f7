// The agreement: written, with every signature and the seal; or oral, from the moment it was reached.
#include "tests/mediation/case_world.h"

namespace mediation {
namespace {

const int64_t kTuesday = kMonday + base::kDayMs;

// spec: M13 DM-04
TEST(DraftAgreement, StopsThePeriodAndKeepsStructuredClauses) {
  Case c = DraftedCase();
  c.ThenPartly({"agreed { agreement { form: WRITTEN no: '（2026）陵人调字第0001号' clause { "
                "obligor_party_id: 'p2' kind: DO } "
                "amount_band: NO_AMOUNT } }"})
      .AndNotice("mediation.agreed")
      .AndNoTimer()
      .AndState("status: AGREED");
  EXPECT_EQ(c.OutcomeOf("DM-04"), common::v1::CLOCK_MET);
}

// spec: M13
TEST(DraftAgreement, IsRefusedWithTheClauseAtFault) {
  struct {
    std::string clause, reason, field;
  } wrong[] = {
      {"", "VALUE_NEEDED", "clause"},
      {"clause { obligor_party_id: 'p9' obligee_party_id: 'p1' }", "CLAUSE_PARTIES",
       "clause[0].obligor_party_id"},
      {"clause { obligor_party_id: 'p1' obligee_party_id: 'p1' }", "CLAUSE_PARTIES",
       "clause[0].obligor_party_id"},
      {"clause { obligor_party_id: 'p1' obligee_party_id: 'p7' }", "CLAUSE_PARTIES",
       "clause[0].obligee_party_id"},
      {"clause { obligor_party_id: 'p2' obligee_party_id: 'p1' content: 'x' }", "VALUE_NEEDED",
       "clause[0].kind"},
      {"clause { obligor_party_id: 'p2' obligee_party_id: 'p1' kind: PAY }", "CONTENT_NEEDED",
       "clause[0].content"},
      {"clause { obligor_party_id: 'p2' obligee_party_id: 'p1' kind: PAY content: 'x' }", "AMOUNT_NEEDED",
       "clause[0].amount_fen"},
      {"clause { obligor_party_id: 'p2' obligee_party_id: 'p1' kind: PAY content: 'x' amount_fen: 5 }",
       "DUE_NEEDED", "clause[0].due_at_ms"},
      {std::string(kClause) +
           "clause { obligor_party_id: 'p2' obligee_party_id: 'p1' kind: DO content: 'x' }",
       "DUE_NEEDED", "clause[1].due_at_ms"},
      {"clause { obligor_party_id: 'p2' obligee_party_id: 'p1' kind: DO content: 'x' amount_fen: 5 }",
       "NO_AMOUNT_HERE", "clause[0].amount_fen"},
      {"clause { obligor_party_id: 'p2' obligee_party_id: 'p1' kind: REFRAIN content: 'x' amount_fen: -5 }",
       "NO_AMOUNT_HERE", "clause[0].amount_fen"},
      {"clause { obligor_party_id: 'p2' obligee_party_id: 'p1' kind: DO content: 'x' due_at_ms: 1798000000000 }",
       "PLACE_NEEDED", "clause[0].place"},
      {std::string(kClause) + "clause { obligor_party_id: 'p2' obligee_party_id: 'p1' kind: PAY content: 'x' "
                              "amount_fen: 5 place: ' ' due_at_ms: 1798000000000 }",
       "PLACE_NEEDED", "clause[1].place"},
  };
  for (const auto& row : wrong) {
    Case c = MediatingCase();
    c.When(DraftText(row.clause)).ThenRefused(row.reason);
    ASSERT_TRUE(c.refusal());
    EXPECT_EQ(c.refusal()->field, row.field);
  }
  for (const char* part : {"facts", "responsibilities", "manner"}) {  // form 8: each has its place in the paper
    std::string text = DraftText();
    const size_t at = text.find(std::string(part) + ": '");
    ASSERT_NE(at, std::string::npos) << part;
    text.erase(at, text.find('\'', text.find('\'', at) + 1) + 1 - at);
    Case c = MediatingCase();
    c.When(text).ThenRefused("CONTENT_NEEDED");
    ASSERT_TRUE(c.refusal()) << part;
    EXPECT_EQ(c.refusal()->field, part);
  }
}

// 若干规定 35 asks for the place. To leave something alone, and an apology, is done nowhere.
// spec: M13 M15
TEST(DraftAgreement, WhatIsDoneAtNoPlaceNamesNone) {
  const std::string apology =
      "clause { obligor_party_id: 'p2' obligee_party_id: 'p1' kind: OTHER content: '当面道歉' due_at_ms: 1798000000000 } ";
  MediatingCase().When(DraftText(kRefrain + apology)).ThenPartly({"agreed {}"});
  Case oral = MediatingCase();
  oral.When("record_oral { facts: 'x' manner: 'x' why_oral: '当场履行' clause { obligor_party_id: 'p2' "
            "obligee_party_id: 'p1' kind: DO content: '修好' due_at_ms: 1798000000000 } }")
      .ThenRefused(RefusalCode::kInvalid, "PLACE_NEEDED");
  EXPECT_EQ(oral.refusal()->field, "clause[0].place");
}

// spec: M13
TEST(DraftAgreement, NeedsASessionAtWhichBothSidesWere) {
  Case c = AssignedCase();
  c.When("hold_session { session { started_at_ms: " + std::to_string(kTuesday) +
             " ended_at_ms: " + std::to_string(kTuesday) +
             " place: 'x' mode: ONSITE record: 'x' result: CONTINUES attendance { party_id: 'p1' present: "
             "true } "
             "attendance { party_id: 'p2' } } }",
         Mediator(), kTuesday)
      .When(DraftText())
      .ThenRefused("JOINT_SESSION_NEEDED");
  EXPECT_EQ(c.refusal()->metadata.at("party_id"), "p2") << "who has to come";
  c.When(SessionText(kTuesday))
      .When(DraftText())
      .ThenPartly({"agreed {}"});
}

const std::string kSignB = "sign { party_id: 'p2' kind: FINGERPRINT proof_sha256: '" + kDigest + "' }";

// spec: M14 DM-05 DM-06
TEST(Agreement, BindsWithTheLastOfSignaturesAndSeal) {
  Case c = DraftedCase();
  c.When("sign { party_id: 'p1' kind: SIGNATURE }", Resident("ua"), kTuesday)
      .ThenPartly({"party_signed { party_id: 'p1' }"})
      .When("sign { }", Mediator(), kTuesday)
      .ThenPartly({"mediator_signed { user_id: 'md1' }"})
      .When("seal { copies: 3 }", Chair(), kTuesday)
      .ThenPartly({"sealed { copies: 3 by_user_id: 'mc1' }"})
      .AndState("status: AGREED")
      .When(kSignB, Mediator(), kTuesday + 5)
      .ThenPartly({"party_signed { party_id: 'p2' kind: FINGERPRINT }", "effective { form: WRITTEN }"})
      .AndNotice("mediation.effective")
      .AndState("status: EFFECTIVE confirmation: WINDOW_OPEN");
  EXPECT_EQ(c.state().agreement().effective_at_ms(), kTuesday + 5);
  c.AndTimer("due/DM-05", EndOf("2026-12-24") + 1)  // thirty days
      .AndTimer("warn_window", kTuesday + 5 + 20 * base::kDayMs);
  const base::Day due = base::LocalDay(1798000000000);  // the clause's own date
  c.AndTimer("due/DM-06", base::EndOfDayMs(due + 7) + 1);
  Case paid = MediatingCase();
  Bind(&paid);
  EXPECT_EQ(Told(paid).form(), v1::WRITTEN);
  EXPECT_EQ(Told(paid).amount_band(), v1::BELOW_10K);  // others hear how much it is about, and no sum
}

// They signed on Friday, on paper, and the mediator entered it on Monday: the window showed three days more than the
// law gives, and the court refused what came on the last of them (人民调解法 29, 33).
// spec: M14 DM-05 DM-06
TEST(Agreement, SignedOnPaperOnFridayAndEnteredOnMondayBindsFromFriday) {
  const int64_t friday = Local("2026-11-27 16:00"), monday = Local("2026-11-30 09:00");
  const auto on_paper = [](const std::string& what, const char* field, int64_t at_ms) {
    return what + " proof_sha256: '" + kDigest + "' " + field + ": " + std::to_string(at_ms) + " }";
  };
  Case c = MediatingCase();  // they met on Tuesday the 24th
  std::string draft = DraftText();
  draft.insert(draft.rfind('}'), "reached_at_ms: " + std::to_string(friday - base::kHourMs) + " ");
  c.When(draft, Mediator(), monday)
      .ThenPartly({"agreed { agreement { reached_at_ms: " + std::to_string(friday - base::kHourMs) + " } }"})
      .When(on_paper("sign { party_id: 'p1' kind: SIGNATURE", "signed_at_ms", friday), Mediator(), monday)
      .ThenPartly({"party_signed { party_id: 'p1' signed_at_ms: " + std::to_string(friday) + " }"})
      .When(on_paper("sign { party_id: 'p2' kind: FINGERPRINT", "signed_at_ms", friday - 60'000))
      .When(on_paper("sign {", "signed_at_ms", friday - 30'000))
      .AndState("status: AGREED")
      .When(on_paper("seal { copies: 3", "sealed_at_ms", friday + base::kHourMs), Chair(), monday + base::kHourMs)
      .ThenPartly({"sealed { copies: 3 sealed_at_ms: " + std::to_string(friday + base::kHourMs) + " }",
                   "effective { form: WRITTEN effective_at_ms: " + std::to_string(friday + base::kHourMs) + " }"})
      .AndNotice("mediation.effective")
      .AndTimer("due/DM-05", EndOf("2026-12-28") + 1)  // thirty days from Friday end on Sunday: the Monday after it
      .AndTimer("warn_window", friday + base::kHourMs + 20 * base::kDayMs)
      .AndTimer("due/DM-06", base::EndOfDayMs(base::LocalDay(1798000000000) + 7) + 1);
  EXPECT_EQ(c.state().agreement().effective_at_ms(), friday + base::kHourMs);
  EXPECT_EQ(c.state().agreement().mediator_signed_at_ms(), friday - 30'000);
  EXPECT_EQ(c.state().agreement().sealed_at_ms(), friday + base::kHourMs);
  EXPECT_EQ(c.state().party(0).signed_at_ms(), friday);
  Case sealed_now = DraftedCase();  // whatever comes last: here the seal, put on the day it is entered
  sealed_now.When(on_paper("sign { party_id: 'p1' kind: SIGNATURE", "signed_at_ms", kTuesday), Mediator(), monday)
      .When(on_paper("sign { party_id: 'p2' kind: SIGNATURE", "signed_at_ms", kTuesday))
      .When(on_paper("sign {", "signed_at_ms", kTuesday))
      .When("seal { copies: 3 }", Chair(), monday)
      .ThenPartly({"sealed {}", "effective { effective_at_ms: " + std::to_string(monday) + " }"});
}

// spec: M13 M14
TEST(Agreement, ADayOfSigningIsThatOfAPaperAndFitsWhatHappened) {
  const int64_t now = kTuesday + 3 * base::kDayMs;
  const std::string scan = " proof_sha256: '" + kDigest + "'";
  const struct {
    std::string what, scan, field;
    Actor actor;
  } steps[] = {{"sign { party_id: 'p1' kind: SIGNATURE", scan, "signed_at_ms", Mediator()},
               {"sign {", scan, "signed_at_ms", Mediator()},
               {"seal { copies: 3", scan, "sealed_at_ms", Chair()}};
  for (const auto& step : steps) {
    Case c = DraftedCase();
    const int64_t met = c.state().session(0).started_at_ms();
    const auto on = [&](int64_t at_ms, const std::string& with) {
      return step.what + with + " " + step.field + ": " + std::to_string(at_ms) + " }";
    };
    const std::pair<int64_t, const char*> wrong[] = {{now + 1, "BAD_TIME"},
                                                     {c.state().accepted_at_ms() - 1, "BAD_TIME"},
                                                     {-5, "BAD_TIME"},
                                                     {met - 1, "SIGNED_BEFORE_MEETING"}};
    for (const auto& [at_ms, reason] : wrong) {
      c.When(on(at_ms, step.scan), step.actor, now).ThenRefused(RefusalCode::kInvalid, reason);
      EXPECT_EQ(c.refusal()->field, step.field) << step.what;
    }
    if (step.what != "sign { party_id: 'p1' kind: SIGNATURE") {  // there a scan is needed in any case
      c.When(on(met, ""), step.actor, now).ThenRefused(RefusalCode::kInvalid, "DAY_NEEDS_ITS_SCAN");
      EXPECT_EQ(c.refusal()->field, step.field);
    }
    c.When(on(met, step.scan), step.actor, now);
    EXPECT_FALSE(c.refusal()) << step.what;
  }
  Case clicked = DraftedCase();
  clicked.When("sign { party_id: 'p1' kind: SIGNATURE signed_at_ms: " + std::to_string(kTuesday) + scan + " }",
               Resident("ua"), now)
      .ThenRefused(RefusalCode::kInvalid, "SIGNED_NOW");
  EXPECT_EQ(clicked.refusal()->field, "signed_at_ms");
  Case drafted = MediatingCase();
  std::string draft = DraftText();
  draft.insert(draft.rfind('}'), "reached_at_ms: " + std::to_string(drafted.state().accepted_at_ms()) + " ");
  drafted.When(draft, Mediator(), now).ThenRefused(RefusalCode::kInvalid, "SIGNED_BEFORE_MEETING");
  EXPECT_EQ(drafted.refusal()->field, "reached_at_ms");
}

// spec: M14
TEST(Agreement, DoesNotBindWhileAnySignatureOrTheSealIsMissing) {
  const std::vector<std::pair<std::string, Actor>> steps = {
      {"sign { party_id: 'p1' kind: SIGNATURE }", Resident("ua")},
      {"sign { party_id: 'p2' kind: SIGNATURE }", Resident("ub")},
      {"sign { }", Mediator()},
      {"seal { copies: 3 }", Chair()},
  };
  for (size_t left_out = 0; left_out < steps.size(); ++left_out) {
    Case c = DraftedCase();
    for (size_t i = 0; i < steps.size(); ++i) {
      if (i != left_out) c.When(steps[i].first, steps[i].second, kTuesday);
    }
    EXPECT_EQ(c.state().status(), v1::AGREED) << "without step " << left_out;
    c.When(steps[left_out].first, steps[left_out].second, kTuesday);
    EXPECT_EQ(c.state().status(), v1::EFFECTIVE) << "step " << left_out << " last";
  }
}

// spec: M14
TEST(Agreement, AThirdPartyWhoOwesSomethingSignsToo) {
  Case c = MediatingCase("party { person { name: 'vault:c' side: SIDE_THIRD } }");
  const std::string draft = DraftText(
      "clause { obligor_party_id: 'p3' obligee_party_id: 'p1' kind: DO content: 'x' place: 'x' "
      "due_at_ms: 1798000000000 }");
  // 若干规定 30: who is bound by it has been told of rights and duties like the two sides.
  c.When(draft)
      .ThenRefused("RIGHTS_NOTICE_MISSING")
      .When("serve_rights_notice { party_id: 'p3' how: '当面' }", Mediator(), c.now_ms())
      .When(draft)
      .When("seal { copies: 3 }", Chair(), kTuesday)
      .ThenRefused("COPIES_MISSING")
      .When("seal { copies: 4 }")
      .When("sign { }", Mediator(), kTuesday)
      .When("sign { party_id: 'p1' kind: SIGNATURE proof_sha256: '" + kDigest + "' }")
      .When("sign { party_id: 'p2' kind: SIGNATURE proof_sha256: '" + kDigest + "' }")
      .AndState("status: AGREED")
      .When("sign { party_id: 'p3' kind: SIGNATURE proof_sha256: '" + kDigest + "' }")
      .AndState("status: EFFECTIVE");
}

// spec: M14
TEST(Sign, IsOncePerPersonAndForOneself) {
  Case c = DraftedCase();
  c.When("sign { party_id: 'p2' kind: SIGNATURE }", Resident("ua"), kTuesday)
      .ThenRefused("NOT_YOUR_PARTY")
      .When("sign { party_id: 'p9' kind: SIGNATURE }")
      .ThenRefused("UNKNOWN_PARTY")
      .When("sign { party_id: 'p1' }")
      .ThenRefused("VALUE_NEEDED")
      .When("sign { }")
      .ThenRefused("NOT_CHAIR")
      .When("sign { party_id: 'p1' kind: SIGNATURE }")
      .ThenPartly({"party_signed {}"})
      .When("sign { party_id: 'p1' kind: SIGNATURE }")
      .ThenRefused("ALREADY_SIGNED")
      .When("sign { party_id: 'p2' kind: SIGNATURE }", Mediator(), kTuesday)
      .ThenRefused("PROOF_NEEDED")
      .When("sign { }")
      .ThenPartly({"mediator_signed {}"})
      .When("sign { }")
      .ThenRefused("ALREADY_SIGNED")
      .When("seal { copies: 3 }", Chair(), kTuesday)
      .When("seal { copies: 3 }")
      .ThenRefused("ALREADY_SEALED");
}

std::string OralText(const std::string& more) {
  return "record_oral { facts: '口角' manner: '当场' " + std::string(kClause) + more + " }";
}

// spec: M15 DM-04 DM-05 DM-06
TEST(OralAgreement, BindsFromTheMomentItWasReached) {
  Case c = MediatingCase();
  const int64_t reached = kTuesday - base::kHourMs / 4;
  c.When(OralText("reached_at_ms: " + std::to_string(reached)))
      .ThenPartly(
          {"effective { form: ORAL effective_at_ms: " + std::to_string(reached) + " oral { form: ORAL } }"})
      .AndNotice("mediation.effective")
      .AndNoTimer("due/DM-04")
      .AndTimer("due/DM-05", EndOf("2026-12-24") + 1)
      .AndTimer("due/DM-06", base::EndOfDayMs(base::LocalDay(1798000000000) + 7) + 1)
      .AndState("status: EFFECTIVE agreement { effective_at_ms: " + std::to_string(reached) + " }");
  v1::Notice notice;
  ASSERT_TRUE(notice.ParseFromString(c.notices()[0].payload()));
  EXPECT_EQ(notice.form(), v1::ORAL);
  EXPECT_EQ(notice.level(), 2);
  EXPECT_EQ(notice.amount_band(), v1::NO_AMOUNT);
  Case later = MediatingCase();  // written down a week after
  later.When(OralText("reached_at_ms: " + std::to_string(kTuesday)), Mediator(), kTuesday + 7 * base::kDayMs)
      .AndTimer("due/DM-05", EndOf("2026-12-24") + 1);
}

// spec: M15
TEST(OralAgreement, WhereWritingIsTheRuleSaysWhyItIsOral) {
  Case c = MediatingCase("civil_rights_and_duties: true");
  c.When(OralText(""))
      .ThenRefused("WRITTEN_IS_THE_RULE")
      .When(OralText("why_oral: '当场履行'"))
      .ThenPartly({"effective { oral { why_oral: '当场履行' } }"});
  Case paid = MediatingCase();
  paid.When(
          "record_oral { facts: 'x' manner: 'x' clause { obligor_party_id: 'p2' obligee_party_id: 'p1' kind: "
          "PAY "
          "content: 'x' amount_fen: 60000000 place: 'x' due_at_ms: 1798000000000 } }")
      .ThenRefused("WRITTEN_IS_THE_RULE");
}

// spec: M15
TEST(OralAgreement, IsNoneInALabourOrMedicalDispute) {  // 劳动争议调解仲裁法 14, 医疗纠纷条例 39
  for (const char* type : {"D10", "D11", "D15"}) {
    Case c(tests::Learned(), "c1");
    BringToMediation(&c, type);
    c.When("record_oral { facts: 'x' manner: 'x' why_oral: '当场履行' " + kRepair + " }", Mediator(), kTuesdayMs)
        .ThenRefused("WRITTEN_IS_THE_LAW")
        .When(DraftText(kRepair))
        .AndState("status: AGREED");
  }
}

// spec: M15
TEST(OralAgreement, IsNotEnoughForAPartyWhoWantsWriting) {
  Case c = MediatingCase("party { wants_writing: true person { name: 'vault:c' side: SIDE_THIRD } }");
  c.When(OralText("why_oral: '当场履行'")).ThenRefused("PARTY_WANTS_WRITING");
}

// spec: M15
TEST(OralAgreement, HasItsRegister) {  // 口头协议登记表
  const std::string clause = kClause;
  MediatingCase().When("record_oral { manner: '当场' " + clause + "}").ThenRefused("CONTENT_NEEDED");
  MediatingCase().When("record_oral { facts: '口角' " + clause + "}").ThenRefused("CONTENT_NEEDED");
}

// Whoever has not met has agreed on nothing; and what is promised is as clear as in writing.
// spec: M15
TEST(OralAgreement, NeedsBothSidesAndClearPromises) {
  Case c = AssignedCase();
  c.When("hold_session { session { started_at_ms: " + std::to_string(kTuesday) + " ended_at_ms: " +
             std::to_string(kTuesday) +
             " place: 'x' mode: ONSITE record: 'x' result: CONTINUES attendance { party_id: 'p1' present: true } } }",
         Mediator(), kTuesday)
      .When(OralText(""))
      .ThenRefused("JOINT_SESSION_NEEDED");
  MediatingCase().When("record_oral { facts: '口角' manner: '当场' }").ThenRefused("VALUE_NEEDED");
}

// spec: M15
TEST(OralAgreement, IsNotReachedInTheFutureOrBeforeAcceptance) {
  MediatingCase().When(OralText("reached_at_ms: 99999999999999")).ThenRefused("BAD_TIME");
  MediatingCase().When(OralText("reached_at_ms: 5")).ThenRefused("BAD_TIME");
  Case c = MediatingCase();  // accepted on Monday, met on Tuesday
  const int64_t met = c.state().session(0).started_at_ms();
  c.When(OralText("reached_at_ms: " + std::to_string(met - 1))).ThenRefused("REACHED_BEFORE_MEETING");
  EXPECT_EQ(c.refusal()->field, "reached_at_ms");
  c.When(OralText("reached_at_ms: " + std::to_string(met))).AndState("status: EFFECTIVE");
}

// spec: DM-06
TEST(Visit, WithoutAPerformanceDateIsDueThirtyDaysAfterEffect) {
  Case c = MediatingCase();
  c.When(
       "record_oral { facts: 'x' manner: 'x' clause { obligor_party_id: 'p2' obligee_party_id: 'p1' kind: "
       "REFRAIN content: '不再喧哗' } }")
      .AndTimer("due/DM-06", EndOf("2026-12-24") + 1);
}

// spec: DM-05
TEST(ConfirmationWindow, IsWarnedOfTwiceAndClosesWithoutBlame) {
  Case c = MediatingCase();
  c.When(OralText(""))
      .WhenTimerFires("warn_window")
      .ThenPartly({"window_warned { day: 20 }"})
      .AndNotice("mediation.window_warned")
      .WhenTimerFires("warn_window")
      .ThenPartly({"window_warned { day: 27 }"})
      .AndNoTimer("warn_window")
      .WhenTimerFires("due/DM-05")
      .ThenPartly({"window_expired {}"})
      .AndNotice("mediation.window_expired")
      .AndState("confirmation: WINDOW_EXPIRED status: EFFECTIVE");
  for (const auto& clock : c.state().clock()) {
    if (clock.policy_id() == "DM-05") {
      EXPECT_EQ(clock.outcome(), common::v1::CLOCK_CANCELLED);  // a right not used is nobody's failure
      EXPECT_EQ(clock.holder_org(), "");
    }
  }
}

TEST(ConfirmationWindow, AfterADowntimeIsWarnedOfOnce) {
  Case c = MediatingCase();
  c.When(OralText(""))
      .At(kTuesday + 28 * base::kDayMs)
      .WhenTimerFires("warn_window")
      .Then({"window_warned { day: 27 }"})
      .AndNoTimer("warn_window");
}

}  // namespace
}  // namespace mediation
