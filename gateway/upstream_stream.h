#pragma once
// A streamed answer of a service, read message by message: the next one is asked for when it is wanted, so that a slow
// client slows down the service and fills nothing here. Made by Upstream::Open; io thread. Letting go of it cancels the
// call.

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "gateway/upstream.h"

namespace gateway {

// The gRPC side. Its reactions run on gRPC's threads and post to the io thread. Held by the Upstream until it is done;
// a hold keeps the call open between two reads.
class StreamReactor final : public grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  struct Piece {
    bool more = false;
    std::string message;
    UpstreamReply reply;  // without more
  };

  StreamReactor(boost::asio::io_context& io, std::string service, std::function<void(StreamReactor*)> done)
      : io_(io), service_(std::move(service)), done_(std::move(done)) {}

  void Start(grpc::GenericStub& stub, const UpstreamCall& call);
  // `told` runs once, on the io thread.
  void Read(std::function<void(Piece)> told);
  void Cancel() { context_.TryCancel(); }
  // Nobody reads any more.
  void Abandon();

  void OnReadDone(bool ok) override;
  void OnDone(const grpc::Status& status) override;

 private:
  void Tell(std::function<void(Piece)> told, Piece piece);

  boost::asio::io_context& io_;
  const std::string service_;
  const std::function<void(StreamReactor*)> done_;
  grpc::ClientContext context_;
  grpc::ByteBuffer request_;
  grpc::ByteBuffer message_;
  absl::Mutex mutex_;
  std::function<void(Piece)> told_ ABSL_GUARDED_BY(mutex_);
  bool reading_ ABSL_GUARDED_BY(mutex_) = false;
  bool held_ ABSL_GUARDED_BY(mutex_) = false;
  bool abandoned_ ABSL_GUARDED_BY(mutex_) = false;
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;
  UpstreamReply reply_ ABSL_GUARDED_BY(mutex_);
};

class UpstreamStream {
 public:
  UpstreamStream(boost::asio::io_context& io, std::shared_ptr<StreamReactor> reactor);
  ~UpstreamStream();
  UpstreamStream(const UpstreamStream&) = delete;

  // False: the stream has ended, reply() says how. A message that does not come within `timeout_ms` ends it. One at a
  // time.
  boost::asio::awaitable<bool> Next(int64_t timeout_ms, std::string* message);
  const UpstreamReply& reply() const { return reply_; }  // REQUIRES: Next said false
  void Cancel();
  // Lives as long as the stream.
  void Keep(std::shared_ptr<void> something) { kept_ = std::move(something); }

 private:
  boost::asio::io_context& io_;
  const std::shared_ptr<StreamReactor> reactor_;
  UpstreamReply reply_;
  std::shared_ptr<void> kept_;
};

}  // namespace gateway
