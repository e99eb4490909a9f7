// What goes along when a matter is handed over.
#include <string>
#include <utility>

#include "media/v1/notices.pb.h"
#include "tests/incident/world.h"

namespace incident {
namespace {

// 移送材料: the committee and the petition office look at what the grid worker photographed.
// spec: I19 I20
TEST(Referral, GivesAlongThePapersTheMatterCameWith) {
  const std::string photo(64, 'a'), flyers(kFlyers);
  const std::string report =
      flyers.substr(0, flyers.size() - 1) + "attachment { sha256: '" + photo + "' mime: 'image/jpeg' use: SCENE } }";
  const std::pair<std::string, const char*> referrals[] = {
      {"referred_to_mediation", "refer_to_mediation { dispute_type: 'D02' party_count: 2 facts: '争墙根' }"},
      {"referred_to_petition", "refer_to_petition { facts: '投诉' }"}};
  for (const auto& [topic, refer] : referrals) {
    Matter m;
    m.Reported(report).Do(Td(), "accept { id: 'm1' }").Do(Td(), refer);
    const auto referral = m.Published("incident." + topic).referral();
    ASSERT_EQ(referral.handed_document_size(), 1) << topic;
    EXPECT_EQ(referral.handed_document(0), photo);
    media::v1::Mentions mentions;
    ASSERT_TRUE(mentions.ParseFromString(m.notices()[0].payload()));
    EXPECT_EQ(mentions.sha256_size(), 0) << "whoever hands them over has not had them by that";
  }
}

}  // namespace
}  // namespace incident
