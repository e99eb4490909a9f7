// Papers that go along with a hand-over: those an incident gives to the petition, and those the petition gives on.
#include <set>
#include <string>

#include "media/v1/media.pb.h"
#include "tests/petition/petition_world.h"

namespace petition {
namespace {

// 移送材料: the office looks at what the grid worker photographed, until it hands the matter back.
// spec: P1 P9
TEST(HandOver, BringsThePapersAndEndsWithThem) {
  const std::string given(64, 'a');
  const std::string take =
      "take_referral { origin { service: 'incident' aggregate_id: 'i1' matter_code: '37140320261123I000009' "
      "referral_id: 'r1' } area_code: '371403001002' }";
  Matter m(City(), "pt-r1");
  m.WithChance(7).When(take.substr(0, take.size() - 2) + " handed_document: '" + given + "' }", Platform(), kMonday);
  ASSERT_EQ(m.state().handed_sha256_size(), 1);
  media::v1::HandedOver handed;
  ASSERT_TRUE(handed.ParseFromString(m.notices()[0].payload()));
  EXPECT_EQ(handed.from(), "incident/i1");
  EXPECT_EQ(m.Mentioned(), std::vector<std::string>{given});
  for (const bool redirected : {false, true}) {
    v1::Event event;
    redirected ? event.mutable_redirected()->set_code("NA03") : event.mutable_not_accepted()->set_code("NA07");
    const v1::State before = m.state();
    v1::State after = before;
    PetitionDomain::Apply(event, kMonday, &after);
    EXPECT_EQ(after.handed_sha256_size(), 0);
    const auto notice = PetitionDomain::Publish("pt-r1", event, before, after);
    ASSERT_TRUE(notice && handed.ParseFromString(notice->payload()));
    ASSERT_EQ(handed.back_size(), 1);
    EXPECT_EQ(handed.back(0), given);
  }
}

// The committee reads the petitioner's letters and the consent; not who acts for whom.
// spec: P16
TEST(HandOver, GivesTheCommitteeWhatThePetitionersBrought) {
  const std::string letter(64, 'a'), mandate(64, 'c');
  std::string text =
      RegisterText("agent { person { name: 'vault:g' } kind: LAWYER mandate_sha256: '" + mandate + "' } ");
  text.insert(text.find("facts:"), "attachment_sha256: '" + letter + "' ");
  Matter m(City(), "p1");
  m.WithChance(7).When(text, Clerk(), kMonday).When(kForward, Office(), kMonday).When(kReceive, Handler(), kMonday);
  m.When(kAccept, Handler(), kMonday);
  m.When("refer_to_mediation { bridge_code: 'BR1' both_consent: true consent_proof_sha256: '" + kScan +
             "' dispute_type: 'D10' party_count: 2 }",
         Handler(), kMonday)
      .AndNotice("petition.referred_to_mediation");
  const auto referral = m.Payload().referral();
  EXPECT_EQ(std::set<std::string>(referral.handed_document().begin(), referral.handed_document().end()),
            (std::set<std::string>{kScan, letter}));
  EXPECT_EQ(m.Mentioned(), std::vector<std::string>{kScan}) << "whoever hands them over names the consent alone";
}

}  // namespace
}  // namespace petition
