#pragma once
// A receiving system, small and real: an HTTP server on this machine, with TLS if it is given papers, that does what a
// test tells it, and keeps what it was sent. A thread a connection.

#include <absl/synchronization/mutex.h>
#include <absl/time/time.h>
#include <sys/socket.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
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
      : Receiver(std::move(behaviour), boost::asio::ip::address_v4::loopback(), std::nullopt) {}
  // By TLS: what it shows of itself, PEM.
  struct Papers {
    std::string certificate, key;
  };
  Receiver(Behaviour behaviour, boost::asio::ip::address_v4 address, std::optional<Papers> papers)
      : behaviour_(std::move(behaviour)), papers_(std::move(papers)), acceptor_(io_, {address, 0}) {
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
    const auto here = acceptor_.local_endpoint();
    return (papers_ ? "https://" : "http://") + here.address().to_string() + ":" + std::to_string(here.port()) + "/in?unit=3";
  }
  // From the next connection on.
  void Show(Papers papers) {
    absl::MutexLock lock(&mutex_);
    papers_ = std::move(papers);
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
    std::optional<Papers> papers;
    {
      absl::MutexLock lock(&mutex_);
      papers = papers_;
    }
    if (!papers) return Talk(socket);
    boost::asio::ssl::context context(boost::asio::ssl::context::tls_server);
    context.use_certificate_chain(boost::asio::buffer(papers->certificate));
    context.use_private_key(boost::asio::buffer(papers->key), boost::asio::ssl::context::pem);
    boost::asio::ssl::stream<boost::asio::ip::tcp::socket&> stream(socket, context);
    boost::system::error_code error;
    stream.handshake(boost::asio::ssl::stream_base::server, error);
    if (!error) Talk(stream);
  }
  void Talk(auto& stream) {
    boost::beast::flat_buffer buffer;
    boost::system::error_code error;
    while (true) {
      Request request;
      http::read(stream, buffer, request, error);
      if (error) return;
      std::optional<Reply> reply = behaviour_(request);
      {
        absl::MutexLock lock(&mutex_);
        requests_.push_back(request);
      }
      if (!reply) continue;  // the other end gives up
      http::write(stream, *reply, error);
      if (error || !reply->keep_alive()) return;
    }
  }

  const Behaviour behaviour_;
  std::optional<Papers> papers_;
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
