// 移送材料: the papers that whoever referred a case gave along, while the hand-over stands.
#include <absl/strings/escaping.h>

#include "media/v1/media.pb.h"
#include "media/v1/notices.pb.h"
#include "services/kernel/document_mark.h"
#include "services/mediation/queries.h"
#include "tests/mediation/case_world.h"
#include "tests/support/driven.h"

namespace mediation {
namespace {

constexpr char kLapse[] = "hear_lapse { referral_id: 'p1-6' }";
const std::string kTake =
    "take_referral { origin { service: 'petition' aggregate_id: 'p1' matter_code: '37140320261101P000009' referral_id: "
    "'p1-6' } area_code: '371403001002' dispute_type: 'D02' party_count: 2 consent_known: true end_by_ms: " +
    std::to_string(EndOf("2026-12-07")) + " }";
const std::string kIntake =
    "complete_intake { facts: '漏水' party { person { name: 'vault:a' side: SIDE_A user_id: 'ua' } } party { person { "
    "name: 'vault:b' side: SIDE_B user_id: 'ub' } } }";

// What the stream tells media beside the mentions of the newest notice.
media::v1::HandedOver Handed(const Case& c) {
  media::v1::HandedOver handed;
  EXPECT_FALSE(c.notices().empty());
  EXPECT_TRUE(!c.notices().empty() && handed.ParseFromString(c.notices()[0].payload()));
  return handed;
}

struct WithPapers : Case {
  WithPapers() : Case(tests::Learned(), "rf-p1-6") {
    const std::string take = kTake.substr(0, kTake.size() - 2) + " handed_document: '" + kLetter + "' }";
    WithChance(7).When(take, Platform(), kMonday).AndNotice("mediation.referral_received");
  }
  const std::string kLetter = std::string(64, 'a');
};

// spec: M3
TEST(HandedPapers, AreKnownToTheCaseAndCameFromTheSender) {
  WithPapers c;
  ASSERT_EQ(c.state().handed_sha256_size(), 1);
  EXPECT_EQ(c.state().handed_sha256(0), c.kLetter);
  media::v1::Mentions mentions;
  ASSERT_TRUE(mentions.ParseFromString(c.notices()[0].payload()));
  ASSERT_EQ(mentions.sha256_size(), 1);
  EXPECT_EQ(mentions.sha256(0), c.kLetter);
  EXPECT_EQ(Handed(c).from(), "petition/p1");
  EXPECT_EQ(Handed(c).back_size(), 0);
  c.When(kIntake, Registrar(), kMonday);
  EXPECT_EQ(Handed(c).from(), "") << "it is said once";
}

// spec: M3 M6 M17
TEST(HandedPapers, EndWithTheHandOverHoweverItEnds) {
  const auto gone = [](WithPapers& c, const char* how) {
    EXPECT_FALSE(c.refusal()) << how << c.refusal()->reason;
    EXPECT_EQ(c.state().handed_sha256_size(), 0) << how;
    ASSERT_EQ(Handed(c).back_size(), 1) << how;
    EXPECT_EQ(Handed(c).back(0), c.kLetter) << how;
  };
  WithPapers lapsed, under_way, refused, ended;
  lapsed.When(kLapse, Platform(), kTuesdayMs);
  gone(lapsed, "nobody was asked");
  under_way.When(kIntake, Registrar(), kMonday).When("ask_consent { how: '电话' }", Registrar(), kMonday);
  EXPECT_EQ(under_way.state().handed_sha256_size(), 1);
  under_way.When(kLapse, Platform(), kTuesdayMs);
  gone(under_way, "it goes on without the sender");
  refused.When(kIntake, Registrar(), kMonday);
  refused.When("refuse { code: 'SPECIAL_ORGAN' where_to_go: '劳动仲裁委' notice_how: '书面' remedy: ARBITRATION }");
  gone(refused, "refused");
  ended.When(kIntake, Registrar(), kMonday);
  ended.When("end { reason: E03_SETTLED_THEMSELVES }", Resident("ua"), kMonday);
  gone(ended, "without an agreement");
}

// A petitioner's letter is for the committee that was asked, and not for the other side.
// spec: M3
TEST(HandedPapers, AreShownToTheCommitteeAlone) {
  tests::Driven<MediationDomain> desk(kMonday, tests::Learned());
  const Queries queries({[&desk] { return desk.Read(); }, nullptr, nullptr});
  rpc::AuditNote note;
  const std::string letter(64, 'a'), mine = "rf-r1";
  ASSERT_FALSE(desk.Do(mine,
                        "take_referral { origin { service: 'petition' aggregate_id: 'p1' matter_code: 'X' referral_id: "
                        "'r1' } area_code: '371403001002' dispute_type: 'D02' party_count: 2 handed_document: '" +
                            letter + "' }",
                        Platform())
                   .refusal);
  ASSERT_FALSE(desk.Do(mine, "complete_intake { facts: '漏水' " + kParties + " }", Registrar()).refusal);
  v1::GetCaseRequest request;
  request.set_id(mine);
  const auto shown_to = [&](const Actor& actor) {
    rpc::Caller caller;
    caller.actor = actor;
    caller.now_ms = desk.clock().NowMs();
    caller.note = &note;
    v1::Case shown;
    EXPECT_TRUE(queries.GetCase(caller, request, &shown).ok());
    return shown;
  };
  ASSERT_EQ(shown_to(Registrar()).handed_paper_size(), 1);
  EXPECT_EQ(shown_to(Registrar()).handed_paper(0).sha256(), letter);
  EXPECT_TRUE(shown_to(Registrar()).handed_paper(0).awaited());
  for (const Actor& actor : {Resident("ua"), Resident("ub"), ActorOf(kernel::v1::ROLE_CL, "gov", "371403")}) {
    EXPECT_EQ(shown_to(actor).ShortDebugString().find(letter), std::string::npos) << actor.user_id();
  }
  // That the bytes came for another case says nothing of this one.
  const auto kept = [&](const std::string& case_id) {
    return "hear_kept { kind: PAPER matter: '" +
           absl::CHexEscape(kernel::MatterMark(letter, "mediation", case_id)) + "' }";
  };
  desk.Do("doc/" + letter, kept("c1"), Platform());
  EXPECT_TRUE(shown_to(Registrar()).handed_paper(0).awaited());
  desk.Do("doc/" + letter, kept(mine), Platform());
  EXPECT_FALSE(shown_to(Registrar()).handed_paper(0).awaited());
  ASSERT_FALSE(desk.Do(mine, "hear_lapse { referral_id: 'r1' }", Platform()).refusal);
  EXPECT_EQ(shown_to(Registrar()).ShortDebugString().find(letter), std::string::npos) << "the sender wants them back";
}

}  // namespace
}  // namespace mediation
