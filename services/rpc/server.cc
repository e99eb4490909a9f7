#include "services/rpc/server.h"

#include <absl/strings/str_cat.h>
#include <grpc/support/time.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server_builder.h>

#include <future>

#include "base/check.h"
#include "base/status_macros.h"
#include "services/rpc/call.h"

namespace rpc {
namespace {

bool IsLoopback(std::string_view address) {
  return address.starts_with("127.") || address.starts_with("localhost:") || address.starts_with("[::1]:") ||
         address.starts_with("unix:");
}

void SetLimits(grpc::ServerBuilder* builder) {
  builder->SetMaxReceiveMessageSize(kMessageBytesMax);
  builder->SetMaxSendMessageSize(kMessageBytesMax);
  builder->AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, kMetadataBytesMax);
  builder->AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, kStreamsPerConnection);
  builder->AddChannelArgument(GRPC_ARG_MAX_CONNECTION_IDLE_MS, kConnectionIdleMs);
  builder->AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_MS, kConnectionAgeMs);
  builder->AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_GRACE_MS, kConnectionAgeGraceMs);
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, 60'000);
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 10'000);
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder->AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 15'000);
  builder->AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);  // a second process on the port must fail, not share it
}

}  // namespace

Server::Server(ServerParts parts, ServerOptions options, const google::protobuf::ServiceDescriptor* service,
               const google::protobuf::Descriptor* command)
    : parts_(parts), options_(std::move(options)), service_(service), command_(command) {
  CHECK(parts_.clock != nullptr && parts_.metrics != nullptr && parts_.tokens != nullptr && parts_.audit != nullptr);
  CHECK(command_ == nullptr || parts_.queue != nullptr);
  CHECK(parts_.vault == nullptr || parts_.view != nullptr);
}

Server::~Server() {
  Stop();
  if (dispatcher_) dispatcher_->WaitUntilEmpty();
}

void Server::Register(std::string_view method, Registered registered) {
  CHECK(dispatcher_ == nullptr) << "methods are registered before Start";
  CHECK(registered_.emplace(method, std::move(registered)).second) << "registered twice: " << method;
}

absl::Status Server::Start() {
  if (options_.credentials == nullptr && !IsLoopback(options_.listen)) {
    return absl::FailedPreconditionError(
        absl::StrCat("cannot listen on ", options_.listen, ": without certificates only on loopback"));
  }
  ASSIGN_OR_RETURN(auto methods, BuildMethods(*service_, command_, registered_, parts_.vault != nullptr));
  dispatcher_ = std::make_unique<Dispatcher>(parts_, std::move(methods), options_.in_flight_max,
                                             options_.query_threads, options_.query_queue_max);
  grpc::EnableDefaultHealthCheckService(true);
  grpc::ServerBuilder builder;
  SetLimits(&builder);
  builder.AddListeningPort(options_.listen,
                           options_.credentials ? options_.credentials : grpc::InsecureServerCredentials(), &port_);
  calls_ = std::make_unique<CallService>(*dispatcher_);
  builder.RegisterService(calls_.get());
  server_ = builder.BuildAndStart();
  if (server_ == nullptr || port_ == 0) {
    return absl::UnavailableError(absl::StrCat("cannot listen on ", options_.listen, ": address in use or not ours"));
  }
  SetServing(true);
  return absl::OkStatus();
}

void Server::SetServing(bool serving) {
  CHECK(server_ != nullptr);
  server_->GetHealthCheckService()->SetServingStatus(serving);
  server_->GetHealthCheckService()->SetServingStatus(std::string(service_->full_name()), serving);
}

void Server::Stop(int64_t grace_ms) {
  if (server_ == nullptr) return;
  server_->GetHealthCheckService()->Shutdown();
  server_->Shutdown(gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC), gpr_time_from_millis(grace_ms, GPR_TIMESPAN)));
  server_.reset();
}

size_t Server::in_flight() const { return dispatcher_ ? dispatcher_->in_flight() : 0; }

kernel::Outcome Ask(kernel::CommandQueue& queue, kernel::Envelope envelope) {
  std::promise<kernel::Outcome> promise;
  std::future<kernel::Outcome> outcome = promise.get_future();
  envelope.done = [&promise](const kernel::Outcome& done) { promise.set_value(done); };
  queue.Submit(std::move(envelope));
  return outcome.get();
}

}  // namespace rpc
