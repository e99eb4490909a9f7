#include "gateway/upstream.h"

#include <absl/strings/str_cat.h>
#include <grpc/support/time.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/support/channel_arguments.h>

#include <algorithm>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "gateway/limits.h"
#include "gateway/upstream_stream.h"
#include "gateway/upstream_wire.h"

namespace gateway {
namespace {

namespace asio = boost::asio;

constexpr char kErrorTrailer[] = "fengqiao-error-bin";
constexpr int64_t kHealthDeadlineMs = 1'000;

std::string PackageOf(std::string_view rpc_path) {
  rpc_path.remove_prefix(1);
  return std::string(rpc_path.substr(0, rpc_path.find('.')));
}

// Reads are tried again when the connection broke; changes only by the client, with its request_id.
std::string ServiceConfig(const std::string& peer, const std::vector<std::string>& retryable) {
  std::string names;
  for (const std::string& path : retryable) {
    if (PackageOf(path) != peer) continue;
    const size_t slash = path.find('/', 1);
    absl::StrAppend(&names, names.empty() ? "" : ",", "{\"service\":\"", path.substr(1, slash - 1),
                    "\",\"method\":\"", path.substr(slash + 1), "\"}");
  }
  if (names.empty()) return "{}";
  return absl::StrCat(
      "{\"methodConfig\":[{\"name\":[", names,
      "],\"retryPolicy\":{\"maxAttempts\":3,\"initialBackoff\":\"0.05s\",\"maxBackoff\":\"1s\","
      "\"backoffMultiplier\":2,\"retryableStatusCodes\":[\"UNAVAILABLE\"]}}],"
      "\"retryThrottling\":{\"maxTokens\":100,\"tokenRatio\":0.1}}");
}

grpc::ChannelArguments Arguments(const std::string& peer, const std::vector<std::string>& retryable) {
  grpc::ChannelArguments args;
  args.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  args.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 30'000);
  args.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 10'000);
  args.SetInt(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  args.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  args.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  args.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 2'000);
  args.SetMaxReceiveMessageSize(static_cast<int>(kMaxResponseBytes));
  args.SetMaxSendMessageSize(static_cast<int>(kMaxBodyBytes) + 4096);
  args.SetServiceConfigJSON(ServiceConfig(peer, retryable));
  return args;
}

}  // namespace

void FillContext(const UpstreamCall& call, int64_t deadline_ms, grpc::ClientContext* context) {
  context->set_deadline(
      gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC), gpr_time_from_millis(deadline_ms, GPR_TIMESPAN)));
  if (!call.token.empty()) context->AddMetadata("authorization", "Bearer " + call.token);
  if (!call.request_id.empty()) context->AddMetadata("x-request-id", call.request_id);
  if (!call.traceparent.empty()) context->AddMetadata("traceparent", call.traceparent);
}

grpc::ByteBuffer BufferOf(const std::string& bytes) {
  const grpc::Slice slice(bytes);
  return grpc::ByteBuffer(&slice, 1);
}

std::string BytesOf(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  if (!buffer.Dump(&slices).ok()) return "";
  std::string out;
  out.reserve(buffer.Length());
  for (const grpc::Slice& slice : slices)
    out.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  return out;
}

void FillReply(const grpc::Status& status, const grpc::ClientContext& context, UpstreamReply* reply) {
  reply->code = status.error_code();
  reply->message = status.error_message();
  const auto& trailers = context.GetServerTrailingMetadata();
  const auto found = trailers.find(kErrorTrailer);
  if (found != trailers.end()) reply->error_detail.assign(found->second.data(), found->second.size());
}

struct Upstream::Live {
  std::shared_ptr<grpc::ClientContext> context = std::make_shared<grpc::ClientContext>();
  UpstreamCall call;
  std::string service;
  grpc::ByteBuffer request;
  grpc::ByteBuffer response;
  std::function<void(UpstreamReply)> done;  // posts to the io thread
};

void UpstreamCancel::Cancel() {
  if (const auto context = context_.lock()) context->TryCancel();
}

Upstream::Upstream(
    asio::io_context& io, std::vector<Peer> peers,
    const std::function<std::shared_ptr<grpc::ChannelCredentials>(const std::string&)>& credentials,
    int channels_per_peer, const std::vector<std::string>& retryable_rpc_paths)
    : io_(io) {
  const int channels = std::clamp(channels_per_peer, 1, kChannelsPerPeerMax);
  for (const Peer& peer : peers) {
    PeerState& state = peers_[peer.name];
    for (int i = 0; i < channels; ++i) {
      grpc::ChannelArguments args = Arguments(peer.name, retryable_rpc_paths);
      args.SetSslTargetNameOverride(peer.name);
      state.stubs.push_back(std::make_unique<grpc::GenericStub>(
          grpc::CreateCustomChannel(peer.address, credentials(peer.name), args)));
    }
  }
}

