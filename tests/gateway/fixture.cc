#include "tests/gateway/fixture.h"

#include <absl/strings/ascii.h>
#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <arpa/inet.h>
#include <grpcpp/security/credentials.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <boost/asio/post.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>

#include "base/ids.h"
#include "base/random.h"
#include "echo.pb.h"

namespace gateway {

RawClient::RawClient(uint16_t port) {
  socket_ = ::socket(AF_INET, SOCK_STREAM, 0);
  const timeval limit{.tv_sec = 10, .tv_usec = 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
  ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(::connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof(to)), 0);
}

RawClient::~RawClient() { Close(); }

void RawClient::Close() {
  if (socket_ >= 0) ::close(socket_);
  socket_ = -1;
}

void RawClient::Send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto n = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0) return;  // the gateway may refuse before it has everything
    bytes.remove_prefix(static_cast<size_t>(n));
  }
}

bool RawClient::Fill() {
  char piece[8192];
  const auto n = ::recv(socket_, piece, sizeof(piece), 0);
  if (n <= 0) return false;
  buffer_.append(piece, static_cast<size_t>(n));
  return true;
}

bool RawClient::Closed() { return buffer_.empty() && !Fill(); }

std::string RawClient::ReadUntil(std::string_view text) {
  while (buffer_.find(text) == std::string::npos) {
    if (!Fill()) return "(closed) " + buffer_;
  }
  const size_t end = buffer_.find(text) + text.size();
  std::string out = buffer_.substr(0, end);
  buffer_.erase(0, end);
  return out;
}

Answer RawClient::Read(bool head_only) {
  Answer answer;
  while (buffer_.find("\r\n\r\n") == std::string::npos) {
    if (!Fill()) return answer;
  }
  const size_t end = buffer_.find("\r\n\r\n");
  const std::string head = buffer_.substr(0, end);
  buffer_.erase(0, end + 4);
  if (!absl::SimpleAtoi(head.substr(9, 3), &answer.status)) return answer;
  for (size_t at = head.find("\r\n"); at != std::string::npos; at = head.find("\r\n", at + 2)) {
    const std::string line = head.substr(at + 2, head.find("\r\n", at + 2) - at - 2);
    answer.headers[absl::AsciiStrToLower(line.substr(0, line.find(':')))] = line.substr(line.find(':') + 2);
  }
  size_t length = 0;
  if (head_only || !absl::SimpleAtoi(answer.Header("content-length"), &length)) return answer;
  while (buffer_.size() < length) {
    if (!Fill()) break;
  }
  answer.body = buffer_.substr(0, length);
  buffer_.erase(0, length);
  return answer;
}

GatewayTest::GatewayTest() {
  std::string pattern = (std::filesystem::temp_directory_path() / "gateway-test-XXXXXX").string();
  dir_ = ::mkdtemp(pattern.data());
  signer_ = std::make_unique<rpc::TokenSigner>(rpc::EcKey::Generate(), "test-issuer", "test-audience");
  std::ofstream(dir_ + "/jwks.json") << signer_->Jwks();
  echo_ = std::make_unique<EchoService>(clock_, *signer_);
  options_.http.listen = "127.0.0.1:0";
  options_.tokens = {.jwks_file = dir_ + "/jwks.json", .issuer = "test-issuer", .audience = "test-audience"};
  options_.peers = {{"echo", echo_->address()}};
  options_.credentials = [](const std::string&) { return grpc::InsecureChannelCredentials(); };
  options_.cursor_key = std::string(32, 'k');
  options_.feed_sources = {"incident", "directory", "petition", "oversight"};
  options_.session = {.sign_in_rpc = "/echo.v1.Notes/SignIn", .sign_out_rpc = "/echo.v1.Notes/SignOut"};
  options_.calls = {.refresh_rpc = "/echo.v1.Notes/Refresh"};
}

GatewayTest::~GatewayTest() {
  if (gateway_ != nullptr) {
    OnIo([this]() {
      gateway_->BeginDrain();
      gateway_->server().CloseAll();
    });
    // What is under way refers to the gateway and must have ended before it does.
    size_t left = 1;
    for (const int64_t until = clock_.NowMs() + 20'000; left > 0 && clock_.NowMs() < until;) {
      OnIo([&]() { left = gateway_->server().connections(); });
    }
    EXPECT_EQ(left, 0u);
    work_.reset();
    io_.stop();
    thread_.join();
  }
  gateway_.reset();
  echo_->Stop();
  std::filesystem::remove_all(dir_);
}

void GatewayTest::StartGateway() {
  if (gateway_ != nullptr) return;
  auto catalog = Catalog::FromFiles({echo::v1::Note::descriptor()->file()});
  ASSERT_TRUE(catalog.ok()) << catalog.status();
  auto gateway = Gateway::Start(io_, clock_, metrics_, *std::move(catalog), options_);
  ASSERT_TRUE(gateway.ok()) << gateway.status();
  gateway_ = *std::move(gateway);
  work_.emplace(io_.get_executor());
  thread_ = std::thread([this]() { io_.run(); });
}

uint16_t GatewayTest::port() {
  StartGateway();
  return gateway_->server().port();
}

void GatewayTest::OnIo(const std::function<void()>& work) {
  std::promise<void> done;
  boost::asio::post(io_, [&]() {
    work();
    done.set_value();
  });
  done.get_future().wait();
}

Answer GatewayTest::Raw(std::string_view bytes) {
  RawClient client(port());
  client.Send(bytes);
  return client.Read();
}

Answer GatewayTest::Do(const Call& call) {
  std::string bytes = absl::StrCat(call.method, " ", call.target, " HTTP/1.1\r\nHost: localhost\r\n");
  for (const auto& [name, value] : call.headers) absl::StrAppend(&bytes, name, ": ", value, "\r\n");
  if (!call.body.empty()) absl::StrAppend(&bytes, "Content-Length: ", call.body.size(), "\r\n");
  RawClient client(port());
  client.Send(bytes + "\r\n" + call.body);
  return client.Read(call.method == "HEAD");
}

Answer GatewayTest::Get(const std::string& target, std::map<std::string, std::string> headers) {
  return Do({.method = "GET", .target = target, .body = "", .headers = std::move(headers)});
}

Answer GatewayTest::Post(const std::string& target, const std::string& body,
                         std::map<std::string, std::string> headers) {
  headers.emplace("Content-Type", "application/json");
  return Do({.method = "POST", .target = target, .body = body, .headers = std::move(headers)});
}

std::string GatewayTest::Token(kernel::v1::Role role, const std::string& area, const std::string& user,
                               int64_t lifetime_ms, const std::string& org) {
  kernel::v1::Actor actor;
  actor.set_user_id(user);
  actor.set_session_id("session-" + user);
  auto* grant = actor.add_grant();
  grant->set_role(role);
  grant->set_org_id(org);
  grant->set_area_code(area);
  const int64_t now = clock_.NowMs();
  return signer_->Sign(actor, base::NewUlid(now, random_), now, lifetime_ms);
}

std::map<std::string, std::string> GatewayTest::As(kernel::v1::Role role, const std::string& area) {
  return {{"Authorization", "Bearer " + Token(role, area)}};
}

}  // namespace gateway
