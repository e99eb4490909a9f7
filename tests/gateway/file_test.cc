// Files as a client gets them: whole or piece by piece, never a part that looks like the whole.
#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/gateway/fixture.h"

namespace gateway {
namespace {

using kernel::v1::ROLE_GW;

class Files : public GatewayTest {
 protected:
  // Sends a GET with a token and leaves the answer to be read.
  void Ask(RawClient& client, const std::string& target, const std::string& more = "") {
    client.Send(absl::StrCat("GET ", target, " HTTP/1.1\r\nHost: a\r\n", more, "Authorization: Bearer ",
                             Token(ROLE_GW, "371402"), "\r\n\r\n"));
  }
  // Takes the chunks apart. Stops at the last chunk (`whole`) or where the connection ends.
  static std::string Body(RawClient& client, bool* whole) {
    std::string body;
    *whole = false;
    while (true) {
      std::string line = client.ReadUntil("\r\n");
      uint64_t size = 0;
      if (line.starts_with("(closed)") || !absl::SimpleHexAtoi(line.substr(0, line.size() - 2), &size)) return body;
      std::string piece;
      while (piece.size() < size + 2) {
        const std::string more = client.ReadUntil(std::string_view("\r\n"));
        if (more.starts_with("(closed)")) return body;
        piece += more;
      }
      body += piece.substr(0, size);
      *whole = size == 0;
      if (*whole) return body;
    }
  }
};

std::string Letters(int pieces, size_t size) {
  std::string out;
  for (int i = 0; i < pieces; ++i) out.append(size, static_cast<char>('a' + i % 26));
  return out;
}

TEST_F(Files, AreGivenWholeWithTheirTypeAndName) {
  const Answer file = Get("/v1/file?piece_bytes=5&content_type=text/plain&file_name=%E5%8D%B7%E5%AE%97.pdf&etag=abc");
  EXPECT_EQ(file.status, 200);
  EXPECT_EQ(file.body, "aaaaa");
  EXPECT_EQ(file.Header("content-type"), "text/plain");
  EXPECT_EQ(file.Header("content-disposition"),
            "attachment; filename=\"__.pdf\"; filename*=UTF-8''%E5%8D%B7%E5%AE%97.pdf");
  EXPECT_EQ(file.Header("x-content-type-options"), "nosniff");
  EXPECT_EQ(file.Header("etag"), "\"abc\"");
  EXPECT_TRUE(file.Header("content-security-policy").ends_with("; sandbox"));
  EXPECT_EQ(Get("/v1/file?etag=abc", {{"If-None-Match", "\"abc\""}}).status, 304);
  EXPECT_EQ(Get("/v1/file?piece_bytes=1", {{"Accept", "image/*"}}).status, 200) << "a file has its own type";
}

TEST_F(Files, NamesCannotLeaveTheirHeader) {
  const Answer file = Get("/v1/file?content_type=text%2Fplain%E4%B8%80&file_name=..%2F%22%3Bx%25.exe&inline=true");
  EXPECT_EQ(file.Header("content-type"), "application/octet-stream");
  EXPECT_EQ(file.Header("content-disposition"),
            "inline; filename=\".._" "__x_.exe\"; filename*=UTF-8''.._%22%3Bx%25.exe");
}

TEST_F(Files, AreStreamedInChunks) {
  RawClient client(port());
  Ask(client, "/v1/file:stream?pieces=40&piece_bytes=70000&content_type=image/png");
  const Answer head = client.Read(true);
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.Header("transfer-encoding"), "chunked");
  EXPECT_EQ(head.Header("content-type"), "image/png");
  bool whole = false;
  EXPECT_EQ(Body(client, &whole), Letters(40, 70000));
  EXPECT_TRUE(whole);
}

TEST_F(Files, AnErrorBeforeTheFirstPieceIsAProblem) {
  const Answer refused = Get("/v1/file:stream?fail_after=-1", As(ROLE_GW));
  EXPECT_EQ(refused.status, 404);
  EXPECT_EQ(refused.Header("content-type"), "application/problem+json");
  EXPECT_EQ(refused.Json()["reason"], "NO_FILE");
  EXPECT_EQ(Get("/v1/file:stream?pieces=1").status, 401) << "judged as every other method";
  EXPECT_EQ(Get("/v1/file:stream?pieces=1&nonsense=1", As(ROLE_GW)).status, 400);
}

TEST_F(Files, AnErrorAmidTheFileBreaksTheConnectionOff) {
  RawClient client(port());
  Ask(client, "/v1/file:stream?pieces=10&piece_bytes=1000&content_type=image/png&fail_after=4");
  EXPECT_EQ(client.Read(true).status, 200);
  bool whole = true;
  EXPECT_EQ(Body(client, &whole), Letters(4, 1000));
  EXPECT_FALSE(whole) << "a part must not look like the whole";
  EXPECT_TRUE(client.Closed());
}

TEST_F(Files, AServiceThatSendsNothingIsGivenUpInTime) {
  const Answer late = Get("/v1/file:stream?hang=true", As(ROLE_GW));
  EXPECT_EQ(late.status, 504);
  EXPECT_EQ(late.Json()["code"], "DEADLINE_EXCEEDED");
}

TEST_F(Files, AnEmptyStreamIsAnEmptyFile) {
  const Answer empty = Get("/v1/file:stream?pieces=0", As(ROLE_GW));
  EXPECT_EQ(empty.status, 200);
  EXPECT_EQ(empty.body, "");
}

TEST_F(Files, AHeadAsksForNoBytes) {
  RawClient client(port());
  client.Send(absl::StrCat("HEAD /v1/file:stream?pieces=100000&piece_bytes=100000&etag=e HTTP/1.1\r\nHost: a\r\n",
                           "Authorization: Bearer ", Token(ROLE_GW, "371402"), "\r\n\r\n"));
  const Answer head = client.Read(true);
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.Header("etag"), "\"e\"");
  EXPECT_TRUE(client.Closed());
  EXPECT_LT(echo_->pieces(), 200);
}