Upstream::~Upstream() {
  std::vector<std::shared_ptr<StreamReactor>> streams;
  {
    absl::MutexLock lock(&mutex_);
    for (const auto& [key, live] : live_) live->context->TryCancel();
    for (const auto& [key, stream] : streams_) streams.push_back(stream);
  }
  for (const auto& stream : streams) stream->Abandon();
  streams.clear();
  absl::MutexLock lock(&mutex_);
  mutex_.Await(absl::Condition(
      +[](size_t* open) { return *open == 0; }, &open_));
}

std::vector<std::string> Upstream::peer_names() const {
  std::vector<std::string> names;
  for (const auto& [name, state] : peers_) names.push_back(name);
  return names;
}

void Upstream::Finished(const Live* live) {
  std::shared_ptr<Live> last;
  {
    absl::MutexLock lock(&mutex_);
    last = std::move(live_.extract(live).mapped());
  }
  LetGo(std::move(last));
}

// The context of a call holds its channel. If the last hold on a channel fell here, on a thread of gRPC, that thread
// would wait for its own end (grpc/grpc #32584): the destructor goes on only when the call is gone, not when it is out
// of the table.
void Upstream::LetGo(std::shared_ptr<void> call) {
  call.reset();
  absl::MutexLock lock(&mutex_);
  --open_;
}

void Upstream::Start(const std::shared_ptr<Live>& live, PeerState* peer) {
  grpc::ClientContext& context = *live->context;
  FillContext(live->call, live->call.deadline_ms, &context);
  live->request = BufferOf(live->call.request);
  {
    absl::MutexLock lock(&mutex_);
    live_[live.get()] = live;
    ++open_;
  }
  grpc::GenericStub& stub = *peer->stubs[peer->next++ % peer->stubs.size()];
  Live* const raw = live.get();
  stub.UnaryCall(&context, live->call.rpc_path, grpc::StubOptions(), &live->request, &live->response,
                 [this, raw](grpc::Status status) {
                   UpstreamReply reply;
                   FillReply(status, *raw->context, &reply);
                   reply.service = raw->service;
                   if (status.ok()) reply.response = BytesOf(raw->response);
                   raw->done(std::move(reply));
                   Finished(raw);
                 });
}

asio::awaitable<UpstreamReply> Upstream::Await(std::shared_ptr<Live> live, PeerState* peer) {
  auto initiate = [this, live, peer](auto handler) {
    auto shared = std::make_shared<decltype(handler)>(std::move(handler));
    live->done = [shared, &io = io_](UpstreamReply reply) {
      auto held = std::make_shared<UpstreamReply>(std::move(reply));
      asio::post(io, [shared, held]() { (*shared)(std::move(*held)); });
    };
    Start(live, peer);
  };
  return asio::async_initiate<const asio::use_awaitable_t<>&, void(UpstreamReply)>(initiate,
                                                                                   asio::use_awaitable);
}

asio::awaitable<UpstreamReply> Upstream::Call(UpstreamCall call, UpstreamCancel* cancel) {
  auto live = std::make_shared<Live>();
  live->service = PackageOf(call.rpc_path);
  live->call = std::move(call);
  const auto peer = peers_.find(live->service);
  if (peer == peers_.end()) {
    UpstreamReply reply;
    reply.code = 14;
    reply.message = "no such service is configured";
    reply.service = live->service;
    co_return reply;
  }
  if (cancel != nullptr) cancel->context_ = live->context;
  UpstreamReply reply = co_await Await(live, &peer->second);
  co_return reply;
}

std::shared_ptr<UpstreamStream> Upstream::Open(const UpstreamCall& call) {
  const std::string service = PackageOf(call.rpc_path);
  const auto peer = peers_.find(service);
  if (peer == peers_.end()) return std::make_shared<UpstreamStream>(io_, nullptr);
  const auto done = [this](StreamReactor* reactor) {
    std::shared_ptr<StreamReactor> last;
    {
      absl::MutexLock lock(&mutex_);
      last = std::move(streams_.extract(reactor).mapped());
    }
    LetGo(std::move(last));
  };
  auto reactor = std::make_shared<StreamReactor>(io_, service, done);
  {
    absl::MutexLock lock(&mutex_);
    streams_[reactor.get()] = reactor;
    ++open_;
  }
  PeerState& state = peer->second;
  reactor->Start(*state.stubs[state.next++ % state.stubs.size()], call);
  return std::make_shared<UpstreamStream>(io_, std::move(reactor));
}

asio::awaitable<bool> Upstream::IsServing(std::string name) {
  const auto peer = peers_.find(name);
  if (peer == peers_.end()) co_return false;
  auto live = std::make_shared<Live>();
  live->service = name;
  live->call.rpc_path = "/grpc.health.v1.Health/Check";
  live->call.deadline_ms = kHealthDeadlineMs;
  const UpstreamReply reply = co_await Await(live, &peer->second);
  // HealthCheckResponse{status: SERVING} is the bytes 08 01.
  co_return reply.code == 0 && reply.response == std::string_view("\x08\x01");
}

}  // namespace gateway
