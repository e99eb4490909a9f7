#pragma once
// Calls to the services: bytes in and bytes out, any method by name, unary or with a streamed answer. Call from the io
// thread; the answer comes back on it. Each service has its own channels, each channel its own connection (one
// connection costs a third of the throughput). Every call has a deadline. Of the client's headers nothing is passed on
// but what UpstreamCall names.

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/security/credentials.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gateway {

struct UpstreamCall {
  std::string rpc_path;  // "/incident.v1.Incidents/Accept"
  std::string request;   // wire bytes
  int64_t deadline_ms = 0;
  std::string token;  // access token, may be empty
  std::string request_id;
  std::string traceparent;
};

struct UpstreamReply {
  int code = 2;         // gRPC
  std::string message;  // of the transport; for the log
  std::string response;
  std::string error_detail;  // trailer fengqiao-error-bin
  std::string service;       // "incident"
};

// Lets a caller that lost its client give up. Valid after the call has ended, too.
class UpstreamCancel {
 public:
  void Cancel();

 private:
  friend class Upstream;
  std::weak_ptr<grpc::ClientContext> context_;
};

class StreamReactor;
class UpstreamStream;

class Upstream {
 public:
  struct Peer {
    std::string name;  // "incident": first part of the proto package, and the DNS name in its certificate
    std::string address;
  };
  // `credentials` makes the channel credentials for the service of that name.
  Upstream(
      boost::asio::io_context& io, std::vector<Peer> peers,
      const std::function<std::shared_ptr<grpc::ChannelCredentials>(const std::string& name)>& credentials,
      int channels_per_peer, const std::vector<std::string>& retryable_rpc_paths);
  ~Upstream();  // cancels what is open and waits for it
  Upstream(const Upstream&) = delete;

  boost::asio::awaitable<UpstreamReply> Call(UpstreamCall call, UpstreamCancel* cancel);
  // The call of a method that answers with a stream. call.deadline_ms is not looked at: a stream has kMaxStreamMs, its
  // reader says how long each message may take. Never null.
  std::shared_ptr<UpstreamStream> Open(const UpstreamCall& call);
  // gRPC health of a service, asked now.
  boost::asio::awaitable<bool> IsServing(std::string name);

  bool HasPeer(std::string_view name) const { return peers_.contains(name); }
  std::vector<std::string> peer_names() const;

 private:
  struct Live;
  struct PeerState {
    std::vector<std::unique_ptr<grpc::GenericStub>> stubs;
    size_t next = 0;
  };
  boost::asio::awaitable<UpstreamReply> Await(std::shared_ptr<Live> live, PeerState* peer);
  void Start(const std::shared_ptr<Live>& live, PeerState* peer);
  void Finished(const Live* live);
  void LetGo(std::shared_ptr<void> call);

  boost::asio::io_context& io_;
  std::map<std::string, PeerState, std::less<>> peers_;
  absl::Mutex mutex_;
  std::map<const Live*, std::shared_ptr<Live>> live_ ABSL_GUARDED_BY(mutex_);
  std::map<const void*, std::shared_ptr<StreamReactor>> streams_ ABSL_GUARDED_BY(mutex_);
  size_t open_ ABSL_GUARDED_BY(mutex_) = 0;  // calls that gRPC may still touch
};

}  // namespace gateway
