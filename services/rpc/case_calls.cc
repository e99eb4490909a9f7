#include "services/rpc/case_calls.h"

#include <map>
#include <memory>

#include "services/rpc/tls.h"

namespace rpc {
namespace {

constexpr unsigned kTlsReloadSeconds = 30;

std::shared_ptr<grpc::ChannelCredentials> CredentialsOf(const v1::Process& config) {
  if (!config.has_tls()) return nullptr;
  const v1::Tls& tls = config.tls();
  return ClientCredentials({tls.key_file(), tls.certificate_file(), tls.ca_file(),
                            tls.reload_seconds() > 0 ? tls.reload_seconds() : kTlsReloadSeconds});
}

}  // namespace

CaseCall CallCases(const v1::Process& config, const google::protobuf::RepeatedPtrField<v1::CaseService>& services) {
  std::map<std::string, std::shared_ptr<grpc::Channel>> channels;
  for (const auto& service : services) {
    channels[service.name()] = MakeChannel(service.address(), service.name(), CredentialsOf(config));
  }
  return [channels](const std::string& service, const std::string& path, const google::protobuf::Message& request,
                    google::protobuf::Message* response, const CallSettings& settings) {
    const auto channel = channels.find(service);
    if (channel != channels.end()) return CallUnary(channel->second, path, request, response, settings);
    CallResult result;
    result.status = grpc::Status(grpc::StatusCode::NOT_FOUND, "no such service is configured");
    return result;
  };
}

}  // namespace rpc
