// An accusation of the petition office itself, or of its government. Art. 28: 有直接利害关系的，应当回避; Art. 30: 不得将检举、揭发材料
// 透露或者转给被检举的单位. It lies with the office above, and for everybody of the accused one it is not there.
#include "tests/petition/petition_world.h"

namespace petition {
namespace {

const std::string kHand = "transfer_to_discipline { discipline_org: 'city-discipline' }";
std::string About(const std::string& org) { return "respondent_org: '" + org + "' "; }
std::string Seal(const std::string& more = "") { return "retype { type: ACCUSATION reason: '反映信访局负责人' " + more + "}"; }

struct Fresh : Matter {
  Fresh() : Matter(City(), "p1") { WithChance(7); }
};

// The accused learn by no command that there is one; the office above does with it what any office does.
void ExpectKeptAbove(Matter& m) {
  EXPECT_EQ(m.state().office_org(), "city-petition");
  EXPECT_EQ(m.state().office_area(), "3714");
  EXPECT_EQ(m.state().office_level(), 5);
  EXPECT_TRUE(Sealed(m.state()));
  EXPECT_TRUE(m.Runs("DP-01"));
  EXPECT_EQ(m.ClockOf("DP-01").holder_org(), "city-petition");
  for (const Actor& accused : {Office(), Clerk(), CountyReviewer(), Leader(), Handler()}) {
    EXPECT_FALSE(MaySee(m.state(), accused)) << accused.ShortDebugString();
    m.When(kHand, accused, kMonday).ThenRefused(RefusalCode::kNotFound, "NO_SUCH_MATTER");
  }
  EXPECT_TRUE(MaySee(m.state(), CityOffice()));
  m.When(kHand, CityOffice(), kMonday);
  EXPECT_FALSE(m.refusal());
  EXPECT_EQ(m.state().status(), v1::SEALED);
}

// spec: P1 P11
TEST(AccusedOffice, ReceivesNoAccusationOfItself) {
  for (const std::string& about : {About("c-petition"), About("c-gov"), std::string("competent_org: 'c-petition' ")}) {
    Fresh m;
    m.When(RegisterText(about, "ACCUSATION"), Clerk(), kMonday).AndNoNotice();
    EXPECT_FALSE(m.refusal()) << about;
    ExpectKeptAbove(m);
  }
  Fresh other;  // of whoever else the office at hand receives it
  other.When(RegisterText(About("c-hrss"), "ACCUSATION"), Clerk(), kMonday);
  EXPECT_EQ(other.state().office_org(), "c-petition");
  EXPECT_EQ(other.state().respondent_org(), "c-hrss");
}

// spec: P1 P11
TEST(AccusedOffice, ReceivesNoneFromACitizenEither) {
  Fresh named;
  named.When(RegisterText(About("c-petition") + "to_org: 'c-petition' ", "ACCUSATION", "NET"), Resident(), kMonday);
  ExpectKeptAbove(named);
  // What a citizen registers under discipline as a request may be one.
  Fresh m;
  m.When("register { area_code: '371403001002' content_code: 'Q16' type: REQUEST channel: NET " + kPetitioner +
             kContent + About("c-gov") + "}",
         Resident(), kMonday);
  EXPECT_EQ(m.state().office_org(), "city-petition");
  EXPECT_TRUE(MayAccuse(m.state()));
  EXPECT_FALSE(MaySee(m.state(), Clerk()));
  // Anything else goes where it always went: most that is asked of a government its office forwards.
  Fresh request;
  request.When(RegisterText(About("c-gov"), "REQUEST", "LETTER"), Clerk(), kMonday);
  EXPECT_EQ(request.state().office_org(), "c-petition");
}

// spec: P1 P11
TEST(AccusedOffice, LosesWhatTurnsOutToAccuseIt) {
  for (const enum At point : {At::kRegistered, At::kForwarded, At::kAccepted, At::kDelivered}) {
    Matter m(point);
    m.When(Seal(About("c-petition")), Clerk(), kMonday).AndNotice("petition.removed");
    ExpectKeptAbove(m);
  }
  Matter said(At::kForwarded, kMonday, About("c-petition"));  // whoever registered it has said so
  said.When(Seal(), Clerk(), kMonday);
  ExpectKeptAbove(said);
  Matter other(At::kForwarded);
  other.When(Seal(About("c-hrss")), Clerk(), kMonday);
  EXPECT_EQ(other.state().office_org(), "c-petition");
}

// The grid handed it over, and a clerk writes down what it is.
// spec: P1 P11 I20
TEST(AccusedOffice, LosesWhatTheGridHandedOver) {
  Matter m(City(), "pt-r1");
  m.WithChance(7).When(
      "take_referral { origin { service: 'incident' aggregate_id: 'i1' matter_code: 'X' referral_id: 'r1' } "
      "area_code: '371403' }",
      Platform(), kMonday);
  EXPECT_EQ(m.state().office_org(), "c-petition");
  m.When("complete_intake { type: ACCUSATION content_code: 'Q16' " + kPetitioner + kContent + About("c-gov") + "}",
         Clerk(), kMonday);
  ExpectKeptAbove(m);
}

// The province is outside the platform: a citizen is told to go there. What is here already is at least sealed.
// spec: P1 P11
TEST(AccusedOffice, OfTheCityHasNoneAboveItHere) {
  Fresh m;
  m.When(RegisterText(About("city-gov") + "to_org: 'city-petition' ", "ACCUSATION", "NET"), Resident(), kMonday)
      .ThenRefused(RefusalCode::kGuard, "NO_HIGHER_BODY");
  EXPECT_EQ(m.refusal()->field, "respondent_org");
  Fresh late;
  late.When(RegisterText("to_org: 'city-petition' ", "REQUEST", "NET"), Resident(), kMonday);
  late.When(Seal(About("city-gov")), ActorOf(ROLE_PC, "city-petition", "3714", "pc9"), kMonday);
  EXPECT_TRUE(Sealed(late.state()));
  EXPECT_EQ(late.state().office_org(), "city-petition");
}

TEST(AccusedOffice, IsAUnitThatThereIs) {
  Fresh m;
  m.When(RegisterText(About("nobody"), "ACCUSATION"), Clerk(), kMonday)
      .ThenRefused(RefusalCode::kInvalid, "UNKNOWN_ORG");
  EXPECT_EQ(m.refusal()->field, "respondent_org");
  Matter late(At::kForwarded);
  late.When(Seal(About("nobody")), Clerk(), kMonday).ThenRefused(RefusalCode::kInvalid, "UNKNOWN_ORG");
}

}  // namespace
}  // namespace petition
