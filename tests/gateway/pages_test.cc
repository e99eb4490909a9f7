// Static pages, configuration and the small formats.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "gateway/config.h"
#include "gateway/gzip.h"
#include "gateway/render.h"
#include "gateway/services.h"
#include "tests/gateway/fixture.h"

namespace gateway {
namespace {

class Pages : public GatewayTest {
 protected:
  Pages() {
    std::filesystem::create_directories(dir_ + "/web/assets");
    std::filesystem::create_directories(dir_ + "/web/desk");
    std::ofstream(dir_ + "/web/index.html") << "<p>枫桥</p>";
    std::ofstream(dir_ + "/web/desk/index.html") << "desk";
    std::ofstream(dir_ + "/web/assets/app-1a2b.js") << std::string(5'000, ' ');
    std::ofstream(dir_ + "/secret") << "secret";
    std::filesystem::create_symlink(dir_ + "/secret", dir_ + "/web/link");
    options_.web_dir = dir_ + "/web";
  }
};

TEST_F(Pages, AreServedWithTagsAndSafeHeaders) {
  const Answer page = Get("/");
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.body, "<p>枫桥</p>");
  EXPECT_EQ(page.Header("content-type"), "text/html; charset=utf-8");
  EXPECT_EQ(page.Header("x-content-type-options"), "nosniff");
  EXPECT_NE(page.Header("content-security-policy").find("frame-ancestors 'none'"), std::string::npos);
  EXPECT_EQ(page.Header("cache-control"), "no-cache");
  EXPECT_EQ(Get("/index.html", {{"If-None-Match", page.Header("etag")}}).status, 304);
  EXPECT_EQ(Get("/desk/").body, "desk");
  const Answer script = Get("/assets/app-1a2b.js", {{"Accept-Encoding", "gzip, br"}});
  EXPECT_EQ(script.Header("content-encoding"), "gzip");
  EXPECT_LT(script.body.size(), 500u);
  EXPECT_NE(script.Header("cache-control").find("immutable"), std::string::npos);
  EXPECT_EQ(Get("/assets/app-1a2b.js").body.size(), 5'000u);
}

TEST_F(Pages, NeverLeaveTheirFolder) {
  for (const char* path : {"/../secret", "/..%2fsecret", "/%2e%2e/secret", "/link", "/desk/../../secret",
                           "//secret", "/assets/..", "/desk%2f..%2f..%2fsecret", "/nothing.html"}) {
    const Answer answer = Get(path);
    EXPECT_TRUE(answer.status == 400 || answer.status == 404) << path << " " << answer.status;
    EXPECT_EQ(answer.body.find("secret\""), std::string::npos);
  }
  Call write{.method = "POST", .target = "/index.html", .body = "x", .headers = {}};
  EXPECT_GE(Do(write).status, 400);
}

TEST(Config, NamesWhatItDoesNotUnderstand) {
  const std::string good =
      "listen: \"127.0.0.1:0\" tokens { jwks_file: \"j\" issuer: \"i\" audience: \"a\" } ";
  EXPECT_TRUE(ParseConfig(good).ok()) << ParseConfig(good).status();
  const auto unknown = ParseConfig(good + "colour: \"red\"").status();
  EXPECT_NE(unknown.ToString().find("colour"), std::string::npos) << unknown;
  EXPECT_NE(ParseConfig("listen: \"x\"").status().ToString().find("tokens.jwks_file"), std::string::npos);
  EXPECT_NE(ParseConfig(good + "channels: 9").status().ToString().find("channels"), std::string::npos);
  EXPECT_NE(ParseConfig(good + "feed { source: \"x\" }").status().ToString().find("curve_key_file"),
            std::string::npos);
}

TEST(Config, WantsEveryServiceOfTheInterfaceAndNoPlainConnectionsBeyondLoopback) {
  const auto catalog = Catalog::FromFiles(LinkedServices());
  ASSERT_TRUE(catalog.ok()) << catalog.status();
  const std::string head =
      "listen: \"127.0.0.1:0\" tokens { jwks_file: \"j\" issuer: \"i\" audience: \"a\" } ";
  const auto missing =
      OptionsOf(*ParseConfig(head + "service { name: \"directory\" address: \"127.0.0.1:1\" }"), **catalog);
  EXPECT_NE(missing.status().ToString().find("no service"), std::string::npos) << missing.status();
  const auto open =
      OptionsOf(*ParseConfig(head + "service { name: \"directory\" address: \"10.0.0.1:1\" }"), **catalog);
  EXPECT_NE(open.status().ToString().find("tls"), std::string::npos) << open.status();
}

TEST(LinkedServicesOfThePlatform, FormOneInterfaceWithoutAmbiguity) {
  const auto catalog = Catalog::FromFiles(LinkedServices());
  ASSERT_TRUE(catalog.ok()) << catalog.status();
  EXPECT_TRUE((*catalog)->HasService("directory.v1.Directory"));
  EXPECT_TRUE((*catalog)->HasService("incident.v1.Incidents"));
  EXPECT_TRUE((*catalog)->HasService("mediation.v1.Mediation"));
  EXPECT_TRUE((*catalog)->HasService("oversight.v1.Oversight"));
  for (const char* rpc : {"/directory.v1.Directory/SignIn", "/directory.v1.Directory/SignOut",
                          "/directory.v1.Directory/RefreshSession"}) {
    EXPECT_NE((*catalog)->FindRpc(rpc), nullptr) << "web sessions need it: " << rpc;
  }
}

TEST(Gzip, IsBoundedAndExact) {
  const std::string text(100'000, 'a');
  const std::string small = Gzip(text);
  EXPECT_LT(small.size(), 1'000u);
  EXPECT_EQ(Gunzip(small, 100'000), text);
  EXPECT_FALSE(Gunzip(small, 99'999).has_value()) << "a bomb";
  EXPECT_FALSE(Gunzip(small.substr(0, small.size() - 1), 100'000).has_value()) << "cut off";
  EXPECT_FALSE(Gunzip(small + "x", 100'000).has_value());
  EXPECT_FALSE(Gunzip("not gzip", 100).has_value());
}

TEST(MediaTypes, AreComparedAsTheyAreMeant) {
  EXPECT_TRUE(IsMediaType("Application/JSON; charset=\"utf-8\"", "application/json"));
  EXPECT_FALSE(IsMediaType("application/jsonp", "application/json"));
  EXPECT_FALSE(IsMediaType("application/json; charset=latin1", "application/json"));
  const std::string any = "text/html, */*;q=0.1", none = "application/json;q=0, text/html";
  EXPECT_TRUE(Accepts(&any, "application/json"));
  EXPECT_FALSE(Accepts(&none, "application/json"));
  EXPECT_TRUE(Accepts(nullptr, "application/json"));
  EXPECT_TRUE(TagMatches("W/\"a\", \"b\"", "\"b\""));
  EXPECT_TRUE(TagMatches("*", "\"b\""));
  EXPECT_FALSE(TagMatches("\"c\"", "\"b\""));
}

}  // namespace
}  // namespace gateway
