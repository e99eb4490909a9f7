// Bytes from the network against the strict head reader, with Beast's parser as the second opinion: a head we
// take must be a head to Beast, with the same method, target and framing; and it does not matter in which
// pieces it arrives.
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "base/check.h"
#include "gateway/http_head.h"
#include "gateway/limits.h"

namespace {

namespace http = boost::beast::http;
using gateway::HttpRequest;

void CompareWithBeast(std::string_view head, const HttpRequest& ours) {
  http::request_parser<http::string_body> parser;
  parser.header_limit(64 * 1024);
  parser.body_limit(UINT64_MAX);
  boost::beast::error_code error;
  parser.put(boost::asio::buffer(head.data(), head.size()), error);
  CHECK(!error || error == http::error::need_more) << error.message();
  CHECK(parser.is_header_done());
  CHECK_EQ(std::string(parser.get().method_string()), ours.method);
  const std::string target = ours.path + (head.find('?') < head.find("\r\n") ? "?" + ours.query : "");
  CHECK_EQ(std::string(parser.get().target()), target);
  CHECK_EQ(parser.chunked(), ours.framing == HttpRequest::Framing::kChunked);
  if (ours.framing == HttpRequest::Framing::kLength) CHECK_EQ(*parser.content_length(), ours.content_length);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view in(reinterpret_cast<const char*>(data), size);
  size_t scanned = 0, whole = 0;
  const auto fault = gateway::FindHead(in, &scanned, &whole);
  size_t piecewise_scanned = 0, piecewise = 0;
  bool piecewise_fault = false;
  for (size_t n = 1; n <= size && piecewise == 0 && !piecewise_fault; ++n) {
    piecewise_fault = gateway::FindHead(in.substr(0, n), &piecewise_scanned, &piecewise).has_value();
  }
  if (!fault && whole > 0) CHECK_EQ(piecewise, whole);
  if (fault && size > 0) CHECK_EQ(piecewise_fault, true);
  if (fault || whole == 0) return 0;
  HttpRequest request;
  const auto problem = gateway::ParseHead(in.substr(0, whole), &request);
  if (problem) {
    CHECK(problem->status >= 400 && problem->status < 600);
    return 0;
  }
  CHECK_LE(request.headers.size(), gateway::kMaxHeaderFields);
  CompareWithBeast(in.substr(0, whole), request);
  return 0;
}
