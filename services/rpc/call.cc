#include "services/rpc/call.h"

#include <grpc/support/time.h>
#include <grpcpp/impl/codegen/proto_utils.h>
#include <grpcpp/impl/codegen/server_callback_handlers.h>
#include <grpcpp/support/proto_buffer_reader.h>
#include <grpcpp/support/proto_buffer_writer.h>

#include <string>
#include <string_view>
#include <utility>

#include "services/rpc/exchange.h"
#include "services/rpc/limits.h"
#include "services/rpc/stream_call.h"
#include "services/rpc/tls.h"

namespace rpc {
namespace {

constexpr size_t kHeaderMax = 128;  // of request id and traceparent
constexpr std::string_view kBearer = "Bearer ";

std::string_view Header(const grpc::CallbackServerContext& context, const char* name) {
  const auto& all = context.client_metadata();
  const auto at = all.find(name);
  if (at == all.end()) return {};
  return std::string_view(at->second.data(), at->second.size());
}

std::string ShortHeader(const grpc::CallbackServerContext& context, const char* name) {
  const std::string_view value = Header(context, name);
  return value.size() <= kHeaderMax ? std::string(value) : std::string();
}

// On the clock that says `now_ms`, which need not be the machine's (a rehearsal); 0 if the client set none.
int64_t DeadlineMs(const grpc::CallbackServerContext& context, int64_t now_ms) {
  const gpr_timespec deadline = context.raw_deadline();
  if (gpr_time_cmp(deadline, gpr_inf_future(deadline.clock_type)) >= 0) return 0;
  return now_ms + gpr_time_to_millis(gpr_time_sub(deadline, gpr_now(deadline.clock_type)));
}

}  // namespace

Caller CallerOf(const grpc::CallbackServerContext& context, int64_t now_ms, std::string* token) {
  Caller caller;
  if (const auto peer = context.auth_context()) caller.service = PeerService(*peer);
  caller.request_id = ShortHeader(context, "x-request-id");
  caller.traceparent = ShortHeader(context, "traceparent");
  caller.deadline_ms = DeadlineMs(context, now_ms);
  const std::string_view authorization = Header(context, "authorization");
  if (authorization.starts_with(kBearer)) *token = authorization.substr(kBearer.size());
  return caller;
}

grpc::ServerUnaryReactor* Call::Start(Dispatcher& dispatcher, const Method& method,
                                      grpc::CallbackServerContext* context, const grpc::ByteBuffer* in,
                                      grpc::ByteBuffer* out) {
  auto call = std::make_shared<Call>(dispatcher, method, context, out);
  call->self_ = call;
  call->Begin(*in);
  return call.get();
}

Call::Call(Dispatcher& dispatcher, const Method& method, grpc::CallbackServerContext* context, grpc::ByteBuffer* out)
    : dispatcher_(dispatcher), method_(method), context_(context), out_(out) {}

void Call::Begin(const grpc::ByteBuffer& in) {
  if (!dispatcher_.TryEnter()) {
    dispatcher_.CountRefusedEarly();
    const Failure failure = Overloaded(kOverloadRetryMs);
    return Reply(&failure, nullptr);
  }
  if (!in.Valid()) {
    dispatcher_.Leave();
    const Failure failure = MakeFailure(grpc::StatusCode::INVALID_ARGUMENT, "MALFORMED", "没有收到请求内容。",
                                        "No request was received.");
    return Reply(&failure, nullptr);
  }
  std::string token;
  Caller caller = CallerOf(*context_, dispatcher_.parts().clock->NowMs(), &token);
  SetDefaultDeadline(&caller);
  const auto exchange =
      std::make_shared<Exchange>(dispatcher_, method_, std::move(caller),
                                 [self = shared_from_this()](const Failure* failure,
                                                             const google::protobuf::Message* response) {
    self->Reply(failure, response);
  });
  grpc::ByteBuffer bytes(in);  // the reader wants one it may change; the slices are shared
  const size_t size = bytes.Length();
  grpc::ProtoBufferReader reader(&bytes);
  exchange->Begin(token, &reader, size);
}

void Call::SetDefaultDeadline(Caller* caller) {
  if (caller->deadline_ms > 0) return;
  const int64_t wait_ms =
      method_.access.default_deadline_ms() > 0 ? method_.access.default_deadline_ms() : kDeadlineDefaultMs;
  caller->deadline_ms = dispatcher_.parts().clock->NowMs() + wait_ms;
  alarm_ = std::make_unique<grpc::Alarm>();
  const gpr_timespec at = gpr_time_add(gpr_now(GPR_CLOCK_REALTIME), gpr_time_from_millis(wait_ms, GPR_TIMESPAN));
  // The alarm keeps its reaction for as long as it lives, and the call keeps the alarm: it must not keep the call.
  alarm_->Set(at, [call = weak_from_this()](bool rang) {
    const auto self = rang ? call.lock() : nullptr;
    if (self == nullptr) return;
    const Failure failure = FailureOf(absl::DeadlineExceededError(""));
    self->Reply(&failure, nullptr);
  });
}

void Call::OnCancel() {
  if (Claim()) Finish(grpc::Status::CANCELLED);
}

void Call::OnDone() {
  if (alarm_) alarm_->Cancel();
  self_.reset();
}

void Call::Reply(const Failure* failure, const google::protobuf::Message* response) {
  if (!Claim()) return;
  Failure too_large;
  if (failure == nullptr) {
    bool own = false;
    const grpc::Status status =
        grpc::GenericSerialize<grpc::ProtoBufferWriter, google::protobuf::Message>(*response, out_, &own);
    if (status.ok() && out_->Length() <= static_cast<size_t>(kMessageBytesMax)) return Finish(grpc::Status::OK);
    too_large = FailureOf(absl::InternalError(""));
    failure = &too_large;
  }
  context_->AddTrailingMetadata(kErrorTrailer, failure->detail.SerializeAsString());
  Finish(StatusOf(*failure));
}

CallService::CallService(Dispatcher& dispatcher) {
  using grpc::internal::RpcMethod;
  int index = 0;
  for (const auto& method : dispatcher.methods()) {
    const auto type = method->stream ? RpcMethod::SERVER_STREAMING : RpcMethod::NORMAL_RPC;
    AddMethod(new grpc::internal::RpcServiceMethod(method->path.c_str(), type, nullptr));
    if (method->stream) {
      MarkMethodRawCallback(index++,
                            new grpc::internal::CallbackServerStreamingHandler<grpc::ByteBuffer, grpc::ByteBuffer>(
                                [&dispatcher, at = method.get()](grpc::CallbackServerContext* context,
                                                                 const grpc::ByteBuffer* in) {
        return StreamCall::Start(dispatcher, *at, context, in);
      }));
      continue;
    }
    MarkMethodRawCallback(index++, new grpc::internal::CallbackUnaryHandler<grpc::ByteBuffer, grpc::ByteBuffer>(
                                       [&dispatcher, at = method.get()](grpc::CallbackServerContext* context,
                                                                        const grpc::ByteBuffer* in,
                                                                        grpc::ByteBuffer* out) {
      return Call::Start(dispatcher, *at, context, in, out);
    }));
  }
}

}  // namespace rpc
