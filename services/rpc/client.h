#pragma once
// Calling another process: a channel that checks whom it talks to, and one unary call by method path. The caller waits:
// never from a reaction of gRPC. The gateway has its own, asynchronous upstream.

#include <google/protobuf/message.h>
#include <grpcpp/channel.h>
#include <grpcpp/security/credentials.h>

#include <cstdint>
#include <memory>
#include <string>

#include "kernel/v1/error.pb.h"

namespace rpc {

// `service` is the name its certificate must carry. Null credentials: plain text, only for loopback.
std::shared_ptr<grpc::Channel> MakeChannel(const std::string& address, const std::string& service,
                                           std::shared_ptr<grpc::ChannelCredentials> credentials);

struct CallSettings {
  std::string token;            // of the person on whose behalf, passed through
  std::string request_id;
  std::string traceparent;
  int64_t timeout_ms = 10'000;  // 0: none
};

struct CallResult {
  grpc::Status status;
  kernel::v1::ErrorDetail error;  // of a failed call, if the other side said more
  bool ok() const { return status.ok(); }
};

// `path`: "/incident.v1.Incidents/Accept".
CallResult CallUnary(const std::shared_ptr<grpc::Channel>& channel, const std::string& path,
                     const google::protobuf::Message& request, google::protobuf::Message* response,
                     const CallSettings& settings);

}  // namespace rpc
