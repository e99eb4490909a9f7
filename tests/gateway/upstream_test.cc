// The end of an Upstream: nothing of gRPC may outlive it, and nothing of its own may end on a thread of gRPC.
#include "gateway/upstream.h"

#include <grpcpp/security/credentials.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace gateway {
namespace {

namespace asio = boost::asio;

constexpr int kRounds = 2'000;

// The last hold on a channel fell in the reaction to a call's end: the thread that reacted waited for its own end, the
// queue it came from was deleted and the process crashed, once in some thousand times. Large requests make the call
// slow to destroy, so that the destructor of the Upstream overtakes it if it can.
TEST(Upstream, ThatEndsBesideItsLastCallDoesNotLeaveTheChannelToGrpcsThread) {
  const std::string large(100'000, 'x');
  for (int round = 0; round < kRounds; ++round) {
    asio::io_context io;
    const auto plain = [](const std::string&) { return grpc::InsecureChannelCredentials(); };
    auto upstream = std::make_unique<Upstream>(
        io, std::vector<Upstream::Peer>{{"echo", "unix:/nobody/listens/here"}}, plain, 1, std::vector<std::string>{});
    int code = -1;
    const auto call = [&]() -> asio::awaitable<void> {
      UpstreamCall ask;
      ask.rpc_path = "/echo.v1.Notes/Echo";
      ask.request = large;
      ask.deadline_ms = 10'000;
      code = (co_await upstream->Call(std::move(ask), nullptr)).code;
    };
    asio::co_spawn(io, call, asio::detached);
    io.run();
    EXPECT_GT(code, 0);
    upstream.reset();
  }
}

}  // namespace
}  // namespace gateway
