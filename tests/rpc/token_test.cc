// Tokens: what a good one says, and every way a bad one can be bad.
#include "services/rpc/token.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "base/crypto.h"
#include "services/rpc/file.h"
#include "services/rpc/limits.h"
#include "tests/support/sim_clock.h"
#include "tests/support/temp_dir.h"

namespace rpc {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

class Tokens : public ::testing::Test {
 protected:
  Tokens() : key_(EcKey::Generate()), signer_(key_, "issuer", "api") {
    WriteKeys(signer_.Jwks());
    EXPECT_TRUE(verifier_.LoadKeys().ok());
  }

  void WriteKeys(const std::string& text) { ASSERT_TRUE(WriteFile(directory_ / "jwks.json", text).ok()); }

  static kernel::v1::Actor Wang() {
    kernel::v1::Actor actor;
    actor.set_user_id("u-1");
    actor.set_session_id("s-1");
    actor.set_device_id("d-1");
    auto* grant = actor.add_grant();
    grant->set_role(kernel::v1::ROLE_GW);
    grant->set_org_id("371403001-grid");
    grant->set_area_code("371403001001001");
    return actor;
  }
  std::string Good() { return signer_.Sign(Wang(), "T1", clock_.NowMs(), 600'000); }

  json Header() { return {{"alg", "ES256"}, {"kid", signer_.key_id()}, {"typ", "at+jwt"}}; }
  json Claims() {
    const int64_t now_s = clock_.NowMs() / 1000;
    return {{"iss", "issuer"}, {"aud", "api"}, {"sub", "u-1"}, {"iat", now_s}, {"nbf", now_s}, {"exp", now_s + 600}};
  }
  std::string Forge(const std::string& header, const std::string& claims) {
    const std::string text = base::Base64Url(header) + "." + base::Base64Url(claims);
    return text + "." + base::Base64Url(key_.Sign(text));
  }
  std::string Refused(const std::string& token) {
    const auto identity = verifier_.Verify(token);
    EXPECT_FALSE(identity.ok());
    EXPECT_EQ(identity.status().code(), absl::StatusCode::kUnauthenticated);
    return std::string(identity.status().message());
  }

  tests::TempDir directory_;
  tests::SimClock clock_;
  EcKey key_;
  TokenSigner signer_;
  TokenVerifier verifier_{clock_, TokenRules{directory_ / "jwks.json", "issuer", "api"}};
};

TEST_F(Tokens, SayWhoSomebodyIs) {
  const auto identity = verifier_.Verify(Good());
  ASSERT_TRUE(identity.ok()) << identity.status();
  EXPECT_EQ(identity->actor.SerializeAsString(), Wang().SerializeAsString());
  EXPECT_EQ(identity->token_id, "T1");
  EXPECT_EQ(identity->expires_at_ms, clock_.NowMs() + 600'000);
}

TEST_F(Tokens, MadeByHandAreGoodIfTheySayTheSame) {
  EXPECT_TRUE(verifier_.Verify(Forge(Header().dump(), Claims().dump())).ok());
  json list = Claims();
  list["aud"] = {"other", "api"};
  EXPECT_TRUE(verifier_.Verify(Forge(Header().dump(), list.dump())).ok());
}

TEST_F(Tokens, EndWhenTheyExpireAlsoWhenRemembered) {
  const std::string token = Good();
  EXPECT_TRUE(verifier_.Verify(token).ok());
  clock_.Advance(600'000 + kTokenLeewayMs - 1);
  EXPECT_TRUE(verifier_.Verify(token).ok());
  clock_.Advance(1);
  EXPECT_THAT(Refused(token), HasSubstr("expired"));
}

TEST_F(Tokens, AreRefusedBeforeTheirTime) {
  json late = Claims();
  late["nbf"] = clock_.NowMs() / 1000 + 120;
  EXPECT_THAT(Refused(Forge(Header().dump(), late.dump())), HasSubstr("not valid yet"));
  json future = Claims();
  future["iat"] = clock_.NowMs() / 1000 + 120;
  EXPECT_THAT(Refused(Forge(Header().dump(), future.dump())), HasSubstr("future"));
}

TEST_F(Tokens, AreRefusedWhenTampered) {
  const std::string token = Good();
  const size_t first = token.find('.');
  const size_t second = token.find('.', first + 1);
  json claims = json::parse(*base::FromBase64Url(token.substr(first + 1, second - first - 1)));
  claims["grants"][0]["r"] = 27;
  const std::string altered =
      token.substr(0, first + 1) + base::Base64Url(claims.dump()) + token.substr(second);
  EXPECT_THAT(Refused(altered), HasSubstr("signature"));
  std::string signature = *base::FromBase64Url(token.substr(second + 1));
  for (size_t i = 0; i < signature.size(); i += 7) {
    std::string flipped = signature;
    flipped[i] = static_cast<char>(flipped[i] ^ 1);
    EXPECT_THAT(Refused(token.substr(0, second + 1) + base::Base64Url(flipped)), HasSubstr("signature"));
  }
}

TEST_F(Tokens, WithoutSignatureAreRefused) {
  json header = Header();
  header["alg"] = "none";
  const std::string text = base::Base64Url(header.dump()) + "." + base::Base64Url(Claims().dump());
  EXPECT_THAT(Refused(text + "."), HasSubstr("algorithm"));
  const std::string good = Good();
  EXPECT_THAT(Refused(good.substr(0, good.rfind('.') + 1)), HasSubstr("signature"));
}

TEST_F(Tokens, SignedWithThePublicKeyAsSecretAreRefused) {
  json header = Header();
  header["alg"] = "HS256";
  const std::string text = base::Base64Url(header.dump()) + "." + base::Base64Url(Claims().dump());
  for (const std::string& secret : {signer_.Jwks(), key_.X() + key_.Y(), "\x04" + key_.X() + key_.Y()}) {
    EXPECT_THAT(Refused(text + "." + base::Base64Url(base::HmacSha256(secret, text))), HasSubstr("algorithm"));
  }
  header["alg"] = "ES256";
  const std::string confused = base::Base64Url(header.dump()) + "." + base::Base64Url(Claims().dump());
  EXPECT_THAT(Refused(confused + "." + base::Base64Url(base::HmacSha256(signer_.Jwks(), confused))),
              HasSubstr("signature"));
}

TEST_F(Tokens, NamingTheirOwnKeyAreRefused) {
  for (const char* member : {"jku", "jwk", "x5u", "x5c", "crit"}) {
    json header = Header();
    header[member] = "x";
    EXPECT_THAT(Refused(Forge(header.dump(), Claims().dump())), HasSubstr("header")) << member;
  }
}

TEST_F(Tokens, OfAnotherTypeAreRefused) {
  for (const char* type : {"JWT", "at+JWT", "dpop+jwt", ""}) {
    json header = Header();
    header["typ"] = type;
    EXPECT_THAT(Refused(Forge(header.dump(), Claims().dump())), HasSubstr("access token")) << type;
  }
}

TEST_F(Tokens, OfAnotherIssuerOrAudienceAreRefused) {
  json claims = Claims();
  claims["iss"] = "issuer2";
  EXPECT_THAT(Refused(Forge(Header().dump(), claims.dump())), HasSubstr("issuer"));
  claims = Claims();
  claims["aud"] = json::array({"api2"});
  EXPECT_THAT(Refused(Forge(Header().dump(), claims.dump())), HasSubstr("audience"));
}

TEST_F(Tokens, WithoutPersonOrEndAreRefused) {
  for (const char* member : {"sub", "exp", "iat", "iss", "aud"}) {
    json claims = Claims();
    claims.erase(member);
    Refused(Forge(Header().dump(), claims.dump()));
    claims[member] = json::object();
    Refused(Forge(Header().dump(), claims.dump()));
  }
  json claims = Claims();
  claims["exp"] = 1e30;
  Refused(Forge(Header().dump(), claims.dump()));
}

TEST_F(Tokens, WithAMemberTwiceAreRefused) {
  const std::string claims = Claims().dump();
  Refused(Forge(Header().dump(), R"({"sub":"u-2",)" + claims.substr(1)));
  const std::string header = Header().dump();
  Refused(Forge(R"({"alg":"ES256",)" + header.substr(1), claims));
}

TEST_F(Tokens, NotStrictlyBase64urlAreRefused) {
  const std::string good = Good();
  for (const std::string& bad : {good + "=", good + " ", " " + good, good + ".", "a" + good, std::string("..") + good,
                                 std::string(), std::string("."), std::string("..")}) {
    Refused(bad);
  }
}

TEST_F(Tokens, TooLongAreRefusedUnread) {
  EXPECT_THAT(Refused(std::string(kTokenBytesMax + 1, 'a')), HasSubstr("too long"));
}

TEST_F(Tokens, CannotClaimToBeATimer) {
  kernel::v1::Actor actor = Wang();
  actor.mutable_grant(0)->set_role(kernel::v1::ROLE_SYS);
  EXPECT_THAT(Refused(signer_.Sign(actor, "T2", clock_.NowMs(), 60'000)), HasSubstr("grants"));
}

TEST_F(Tokens, RolesOfANewerBuildGiveNothing) {
  json claims = Claims();
  claims["grants"] = json::array({{{"r", 9999}, {"o", "x"}, {"a", "37"}}, {{"r", 2}, {"o", "y"}, {"a", "371403"}}});
  const auto identity = verifier_.Verify(Forge(Header().dump(), claims.dump()));
  ASSERT_TRUE(identity.ok());
  ASSERT_EQ(identity->actor.grant_size(), 1);
  EXPECT_EQ(identity->actor.grant(0).org_id(), "y");
}

// spec: flow-12
TEST_F(Tokens, OfAnAreaAreGoodForWhatWentIntoIt) {
  kernel::v1::Actor actor = Wang();
  auto* of_village = actor.add_grant();
  of_village->set_role(kernel::v1::ROLE_MC);
  of_village->set_org_id("371403001001-committee");
  of_village->set_area_code("371403001001");
  const Former former{{"371403001001", {"371403001003", "371403001007"}}};
  const auto identity = verifier_.Verify(signer_.Sign(actor, "T3", clock_.NowMs(), 60'000, former));
  ASSERT_TRUE(identity.ok()) << identity.status();
  EXPECT_EQ(identity->former, former);
  ASSERT_EQ(identity->actor.grant_size(), 4) << "a grid gets nothing: nobody said which grid took over";
  for (int i = 2; i < 4; ++i) {
    EXPECT_EQ(identity->actor.grant(i).role(), kernel::v1::ROLE_MC);
    EXPECT_EQ(identity->actor.grant(i).area_code(), former.at("371403001001")[i - 2]);
    EXPECT_EQ(identity->actor.grant(i).org_id(), identity->actor.grant(i).area_code() + "-committee");
  }
}

// spec: flow-12
TEST_F(Tokens, GrowByNoFormerAreaOfAHigherLevelAndByNoNonsense) {
  const auto refused = [this](const json& former) {
    json claims = Claims();
    claims["former"] = former;
    EXPECT_THAT(Refused(Forge(Header().dump(), claims.dump())), HasSubstr("former")) << former.dump();
  };
  refused({{"371403001001", {"371403001"}}});
  refused({{"371403001001", "371403001002"}});
  refused({{"371403001001", {7}}});
  refused({{"somewhere", {"371403001002"}}});
  refused(json::array());
  refused({{"371403001001", json(std::vector<std::string>(kTokenFormerMax + 1, "371403001002"))}});
}

TEST_F(Tokens, EndWithTheirSession) {
  const std::string token = Good();
  EXPECT_TRUE(verifier_.Verify(token).ok());
  verifier_.Revoke("s-1");
  Refused(token);
  EXPECT_THAT(Refused(Good() + ""), HasSubstr("signed out"));
}

TEST_F(Tokens, OfChangedRightsEndAndRefreshedOnesAreGood) {
  const std::string before = Good();
  EXPECT_TRUE(verifier_.Verify(before).ok());
  clock_.Advance(1);
  verifier_.Revoke("s-1", clock_.NowMs());
  EXPECT_FALSE(verifier_.Verify(before).ok());
  EXPECT_TRUE(verifier_.Verify(Good()).ok());
  verifier_.Revoke("s-1", clock_.NowMs() - 1000);
  EXPECT_FALSE(verifier_.Verify(before).ok());
}

TEST_F(Tokens, OfANewKeyAreLearnedFromTheFileOnceAMinute) {
  const TokenSigner next(EcKey::Generate(), "issuer", "api");
  const std::string token = next.Sign(Wang(), "T3", clock_.NowMs(), 3'600'000);
  json both = json::parse(signer_.Jwks());
  both["keys"].push_back(json::parse(next.Jwks())["keys"][0]);
  WriteKeys(both.dump());
  EXPECT_THAT(Refused(token), HasSubstr("unknown key"));
  clock_.Advance(kJwksRereadMs);
  EXPECT_TRUE(verifier_.Verify(token).ok());
  EXPECT_TRUE(verifier_.Verify(Good()).ok());
}

TEST_F(Tokens, KeepTheLastGoodKeysWhenTheFileIsBroken) {
  WriteKeys("{");
  const TokenSigner other(EcKey::Generate(), "issuer", "api");
  clock_.Advance(kJwksRereadMs);
  EXPECT_THAT(Refused(other.Sign(Wang(), "T4", clock_.NowMs(), 60'000)), HasSubstr("unknown key"));
  EXPECT_TRUE(verifier_.Verify(Good()).ok());
}

TEST_F(Tokens, AreRememberedOnlyWhenGood) {
  for (size_t i = 0; i < 40; ++i) {
    EXPECT_TRUE(verifier_.Verify(signer_.Sign(Wang(), std::to_string(i), clock_.NowMs(), 60'000)).ok());
    EXPECT_FALSE(verifier_.Verify("unknown" + std::to_string(i)).ok());
  }
  EXPECT_EQ(verifier_.cached(), 40u);
}

TEST(KeySets, WithAPrivateKeyOrAnotherKindAreRefused) {
  tests::TempDir directory;
  tests::SimClock clock;
  const EcKey key = EcKey::Generate();
  const auto load = [&](const json& set) {
    EXPECT_TRUE(WriteFile(directory / "jwks.json", set.dump()).ok());
    return TokenVerifier(clock, TokenRules{directory / "jwks.json", "issuer", "api"}).LoadKeys();
  };
  const json good = json::parse(JwksOf(key));
  EXPECT_TRUE(load(good).ok());
  json bad = good;
  bad["keys"][0]["d"] = "secret";
  EXPECT_FALSE(load(bad).ok());
  bad = good;
  bad["keys"][0].erase("alg");
  EXPECT_FALSE(load(bad).ok());
  bad = good;
  bad["keys"][0]["kty"] = "oct";
  EXPECT_FALSE(load(bad).ok());
  bad = good;
  bad["keys"][0]["y"] = bad["keys"][0]["x"];
  EXPECT_FALSE(load(bad).ok());
  bad = good;
  bad["keys"].push_back(good["keys"][0]);
  EXPECT_FALSE(load(bad).ok());
  EXPECT_FALSE(load(json{{"keys", json::array()}}).ok());
}

}  // namespace
}  // namespace rpc
