#include "services/rpc/stream_call.h"

#include <grpc/support/time.h>
#include <grpcpp/impl/codegen/proto_utils.h>
#include <grpcpp/support/proto_buffer_reader.h>
#include <grpcpp/support/proto_buffer_writer.h>

#include <string>
#include <utility>

#include "base/log.h"
#include "services/rpc/call.h"
#include "services/rpc/limits.h"

namespace rpc {

grpc::ServerWriteReactor<grpc::ByteBuffer>* StreamCall::Start(Dispatcher& dispatcher, const Method& method,
                                                              grpc::CallbackServerContext* context,
                                                              const grpc::ByteBuffer* in) {
  auto call = std::make_shared<StreamCall>(dispatcher, method, context);
  call->self_ = call;
  call->Begin(*in);
  return call.get();
}

void StreamCall::Begin(const grpc::ByteBuffer& in) {
  if (!dispatcher_.TryEnter()) {
    dispatcher_.CountRefusedEarly();
    const Failure failure = Overloaded(kOverloadRetryMs);
    return End(&failure);
  }
  if (!in.Valid()) {
    dispatcher_.Leave();
    const Failure failure = MakeFailure(grpc::StatusCode::INVALID_ARGUMENT, "MALFORMED", "没有收到请求内容。",
                                        "No request was received.");
    return End(&failure);
  }
  std::string token;
  Caller caller = CallerOf(*context_, dispatcher_.parts().clock->NowMs(), &token);
  SetDefaultDeadline(&caller);
  exchange_ = std::make_shared<Exchange>(dispatcher_, method_, std::move(caller),
                                         [self = shared_from_this()](const Failure* failure,
                                                                     const google::protobuf::Message* message) {
    self->began_ = failure == nullptr;
    self->Told(failure, message);
  });
  grpc::ByteBuffer bytes(in);  // the reader wants one it may change; the slices are shared
  const size_t size = bytes.Length();
  grpc::ProtoBufferReader reader(&bytes);
  const std::shared_ptr<Exchange> exchange = exchange_;  // a refusal ends the call before Begin has returned
  exchange->Begin(token, &reader, size);
}

void StreamCall::SetDefaultDeadline(Caller* caller) {
  if (caller->deadline_ms > 0) return;
  caller->deadline_ms = dispatcher_.parts().clock->NowMs() + kStreamMsMax;
  alarm_ = std::make_unique<grpc::Alarm>();
  const gpr_timespec at = gpr_time_add(gpr_now(GPR_CLOCK_REALTIME), gpr_time_from_millis(kStreamMsMax, GPR_TIMESPAN));
  alarm_->Set(at, [call = weak_from_this()](bool rang) {
    if (const auto self = rang ? call.lock() : nullptr) self->context_->TryCancel();
  });
}

void StreamCall::Told(const Failure* failure, const google::protobuf::Message* message) {
  if (cancelled_.load(std::memory_order_acquire)) {
    const Failure gone = FailureOf(absl::CancelledError(""));
    return End(&gone);
  }
  if (failure != nullptr || message == nullptr) return End(failure);
  out_.Clear();  // of the message before, which gRPC has taken
  bool own = false;
  const grpc::Status status =
      grpc::GenericSerialize<grpc::ProtoBufferWriter, google::protobuf::Message>(*message, &out_, &own);
  if (!status.ok() || out_.Length() > static_cast<size_t>(kMessageBytesMax)) {
    base::Log(base::kError, "a message of a stream is too large", {{"method", method_.path}});
    const Failure too_large = FailureOf(absl::InternalError(""));
    return End(&too_large);
  }
  StartWrite(&out_);
}

void StreamCall::OnWriteDone(bool ok) {
  if (!ok || cancelled_.load(std::memory_order_acquire)) {
    const Failure gone = FailureOf(absl::CancelledError(""));
    return End(&gone);
  }
  exchange_->More([self = shared_from_this()](const Failure* failure, const google::protobuf::Message* message) {
    self->Told(failure, message);
  });
}

void StreamCall::End(const Failure* failure) {
  if (began_) exchange_->Ended(failure == nullptr ? grpc::StatusCode::OK : failure->code);
  if (failure != nullptr) context_->AddTrailingMetadata(kErrorTrailer, failure->detail.SerializeAsString());
  Finish(failure == nullptr ? grpc::Status::OK : StatusOf(*failure));
}

void StreamCall::OnDone() {
  if (alarm_) alarm_->Cancel();
  exchange_.reset();
  self_.reset();
}

}  // namespace rpc
