#pragma once
// A real gateway on a free port of loopback, in front of the echo service, with real tokens; and a raw client
// that sends exactly the bytes it is given.

#include <gtest/gtest.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "base/clock.h"
#include "base/metrics.h"
#include "gateway/gateway.h"
#include "services/rpc/token.h"
#include "tests/gateway/echo_service.h"

namespace gateway {

struct Answer {
  int status = 0;                              // 0: the connection was closed without an answer
  std::map<std::string, std::string> headers;  // lower-case names
  std::string body;
  nlohmann::json Json() const { return nlohmann::json::parse(body, nullptr, false); }
  std::string Header(const std::string& name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? "" : found->second;
  }
};

// One TCP connection. Every wait ends after ten seconds.
class RawClient {
 public:
  explicit RawClient(uint16_t port);
  ~RawClient();
  RawClient(const RawClient&) = delete;
  void Send(std::string_view bytes);
  Answer Read(bool head_only = false);           // one answer
  std::string ReadUntil(std::string_view text);  // of a stream; everything up to and with it
  bool Closed();                                 // the other side has ended it
  void Close();

 private:
  bool Fill();
  int socket_ = -1;
  std::string buffer_;
};

struct Call {
  std::string method = "GET";
  std::string target = "/";
  std::string body;
  std::map<std::string, std::string> headers;
};

class GatewayTest : public testing::Test {
 protected:
  GatewayTest();
  ~GatewayTest() override;

  // Must run before the first call; later ones have no effect.
  void StartGateway();
  Answer Do(const Call& call);
  Answer Get(const std::string& target, std::map<std::string, std::string> headers = {});
  Answer Post(const std::string& target, const std::string& body,
              std::map<std::string, std::string> headers = {});
  // Bytes as they are; the answer to them.
  Answer Raw(std::string_view bytes);
  uint16_t port();

  std::string Token(kernel::v1::Role role, const std::string& area, const std::string& user = "u1",
                    int64_t lifetime_ms = 600'000, const std::string& org = "org1");
  std::map<std::string, std::string> As(kernel::v1::Role role, const std::string& area = "371402");
  // Runs `work` on the io thread and waits for it.
  void OnIo(const std::function<void()>& work);

  GatewayOptions options_;
  base::SystemClock clock_;
  base::Metrics metrics_;
  std::string dir_;
  std::unique_ptr<rpc::TokenSigner> signer_;
  base::Random random_{1};
  std::unique_ptr<EchoService> echo_;
  boost::asio::io_context io_;
  std::unique_ptr<Gateway> gateway_;

 private:
  std::optional<boost::asio::executor_work_guard<boost::asio::io_context::executor_type>> work_;
  std::thread thread_;
};

}  // namespace gateway
