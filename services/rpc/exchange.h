#pragma once
// One request from the moment its method is known until its answer: the fixed order of checks all methods go through.
//
//   size ─► who ─► access rule ─► parse ─► fields ─► area ─► deadline ─► command or query ─► audit ─► reply
//
// Permission is judged before the content, so that an error text cannot tell a stranger what exists. Begin runs on the
// caller's thread and never waits; the reply comes on whatever thread completes the work, exactly once. Of a streamed
// query the reply is the first message, and More gives the others: the exchange lives until the stream has ended.

#include <google/protobuf/io/zero_copy_stream.h>
#include <google/protobuf/message.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "services/rpc/dispatcher.h"

namespace rpc {

class Exchange : public std::enable_shared_from_this<Exchange> {
 public:
  // At most one of the two is set, none at the end of a stream; both are valid during the call only.
  using Reply = std::function<void(const Failure* failure, const google::protobuf::Message* response)>;

  // REQUIRES: dispatcher.TryEnter() said true; the exchange leaves when it has replied.
  Exchange(Dispatcher& dispatcher, const Method& method, Caller caller, Reply reply);
  ~Exchange();
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  void Begin(std::string_view token, google::protobuf::io::ZeroCopyInputStream* body, size_t size);

  // REQUIRES: a streamed query whose last message was told, and no failure. One at a time.
  void More(Reply reply);
  // How a stream that began has ended, for the counters.
  void Ended(grpc::StatusCode code);

 private:
  std::optional<Failure> Check(std::string_view token, google::protobuf::io::ZeroCopyInputStream* body, size_t size);
  std::optional<Failure> CheckScope();
  bool Late() const;

  void SubmitCommand();
  std::optional<Failure> FillEnvelope(kernel::Envelope* envelope);
  std::optional<Failure> SealPersonal(kernel::Envelope* envelope);
  std::string FingerprintOf() const;
  void RunQuery();
  std::optional<Failure> Produce();  // the next message of a stream into response_; null at its end
  std::optional<Failure> Mask();
  void LogFault(const absl::Status& status) const;

  void Fail(Failure failure);
  void Finish();  // with failure_ or response_
  rpc::v1::AuditRecord AuditOf() const;

  Dispatcher& dispatcher_;
  const Method& method_;
  Caller caller_;
  AuditNote note_;
  Reply reply_;
  const int64_t started_us_;
  std::unique_ptr<google::protobuf::Message> request_;
  std::unique_ptr<google::protobuf::Message> response_;
  std::optional<Failure> failure_;
  std::string change_id_;   // request_id of the change
  std::string area_;        // of SCOPE_FIELD
  bool personal_ = false;   // the request holds texts for the vault
  NextFunction next_;       // of a stream
};

}  // namespace rpc
