// What calendars and oversight do to a case, and what others may hear.
#include "tests/mediation/case_world.h"

namespace mediation {
namespace {

// The committee read of an instruction that its leader had not had distributed.
// spec: O7
TEST(Oversight, InstructionIsNotedAndAnsweredOnceItIsDistributed) {
  Case c = MediatingCase();
  c.When("oversee { topic: 'oversight.instructed' notice { instruction_id: 'in1' issuer_org: 'c-gov' } }", Platform(),
         c.now_ms())
      .ThenNothing();
  c.When("oversee { topic: 'oversight.instruction_withdrawn' notice { instruction_id: 'in1' } }").ThenNothing();
  c.When(
       "oversee { topic: 'oversight.instruction_distributed' notice { instruction_id: 'in1' issuer_org: 'c-gov' "
       "due_at_ms: 5 } }",
       Platform(), c.now_ms())
      .Then({"instruction_noted { instruction_id: 'in1' issuer_org: 'c-gov' due_at_ms: 5 }"})
      .AndNotice("mediation.instructed");
  v1::Notice notice;
  ASSERT_TRUE(notice.ParseFromString(c.notices()[0].payload()));
  EXPECT_TRUE(notice.answer().done());
  EXPECT_EQ(notice.answer().instruction_id(), "in1");
  c.When("oversee { topic: 'oversight.instruction_distributed' notice { instruction_id: 'in1' } }").ThenNothing();
}

TEST(Oversight, NobodyAssignsOrSendsDownAMediationFromOutside) {
  for (const char* topic : {"oversight.assigned", "oversight.send_down_requested"}) {
    Case c = MediatingCase();
    c.When(std::string("oversee { topic: '") + topic + "' notice { instruction_id: 'x1' } }", Platform(),
           c.now_ms())
        .ThenPartly({"oversight_answered { done: false reason_code: 'NOT_FOR_MEDIATION' }"})
        .AndNotice("mediation.oversight_answered");
  }
  Case c = Registered();
  c.When("end { reason: E03_SETTLED_THEMSELVES }", Resident("ua"), kMonday)
      .When("oversee { topic: 'oversight.instruction_distributed' notice { instruction_id: 'x1' } }", Platform(),
            kMonday)
      .ThenPartly({"oversight_answered { reason_code: 'CASE_NOT_OPEN' }"})
      .When("oversee { topic: 'oversight.reminded' notice { instruction_id: 'x2' } }")
      .ThenNothing();
}

// A notice carries no names, no text; what a token hides stays hidden, and the token stays at home too.
TEST(Notices, CarryNothingPersonal) {
  auto expect_clean = [](const Case& c, const char* step) {
    for (const auto& notice : c.notices()) {
      const std::string bytes = notice.SerializeAsString();
      for (const char* secret : {"vault:", "漏水", "ua", "修好", "md1"}) {
        EXPECT_EQ(bytes.find(secret), std::string::npos) << step << " tells " << secret;
      }
    }
  };
  expect_clean(Registered(), "apply");
  Case c = DraftedCase();
  expect_clean(c, "draft");
  c.When("end { reason: E04_PARTY_REFUSES remark: '漏水' }", Resident("ua"), c.now_ms());
  expect_clean(c, "end");
}

// spec: DM-04
TEST(Calendar, OfTheNextYearMovesProvisionalClocksOnly) {
  Case c(tests::Learned(), "c1");
  std::string text = ApplyText();
  text.replace(text.find("'D02'"), 5, "'D15'");
  c.When(text, Registrar(), kMonday)
      .When("record_consent { party_id: 'p2' answer: AGREED_TO_MEDIATE how: 'x' }")
      .When("serve_rights_notice { party_id: 'p1' party_id: 'p2' how: 'x' }")
      .When(kAccept);
  const int64_t before = c.state().period_end_ms();
  v1::Command learn;
  *learn.mutable_learn_reference()->mutable_notice()->mutable_calendar_loaded() = NextYear();
  c.As(Platform())
      .WhenOn("ref/calendar", learn.ShortDebugString())
      .ThenPartly({tests::On{"ref/calendar", "reference_learned {}"}})
      .WhenTimerFires("recompute", "ref/calendar")
      .ThenPartly({tests::On{"c1", "clock { policy_id: 'DM-04' } clocks_recomputed {}"},
                   tests::On{"ref/calendar", "recompute_stepped { finished: true }"}})
      .AndNotice("mediation.clocks_recomputed");
  EXPECT_EQ(c.state().period_end_ms(), before + base::kDayMs);
  c.AndTimer("due/DM-04", before + base::kDayMs + 1).AndTimer("due/DM-03", EndOf("2026-11-25") + 1);
}

// spec: M1
TEST(Counters, AreSerialByDayAndFileNumbersByYear) {
  Case c = AcceptedCase();
  c.At(kMonday + base::kDayMs).As(Registrar()).WhenOn("c2", ApplyText());
  EXPECT_EQ(c.StateOf("c2").matter_code(), "37140320261124M000001");
  c.WhenOn("c3", ApplyText());
  EXPECT_EQ(c.StateOf("c3").matter_code(), "37140320261124M000002");
  c.WhenOn("c3", "record_consent { party_id: 'p2' answer: AGREED_TO_MEDIATE how: 'x' }")
      .WhenOn("c3", "serve_rights_notice { party_id: 'p1' party_id: 'p2' how: 'x' }")
      .WhenOn("c3", kAccept);
  EXPECT_EQ(c.StateOf("c3").file_no(), "（2026）陵人调字第0002号");
}

TEST(Lists, KeepOpenCasesApartFromEndedOnes) {
  Case c = Registered();
  auto listed = [&](std::string_view prefix) {
    int count = 0;
    for (const auto& entry : MediationDomain::Indexes("c1", c.state())) {
      count += entry.index == "committee" && entry.key.starts_with(prefix);
    }
    return count;
  };
  EXPECT_EQ(listed("v-committee/0"), 1);
  c.AndTally("status/371403001/REGISTERED", 1)
      .AndTally("dispute/371403001/D02", 1)
      .When("end { reason: E03_SETTLED_THEMSELVES }", Resident("ua"), kMonday)
      .AndTally("status/371403001/REGISTERED", 0)
      .AndTally("status/371403001/ENDED", 1);
  EXPECT_EQ(listed("v-committee/0"), 0);
  EXPECT_EQ(listed("v-committee/1"), 1);
}

// spec: O3 O4
TEST(Order, LiesOverTheCaseUntilItIsClosed) {
  Case c = MediatingCase();
  const std::string order = "' notice { service: 'mediation' order_id: 'or-1' card: CARD_RED due_at_ms: 9 } }";
  const auto status = c.state().status();
  c.When("oversee { topic: 'oversight.order_issued" + order, Platform(), c.now_ms()).AndNotice("mediation.order_set");
  v1::Notice notice;
  ASSERT_TRUE(notice.ParseFromString(c.notices()[0].payload()));
  EXPECT_EQ(notice.card(), common::v1::CARD_RED);
  EXPECT_EQ(c.state().status(), status);
  c.When("oversee { topic: 'oversight.order_issued" + order, Platform(), c.now_ms()).ThenNothing();  // told twice
  c.When("oversee { topic: 'oversight.order_closed" + order, Platform(), c.now_ms());
  EXPECT_EQ(c.state().order_size(), 0);
  c.When("oversee { topic: 'oversight.order_closed" + order, Platform(), c.now_ms()).ThenNothing();
}

// spec: M24 A8
TEST(HearKept, IsRememberedOnceForADocumentAndNothingElse) {
  Case c(tests::Learned(), "doc/" + kDigest);
  c.When("hear_kept { kind: PAPER }", Platform(), kMonday).Then({"document_kept { kind: PAPER }"}).AndNoNotice();
  c.When("hear_kept { kind: PAPER }", Platform(), kMonday).ThenNothing();
  EXPECT_TRUE(MediationDomain::Indexes("doc/" + kDigest, c.state()).empty());
  EXPECT_TRUE(MediationDomain::Tallies(c.state()).empty());
  Case no_digest(tests::Learned(), "doc/x");
  no_digest.When("hear_kept {}", Platform(), kMonday).ThenNothing();
  Case by_hand(tests::Learned(), "doc/" + kDigest);
  by_hand.When("hear_kept { kind: PAPER }", Chair(), kMonday).ThenRefused(RefusalCode::kNotAllowed);
}

// It may be the first thing a new installation hears.
// spec: A8
TEST(HearKept, NeedsNoReferenceData) {
  Case c(reference::Reference(), "doc/" + kDigest);
  c.When("hear_kept { kind: PHOTO }", Platform(), kMonday).Then({"document_kept { kind: PHOTO }"});
}

}  // namespace
}  // namespace mediation
