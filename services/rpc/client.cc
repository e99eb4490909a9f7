#include "services/rpc/client.h"

#include <grpc/support/time.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/impl/codegen/proto_utils.h>
#include <grpcpp/support/proto_buffer_reader.h>
#include <grpcpp/support/proto_buffer_writer.h>

#include "services/rpc/errors.h"
#include "services/rpc/limits.h"

namespace rpc {

std::shared_ptr<grpc::Channel> MakeChannel(const std::string& address, const std::string& service,
                                           std::shared_ptr<grpc::ChannelCredentials> credentials) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(kMessageBytesMax);
  arguments.SetMaxSendMessageSize(kMessageBytesMax);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 30'000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 10'000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  if (credentials == nullptr) return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
  arguments.SetSslTargetNameOverride(service);
  return grpc::CreateCustomChannel(address, credentials, arguments);
}

CallResult CallUnary(const std::shared_ptr<grpc::Channel>& channel, const std::string& path,
                     const google::protobuf::Message& request, google::protobuf::Message* response,
                     const CallSettings& settings) {
  CallResult result;
  grpc::ClientContext context;
  if (settings.timeout_ms > 0) {
    context.set_deadline(gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC),
                                      gpr_time_from_millis(settings.timeout_ms, GPR_TIMESPAN)));
  }
  if (!settings.token.empty()) context.AddMetadata("authorization", "Bearer " + settings.token);
  if (!settings.request_id.empty()) context.AddMetadata("x-request-id", settings.request_id);
  if (!settings.traceparent.empty()) context.AddMetadata("traceparent", settings.traceparent);
  grpc::ByteBuffer out;
  bool own = false;
  result.status = grpc::GenericSerialize<grpc::ProtoBufferWriter, google::protobuf::Message>(request, &out, &own);
  if (!result.status.ok()) return result;

  grpc::GenericStub stub(channel);
  grpc::CompletionQueue queue;
  auto call = stub.PrepareUnaryCall(&context, path, out, &queue);
  call->StartCall();
  grpc::ByteBuffer in;
  call->Finish(&in, &result.status, nullptr);
  void* tag = nullptr;
  bool ok = false;
  queue.Next(&tag, &ok);
  if (!result.status.ok()) {
    const auto& trailers = context.GetServerTrailingMetadata();
    const auto at = trailers.find(kErrorTrailer);
    if (at != trailers.end()) result.error.ParseFromArray(at->second.data(), static_cast<int>(at->second.size()));
    return result;
  }
  result.status = grpc::GenericDeserialize<grpc::ProtoBufferReader, google::protobuf::Message>(&in, response);
  return result;
}

}  // namespace rpc
