#pragma once
// One call on the wire whose answer is a stream: the first message comes from an Exchange as a unary answer would, each
// next one is asked for when gRPC has taken the one before, so that a slow reader holds up nobody but himself. Owns
// itself until gRPC says done. At any time one of three is under way: the exchange works, the pool makes a message, or
// gRPC writes one; a client that hung up is noticed at the end of it.

#include <grpcpp/alarm.h>
#include <grpcpp/server_context.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include <atomic>
#include <memory>

#include "services/rpc/dispatcher.h"
#include "services/rpc/exchange.h"

namespace rpc {

class StreamCall final : public grpc::ServerWriteReactor<grpc::ByteBuffer>,
                         public std::enable_shared_from_this<StreamCall> {
 public:
  // `in` is gRPC's and lives until OnDone.
  static grpc::ServerWriteReactor<grpc::ByteBuffer>* Start(Dispatcher& dispatcher, const Method& method,
                                                           grpc::CallbackServerContext* context,
                                                           const grpc::ByteBuffer* in);

  StreamCall(Dispatcher& dispatcher, const Method& method, grpc::CallbackServerContext* context)
      : dispatcher_(dispatcher), method_(method), context_(context) {}

  void OnWriteDone(bool ok) override;
  void OnCancel() override { cancelled_.store(true, std::memory_order_release); }
  void OnDone() override;

 private:
  void Begin(const grpc::ByteBuffer& in);
  void SetDefaultDeadline(Caller* caller);
  // A message to write, the end (neither), or what went wrong.
  void Told(const Failure* failure, const google::protobuf::Message* message);
  void End(const Failure* failure);

  Dispatcher& dispatcher_;
  const Method& method_;
  grpc::CallbackServerContext* const context_;
  std::shared_ptr<StreamCall> self_;
  std::shared_ptr<Exchange> exchange_;
  grpc::ByteBuffer out_;
  bool began_ = false;  // the exchange has told its first message
  std::atomic<bool> cancelled_{false};
  std::unique_ptr<grpc::Alarm> alarm_;  // only where the client set no deadline
};

}  // namespace rpc
