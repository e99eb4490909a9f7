// The parsers that stand between the network and the machine: JSON, percent-encoding, path templates, routes.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "gateway/path_template.h"
#include "gateway/percent.h"
#include "gateway/router.h"
#include "gateway/strict_json.h"

namespace gateway {
namespace {

using Kind = JsonFault::Kind;

Kind KindOf(const std::string& text) {
  const auto fault = CheckJson(text);
  EXPECT_TRUE(fault.has_value()) << text;
  return fault ? fault->kind : Kind::kSyntax;
}

TEST(StrictJson, TakesWhatRfc8259Allows) {
  for (const char* good :
       {"{}", "[]", "0", "-0", "-12.5e+3", "\"a\\u00e9\\\"\\/\"", "true", "null", " { \"a\" : [ 1 , {} ] } ",
        "\"\\ud83d\\ude00\"", "{\"a\":{\"a\":1},\"b\":{\"a\":1}}", "\"枫桥\"", "1e999"}) {
    EXPECT_FALSE(CheckJson(good).has_value()) << good;
  }
}

TEST(StrictJson, RefusesWhatProtobufsReaderWouldForgive) {
  for (const char* bad :
       {"",         " ",          "{a:1}",  "{'a':1}", "{\"a\":1,}", "[1,]",      "[1 2]", "01",
        "1.",       ".5",         "+1",     "1e",      "-",          "tru",       "nul",   "{\"a\"}",
        "{\"a\":}", "{} {}",      "{}x",    "\"a",     "\"\\x41\"",  "\"\\u12\"", "NaN",   "Infinity",
        "/*c*/{}",  "{\"a\":1;}", "\"\t\"", "\"\n\"",  "[",          "{",         "]"}) {
    EXPECT_EQ(KindOf(bad), Kind::kSyntax) << bad;
  }
}

TEST(StrictJson, RefusesBadTextAndLoneSurrogates) {
  EXPECT_EQ(KindOf("\"\xff\""), Kind::kEncoding);
  EXPECT_EQ(KindOf("\"\xc0\x80\""), Kind::kEncoding);
  EXPECT_EQ(KindOf("\"\xed\xa0\x80\""), Kind::kEncoding);
  EXPECT_EQ(KindOf("\"\\ud800\""), Kind::kEncoding);
  EXPECT_EQ(KindOf("\"\\udc00\""), Kind::kEncoding);
  EXPECT_EQ(KindOf("\"\\ud800\\u0041\""), Kind::kEncoding);
  EXPECT_EQ(KindOf("\"\\u0000\""), Kind::kEncoding);
  EXPECT_EQ(KindOf("\xef\xbb\xbf{}"), Kind::kSyntax);
}

TEST(StrictJson, RefusesTheSameMemberTwiceHoweverItIsSpelt) {
  EXPECT_EQ(KindOf("{\"a\":1,\"a\":2}"), Kind::kDuplicateKey);
  EXPECT_EQ(KindOf("{\"a\":1,\"\\u0061\":2}"), Kind::kDuplicateKey);
  const auto fault = CheckJson("{\"x\":[{\"b/c\":1,\"b/c\":1}]}");
  ASSERT_TRUE(fault.has_value());
  EXPECT_EQ(fault->pointer, "/x/0/b~1c");
}

TEST(StrictJson, IsBoundedInDepthMembersAndDigits) {
  EXPECT_FALSE(CheckJson(std::string(32, '[') + std::string(32, ']')).has_value());
  EXPECT_EQ(KindOf(std::string(33, '[') + std::string(33, ']')), Kind::kTooDeep);
  EXPECT_EQ(KindOf(std::string(1'000'000, '[')), Kind::kTooDeep);
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "{\"a\":";
  EXPECT_EQ(KindOf(deep), Kind::kTooDeep);
  EXPECT_EQ(KindOf(std::string(65, '1')), Kind::kNumberTooLong);
  std::string many = "{";
  for (int i = 0; i <= 10'000; ++i) many += (i == 0 ? "\"" : ",\"") + std::to_string(i) + "\":0";
  EXPECT_EQ(KindOf(many + "}"), Kind::kTooMany);
}

TEST(Percent, DecodesUtf8AndRefusesTricks) {
  EXPECT_EQ(PercentDecode("%E6%9E%AB%E6%A1%A5"), "枫桥");
  EXPECT_EQ(PercentDecode("a+b%20c", true), "a b c");
  EXPECT_EQ(PercentDecode("a+b"), "a+b");
  EXPECT_EQ(PercentDecode("a%2Fb"), "a/b");
  EXPECT_EQ(PercentDecode("a%2fb", false, true), "a%2fb");
  for (const char* bad : {"%", "%4", "%zz", "%00", "%0a", "%7f", "%ff", "%c0%af", "%ed%a0%80"}) {
    EXPECT_FALSE(PercentDecode(bad).has_value()) << bad;
  }
  EXPECT_EQ(PercentDecode("a%0Ab", true), "a\nb");
}

TEST(Percent, SplitsOnlyPathsThatMeanOneThing) {
  std::vector<std::string_view> segments;
  EXPECT_FALSE(SplitPath("/v1/notes/%E6%9E%AB", &segments).has_value());
  EXPECT_EQ(segments.size(), 3u);
  for (const char* bad : {"", "v1", "/v1/", "//v1", "/v1//a", "/./a", "/../a", "/%2e%2e/a", "/a/%2E", "/a\\b",
                          "/a b", "/%00", "/a%", "/\xe6\x9e\xab", "/a<b", "/"}) {
    segments.clear();
    EXPECT_TRUE(SplitPath(bad, &segments).has_value()) << bad;
  }
}

TEST(Query, KeepsOrderAndDecodes) {
  std::vector<QueryParameter> out;
  ASSERT_FALSE(ParseQuery("a=1&b=%E6%9E%AB+x&&c", &out).has_value());
  ASSERT_EQ(out.size(), 3u);
  EXPECT_EQ(out[1].value, "枫 x");
  EXPECT_EQ(out[2].name, "c");
  EXPECT_EQ(out[2].value, "");
  std::string many;
  for (int i = 0; i < 200; ++i) many += "a=1&";
  out.clear();
  EXPECT_TRUE(ParseQuery(many, &out).has_value());
  EXPECT_TRUE(ParseQuery("=x", &out).has_value());
}

TEST(PathTemplate, ReadsTheGrammar) {
  const auto path = ParsePathTemplate("/v1/{name=areas/*/notes/*}/parts/{part}:close");
  ASSERT_TRUE(path.ok()) << path.status();
  EXPECT_EQ(path->segments.size(), 7u);
  EXPECT_EQ(path->verb, "close");
  ASSERT_EQ(path->variables.size(), 2u);
  EXPECT_EQ(path->variables[0].field_path, "name");
  EXPECT_TRUE(path->variables[0].multi);
  EXPECT_EQ(path->variables[1].first, 6u);
  EXPECT_FALSE(path->variables[1].multi);
  EXPECT_TRUE(ParsePathTemplate("/v1/{a.b_c.d=**}").ok());
}

TEST(PathTemplate, RefusesEverythingElse) {
  for (const char* bad : {"",      "v1",    "/",        "/v1/",  "/v1//a",    "/{",    "/{}",    "/{a",
                          "/{a=}", "/{a=b", "/{a={b}}", "/**/a", "/{a=**}/b", "/a:",   "/a:b:c", "/a b",
                          "/{1a}", "/{a.}", "/{a}/{a}", "/..",   "/a{b}",     "/{a}b", "/%41",   "/a?b"}) {
    EXPECT_FALSE(ParsePathTemplate(bad).ok()) << bad;
  }
}

class RouterTest : public testing::Test {
 protected:
  void Add(const char* method, const char* path, size_t route) {
    ASSERT_TRUE(builder_.Add(method, path, route, path).ok()) << path;
  }
  // "route(field=value,…)", or the problem's status and Allow.
  std::string Match(const char* method, const char* path) {
    RouteMatch match;
    if (const auto problem = router_.Match(method, path, &match)) {
      return std::to_string(problem->status) + (problem->allow.empty() ? "" : " " + problem->allow);
    }
    std::string out = std::to_string(match.route);
    for (const auto& capture : match.captures) out += " " + capture.field_path + "=" + capture.value;
    return out;
  }
  RouterBuilder builder_;
  Router router_;
};

TEST_F(RouterTest, PrefersLiteralThenOneThenRest) {
  Add("GET", "/v1/{a}", 1);
  Add("GET", "/v1/fixed", 2);
  Add("GET", "/v1/{a=**}", 3);
  Add("GET", "/v1/fixed/{b}/deep", 4);
  Add("GET", "/v1/{a}/x/{c}", 5);
  router_ = builder_.Build();
  EXPECT_EQ(Match("GET", "/v1/fixed"), "2");
  EXPECT_EQ(Match("GET", "/v1/other"), "1 a=other");
  EXPECT_EQ(Match("GET", "/v1/fixed/x/deep"), "4 b=x");
  EXPECT_EQ(Match("GET", "/v1/fixed/x/shallow"), "5 a=fixed c=shallow") << "backtracks out of the literal";
  EXPECT_EQ(Match("GET", "/v1/p/q%2Fr/s"), "3 a=p/q%2Fr/s");
  EXPECT_EQ(Match("GET", "/v1/p%2Fq"), "1 a=p/q");
  EXPECT_EQ(Match("GET", "/v1"), "3 a=");
}

TEST_F(RouterTest, SplitsTheVerbOnlyWhereThereIsOne) {
  Add("GET", "/v1/notes/{id}", 1);
  Add("POST", "/v1/notes/{id}:close", 2);
  Add("GET", "/v1/events:stream", 3);
  router_ = builder_.Build();
  EXPECT_EQ(Match("POST", "/v1/notes/7:close"), "2 id=7");
  EXPECT_EQ(Match("GET", "/v1/notes/a:b"), "1 id=a:b");
  EXPECT_EQ(Match("GET", "/v1/notes/7%3Aclose"), "1 id=7:close");
  EXPECT_EQ(Match("POST", "/v1/notes/a:b:close"), "2 id=a:b");
  EXPECT_EQ(Match("GET", "/v1/events:stream"), "3");
  EXPECT_EQ(Match("GET", "/v1/notes/7:close"), "405 POST");
}

// "/v1/notes/7:" was once answered with note 7.
TEST_F(RouterTest, ColonAtTheEndBelongsToTheValue) {
  Add("GET", "/v1/notes/{id}", 1);
  Add("POST", "/v1/notes/{id}:close", 2);
  router_ = builder_.Build();
  EXPECT_EQ(Match("GET", "/v1/notes/7:"), "1 id=7:");
  EXPECT_EQ(Match("GET", "/v1/notes/7:close:"), "1 id=7:close:");
}

TEST_F(RouterTest, SaysWhichMethodsAPathTakes) {
  Add("GET", "/v1/notes", 1);
  Add("POST", "/v1/notes", 2);
  router_ = builder_.Build();
  EXPECT_EQ(Match("DELETE", "/v1/notes"), "405 GET, POST");
  EXPECT_EQ(Match("GET", "/v1/nothing"), "404");
  EXPECT_EQ(Match("GET", "/v1/notes/"), "400");
}

TEST_F(RouterTest, RefusesAnAmbiguousPathAndNamesBoth) {
  Add("GET", "/v1/notes/{id}", 1);
  const auto status = builder_.Add("GET", "/v1/notes/{name}", 2, "echo.v1.Notes.Other");
  EXPECT_FALSE(status.ok());
  EXPECT_NE(status.ToString().find("echo.v1.Notes.Other"), std::string::npos);
  EXPECT_NE(status.ToString().find("/v1/notes/{id}"), std::string::npos);
  EXPECT_TRUE(builder_.Add("POST", "/v1/notes/{name}", 3, "third").ok());
}

}  // namespace
}  // namespace gateway
