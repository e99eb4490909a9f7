// 减负自检: anybody reads what the program finds when it looks at itself, and nothing counts as kept that nothing shows.
#include "gateway/self_check.h"

#include <set>
#include <string>

#include "gateway/limits.h"
#include "tests/gateway/fixture.h"
#include "tests/support/sim_clock.h"

namespace gateway {
namespace {

using selfcheck::Check;
using selfcheck::Proof;

class SelfCheckPages : public GatewayTest {
 protected:
  SelfCheckPages() { options_.rates["read"] = {.per_minute = 60, .burst = 3}; }
};

nlohmann::json RuleOf(const nlohmann::json& answer, const std::string& id) {
  for (const auto& rule : answer["rules"]) {
    if (rule["id"] == id) return rule;
  }
  return {};
}

SelfCheckResult Result() {
  static constexpr Proof kProofs[] = {{"R7", "Flow.EndsTheBallGame", "tests/incident/dispatch_test.cc"}};
  SelfCheckResult result{{}, kProofs, 1'790'000'000'000, "7"};
  result.walked.messages = 3;
  result.walked.checks.push_back(Check{"R1", "没有排名", "no ranking", 12, {}, {}});
  result.walked.checks.push_back(Check{"R14",
                                       "没有打分",
                                       "no scores",
                                       12,
                                       {{"x.v1.<b>Score", "名称里有“score”", "its name says \"score\""}},
                                       {}});
  result.walked.checks.push_back(
      Check{"R3",
            "没有轨迹",
            "no tracks",
            12,
            {},
            {{{"R3", "x.v1.Track*", "查的是事", "of matters"}, {"x.v1.TrackIt"}}}});
  return result;
}

// spec: R1 R2 R3 R9 R14
TEST_F(SelfCheckPages, AreForEverybodyAndShowWhatTheRunningProgramFoundAtItself) {
  const Answer answer = Get(kSelfCheckPath);
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.Header("content-type"), "application/json");
  const auto json = answer.Json();
  EXPECT_GT(json["lookedAt"]["messages"], 800);
  EXPECT_GT(json["lookedAt"]["methods"], 240);
  ASSERT_EQ(json["rules"].size(), 14u);
  for (const char* id : {"R1", "R2", "R3", "R9", "R14"}) {
    EXPECT_EQ(RuleOf(json, id)["result"], "PASS") << RuleOf(json, id).dump(1);
    EXPECT_GT(RuleOf(json, id)["checks"][0]["lookedAt"], 0);
  }
  EXPECT_FALSE(RuleOf(json, "R3")["checks"][0]["exceptions"].empty()) << "with its reasons, not hidden";
  for (const auto& rule : json["rules"]) {
    const bool nothing = rule["checks"].empty() && rule["tests"].empty();
    EXPECT_EQ(nothing, rule["result"] == "NOT_SHOWN") << rule.dump();
  }
}

TEST_F(SelfCheckPages, AreOnePageWithoutScriptThatPrintsOnA4) {
  const Answer page = Get(kSelfCheckPage);
  ASSERT_EQ(page.status, 200);
  EXPECT_EQ(page.Header("content-type"), "text/html; charset=utf-8");
  EXPECT_EQ(page.Header("content-security-policy").find("script"), std::string::npos);
  EXPECT_NE(page.Header("content-security-policy").find("default-src 'none'"), std::string::npos);
  EXPECT_EQ(page.body.find("<script"), std::string::npos);
  EXPECT_NE(page.body.find("size: A4"), std::string::npos);
  EXPECT_LT(page.body.find("减负自检"), page.body.find("Self-check"));
  for (int rule = 1; rule <= 14; ++rule) {
    EXPECT_NE(page.body.find("<section id=\"R" + std::to_string(rule) + "\">"), std::string::npos) << rule;
  }
}

TEST_F(SelfCheckPages, AreOnlyReadAndAtTheRateOfAnyPublicPath) {
  Call write{.method = "POST", .target = kSelfCheckPath, .body = "{}", .headers = {}};
  EXPECT_EQ(Do(write).status, 405);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Get(i == 1 ? kSelfCheckPage : kSelfCheckPath).status, 200);
  const Answer fourth = Get(kSelfCheckPath);
  EXPECT_EQ(fourth.status, 429);
  EXPECT_FALSE(fourth.Header("ratelimit").empty());
}

TEST(SelfCheckResult, NeverPassesWhatNothingShows) {
  const SelfCheckResult result = Result();
  EXPECT_EQ(ShownOf("R1", result.walked, result.proofs), Shown::kPass);
  EXPECT_EQ(ShownOf("R14", result.walked, result.proofs), Shown::kFail);
  EXPECT_EQ(ShownOf("R7", result.walked, result.proofs), Shown::kByTests);
  EXPECT_EQ(ShownOf("R10", result.walked, result.proofs), Shown::kNotShown);
  const auto json = nlohmann::json::parse(SelfCheckJson(result));
  EXPECT_EQ(json["results"].dump(), R"({"BY_TESTS":1,"FAIL":1,"NOT_SHOWN":10,"PASS":2})");
  EXPECT_EQ(RuleOf(json, "R7")["tests"][0]["test"], "Flow.EndsTheBallGame");
}

TEST(SelfCheckResult, SaysOnThePageWhatFailsWhatIsExcusedAndWhatIsNotShown) {
  const std::string page = SelfCheckHtml(Result());
  EXPECT_NE(page.find("<p class=\"result FAIL\">不通过"), std::string::npos);
  EXPECT_NE(page.find("x.v1.&lt;b&gt;Score"), std::string::npos) << "a name is text";
  EXPECT_EQ(page.find("<b>Score"), std::string::npos);
  EXPECT_NE(page.find("<code>x.v1.Track*</code> (1)：查的是事"), std::string::npos);
  const size_t r10 = page.find("<section id=\"R10\">");
  EXPECT_EQ(
      page.find("<p class=\"result NOT_SHOWN\">尚无证明 <span lang=\"en\">not shown yet</span></p>", r10),
      r10 + 19);
}

TEST(SelfCheck, LooksAgainAfterAMinute) {
  tests::SimClock clock(1'790'000'000'000);
  SelfCheck check(clock, "1");
  HttpRequest request;
  request.path = kSelfCheckPath;
  const auto at = [&] {
    return nlohmann::json::parse(*check.Serve(request).shared_body)["checkedAtMs"].get<int64_t>();
  };
  EXPECT_EQ(at(), 1'790'000'000'000);
  clock.AdvanceTo(1'790'000'000'000 + kSelfCheckFreshMs - 1);
  EXPECT_EQ(at(), 1'790'000'000'000);
  clock.AdvanceTo(1'790'000'000'000 + kSelfCheckFreshMs);
  EXPECT_EQ(at(), 1'790'000'000'000 + kSelfCheckFreshMs);
}

}  // namespace
}  // namespace gateway
