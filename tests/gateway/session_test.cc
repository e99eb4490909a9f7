// Web sessions: tokens stay in the gateway, other sites cannot use the cookie.
#include <gtest/gtest.h>

#include <string>

#include "tests/gateway/fixture.h"

namespace gateway {
namespace {

class WebSession : public GatewayTest {
 protected:
  // Signs in; keeps cookie and CSRF token.
  Answer SignIn(const std::string& user = "wang", const std::string& password = "correct horse") {
    const Answer answer =
        Post("/v1/session", "{\"login\":\"" + user + "\",\"password\":\"" + password + "\"}");
    const std::string cookie = answer.Header("set-cookie");
    if (!cookie.empty()) cookie_ = cookie.substr(0, cookie.find(';'));
    if (answer.status == 200) csrf_ = answer.Json()["csrfToken"];
    return answer;
  }
  std::map<std::string, std::string> Cookie(bool csrf = false) {
    std::map<std::string, std::string> headers{{"Cookie", "other=1; " + cookie_}};
    if (csrf) headers["X-CSRF-Token"] = csrf_;
    return headers;
  }
  std::string cookie_;
  std::string csrf_;
};

TEST_F(WebSession, SignsInWithoutShowingATokenToThePage) {
  const Answer answer = SignIn();
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.Json()["userId"], "wang");
  EXPECT_EQ(answer.body.find("eyJ"), std::string::npos) << "no token in the body";
  const std::string cookie = answer.Header("set-cookie");
  EXPECT_NE(cookie.find("HttpOnly"), std::string::npos);
  EXPECT_NE(cookie.find("SameSite=Lax"), std::string::npos);
  EXPECT_EQ(cookie.find("eyJ"), std::string::npos);
  EXPECT_EQ(Get("/v1/notes?page_size=1", Cookie()).status, 200);
  EXPECT_EQ(Get("/v1/session", Cookie()).Json()["csrfToken"], csrf_) << "after a reload";
  EXPECT_EQ(Get("/v1/session").status, 401);
}

TEST_F(WebSession, UsesTheHostPrefixUnderHttps) {
  options_.auth.https = true;
  const Answer answer = SignIn();
  EXPECT_TRUE(answer.Header("set-cookie").starts_with("__Host-fq_session="));
  EXPECT_NE(answer.Header("set-cookie").find("Secure"), std::string::npos);
}

TEST_F(WebSession, RefusesAWrongPasswordInTheDirectorysWords) {
  const Answer answer = SignIn("wang", "guess");
  EXPECT_EQ(answer.status, 401);
  EXPECT_EQ(answer.Json()["reason"], "WRONG_PASSWORD");
  EXPECT_EQ(answer.Header("set-cookie"), "");
  EXPECT_EQ(Post("/v1/session", R"({"login":"wang"})").status, 400);
}

TEST_F(WebSession, ChangesNeedTheCsrfTokenAndOurOrigin) {
  SignIn();
  const std::string target = "/v1/notes/1:close";
  EXPECT_EQ(Post(target, R"({"requestId":"r"})", Cookie()).status, 403);
  EXPECT_EQ(Post(target, R"({"requestId":"r"})", Cookie()).Json()["reason"], "CROSS_SITE");
  EXPECT_EQ(Post(target, R"({"requestId":"r"})", Cookie(true)).status, 200);
  auto headers = Cookie(true);
  headers["Origin"] = "https://evil.example";
  EXPECT_EQ(Post(target, R"({"requestId":"r"})", headers).status, 403);
  headers["Origin"] = "http://localhost";
  EXPECT_EQ(Post(target, R"({"requestId":"r"})", headers).status, 200);
  headers.erase("Origin");
  headers["Sec-Fetch-Site"] = "cross-site";
  EXPECT_EQ(Post(target, R"({"requestId":"r"})", headers).status, 403);
  headers["Sec-Fetch-Site"] = "same-origin";
  headers["X-CSRF-Token"] = "wrong";
  EXPECT_EQ(Post(target, R"({"requestId":"r"})", headers).status, 403);
}

TEST_F(WebSession, CannotBeMadeByAnotherSite) {
  const Answer answer = Post("/v1/session", R"({"login":"wang","password":"correct horse"})",
                             {{"Origin", "https://evil.example"}});
  EXPECT_EQ(answer.status, 403);
  EXPECT_EQ(answer.Header("set-cookie"), "");
}

TEST_F(WebSession, EndsHereAndAtTheDirectoryOnSignOut) {
  SignIn();
  Call out{.method = "DELETE", .target = "/v1/session", .body = "", .headers = Cookie()};
  EXPECT_EQ(Do(out).status, 403);
  out.headers = Cookie(true);
  const Answer done = Do(out);
  EXPECT_EQ(done.status, 204);
  EXPECT_NE(done.Header("set-cookie").find("Max-Age=0"), std::string::npos);
  EXPECT_EQ(echo_->sign_outs(), 1);
  EXPECT_EQ(Get("/v1/notes", Cookie()).status, 401);
}

TEST_F(WebSession, GetsANewTokenBeforeTheOldOneEnds) {
  echo_->set_token_lifetime_ms(30'000);  // less than the time before which it is renewed
  SignIn();
  echo_->set_token_lifetime_ms(600'000);
  EXPECT_EQ(Get("/v1/notes", Cookie()).status, 200);
  EXPECT_EQ(echo_->refreshes(), 1);
  EXPECT_EQ(Get("/v1/notes", Cookie()).status, 200);
  EXPECT_EQ(echo_->refreshes(), 1) << "the new one lasts";
}

TEST_F(WebSession, EndsWhenTheDirectoryRefusesToProlongIt) {
  echo_->set_token_lifetime_ms(30'000);
  SignIn();
  echo_->set_refuse_refresh(true);
  EXPECT_EQ(Get("/v1/notes", Cookie()).status, 401);
  EXPECT_EQ(Get("/v1/session", Cookie()).status, 401);
}

TEST_F(WebSession, GetsANewIdAtEverySignIn) {
  SignIn();
  const std::string first = cookie_;
  const Answer again = Post("/v1/session", R"({"login":"wang","password":"correct horse"})", Cookie());
  EXPECT_EQ(again.status, 200);
  EXPECT_NE(again.Header("set-cookie").substr(0, first.size()), first);
  EXPECT_EQ(Get("/v1/notes", {{"Cookie", first}}).status, 401);
}

TEST(SessionStore, IsBoundedForEachPersonAndInTime) {
  SessionStore store;
  std::vector<std::string> ids;
  for (int i = 0; i < 12; ++i) {
    Session session;
    session.user_id = "u";
    session.directory_session_id = "d" + std::to_string(i);
    session.refresh_token = "r";
    session.refresh_expires_ms = 1'000'000'000'000;
    ids.push_back(store.Create(session, 1000 + i).id);
  }
  EXPECT_EQ(store.size(), kMaxSessionsPerUser);
  EXPECT_EQ(store.Find(ids[0], 2000), nullptr) << "the one longest unused has gone";
  EXPECT_NE(store.Find(ids[11], 2000), nullptr);
  store.RemoveByDirectorySession("d11");
  EXPECT_EQ(store.Find(ids[11], 2000), nullptr);
  EXPECT_NE(store.Find(ids[10], 2000), nullptr);
  EXPECT_EQ(store.Find(ids[10], 2000 + kSessionIdleMs), nullptr) << "idle for too long";
  EXPECT_EQ(store.Find("forged", 2000), nullptr);
}

TEST(Addresses, OfOneHouseholdCountTogether) {
  EXPECT_EQ(AddressKey("10.1.2.3"), "a:10.1.2.3");
  EXPECT_EQ(AddressKey("2001:db8::1"), AddressKey("2001:db8::ffff"));
  EXPECT_NE(AddressKey("2001:db8:0:1::1"), AddressKey("2001:db8::1"));
}

}  // namespace
}  // namespace gateway
