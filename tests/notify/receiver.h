#pragma once
// A receiving system, small and real: an HTTP server on this machine that does what a test tells it, and keeps what it
// was sent. A thread a connection.

#include <absl/synchronization/mutex.h>
#include <absl/time/time.h>
#include <sys/socket.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace tests {

namespace http = boost::beast::http;

class Receiver {
 public:
  using Request = http::request<http::string_body>;
  using Reply = http::response<http::string_body>;
  // nullopt: says nothing, ever.
  using Behaviour = std::function<std::optional<Reply>(const Request&)>;

  explicit Receiver(Behaviour behaviour)
      : behaviour_(std::move(behaviour)), acceptor_(io_, {boost::asio::ip::address_v4::loopback(), 0}) {
    thread_ = std::jthread([this] { Accept(); });
  }
  ~Receiver() {
    {
      absl::MutexLock lock(&mutex_);
      stopped_ = true;
      for (const int socket : sockets_) shutdown(socket, SHUT_RDWR);
    }
    shutdown(acceptor_.native_handle(), SHUT_RDWR);
    thread_.join();
    connections_.clear();
  }
  std::string Url() const {
    return "http://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()) + "/in?unit=3";
  }

  static Reply Say(unsigned status) {
    Reply reply(static_cast<http::status>(status), 11);
    reply.set("WebHook-Allowed-Origin", "*");
    reply.prepare_payload();
    return reply;
  }

  std::vector<Request> requests(http::verb verb) const {
    absl::MutexLock lock(&mutex_);
    std::vector<Request> found;
    for (const Request& request : requests_) {
      if (request.method() == verb) found.push_back(request);
    }
    return found;
  }
  // Waits until so many notices came; what came then.
  std::vector<Request> Notices(size_t count) const {
    const auto enough = [&] {
      size_t posts = 0;
      for (const Request& request : requests_) posts += request.method() == http::verb::post;
      return posts >= count;
    };
    {
      absl::MutexLock lock(&mutex_);
      mutex_.AwaitWithTimeout(absl::Condition(&enough), absl::Seconds(30));
    }
    return requests(http::verb::post);
  }

 private:
  void Accept() {
    while (true) {
      boost::system::error_code error;
      auto socket = std::make_shared<boost::asio::ip::tcp::socket>(io_);
      acceptor_.accept(*socket, error);
      absl::MutexLock lock(&mutex_);
      if (error || stopped_) return;
      sockets_.push_back(socket->native_handle());
      connections_.emplace_back([this, socket] { Serve(*socket); });
    }
  }
  void Serve(boost::asio::ip::tcp::socket& socket) {
    boost::beast::flat_buffer buffer;
    boost::system::error_code error;
    while (true) {
      Request request;
      http::read(socket, buffer, request, error);
      if (error) return;
      std::optional<Reply> reply = behaviour_(request);
      {
        absl::MutexLock lock(&mutex_);
        requests_.push_back(request);
      }
      if (!reply) continue;  // the other end gives up
      http::write(socket, *reply, error);
      if (error || !reply->keep_alive()) return;
    }
  }

  const Behaviour behaviour_;
  boost::asio::io_context io_;
  boost::asio::ip::tcp::acceptor acceptor_;
  mutable absl::Mutex mutex_;
  bool stopped_ = false;
  std::vector<int> sockets_;
  std::vector<Request> requests_;
  std::vector<std::jthread> connections_;
  std::jthread thread_;
};

}  // namespace tests
