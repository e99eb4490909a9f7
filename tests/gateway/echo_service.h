#pragma once
// A real gRPC server on loopback that answers the methods of testproto/echo.proto. What it was sent, and with
// which metadata, comes back in its answers, so that tests see what arrived.

#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/server.h>

#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "base/clock.h"
#include "kernel/v1/actor.pb.h"
#include "services/rpc/token.h"

namespace gateway {

class EchoService {
 public:
  EchoService(const base::Clock& clock, const rpc::TokenSigner& signer);
  ~EchoService();

  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
  // Token lifetimes of the next sign-ins.
  void set_token_lifetime_ms(int64_t ms);
  void set_refuse_refresh(bool refuse);
  int refreshes() const;
  int sign_outs() const;
  int pieces() const;  // of streamed files
  int cancelled() const;
  void Stop();  // as if the process had died
  void SetServing(bool serving);

 private:
  class Generic;
  class Reactor;
  std::unique_ptr<Generic> generic_;
  std::unique_ptr<grpc::Server> server_;
  int port_ = 0;
};

}  // namespace gateway
