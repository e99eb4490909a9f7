// The HTTP interface as a client sees it, over a socket, with a gRPC server behind it.
#include <gtest/gtest.h>

#include <string>

#include "tests/gateway/fixture.h"

namespace gateway {
namespace {

using kernel::v1::ROLE_GW;
using kernel::v1::ROLE_PUB;
using kernel::v1::ROLE_TD;

class Rest : public GatewayTest {};

std::map<std::string, std::string> Plus(std::map<std::string, std::string> headers, const std::string& name,
                                        const std::string& value) {
  headers[name] = value;
  return headers;
}

TEST_F(Rest, ReadsAndWritesThroughTheService) {
  const Answer note = Get("/v1/notes/%E6%9E%AB");
  EXPECT_EQ(note.status, 200);
  EXPECT_EQ(note.Header("content-type"), "application/json");
  EXPECT_EQ(note.Json()["id"], "枫");
  EXPECT_EQ(note.Json()["version"], "7") << "64 bits are strings";
  EXPECT_EQ(note.Header("cache-control"), "private, no-cache");
  const Answer written =
      Post("/v1/notes", R"({"areaCode":"371402","text":"路灯不亮","requestId":"r1"})", As(ROLE_GW));
  EXPECT_EQ(written.status, 200) << written.body;
  EXPECT_EQ(written.Json()["id"], "r1");
  EXPECT_EQ(written.Header("etag"), "\"8\"");
}

TEST_F(Rest, PassesPagingThrough) {
  const Answer list = Get("/v1/notes?page_size=2&page_token=abc", As(ROLE_GW));
  EXPECT_EQ(list.Json()["note"].size(), 2u);
  EXPECT_EQ(list.Json()["nextPageToken"], "abc+");
}

TEST_F(Rest, PassesOnOnlyWhatItMust) {
  const Answer echo = Post("/v1/echo", R"({"text":"a"})",
                           {{"Authorization", "Bearer " + Token(ROLE_GW, "371402")},
                            {"traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"},
                            {"X-Evil", "1"},
                            {"Cookie", "a=b"},
                            {"X-Request-Id", "forged"},
                            {"X-Timeout-Ms", "900"}});
  ASSERT_EQ(echo.status, 200) << echo.body;
  const auto metadata = echo.Json()["metadata"];
  EXPECT_TRUE(metadata["authorization"].get<std::string>().starts_with("Bearer ey"));
  EXPECT_EQ(metadata["traceparent"], "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
  EXPECT_EQ(metadata["x-request-id"], echo.Header("x-request-id"));
  EXPECT_NE(metadata["x-request-id"], "forged") << "only a trusted proxy names requests";
  EXPECT_FALSE(metadata.contains("x-evil"));
  EXPECT_FALSE(metadata.contains("cookie"));
  EXPECT_LE(std::stoll(echo.Json()["deadlineMs"].get<std::string>()), 900);
}

TEST_F(Rest, BelievesTheProxyWhenToldTo) {
  options_.http.behind_proxy = true;
  const Answer echo = Post("/v1/echo", "{}", {{"X-Request-Id", "from-proxy"}});
  EXPECT_EQ(echo.Json()["metadata"]["x-request-id"], "from-proxy");
}

TEST_F(Rest, AsksWhoItIsBeforeAnythingElse) {
  const Answer nobody = Post("/v1/notes", "{}");
  EXPECT_EQ(nobody.status, 401);
  EXPECT_EQ(nobody.Header("www-authenticate"), "Bearer realm=\"fengqiao\"");
  EXPECT_EQ(nobody.Header("content-type"), "application/problem+json");
  EXPECT_EQ(Post("/v1/notes", "{}", As(ROLE_PUB)).status, 403)
      << "before 400: strangers learn nothing of the form";
  EXPECT_EQ(Post("/v1/notes", "{}", As(ROLE_TD)).status, 400);
  EXPECT_EQ(Get("/v1/notes/1", {{"Authorization", "Bearer nonsense"}}).status, 401)
      << "also where nobody is asked";
  EXPECT_EQ(Get("/v1/notes/1", {{"Authorization", "Basic dTpw"}}).status, 401);
  EXPECT_EQ(Get("/v1/notes", {{"Authorization", "Bearer " + Token(ROLE_GW, "37", "u1", -120'000)}}).status,
            401);
}

TEST_F(Rest, SaysWhatIsWrongInBothLanguagesAndWhere) {
  const Answer bad = Post("/v1/notes", R"({"line":[{}]})", As(ROLE_TD));
  EXPECT_EQ(bad.status, 400);
  const auto problem = bad.Json();
  EXPECT_EQ(problem["status"], 400);
  EXPECT_EQ(problem["code"], "INVALID_ARGUMENT");
  EXPECT_EQ(problem["type"], "urn:fengqiao:problem:invalid-field");
  EXPECT_FALSE(problem["detail"].get<std::string>().empty());
  EXPECT_FALSE(problem["detail_en"].get<std::string>().empty());
  EXPECT_EQ(problem["requestId"], bad.Header("x-request-id"));
  EXPECT_EQ(problem["errors"].size(), 3u);
  EXPECT_EQ(problem["errors"][2]["pointer"], "/line/0/words");
}

TEST_F(Rest, TurnsRefusalsIntoProblems) {
  const Answer refused =
      Post("/v1/fail", R"({"code":9,"reason":"WRONG_STATUS","field":"party[1].real_name"})");
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(refused.Json()["reason"], "WRONG_STATUS");
  EXPECT_EQ(refused.Json()["detail"], "不行");
  EXPECT_EQ(refused.Json()["domain"], "echo");
  EXPECT_EQ(refused.Json()["metadata"]["rule"], "DI-03");
  EXPECT_EQ(refused.Json()["errors"][0]["pointer"], "/party/1/realName");
  const struct {
    int code;
    int status;
  } kTable[] = {{1, 499}, {2, 500},  {3, 400},  {4, 504},  {5, 404},  {6, 409},  {7, 403},  {8, 429},
                {9, 400}, {10, 409}, {11, 400}, {12, 501}, {13, 500}, {14, 503}, {15, 500}, {16, 401}};
  for (const auto& row : kTable) {
    const Answer answer = Post("/v1/fail", "{\"code\":" + std::to_string(row.code) + ",\"reason\":\"X\"}");
    EXPECT_EQ(answer.status, row.status) << row.code;
  }
  EXPECT_EQ(Post("/v1/fail", R"({"code":8,"reason":"X","retryAfterMs":"2500"})").Header("retry-after"), "3");
}

TEST_F(Rest, NeverShowsTheWordsOfTheMachine) {
  for (int code : {2, 13, 14, 15}) {
    const Answer answer =
        Post("/v1/fail", "{\"code\":" + std::to_string(code) + ",\"message\":\"rocksdb: /var/x\"}");
    EXPECT_EQ(answer.body.find("rocksdb"), std::string::npos);
    EXPECT_FALSE(answer.Json()["detail"].get<std::string>().empty());
  }
}

TEST_F(Rest, EndsACallThatTakesTooLong) {
  const Answer late = Post("/v1/fail", R"({"hang":true})", {{"X-Timeout-Ms", "200"}});
  EXPECT_EQ(late.status, 504);
  EXPECT_EQ(late.Json()["code"], "DEADLINE_EXCEEDED");
}

TEST_F(Rest, CancelsTheCallOfAClientThatHangsUp) {
  options_.channels_per_peer = 1;
  {
    RawClient client(port());
    client.Send(
        "POST /v1/fail HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: "
        "13\r\n\r\n{\"hang\":true}");
    // Another call proves that the first one has reached the service: both go the same way.
    EXPECT_EQ(Get("/v1/notes/1").status, 200);
  }
  const int64_t until = clock_.NowMs() + 10'000;
  while (echo_->cancelled() == 0 && clock_.NowMs() < until) (void)Get("/healthz");
  EXPECT_GE(echo_->cancelled(), 1);
}

TEST_F(Rest, AnswersUnavailableWhenTheServiceIsGone) {
  StartGateway();
  EXPECT_EQ(Get("/readyz").status, 200);
  echo_->SetServing(false);
  EXPECT_EQ(Get("/readyz").status, 503);
  EXPECT_EQ(Get("/readyz?only=gateway").status, 200);
  echo_->Stop();
  const Answer gone = Post("/v1/echo", "{}");
  EXPECT_EQ(gone.status, 503);
  EXPECT_EQ(gone.Header("retry-after"), "1");
  EXPECT_EQ(Get("/healthz").status, 200);
  EXPECT_EQ(Get("/readyz").Json()["services"]["echo"], false);
}

TEST_F(Rest, AnswersConditionalReads) {
  const Answer first = Get("/v1/notes/1");
  const std::string tag = first.Header("etag");
  EXPECT_TRUE(tag.starts_with("\"7-")) << tag;
  const Answer second = Get("/v1/notes/1", {{"If-None-Match", "\"x\", W/" + tag}});
  EXPECT_EQ(second.status, 304);
  EXPECT_EQ(second.body, "");
  EXPECT_EQ(second.Header("etag"), tag);
  EXPECT_EQ(Get("/v1/notes/2", {{"If-None-Match", tag}}).status, 200);
}

TEST_F(Rest, ChangesOnlyTheVersionThatWasSeen) {
  const std::string target = "/v1/notes/1:close";
  EXPECT_EQ(Post(target, R"({"requestId":"r"})", Plus(As(ROLE_TD), "If-Match", "\"7\"")).status, 200);
  const Answer stale = Post(target, R"({"requestId":"r"})", Plus(As(ROLE_TD), "If-Match", "\"6\""));
  EXPECT_EQ(stale.status, 412);
  EXPECT_EQ(stale.Json()["reason"], "VERSION_CONFLICT");
  EXPECT_EQ(Post(target, R"({"expectedVersion":"6","requestId":"r"})", As(ROLE_TD)).status, 409)
      << "no If-Match: a plain conflict";
  Call change{.method = "PATCH", .target = "/v1/notes/1", .body = R"({"text":"ok"})", .headers = As(ROLE_TD)};
  change.headers["Content-Type"] = "application/json";
  change.headers["Idempotency-Key"] = "\"k\"";
  EXPECT_EQ(Do(change).status, 428);
  change.headers["If-Match"] = Get("/v1/notes/1").Header("etag");
  EXPECT_EQ(Do(change).status, 200);
}

TEST_F(Rest, TakesTheRequestIdFromTheIdempotencyKey) {
  const Answer written = Post("/v1/notes/1:close", "{}", Plus(As(ROLE_TD), "Idempotency-Key", "\"k-1\""));
  EXPECT_EQ(written.Json()["id"], "k-1");
  EXPECT_EQ(
      Post("/v1/notes/1:close", R"({"requestId":"other"})", Plus(As(ROLE_TD), "Idempotency-Key", "k")).status,
      400);
}

// A tablet that did not see the answer sends again; without a name for the change it would be done twice.
TEST_F(Rest, AsksForTheIdempotencyKeyOfAChangeByName) {
  const Answer without = Post("/v1/notes/1:close", "{}", As(ROLE_TD));
  EXPECT_EQ(without.status, 400);
  EXPECT_EQ(without.Json()["reason"], "IDEMPOTENCY_KEY_REQUIRED");
  EXPECT_NE(without.Json()["detail"].get<std::string>().find("Idempotency-Key"), std::string::npos);
  EXPECT_NE(without.Json()["detail_en"].get<std::string>().find("Idempotency-Key"), std::string::npos);
  EXPECT_EQ(without.Json()["errors"][0]["pointer"], "/requestId");
  const Answer connect = Post("/echo.v1.Notes/CloseNote", R"({"id":"1"})", As(ROLE_TD));
  EXPECT_EQ(connect.status, 400) << connect.body;
  EXPECT_EQ(Post("/v1/notes/1:close", R"({"requestId":"r"})", As(ROLE_TD)).status, 200) << "or in the body";
  EXPECT_EQ(Post("/v1/echo", "{}").status, 200) << "what changes nothing needs none";
  const auto parameters = Get("/openapi.json").Json()["paths"]["/v1/notes/{id}:close"]["post"]["parameters"];
  bool told = false;
  for (const auto& each : parameters) told = told || (each["name"] == "Idempotency-Key" && each["required"] == true);
  EXPECT_TRUE(told) << parameters;
}

TEST_F(Rest, KnowsItsMethodsAndTypes) {
  Call call{.method = "DELETE", .target = "/v1/notes", .body = "", .headers = {}};
  const Answer wrong = Do(call);
  EXPECT_EQ(wrong.status, 405);
  EXPECT_EQ(wrong.Header("allow"), "GET, POST");
  EXPECT_EQ(Get("/v1/nothing").status, 404);
  EXPECT_EQ(Get("/v1/notes/1", {{"Accept", "text/html"}}).status, 406);
  EXPECT_EQ(Get("/v1/notes/1", {{"Accept", "text/html, application/*;q=0.5"}}).status, 200);
  EXPECT_EQ(Post("/v1/echo", "{}", {{"Content-Type", "text/plain"}}).status, 415);
  EXPECT_EQ(Post("/v1/echo", "{}", {{"Content-Type", "application/json; charset=gbk"}}).status, 415);
  EXPECT_EQ(Post("/v1/echo", "{}", {{"Content-Type", "application/json;charset=UTF-8"}}).status, 200);
  EXPECT_EQ(Post("/v1/echo", "{}", {{"Content-Encoding", "gzip"}}).status, 415);
  call = {.method = "HEAD", .target = "/v1/notes/1", .body = "", .headers = {}};
  const Answer head = Do(call);
  EXPECT_EQ(head.status, 200);
  EXPECT_NE(head.Header("content-length"), "0");
}

TEST_F(Rest, BoundsTheBodyByTheMethodsRule) {
  Call call{
      .method = "PATCH", .target = "/v1/notes/1", .body = std::string(3000, ' '), .headers = As(ROLE_TD)};
  call.headers["Content-Type"] = "application/json";
  const Answer large = Do(call);
  EXPECT_EQ(large.status, 413);
  EXPECT_EQ(large.Json()["metadata"]["maxBytes"], "2048");
  std::string words;
  for (int i = 0; i < 900; ++i) words += (i == 0 ? "\"" : ",\"") + std::string(200, 'x') + "\"";
  const Answer fits = Post("/v1/echo", "{\"word\":[" + words + "]}");
  EXPECT_EQ(fits.status, 200) << "beyond what is read on the io thread";
  EXPECT_EQ(fits.Json()["echo"]["word"].size(), 900u);
  EXPECT_EQ(Post("/v1/echo", std::string(1'100'000, ' ')).status, 413);
}

TEST_F(Rest, LimitsTheRateOfEachPerson) {
  options_.rates["write"] = {.per_minute = 1, .burst = 2};
  StartGateway();
  const auto one = As(ROLE_TD);
  const std::string change = R"({"requestId":"r"})";
  const Answer first = Post("/v1/notes/1:close", change, one);
  EXPECT_EQ(first.Header("ratelimit-policy"), "\"write\";q=2;w=120");
  EXPECT_TRUE(first.Header("ratelimit").starts_with("\"write\";r=1;t=6"));
  EXPECT_EQ(Post("/v1/notes/1:close", change, one).status, 200);
  const Answer refused = Post("/v1/notes/1:close", change, one);
  EXPECT_EQ(refused.status, 429);
  EXPECT_FALSE(refused.Header("retry-after").empty());
  EXPECT_EQ(refused.Json()["reason"], "RATE_LIMITED");
  const Answer other =
      Post("/v1/notes/1:close", change, {{"Authorization", "Bearer " + Token(ROLE_TD, "37", "u2")}});
  EXPECT_EQ(other.status, 200);
}

TEST_F(Rest, DescribesItself) {
  const Answer api = Get("/openapi.json");
  ASSERT_EQ(api.status, 200);
  const auto json = api.Json();
  EXPECT_EQ(json["openapi"], "3.1.0");
  EXPECT_TRUE(json["paths"].contains("/v1/notes/{id}:close"));
  EXPECT_TRUE(json["paths"]["/v1/notes"].contains("post"));
  EXPECT_EQ(json["components"]["schemas"]["echo.v1.WriteNoteRequest"]["required"][0], "areaCode");
  EXPECT_EQ(Get("/openapi.json", {{"If-None-Match", api.Header("etag")}}).status, 304);
}

TEST_F(Rest, FinishesWhatItBeganWhenItIsToldToStop) {
  RawClient busy(port());
  RawClient idle(port());
  idle.Send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(idle.Read().status, 200);
  busy.Send(
      "POST /v1/fail HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nX-Timeout-Ms: "
      "600\r\nContent-Length: 13\r\n\r\n{\"hang\":true}");
  EXPECT_EQ(Get("/v1/notes/1").status, 200);
  OnIo([this]() { gateway_->BeginDrain(); });
  EXPECT_TRUE(idle.Closed());
  const Answer last = busy.Read();
  EXPECT_EQ(last.status, 504);
  EXPECT_EQ(last.Header("connection"), "close");
  EXPECT_TRUE(busy.Closed());
}

}  // namespace
}  // namespace gateway
