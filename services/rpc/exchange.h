#pragma once
// One request from the moment its method is known until its answer: the fixed order of checks all methods go through.
//
//   size ─► who ─► access rule ─► parse ─► fields ─► area ─► deadline ─► command or query ─► audit ─► reply
//
// Permission is judged before the content, so that an error text cannot tell a stranger what exists. Begin runs on the
// caller's thread and never waits; the reply comes on whatever thread completes the work, exactly once.

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
  // Exactly one of the two is set; both are valid during the call only.
  using Reply = std::function<void(const Failure* failure, const google::protobuf::Message* response)>;

  // REQUIRES: dispatcher.TryEnter() said true; the exchange leaves when it has replied.
  Exchange(Dispatcher& dispatcher, const Method& method, Caller caller, Reply reply);
  ~Exchange();
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  void Begin(std::string_view token, google::protobuf::io::ZeroCopyInputStream* body, size_t size);

 private:
  std::optional<Failure> Check(std::string_view token, google::protobuf::io::ZeroCopyInputStream* body, size_t size);
  std::optional<Failure> CheckScope();
  bool Late() const;

  void SubmitCommand();
  std::optional<Failure> FillEnvelope(kernel::Envelope* envelope);
  std::optional<Failure> SealPersonal(kernel::Envelope* envelope);
  std::string FingerprintOf() const;
  void RunQuery();

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
};

}  // namespace rpc
