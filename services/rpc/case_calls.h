#pragma once
// Asking the case services on behalf of whoever asks us: one unary call by service and method path. The caller waits:
// never from a reaction of gRPC.

#include <google/protobuf/message.h>

#include <functional>
#include <string>

#include "rpc/v1/config.pb.h"
#include "services/rpc/client.h"

namespace rpc {

using CaseCall = std::function<CallResult(const std::string& service, const std::string& path,
                                          const google::protobuf::Message& request,
                                          google::protobuf::Message* response, const CallSettings& settings)>;

// With the certificate of this process. A service that is not configured answers NOT_FOUND.
CaseCall CallCases(const v1::Process& config,
                   const google::protobuf::RepeatedPtrField<v1::CaseService>& services);

}  // namespace rpc
