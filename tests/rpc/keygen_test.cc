// The folder of secrets: complete, closed to others, and never made twice.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "services/bus/access.h"
#include "services/bus/curve_keys.h"
#include "services/rpc/file.h"
#include "services/rpc/token.h"
#include "services/rpc/vault.h"
#include "tests/support/sim_clock.h"
#include "tests/support/temp_dir.h"
#include "tools/keygen/certificate.h"
#include "tools/keygen/key_folder.h"

namespace keygen {
namespace {

constexpr int64_t kNow = 1'791'417'600'000;
constexpr int64_t kDayMs = 24LL * 3600 * 1000;

std::map<std::string, std::string> Files(const std::string& directory) {
  std::map<std::string, std::string> out;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    std::ifstream in(entry.path());
    std::stringstream text;
    text << in.rdbuf();
    out[entry.path().filename().string()] = text.str();
  }
  return out;
}

TEST(KeyFolder, KeepsEverythingTheSecondTime) {
  tests::TempDir directory;
  std::ostringstream said;
  ASSERT_TRUE(FillKeyFolder(directory / "keys", {"incident", "gateway"}, kNow, said).ok());
  const auto before = Files(directory / "keys");
  std::ostringstream again;
  ASSERT_TRUE(FillKeyFolder(directory / "keys", {"incident", "gateway"}, kNow + kDayMs, again).ok());
  EXPECT_EQ(Files(directory / "keys"), before);
  EXPECT_EQ(again.str(), "");
}

TEST(KeyFolder, AddsAProcessWithoutTouchingTheOthers) {
  tests::TempDir directory;
  std::ostringstream said;
  ASSERT_TRUE(FillKeyFolder(directory / "keys", {"incident"}, kNow, said).ok());
  auto before = Files(directory / "keys");
  ASSERT_TRUE(FillKeyFolder(directory / "keys", {"incident", "media"}, kNow, said).ok());
  auto after = Files(directory / "keys");
  EXPECT_EQ(after.count("media.key"), 1u);
  before.erase("bus.allow");
  for (const auto& [name, text] : before) EXPECT_EQ(after[name], text) << name;
  const auto list = bus::AccessList::Parse(after["bus.allow"], kNow);
  ASSERT_TRUE(list.ok()) << list.status();
  EXPECT_TRUE(list->HasService("incident"));
  EXPECT_TRUE(list->HasService("media"));
}

TEST(KeyFolder, IsClosedToOthersButForPublicKeys) {
  tests::TempDir directory;
  std::ostringstream said;
  ASSERT_TRUE(FillKeyFolder(directory / "keys", {"incident"}, kNow, said).ok());
  for (const auto& [name, text] : Files(directory / "keys")) {
    struct stat about = {};
    ASSERT_EQ(stat((directory / "keys/" + name).c_str(), &about), 0);
    const bool is_public = name.ends_with(".crt") || name.ends_with(".pub") || name == "jwks.json";
    EXPECT_EQ(about.st_mode & 0777, is_public ? 0644u : 0600u) << name;
    EXPECT_TRUE(!is_public || text.find("PRIVATE") == std::string::npos) << name;
  }
}

TEST(KeyFolder, FitsTogether) {
  tests::TempDir directory;
  std::ostringstream said;
  const std::string keys = directory / "keys";
  ASSERT_TRUE(FillKeyFolder(keys, {"incident"}, kNow, said).ok());
  tests::SimClock clock;
  rpc::TokenVerifier verifier(clock, {keys + "/jwks.json", "fengqiao-directory", "fengqiao"});
  ASSERT_TRUE(verifier.LoadKeys().ok());
  const auto signer = rpc::TokenSigner::FromFile(keys + "/token.key", "fengqiao-directory", "fengqiao");
  ASSERT_TRUE(signer.ok()) << signer.status();
  kernel::v1::Actor actor;
  actor.set_user_id("u-1");
  EXPECT_TRUE(verifier.Verify(signer->Sign(actor, "T", clock.NowMs(), 60'000)).ok());
  EXPECT_TRUE(rpc::Vault::FromFile(rpc::CipherProfile::kAesGcm, keys + "/incident.master").ok());
  const auto secret = bus::ReadSecretKeyFile(keys + "/incident.curve");
  const auto shown = bus::ReadPublicKeyFile(keys + "/incident.curve.pub");
  ASSERT_TRUE(secret.ok() && shown.ok());
  EXPECT_EQ(bus::PublicKeyOf(*secret).value(), *shown);
}

TEST(KeyFolder, RenewsACertificateThatIsAboutToEndAndKeepsItsKey) {
  tests::TempDir directory;
  std::ostringstream said;
  ASSERT_TRUE(FillKeyFolder(directory / "keys", {"incident"}, kNow, said).ok());
  auto before = Files(directory / "keys");
  const int64_t late = kNow + (kServiceDays - kRenewDays + 1) * kDayMs;
  ASSERT_TRUE(FillKeyFolder(directory / "keys", {"incident"}, late, said).ok());
  auto after = Files(directory / "keys");
  EXPECT_NE(after["incident.crt"], before["incident.crt"]);
  EXPECT_EQ(after["incident.key"], before["incident.key"]);
  EXPECT_EQ(after["ca.crt"], before["ca.crt"]);
}

TEST(KeyFolder, RefusesANameThatIsAPath) {
  tests::TempDir directory;
  std::ostringstream said;
  for (const char* name : {"../x", "", "A", "a b", "ca", "token"}) {
    EXPECT_FALSE(FillKeyFolder(directory / "keys", {name}, kNow, said).ok()) << name;
  }
}

TEST(Certificates, OfAnotherAuthorityAreNotGood) {
  const rpc::EcKey mine = rpc::EcKey::Generate();
  const rpc::EcKey theirs = rpc::EcKey::Generate();
  const rpc::EcKey key = rpc::EcKey::Generate();
  const std::string authority = MakeAuthority(mine, kNow);
  const std::string other = MakeAuthority(theirs, kNow);
  const std::string certificate = MakeCertificate("incident", key, authority, mine, kNow).value();
  EXPECT_TRUE(IsGood(certificate, key, authority, kNow));
  EXPECT_FALSE(IsGood(certificate, key, other, kNow));
  EXPECT_FALSE(IsGood(certificate, theirs, authority, kNow));
  EXPECT_FALSE(MakeCertificate("incident", key, authority, theirs, kNow).ok());
  EXPECT_FALSE(IsGood("nonsense", key, authority, kNow));
}

}  // namespace
}  // namespace keygen
