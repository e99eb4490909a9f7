#pragma once
// One unary call on the wire: reads the request, hands it to an Exchange, writes its answer. Owns itself until gRPC
// says done; the exchange may answer later than that (a cancelled call), and is then not heard.

#include <grpcpp/alarm.h>
#include <grpcpp/generic/async_generic_service.h>

#include <atomic>
#include <memory>

#include "services/rpc/dispatcher.h"

namespace rpc {

class Call final : public grpc::ServerGenericBidiReactor, public std::enable_shared_from_this<Call> {
 public:
  static grpc::ServerGenericBidiReactor* Start(Dispatcher& dispatcher, grpc::GenericCallbackServerContext* context);

  Call(Dispatcher& dispatcher, grpc::GenericCallbackServerContext* context, const Method* method);

  void OnReadDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

 private:
  void Begin();
  Caller ReadCaller(std::string* token) const;
  void SetDefaultDeadline(Caller* caller);
  void Reply(const Failure* failure, const google::protobuf::Message* response);
  bool Claim() { return !answered_.exchange(true, std::memory_order_acq_rel); }

  Dispatcher& dispatcher_;
  grpc::GenericCallbackServerContext* const context_;
  const Method* const method_;
  std::shared_ptr<Call> self_;
  std::atomic<bool> answered_{false};
  grpc::ByteBuffer in_;
  grpc::ByteBuffer out_;
  std::unique_ptr<grpc::Alarm> alarm_;  // only where the client set no deadline
};

}  // namespace rpc
