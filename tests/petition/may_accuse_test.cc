// What is registered under discipline 纪检监察 and not as an accusation. Art. 30: 不得将信访人的检举、揭发材料以及有关情况透露或者
// 转给被检举、揭发的人员或者单位. Somebody looks before it goes anywhere, and that somebody doubted is told to nobody.
#include <algorithm>

#include "services/petition/queries.h"
#include "tests/petition/petition_world.h"
#include "tests/support/driven.h"
#include "tests/support/test_sealer.h"

namespace petition {
namespace {

std::string Of(const std::string& content_code, const std::string& more = "", const std::string& type = "REQUEST") {
  return "register { area_code: '371403001002' content_code: '" + content_code + "' type: " + type + " channel: NET " +
         kPetitioner + kContent + more + " }";
}
const std::string kWhy = "not_accusation_reason: 'vault:w' ";
const std::string kConfirm = "confirm_type { " + kWhy + "}";

// A request about discipline that a resident has registered online.
struct Own : Matter {
  explicit Own(const std::string& content_code = "Q16", const std::string& more = "") : Matter(City(), "p1") {
    WithChance(7).When(Of(content_code, more), Resident(), kMonday);
    EXPECT_FALSE(refusal());
  }
};

// A request about a bribe lay open among the others, in list, search and report.
// spec: P1 P11
TEST(MayAccuse, AClerkSaysWhyItIsNoAccusation) {
  Matter m(City(), "p1");
  m.WithChance(7).When(Of("Q16"), Clerk(), kMonday).ThenRefused(RefusalCode::kInvalid, "NOT_ACCUSATION_REASON");
  EXPECT_EQ(m.refusal()->field, "not_accusation_reason");
  m.When(Of("Q16", "not_accusation_reason: ' '")).ThenRefused("NOT_ACCUSATION_REASON");
  m.When(Of("Q16", "", "SUGGESTION")).ThenRefused("NOT_ACCUSATION_REASON");
  m.When(Of("Q16", kWhy)).AndNotice("petition.registered");
  EXPECT_FALSE(MayAccuse(m.state()));
  EXPECT_EQ(m.state().not_accusation_reason(), "vault:w");
  m.When(kForward, Office(), kMonday).AndNotice("petition.forwarded");
  Matter accusation(City(), "p1");
  accusation.WithChance(7).When(Of("Q16", "", "ACCUSATION"), Clerk(), kMonday);
  EXPECT_TRUE(Sealed(accusation.state()));
}

// spec: P1 P11
TEST(MayAccuse, IsAskedOfWhatTheGridHandsOverToo) {
  Matter m(City(), "pt-r1");
  m.WithChance(7).When(
      "take_referral { origin { service: 'incident' aggregate_id: 'i1' matter_code: 'X' referral_id: 'r1' } "
      "area_code: '371403' }",
      Platform(), kMonday);
  const std::string intake = "complete_intake { type: REQUEST content_code: 'Q16' " + kPetitioner + kContent;
  m.When(intake + "}", Clerk(), kMonday).ThenRefused(RefusalCode::kInvalid, "NOT_ACCUSATION_REASON");
  m.When(intake + kWhy + "}").AndNotice("petition.intake_completed");
  EXPECT_EQ(m.state().not_accusation_reason(), "vault:w");
}

// spec: P1 P4 P8 P9 P10 P11
TEST(MayAccuse, GoesNowhereBeforeAClerkHasLooked) {
  const std::string leaves[] = {
      kForward, kAccept, "refuse_acceptance { code: 'NA07' " + kNotice + "}",
      "redirect { code: 'NA03' procedure: '诉讼' organ: '法院' " + kNotice + "}",
      "raise_dispute { other_org: 'c-hrss' reason: '管辖' }", "merge_copy { primary_id: 'p2' }"};
  Own m;
  EXPECT_TRUE(MayAccuse(m.state()));
  for (const std::string& command : leaves) {
    m.When(command, Office(), kMonday).ThenRefused(RefusalCode::kGuard, "MAY_ACCUSE");
  }
  const auto allowed = AllowedCommands(m.state(), Office());
  EXPECT_FALSE(std::ranges::count(allowed, "forward"));
  EXPECT_TRUE(std::ranges::count(allowed, "confirmType"));
  m.When(kConfirm, Handler(), kMonday).ThenRefused(RefusalCode::kNotFound);
  m.When(kConfirm, Resident(), kMonday).ThenRefused(RefusalCode::kNotAllowed);
  m.When("confirm_type {}", Clerk(), kMonday).ThenRefused(RefusalCode::kInvalid, "NOT_ACCUSATION_REASON");
  m.When(kConfirm).AndNoNotice();
  m.When(kConfirm).ThenRefused("TYPE_CONFIRMED");
  m.When(kForward, Office(), kMonday).AndNotice("petition.forwarded");
}

// spec: P11
TEST(MayAccuse, IsSealedIfItDoes) {
  Own m;
  m.When("retype { type: ACCUSATION reason: '反映干部' }", Clerk(), kMonday).AndNotice("petition.removed");
  EXPECT_FALSE(MayAccuse(m.state()));
  m.When("transfer_to_discipline { discipline_org: 'c-discipline' }", Office(), kMonday).AndNotice("petition.sealed");
}

// It may be about whoever would have received it.
// spec: P1 P11
TEST(MayAccuse, IsReceivedWhereAccusationsAre) {
  Matter m(City(), "p1");
  m.WithChance(7).When(Of("Q16", "to_org: 'c-hrss'"), Resident(), kMonday)
      .ThenRefused(RefusalCode::kGuard, "ACCUSATION_NEEDS_OFFICE");
  m.When(Of("Q16"));
  EXPECT_EQ(m.state().office_org(), "c-petition");  // not the township's, which is nearer
  EXPECT_EQ(Own("Q05").state().office_org(), "t-petition");
  EXPECT_EQ(Own("Q05", "to_org: 'c-hrss'").state().unit_org(), "c-hrss");
}

// What petitioners wrote to say that it is none is not what a clerk says.
TEST(MayAccuse, IsNotForPetitionersToRuleOut) {
  Own m("Q16", kWhy);
  EXPECT_TRUE(MayAccuse(m.state()));
  EXPECT_TRUE(m.state().not_accusation_reason().empty());
}

// Of any content a clerk may confirm the type, so that the step says nothing of this one.
// spec: P1
TEST(MayAccuse, IsNotToldByTheStepThatRulesItOut) {
  Own other("Q05");
  EXPECT_FALSE(MayAccuse(other.state()));
  other.When("confirm_type {}", Clerk(), kMonday).AndNoNotice();
  EXPECT_FALSE(other.refusal());
}

// Nothing of the doubt is in a notice, a list, a count; and of the answers only the clerks' have it.
// spec: P11
TEST(MayAccuse, IsBetweenTheClerks) {
  tests::TestSealer sealer;
  tests::Driven<PetitionDomain> desk(kMonday, City(), &sealer);
  ASSERT_FALSE(desk.Do("p1", Of("Q16"), Resident()).refusal);
  const Queries queries({[&] { return desk.Read(); }, nullptr, nullptr});
  const auto shown = [&](const Actor& actor) {
    rpc::Caller caller;
    caller.actor = actor;
    caller.now_ms = kMonday;
    v1::GetPetitionRequest request;
    request.set_id("p1");
    v1::Petition petition;
    EXPECT_TRUE(queries.GetPetition(caller, request, &petition).ok());
    return petition;
  };
  EXPECT_TRUE(shown(Clerk()).may_accuse());
  EXPECT_TRUE(shown(Office()).may_accuse());
  for (const Actor& other : {Resident(), Leader(), ActorOf(ROLE_PH, "c-petition", "371403", "ph3")}) {
    EXPECT_FALSE(shown(other).may_accuse()) << other.ShortDebugString();
  }
  ASSERT_FALSE(desk.Do("p1", kConfirm, Clerk()).refusal);
  ASSERT_FALSE(desk.Do("p1", kForward, Office()).refusal);
  EXPECT_FALSE(shown(Clerk()).may_accuse());
  EXPECT_EQ(shown(Clerk()).not_accusation_reason(), "vault:w");
  for (const Actor& other : {Resident(), Leader(), Handler(), Head()}) {
    EXPECT_TRUE(shown(other).not_accusation_reason().empty()) << other.ShortDebugString();
  }
  // Beside one that a clerk registered with a reason at once: the same notice, the same places, the same counts.
  Own own;
  Matter clerks(City(), "p1");
  clerks.WithChance(7).When(Of("Q16", "to_org: 'c-petition' " + kWhy), Clerk(), kMonday);
  Matter again(City(), "p1");
  again.WithChance(7).When(Of("Q16"), Resident(), kMonday);
  EXPECT_EQ(again.notices()[0].SerializeAsString(), clerks.notices()[0].SerializeAsString());
  EXPECT_EQ(PetitionDomain::Indexes("p1", own.state()), PetitionDomain::Indexes("p1", clerks.state()));
  EXPECT_EQ(PetitionDomain::Tallies(own.state()), PetitionDomain::Tallies(clerks.state()));
}

}  // namespace
}  // namespace petition