// Nobody reads: what has been made stays bounded by what sockets and gRPC buffer.
TEST_F(Files, ASlowClientSlowsDownTheService) {
  RawClient client(port());
  Ask(client, "/v1/file:stream?pieces=100000&piece_bytes=100000&content_type=image/png");
  EXPECT_EQ(client.Read(true).status, 200);
  for (int i = 0; i < 50; ++i) EXPECT_EQ(Get("/v1/notes/1").status, 200);
  EXPECT_LT(echo_->pieces(), 300);
  client.Close();
  const int64_t until = clock_.NowMs() + 10'000;
  while (echo_->cancelled() == 0 && clock_.NowMs() < until) (void)Get("/healthz");
  EXPECT_EQ(echo_->cancelled(), 1);
}

TEST_F(Files, AClientThatHasTheFileIsNotSentItAgain) {
  const auto headers = [this](const std::string& tag) {
    auto all = As(ROLE_GW);
    all["If-None-Match"] = tag;
    return all;
  };
  EXPECT_EQ(Get("/v1/file:stream?pieces=3&piece_bytes=10&etag=e1", headers("\"e1\"")).status, 304);
}

TEST_F(Files, ConnectSaysWhereAStreamIsHad) {
  auto headers = As(ROLE_GW);
  headers["Content-Type"] = "application/json";
  const Answer answer = Post("/echo.v1.Notes/StreamFile", "{}", headers);
  EXPECT_EQ(answer.status, 501);
  EXPECT_EQ(answer.Json()["code"], "unimplemented");
}

TEST_F(Files, AreBinaryInTheDescriptionOfTheInterface) {
  const auto paths = Get("/openapi.json").Json()["paths"];
  for (const char* path : {"/v1/file", "/v1/file:stream"}) {
    const auto content = paths[path]["get"]["responses"]["200"]["content"];
    EXPECT_EQ(content["*/*"]["schema"]["format"], "binary") << path;
  }
}

}  // namespace
}  // namespace gateway
