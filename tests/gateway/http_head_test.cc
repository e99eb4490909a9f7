// Heads that could be read in two ways are read in none.
#include "gateway/http_head.h"

#include <gtest/gtest.h>

#include <string>

#include "gateway/limits.h"

namespace gateway {
namespace {

// Status and reason, "" when it is a good head.
std::string Read(const std::string& bytes, HttpRequest* request = nullptr) {
  HttpRequest own;
  size_t scanned = 0, size = 0;
  auto problem = FindHead(bytes, &scanned, &size);
  if (!problem && size == 0) return "incomplete";
  if (!problem)
    problem = ParseHead(std::string_view(bytes).substr(0, size), request != nullptr ? request : &own);
  return problem ? std::to_string(problem->status) + " " + problem->reason : "";
}

std::string Get(const std::string& lines) { return "GET /v1/a?b=c HTTP/1.1\r\nHost: x\r\n" + lines + "\r\n"; }

TEST(Head, IsReadIntoItsParts) {
  HttpRequest request;
  ASSERT_EQ(Read("POST /v1/a?b=c HTTP/1.1\r\nHost: localhost:80\r\nContent-Type:  application/json \r\n"
                 "Content-Length: 12\r\nConnection: keep-alive, Close\r\n\r\n",
                 &request),
            "");
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.path, "/v1/a");
  EXPECT_EQ(request.query, "b=c");
  EXPECT_EQ(*request.Header("content-type"), "application/json");
  EXPECT_EQ(request.framing, HttpRequest::Framing::kLength);
  EXPECT_EQ(request.content_length, 12u);
  EXPECT_FALSE(request.keep_alive);
}

TEST(Head, IsFoundHoweverItArrives) {
  const std::string whole = Get("A: b\r\n") + "next";
  size_t scanned = 0, size = 0;
  for (size_t n = 1; n < whole.size() - 4; ++n) {
    ASSERT_FALSE(FindHead(whole.substr(0, n), &scanned, &size).has_value());
    ASSERT_EQ(size, 0u) << n;
  }
  ASSERT_FALSE(FindHead(whole, &scanned, &size).has_value());
  EXPECT_EQ(size, whole.size() - 4);
}

TEST(Head, MustSayUnambiguouslyWhereItsBodyEnds) {
  EXPECT_EQ(Read(Get("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n")), "400 AMBIGUOUS_LENGTH");
  EXPECT_EQ(Read(Get("Content-Length: 5\r\nContent-Length: 5\r\n")), "400 DUPLICATE_HEADER");
  EXPECT_EQ(Read(Get("Transfer-Encoding: xchunked\r\n")), "400 BAD_TRANSFER_ENCODING");
  EXPECT_EQ(Read(Get("Transfer-Encoding: gzip, chunked\r\n")), "400 BAD_TRANSFER_ENCODING");
  EXPECT_EQ(Read(Get("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n")),
            "400 DUPLICATE_HEADER");
  for (const char* bad : {"+5", "-1", "5 5", "0x5", "5,5", "", "99999999999999999999"}) {
    EXPECT_EQ(Read(Get(std::string("Content-Length: ") + bad + "\r\n")), "400 BAD_CONTENT_LENGTH") << bad;
  }
}

TEST(Head, RefusesLinesThatTwoReadersSplitDifferently) {
  EXPECT_EQ(Read("GET / HTTP/1.1\nHost: x\n\n"), "400 BARE_LINE_FEED");
  EXPECT_EQ(Read(Get("A: b\nC: d\r\n")), "400 BARE_LINE_FEED");
  EXPECT_EQ(Read(Get("A: b\rC: d\r\n")), "400 BARE_CARRIAGE_RETURN");
  EXPECT_EQ(Read(Get("A: b\r\n folded\r\n")), "400 OBSOLETE_FOLDING");
  EXPECT_EQ(Read(Get("A : b\r\n")), "400 BAD_HEADER");
  EXPECT_EQ(Read(Get(": b\r\n")), "400 BAD_HEADER");
  EXPECT_EQ(Read(Get("nonsense\r\n")), "400 BAD_HEADER");
  EXPECT_EQ(Read(Get("A: b\x01\r\n")), "400 BAD_HEADER");
  EXPECT_EQ(Read(Get(std::string("A: b\0c\r\n", 8))), "400 BAD_HEADER");
  EXPECT_EQ(Read("\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n"), "400 BAD_REQUEST_LINE");
}

TEST(Head, NeedsExactlyOneHostAndOneOfEachDecidingHeader) {
  EXPECT_EQ(Read("GET / HTTP/1.1\r\n\r\n"), "400 BAD_HOST");
  EXPECT_EQ(Read("GET / HTTP/1.1\r\nHost:\r\n\r\n"), "400 BAD_HOST");
  EXPECT_EQ(Read("GET / HTTP/1.1\r\nHost: a b\r\n\r\n"), "400 BAD_HOST");
  EXPECT_EQ(Read(Get("Host: y\r\n")), "400 DUPLICATE_HEADER");
  EXPECT_EQ(Read(Get("Authorization: a\r\nauthorization: b\r\n")), "400 DUPLICATE_HEADER");
  EXPECT_EQ(Read(Get("Accept: a\r\nAccept: b\r\n")), "") << "lists may be split over lines";
}

TEST(Head, RefusesStrangeRequestLines) {
  for (const char* bad :
       {"GET", "GET /", "GET  / HTTP/1.1", "GET / HTTP/1.1 ", " GET / HTTP/1.1", "G\"T / HTTP/1.1",
        "GET / http/1.1", "GET / HTTP", "THISMETHODISTOOLONG / HTTP/1.1"}) {
    const std::string read = Read(std::string(bad) + "\r\nHost: x\r\n\r\n");
    EXPECT_TRUE(read.starts_with("400") || read.starts_with("505")) << bad << " " << read;
  }
  EXPECT_EQ(Read("GET / HTTP/1.0\r\nHost: x\r\n\r\n"), "505 HTTP_VERSION");
  EXPECT_EQ(Read("PRI * HTTP/2.0\r\n\r\n"), "505 HTTP_VERSION");
  EXPECT_EQ(Read("GET http://x/ HTTP/1.1\r\nHost: x\r\n\r\n"), "400 BAD_TARGET");
  EXPECT_EQ(Read("OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n"), "400 BAD_TARGET");
  EXPECT_EQ(Read("GET /\xe6\x9e\xab HTTP/1.1\r\nHost: x\r\n\r\n"), "400 BAD_TARGET");
}

TEST(Head, ConnectionOptionsAreTokens) {
  EXPECT_EQ(Read(Get("Connection: cl[se, x\r\n")), "400 BAD_HEADER");
  EXPECT_EQ(Read(Get("Connection: , close,\r\n")), "");
}

TEST(Head, IsBounded) {
  EXPECT_EQ(Read("GET /" + std::string(kMaxTargetBytes, 'a') + " HTTP/1.1\r\nHost: x\r\n\r\n"),
            "414 URL_TOO_LONG");
  EXPECT_EQ(Read("GET /" + std::string(kMaxTargetBytes * 2, 'a')), "414 URL_TOO_LONG");
  EXPECT_EQ(Read(Get("A: " + std::string(kMaxHeadBytes, 'a'))), "431 HEADERS_TOO_LARGE");
  std::string many;
  for (int i = 0; i < 70; ++i) many += "X-" + std::to_string(i) + ": y\r\n";
  EXPECT_EQ(Read(Get(many)), "431 HEADERS_TOO_LARGE");
}

TEST(Head, AnswersExpectationsItCannotMeet) {
  HttpRequest request;
  EXPECT_EQ(Read(Get("Expect: 100-continue\r\nContent-Length: 3\r\n"), &request), "");
  EXPECT_TRUE(request.expects_continue);
  EXPECT_EQ(Read(Get("Expect: tea\r\n")), "417 EXPECTATION_FAILED");
}

}  // namespace
}  // namespace gateway
