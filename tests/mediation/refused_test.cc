// What was once taken and is refused now: each test is named after what happened.
#include <gmock/gmock.h>

#include <algorithm>
#include <utility>

#include "services/mediation/domain/file_index.h"
#include "services/mediation/domain/rules.h"
#include "tests/mediation/case_world.h"

namespace mediation {
namespace {

using namespace kernel::v1;  // NOLINT: roles by their names alone
using testing::Contains, testing::Not;

Actor OfIndustry(Role role) { return ActorOf(role, "medical-committee", "371403", "im1"); }
Actor OfCounty(Role role) { return ActorOf(role, "c-committee", "371403", "cm1"); }

// The registrar of the county's committee for one industry accepted, and read in clear, what neighbours of a village
// had brought before their own.
// spec: M4 M5 M6
TEST(Refused, TheRegistrarOfAnIndustrysCommitteeActsOnAVillagesCase) {
  Case c = Consented();
  c.When(kAccept, OfIndustry(ROLE_MR), c.now_ms())
      .ThenRefused(RefusalCode::kNotAllowed)
      .When("refuse { code: 'NOT_CIVIL' where_to_go: 'x' notice_how: 'x' }", OfIndustry(ROLE_MC), c.now_ms())
      .ThenRefused(RefusalCode::kNotAllowed);
  const auto reference = tests::Learned();
  EXPECT_FALSE(MaySee(c.state(), OfIndustry(ROLE_MR), reference));
  EXPECT_TRUE(MaySee(c.state(), OfCounty(ROLE_MR), reference));
  EXPECT_FALSE(MaySee(c.state(), ActorOf(ROLE_MR, "nobody-knows-it", "371403"), reference));
  c.When(kAccept, OfCounty(ROLE_MR), c.now_ms()).ThenPartly({"accepted {}"});  // of the same line, and above
}

// spec: M4 M5 M6
TEST(Refused, TheRegistrarOfAnAreasCommitteeActsOnAnIndustrysCase) {
  Case c(tests::Learned(), "c1");
  const std::string ask = "ask_consent { how: '电话' }";
  c.WithChance(7)
      .When(OfType(ApplyText("committee_org: 'medical-committee'"), "D15"), OfIndustry(ROLE_MR), kMonday);
  ASSERT_FALSE(c.refusal()) << c.refusal()->reason;
  c.When(ask, OfCounty(ROLE_MR), kMonday).ThenRefused(RefusalCode::kNotAllowed);
  EXPECT_FALSE(MaySee(c.state(), OfCounty(ROLE_MR), tests::Learned()));
  c.When(ask, ActorOf(ROLE_MR, "c-centre", "371403"), kMonday).ThenPartly({"consent_asked {}"});  // takes in for all
}

// spec: M8
TEST(Refused, AMediatorWhoWasAskedToStandAsideComesBack) {
  Case c = MediatingCase();
  const std::string back = "replace_mediator { chair_user_id: 'md1' recusal_checked: true reason: '换回来' }";
  c.When("request_recusal { party_id: 'p2' mediator_user_id: 'md1' ground: KINSHIP }", Resident("ub"), c.now_ms())
      .When("replace_mediator { chair_user_id: 'md2' recusal_checked: true reason: '回避' }", Chair(), c.now_ms())
      .ThenPartly({"mediator_replaced { chair_user_id: 'md2' replaced_user_id: 'md1' recused_user_id: 'md1' }"})
      .When(back)
      .ThenRefused(RefusalCode::kGuard, "MEDIATOR_RECUSED")
      .When("replace_mediator { chair_user_id: 'md3' other_user_id: 'md1' recusal_checked: true reason: 'x' }")
      .ThenRefused("MEDIATOR_RECUSED");
  Case free = MediatingCase();  // replaced for another reason: may come back
  free.When("replace_mediator { chair_user_id: 'md2' recusal_checked: true reason: '出差' }", Chair(), free.now_ms())
      .When(back)
      .ThenPartly({"mediator_replaced { chair_user_id: 'md1' }"});
}

// spec: M10 M11 M14 M18
TEST(Refused, AnyTextWasTakenForTheDigestOfAPaper) {
  const auto refused = [](Case* c, const std::string& text, const Actor& actor, const std::string& field) {
    c->When(text, actor, c->now_ms()).ThenRefused(RefusalCode::kInvalid, "BAD_DIGEST");
    EXPECT_EQ(c->refusal()->field, field) << text;
  };
  Case asked = Asked();
  refused(&asked, "record_consent { party_id: 'p2' answer: AGREED_TO_MEDIATE how: '当面' proof_sha256: 'zz' }",
          Registrar(), "proof_sha256");
  Case drafted = DraftedCase();
  refused(&drafted, "sign { party_id: 'p2' kind: PARTY_SEAL proof_sha256: 'nothex' }", Mediator(), "proof_sha256");
  Case running = MediatingCase();
  refused(&running,
          "extend { by { amount: 1 unit: MO } reason: 'x' consent { party_id: 'p1' proof_sha256: '" + kDigest +
              "' } consent { party_id: 'p2' proof_sha256: 'q' } }",
          Mediator(), "consent[1].proof_sha256");
  Bind(&running);
  refused(&running, "perform { clause_no: 1 amount_fen: 80000 receipt_sha256: '" + std::string(64, 'A') + "' }",
          Mediator(), "receipt_sha256");
}

// spec: M9
TEST(Refused, ASessionIsHeldWithNobodyThere) {
  Case c = AssignedCase();
  std::string text = SessionText(kTuesdayMs);
  for (size_t at; (at = text.find("present: true")) != std::string::npos;) text.replace(at, 13, "present: false");
  c.When(text, Mediator(), kTuesdayMs).ThenRefused(RefusalCode::kGuard, "NOBODY_CAME");
  EXPECT_EQ(c.refusal()->field, "session.attendance");
  EXPECT_EQ(c.state().status(), v1::ASSIGNED);
  text.replace(text.find("present: false"), 14, "by_agent: true");
  c.When(text, Mediator(), kTuesdayMs).ThenPartly({"session_held {}"});
}

// spec: M13 M15
TEST(Refused, AClauseWasDueBeforeItWasAgreed) {
  const auto due = [](const std::string& day) {
    return "clause { obligor_party_id: 'p2' obligee_party_id: 'p1' kind: DO content: '修好' place: '现场' "
           "due_at_ms: " + std::to_string(Local(day)) + " } ";
  };
  Case c = MediatingCase();  // Tuesday the 24th
  c.When(DraftText(due("2020-01-01 12:00")), Mediator(), c.now_ms()).ThenRefused(RefusalCode::kInvalid, "DUE_PASSED");
  EXPECT_EQ(c.refusal()->field, "clause[0].due_at_ms");
  c.When(DraftText(due("2026-11-23 23:59"))).ThenRefused("DUE_PASSED");
  c.When(DraftText(due("2026-11-24 00:00"))).ThenPartly({"agreed {}"});  // the same day
  Case oral = MediatingCase();
  const auto reached = [&](const std::string& day, const std::string& on) {
    return "record_oral { " + due(day) + "facts: 'x' manner: 'x' why_oral: '即时履行' reached_at_ms: " +
           std::to_string(Local(on)) + " }";
  };
  oral.When(reached("2026-11-24 12:00", "2026-11-25 12:00"), Mediator(), Local("2026-11-27 12:00"))
      .ThenRefused("DUE_PASSED")
      .When(reached("2026-11-26 12:00", "2026-11-25 12:00"))  // due between the day and its recording
      .ThenPartly({"effective {}"});
}

// spec: M1
TEST(Refused, AnApplicationWasReceivedYearsAgo) {
  const auto received = [](const std::string& day) {
    return ApplyText("application_received_at_ms: " + std::to_string(Local(day)));
  };
  Case c(tests::Learned(), "c1");
  c.WithChance(7).When(received("1990-01-01 09:00"), Registrar(), kMonday).ThenRefused("BAD_RECEIVED");
  EXPECT_EQ(c.refusal()->field, "application_received_at_ms");
  c.When(received("2025-11-20 09:00")).ThenRefused("BAD_RECEIVED");  // the year is wrong
  c.When(received("2026-09-01 09:00")).ThenPartly({"registered {}"});
}

// spec: M1
TEST(Refused, AnApplicationForLessThanNothingNamesTheSum) {
  Case c(tests::Learned(), "c1");
  c.WithChance(7).When(ApplyText("amount_fen: -5"), Registrar(), kMonday).ThenRefused("BAD_AMOUNT");
  EXPECT_EQ(c.refusal()->field, "amount_fen");
}

// spec: M21 M22
TEST(Refused, ADepartmentIsAskedToConfirmAsACourt) {
  auto reference = tests::Learned();
  ASSERT_TRUE(reference.Learn(tests::OrgNotice("371403-court", directory::v1::COURT, "371403", "court")).ok());
  Case c(reference, "c1");
  BringToMediation(&c, "D02");
  Bind(&c);
  const auto apply = [](const std::string& org) { return ApplicationText(kBothSign + "forum_org: '" + org + "'"); };
  for (const char* none : {"c-hrss", "zzz"}) {
    c.When(apply(none), Registrar(), c.now_ms()).ThenRefused(RefusalCode::kInvalid, "UNKNOWN_COURT");
    EXPECT_EQ(c.refusal()->field, "forum_org");
  }
  c.When(apply("371403-court")).ThenPartly({"confirmation_applied {}"});
}

// spec: M24
TEST(Refused, OneLetterExcusesAMissingPaper) {
  Case c = MediatingCase();
  c.When("end { reason: E04_PARTY_REFUSES }", Resident("ub"), c.now_ms())
      .When("archive { volume_title: 'x' why_incomplete: 'x' }", Chair(), c.now_ms())
      .ThenRefused(RefusalCode::kInvalid, "REASON_TOO_SHORT")
      .When("archive { volume_title: 'x' why_incomplete: '拒绝提供' }")
      .ThenRefused("REASON_TOO_SHORT")  // counted in characters, not in bytes
      .When("archive { volume_title: 'x' why_incomplete: '拒绝提供的' }")
      .AndState("status: ARCHIVED");
}

// spec: M5
TEST(Refused, WhatIsMissingAtTheAcceptanceIsNamed) {
  Case asked = Asked();
  asked.When(kAccept, Registrar(), asked.now_ms()).ThenRefused("CONSENT_MISSING");
  EXPECT_EQ(asked.refusal()->metadata.at("party_id"), "p2");
  asked.When("record_consent { party_id: 'p2' answer: AGREED_TO_MEDIATE how: '当面' }")
      .When("serve_rights_notice { party_id: 'p1' how: '当面' }")
      .When(kAccept)
      .ThenRefused("RIGHTS_NOTICE_MISSING");
  EXPECT_EQ(asked.refusal()->metadata.at("party_id"), "p2");
  Case over = AcceptedCase();
  over.When(kAccept, Registrar(), over.now_ms()).ThenRefused(RefusalCode::kWrongStatus);
  EXPECT_EQ(over.refusal()->metadata.at("status"), "ACCEPTED");
}

// spec: M8 M9 M17
TEST(Refused, WhatIsRefusedAnywayWasSaidToBeAllowed) {
  const auto allowed = [](Case& c, const Actor& actor) {
    return AllowedCommands(c.state(), actor, tests::Learned());
  };
  Case c = MediatingCase();
  EXPECT_THAT(allowed(c, Mediator()), Contains("holdSession"));
  EXPECT_THAT(allowed(c, Chair()), Not(Contains("decideRecusal")));
  c.When("request_recusal { party_id: 'p2' mediator_user_id: 'md1' ground: KINSHIP }", Resident("ub"), c.now_ms());
  for (const char* command : {"holdSession", "draftAgreement", "recordOral"}) {
    EXPECT_THAT(allowed(c, Mediator()), Not(Contains(command)));
  }
  EXPECT_THAT(allowed(c, Chair()), Contains("decideRecusal"));
  c.When(SessionText(c.now_ms()), Mediator(), c.now_ms()).ThenRefused("RECUSAL_PENDING");
  EXPECT_EQ(c.refusal()->metadata.at("mediator_user_id"), "md1");
  Case bound = MediatingCase();
  EXPECT_THAT(allowed(bound, Chair()), Contains("end"));
  Bind(&bound);
  EXPECT_THAT(allowed(bound, Chair()), Not(Contains("end")));
  EXPECT_THAT(allowed(bound, Resident("ua")), Not(Contains("end")));
}

// spec: DM-01 DM-08
TEST(Clock, NamesTheCourtsArticleInTheCourtsCaseOnly) {
  const auto article = [](Case& c, std::string_view policy_id) {
    const auto clock = std::ranges::find(c.state().clock(), policy_id, &common::v1::Clock::policy_id);
    return clock == c.state().clock().end() ? std::string("no such clock") : clock->article();
  };
  Case applied = Registered();
  EXPECT_EQ(article(applied, "DM-01"), "平台默认");
  for (const auto& [sender, expected] : {std::pair("FROM_COURT", "人民法院在线调解规则第十二条"),
                                         std::pair("FROM_POLICE", "平台默认")}) {
    Case c(tests::Learned(), "c1");
    c.When(std::string("receive_referral { sender: ") + sender + " document: 'd' " + kDispute + kParties + " }",
           Registrar(), kMonday);
    EXPECT_EQ(article(c, "DM-08"), expected);
  }
}

}  // namespace
}  // namespace mediation
