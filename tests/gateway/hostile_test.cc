// Bytes nobody should send: always a proper 4xx problem and nothing else, and the connection ends where its
// framing is in doubt.
#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/gateway/fixture.h"

namespace gateway {
namespace {

class Hostile : public GatewayTest {
 protected:
  // Sends `bytes` and a second request behind it, as a smuggler would: exactly one problem must come back.
  void ExpectRefused(const std::string& bytes, int status, const std::string& reason) {
    RawClient client(port());
    client.Send(bytes);
    client.Send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
    const Answer answer = client.Read();
    EXPECT_EQ(answer.status, status) << bytes.substr(0, 100);
    EXPECT_EQ(answer.Header("content-type"), "application/problem+json");
    EXPECT_EQ(answer.Json()["reason"], reason) << bytes.substr(0, 100);
    EXPECT_EQ(answer.Header("connection"), "close");
    EXPECT_TRUE(client.Closed()) << "nothing behind it was answered: " << bytes.substr(0, 100);
  }
  void ExpectSlow(const std::string& beginning) {
    RawClient client(port());
    client.Send(beginning);
    const Answer answer = client.Read();
    EXPECT_EQ(answer.status, 408) << beginning;
    EXPECT_EQ(answer.Json()["reason"], "REQUEST_TIMEOUT");
    EXPECT_TRUE(client.Closed());
  }
  static std::string Post(const std::string& headers, const std::string& body) {
    return "POST /v1/echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n" + headers + "\r\n" +
           body;
  }
};

TEST_F(Hostile, AmbiguousFramingIsRefused) {
  ExpectRefused(Post("Content-Length: 2\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 400,
                "AMBIGUOUS_LENGTH");
  ExpectRefused(Post("Content-Length: 2\r\nContent-Length: 3\r\n", "{}"), 400, "DUPLICATE_HEADER");
  ExpectRefused(Post("Transfer-Encoding: xchunked\r\n", "{}"), 400, "BAD_TRANSFER_ENCODING");
  ExpectRefused(Post("Transfer-Encoding: chunked, identity\r\n", "0\r\n\r\n"), 400, "BAD_TRANSFER_ENCODING");
  ExpectRefused(Post("Content-Length: +2\r\n", "{}"), 400, "BAD_CONTENT_LENGTH");
  ExpectRefused(Post("Transfer-Encoding: chunked\r\n", "zz\r\n{}\r\n0\r\n\r\n"), 400, "BAD_FRAMING");
  ExpectRefused(Post("Transfer-Encoding: chunked\r\n", "2\n{}\n0\n\n"), 400, "BAD_FRAMING");
}

TEST_F(Hostile, TwistedHeadsAreRefused) {
  ExpectRefused("GET /healthz HTTP/1.1\nHost: x\n\n", 400, "BARE_LINE_FEED");
  ExpectRefused("GET /healthz HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n", 400, "OBSOLETE_FOLDING");
  ExpectRefused("GET /healthz HTTP/1.1\r\n\r\n", 400, "BAD_HOST");
  ExpectRefused("GET /healthz HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400, "DUPLICATE_HEADER");
  ExpectRefused("GET /healthz HTTP/1.1\r\nHost: x\r\nAuthorization: a\r\nAuthorization: b\r\n\r\n", 400,
                "DUPLICATE_HEADER");
  ExpectRefused("GET /healthz HTTP/1.1\r\nHost : x\r\n\r\n", 400, "BAD_HEADER");
  ExpectRefused("GET http://x/healthz HTTP/1.1\r\nHost: x\r\n\r\n", 400, "BAD_TARGET");
  ExpectRefused("GET /healthz HTTP/1.0\r\nHost: x\r\n\r\n", 505, "HTTP_VERSION");
  ExpectRefused(std::string("GET /health\0z HTTP/1.1\r\nHost: x\r\n\r\n", 35), 400, "BAD_HEADER");
  ExpectRefused("\x16\x03\x01\x02\r\n\r\n", 400, "BAD_REQUEST_LINE");
}

TEST_F(Hostile, TooMuchOfAnythingIsRefused) {
  ExpectRefused("GET /" + std::string(9'000, 'a') + " HTTP/1.1\r\nHost: x\r\n\r\n", 414, "URL_TOO_LONG");
  ExpectRefused("GET / HTTP/1.1\r\nHost: x\r\nA: " + std::string(20'000, 'a') + "\r\n\r\n", 431,
                "HEADERS_TOO_LARGE");
  ExpectRefused(Post("Content-Length: 99999999\r\n", ""), 413, "BODY_TOO_LARGE");
  std::string chunks;
  for (int i = 0; i < 200; ++i) absl::StrAppend(&chunks, "2000\r\n", std::string(0x2000, ' '), "\r\n");
  ExpectRefused(Post("Transfer-Encoding: chunked\r\n", chunks), 413, "BODY_TOO_LARGE");
}

TEST_F(Hostile, SlowDripsAreCutOffWithAWord) {
  options_.http.head_timeout_ms = 100;
  options_.http.body_timeout_ms = 100;
  ExpectSlow("GET /healthz HT");
  ExpectSlow(Post("Content-Length: 20\r\n", "{\"te"));
  ExpectSlow(Post("Transfer-Encoding: chunked\r\n", "5\r\n{"));
}

TEST_F(Hostile, PathsWithASecondMeaningAreRefused) {
  for (const char* path :
       {"/v1/notes/..", "/v1/../etc/passwd", "/v1//notes", "/v1/notes/", "/v1/notes/%00", "/v1/notes/%2e%2e",
        "/v1/notes/%zz", "/v1/notes/%ff", "/v1/notes/a%0d%0ab", "/v1/notes\\x"}) {
    const Answer answer = Get(path);
    EXPECT_EQ(answer.status, 400) << path;
    EXPECT_EQ(answer.Json()["reason"], "BAD_PATH") << path;
  }
  EXPECT_EQ(Get("/v1/notes/1?id=%ff").status, 400);
  EXPECT_EQ(Get("/v1/notes/1?%00=1").status, 400);
}

TEST_F(Hostile, BodiesThatTwoReadersWouldReadDifferentlyAreRefused) {
  std::string deep;
  for (int i = 0; i < 5'000; ++i) deep += "{\"inner\":";
  for (const std::string& body :
       {std::string(R"({"text":"a","text":"b"})"), std::string(R"({"text":"a","\u0074ext":"b"})"), deep,
        std::string("{\"text\":\"\xff\"}"), std::string("{'text':1}"),
        std::string("{\"small\":" + std::string(500, '9') + "}"), std::string("{\"real\":1e999}"),
        std::string("{}{}"), std::string("{\"text\":\"\\ud800\"}"), std::string("\xef\xbb\xbf{}"),
        std::string("[[[[[[[[[[")}) {
    const Answer answer = GatewayTest::Post("/v1/echo", body);
    EXPECT_EQ(answer.status, 400) << body.substr(0, 60);
    EXPECT_EQ(answer.Header("content-type"), "application/problem+json");
    EXPECT_FALSE(answer.Json()["errors"].empty()) << body.substr(0, 60);
  }
}

TEST_F(Hostile, TrailersDoNotBecomeHeaders) {
  RawClient client(port());
  client.Send(Post("Transfer-Encoding: chunked\r\nTrailer: Authorization\r\n",
                   "2\r\n{}\r\n0\r\nAuthorization: Bearer x\r\nIdempotency-Key: y\r\n\r\n"));
  const Answer answer = client.Read();
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_FALSE(answer.Json()["metadata"].contains("authorization"));
}

TEST_F(Hostile, PipelinedRequestsAreAnsweredInOrder) {
  RawClient client(port());
  client.Send(Post("Content-Length: 12\r\n", "{\"text\":\"a\"}") +
              Post("Content-Length: 12\r\n", "{\"text\":\"b\"}") +
              "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(client.Read().Json()["echo"]["text"], "a");
  EXPECT_EQ(client.Read().Json()["echo"]["text"], "b");
  EXPECT_EQ(client.Read().Json()["status"], "ok");
}

TEST_F(Hostile, ChunkedBodiesAndExpectationsWork) {
  RawClient client(port());
  client.Send(Post("Transfer-Encoding: chunked\r\n", "5\r\n{\"tex\r\n7;x=y\r\nt\":\"a\"}\r\n0\r\n\r\n"));
  EXPECT_EQ(client.Read().Json()["echo"]["text"], "a");
  client.Send(Post("Expect: 100-continue\r\nContent-Length: 12\r\n", ""));
  EXPECT_EQ(client.Read().status, 100);
  client.Send("{\"text\":\"b\"}");
  EXPECT_EQ(client.Read().Json()["echo"]["text"], "b");
}

TEST_F(Hostile, AnswersAreNeverSplitByWhatIsEchoed) {
  const Answer answer = Get("/v1/notes/1?x%0d%0aSet-Cookie:a=1");
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.Header("set-cookie"), "");
}

}  // namespace
}  // namespace gateway
