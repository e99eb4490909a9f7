#include "gateway/upstream_stream.h"

#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>

#include "gateway/limits.h"
#include "gateway/upstream_wire.h"

namespace gateway {
namespace {

namespace asio = boost::asio;

constexpr int kDeadlineExceeded = 4;  // gRPC

}  // namespace

void StreamReactor::Start(grpc::GenericStub& stub, const UpstreamCall& call) {
  FillContext(call, kMaxStreamMs, &context_);
  request_ = BufferOf(call.request);
  stub.PrepareBidiStreamingCall(&context_, call.rpc_path, grpc::StubOptions(), this);
  {
    absl::MutexLock lock(&mutex_);
    held_ = true;
  }
  AddHold();
  StartWriteLast(&request_, grpc::WriteOptions());
  StartCall();
}

void StreamReactor::Tell(std::function<void(Piece)> told, Piece piece) {
  auto held = std::make_shared<Piece>(std::move(piece));
  asio::post(io_, [told = std::move(told), held]() { told(std::move(*held)); });
}

void StreamReactor::Read(std::function<void(Piece)> told) {
  {
    absl::MutexLock lock(&mutex_);
    if (ended_) {
      Piece piece;
      piece.reply = reply_;
      return Tell(std::move(told), std::move(piece));
    }
    told_ = std::move(told);
    if (!held_) return;  // OnDone is on its way
    reading_ = true;
  }
  StartRead(&message_);
}

void StreamReactor::OnReadDone(bool ok) {
  std::function<void(Piece)> told;
  bool release = false;
  {
    absl::MutexLock lock(&mutex_);
    reading_ = false;
    if (ok && !abandoned_) {
      told = std::exchange(told_, nullptr);
    } else {
      release = std::exchange(held_, false);  // the end comes by OnDone
    }
  }
  if (release) RemoveHold();
  if (!told) return;
  Piece piece;
  piece.more = true;
  piece.message = BytesOf(message_);
  message_.Clear();
  Tell(std::move(told), std::move(piece));
}

void StreamReactor::OnDone(const grpc::Status& status) {
  Piece piece;
  FillReply(status, context_, &piece.reply);
  piece.reply.service = service_;
  std::function<void(Piece)> told;
  {
    absl::MutexLock lock(&mutex_);
    ended_ = true;
    reply_ = piece.reply;
    told = std::exchange(told_, nullptr);
  }
  if (told) Tell(std::move(told), std::move(piece));
  done_(this);  // may be the last that held this
}

void StreamReactor::Abandon() {
  bool release = false;
  {
    absl::MutexLock lock(&mutex_);
    abandoned_ = true;
    if (ended_) return;
    if (!reading_) release = std::exchange(held_, false);
  }
  context_.TryCancel();
  if (release) RemoveHold();
}

UpstreamStream::UpstreamStream(asio::io_context& io, std::shared_ptr<StreamReactor> reactor)
    : io_(io), reactor_(std::move(reactor)) {
  reply_.code = 14;
  reply_.message = "no such service is configured";
}

UpstreamStream::~UpstreamStream() {
  if (reactor_ != nullptr) reactor_->Abandon();
}

void UpstreamStream::Cancel() {
  if (reactor_ != nullptr) reactor_->Cancel();
}

asio::awaitable<bool> UpstreamStream::Next(int64_t timeout_ms, std::string* message) {
  if (reactor_ == nullptr) co_return false;
  auto late = std::make_shared<bool>(false);
  asio::steady_timer timer(io_, std::chrono::milliseconds(timeout_ms));
  timer.async_wait([late, reactor = std::weak_ptr<StreamReactor>(reactor_)](const boost::system::error_code& error) {
    const auto live = reactor.lock();
    if (error || live == nullptr) return;
    *late = true;
    live->Cancel();
  });
  auto initiate = [this](auto handler) {
    auto shared = std::make_shared<decltype(handler)>(std::move(handler));
    reactor_->Read([shared](StreamReactor::Piece piece) { (*shared)(std::move(piece)); });
  };
  using Piece = StreamReactor::Piece;
  Piece piece = co_await asio::async_initiate<const asio::use_awaitable_t<>&, void(Piece)>(initiate,
                                                                                           asio::use_awaitable);
  timer.cancel();
  if (piece.more) {
    *message = std::move(piece.message);
    co_return true;
  }
  reply_ = std::move(piece.reply);
  if (*late && reply_.code != 0) reply_.code = kDeadlineExceeded;
  co_return false;
}

}  // namespace gateway
