#pragma once
// The gRPC side of a service, driven by its descriptor: there is no generated stub and no handler per method.
//
//   call ─► in-flight limit ─► who ─► rule ─► fields ─► area ─► deadline ─┬► command ─► vault ─► queue ─► receipt
//                                                                         └► query ─► pool ─► masked answer(s)
//
// A method whose request is a member of the command's oneof is a command; every other one must be registered with
// Query() or Stream() before Start(). Start fails, naming the method, if a rule is missing or nobody says what a method
// does.
//
// Threads: reactions of gRPC never block (parsing, one signature at most); queries run on a small pool; a command is
// answered from the thread that completes it. Everything passed in outlives the server.

#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <google/protobuf/descriptor.h>
#include <grpcpp/server.h>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "services/kernel/command.h"
#include "services/rpc/dispatcher.h"
#include "services/rpc/limits.h"
#include "services/rpc/method.h"

namespace rpc {

struct ServerOptions {
  std::string listen = "127.0.0.1:0";
  std::shared_ptr<grpc::ServerCredentials> credentials;  // null: plain text, only on loopback
  size_t in_flight_max = kInFlightMax;
  size_t query_threads = kQueryThreads;
  size_t query_queue_max = kQueryQueueMax;
};

class CallService;

// The next message of a streamed answer; false: there is no more. See method.h.
template <class Response>
using NextMessage = std::function<absl::StatusOr<bool>(Response*)>;

class Server {
 public:
  // `command` (may be null): the union whose oneof `body` holds the service's commands.
  Server(ServerParts parts, ServerOptions options, const google::protobuf::ServiceDescriptor* service,
         const google::protobuf::Descriptor* command);
  ~Server();

  // Runs on the pool and may wait. Tokens of the vault in the answer are masked before it leaves.
  template <class Request, class Response>
  void Query(std::string_view method, std::function<Answer(const Caller&, const Request&, Response*)> run) {
    Register(method, Registered{Request::descriptor(), Response::descriptor(),
                                [run = std::move(run)](const Caller& caller, const google::protobuf::Message& request,
                                                       google::protobuf::Message* response) {
      return run(caller, static_cast<const Request&>(request), static_cast<Response*>(response));
    }, nullptr, nullptr});
  }

  // A query that answers with a stream of messages, by the same rules. `open` judges, and says where the messages come
  // from; both run on the pool and may wait. What `open` is given lives until the source is destroyed. Texts are masked
  // as in any answer; bytes are not looked into.
  template <class Request, class Response>
  void Stream(std::string_view method,
              std::function<Answer(const Caller&, const Request&, NextMessage<Response>*)> open) {
    Register(method, Registered{Request::descriptor(), Response::descriptor(), nullptr, nullptr,
                                [open = std::move(open)](const Caller& caller, const google::protobuf::Message& request,
                                                         NextFunction* next) {
      NextMessage<Response> typed;
      Answer answer = open(caller, static_cast<const Request&>(request), &typed);
      if (answer.ok()) {
        *next = [typed = std::move(typed)](google::protobuf::Message* message) {
          return typed(static_cast<Response*>(message));
        };
      }
      return answer;
    }});
  }

  // Looks at a command before its personal fields are sealed and it is queued: chooses its aggregate id, makes it an
  // upsert, attaches writes. Runs on a thread of gRPC: must not wait.
  template <class Request>
  void Prepare(std::string_view method,
               std::function<std::optional<kernel::Refusal>(const Caller&, const Request&, kernel::Envelope*)> run) {
    Register(method, Registered{Request::descriptor(), nullptr, nullptr,
                                [run = std::move(run)](const Caller& caller, const google::protobuf::Message& request,
                                                       kernel::Envelope* envelope) {
      return run(caller, static_cast<const Request&>(request), envelope);
    }, nullptr});
  }

  absl::Status Start();
  int port() const { return port_; }

  // What gRPC's own health service says of this server; true after Start.
  void SetServing(bool serving);
  // Refuses new calls, lets those that run finish (at most `grace_ms`), then returns. Idempotent.
  void Stop(int64_t grace_ms = kStopGraceMs);

  size_t in_flight() const;

 private:
  void Register(std::string_view method, Registered registered);

  const ServerParts parts_;
  const ServerOptions options_;
  const google::protobuf::ServiceDescriptor* const service_;
  const google::protobuf::Descriptor* const command_;
  std::map<std::string, Registered> registered_;
  std::unique_ptr<Dispatcher> dispatcher_;
  std::unique_ptr<CallService> calls_;
  std::unique_ptr<grpc::Server> server_;
  int port_ = 0;
};

// Submits a command from a thread that may wait (a query) and waits for its outcome.
kernel::Outcome Ask(kernel::CommandQueue& queue, kernel::Envelope envelope);

}  // namespace rpc
