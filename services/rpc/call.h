#pragma once
// One unary call on the wire: the request is there, an Exchange gets it, its answer is written. Owns itself until gRPC
// says done; the exchange may answer later than that (a cancelled call), and is then not heard.

#include <grpcpp/alarm.h>
#include <grpcpp/impl/service_type.h>
#include <grpcpp/server_context.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include <atomic>
#include <memory>
#include <string>

#include "services/rpc/dispatcher.h"

namespace rpc {

// Who calls, as the head of the call says it, and what it gives for a token.
Caller CallerOf(const grpc::CallbackServerContext& context, int64_t now_ms, std::string* token);

class Call final : public grpc::ServerUnaryReactor, public std::enable_shared_from_this<Call> {
 public:
  // `in` and `out` are gRPC's and live until OnDone.
  static grpc::ServerUnaryReactor* Start(Dispatcher& dispatcher, const Method& method,
                                         grpc::CallbackServerContext* context, const grpc::ByteBuffer* in,
                                         grpc::ByteBuffer* out);

  Call(Dispatcher& dispatcher, const Method& method, grpc::CallbackServerContext* context, grpc::ByteBuffer* out);

  void OnCancel() override;
  void OnDone() override;

 private:
  void Begin(const grpc::ByteBuffer& in);
  void SetDefaultDeadline(Caller* caller);
  void Reply(const Failure* failure, const google::protobuf::Message* response);
  bool Claim() { return !answered_.exchange(true, std::memory_order_acq_rel); }

  Dispatcher& dispatcher_;
  const Method& method_;
  grpc::CallbackServerContext* const context_;
  grpc::ByteBuffer* const out_;
  std::shared_ptr<Call> self_;
  std::atomic<bool> answered_{false};
  std::unique_ptr<grpc::Alarm> alarm_;  // only where the client set no deadline
};

// The methods of a dispatcher as gRPC knows them: in bytes, each by its path, unary or streaming its answer. gRPC's
// generic service would treat every call as a stream, which costs more. The dispatcher outlives it.
class CallService final : public grpc::Service {
 public:
  explicit CallService(Dispatcher& dispatcher);
};

}  // namespace rpc
