#include "services/rpc/exchange.h"

#include <absl/strings/str_cat.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include <algorithm>
#include <utility>

#include "base/crypto.h"
#include "base/log.h"
#include "kernel/v1/record.pb.h"
#include "services/rpc/free_text.h"
#include "services/rpc/limits.h"

namespace rpc {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using kernel::v1::AccessRule;

constexpr size_t kAggregateIdMax = 128;

bool IsPlain(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) > 0x1f && c != 0x7f; });
}

Failure WrongField(std::string field, std::string code, const std::string& zh, const std::string& en) {
  kernel::v1::FieldError error;
  error.set_pointer(std::move(field));
  error.set_code(std::move(code));
  error.set_message_zh(absl::StrCat("“", JsonPath(error.pointer()), "”", zh, "。"));
  error.set_message_en(absl::StrCat("\"", JsonPath(error.pointer()), "\" ", en, "."));
  std::vector<kernel::v1::FieldError> errors;
  errors.push_back(std::move(error));
  return FieldFailure(std::move(errors));
}

// Leaves a person the grants that the rule lists: a query judges area and unit by the role that opened the method, so
// that a right here and a sight of the matter there never add up.
void KeepGrantsThatCount(const AccessRule& rule, kernel::v1::Actor* actor) {
  if (rule.role().empty() || actor->user_id().empty()) return;
  kernel::v1::Actor kept = *actor;
  kept.clear_grant();
  for (const kernel::v1::Grant& grant : actor->grant()) {
    if (std::find(rule.role().begin(), rule.role().end(), grant.role()) != rule.role().end()) *kept.add_grant() = grant;
  }
  *actor = std::move(kept);
}

bool IsDenial(const Failure& failure) {
  return failure.code == grpc::StatusCode::PERMISSION_DENIED || failure.code == grpc::StatusCode::UNAUTHENTICATED;
}

}  // namespace

Exchange::Exchange(Dispatcher& dispatcher, const Method& method, Caller caller, Reply reply)
    : dispatcher_(dispatcher),
      method_(method),
      caller_(std::move(caller)),
      reply_(std::move(reply)),
      started_us_(dispatcher.parts().clock->SteadyUs()) {
  caller_.note = &note_;
}

Exchange::~Exchange() {
  next_ = nullptr;  // what it reads from may end with the last call
  dispatcher_.Leave();
}

void Exchange::Begin(std::string_view token, google::protobuf::io::ZeroCopyInputStream* body, size_t size) {
  if (auto failure = Check(token, body, size)) return Fail(*std::move(failure));
  if (method_.member != nullptr) return SubmitCommand();
  const bool posted = dispatcher_.pool().TryPost([self = shared_from_this()] { self->RunQuery(); });
  if (!posted) Fail(Overloaded(kOverloadRetryMs));
}

std::optional<Failure> Exchange::Check(std::string_view token, google::protobuf::io::ZeroCopyInputStream* body,
                                       size_t size) {
  if (auto failure = dispatcher_.Identify(token, method_, &caller_)) return failure;
  if (caller_.signed_in()) caller_.token = std::string(token);
  if (auto failure = CheckAccess(method_.access, &caller_)) return failure;
  if (method_.member == nullptr) KeepGrantsThatCount(method_.access, &caller_.actor);
  const uint32_t max = method_.access.max_body_bytes() > 0 ? method_.access.max_body_bytes() : kBodyBytesDefault;
  if (size > max) {
    return MakeFailure(grpc::StatusCode::INVALID_ARGUMENT, "BODY_TOO_LARGE", "内容太大。", "The request is too large.");
  }
  request_.reset(method_.request->New());
  google::protobuf::io::CodedInputStream coded(body);
  coded.SetRecursionLimit(kMessageDepthMax);
  if (!request_->ParseFromCodedStream(&coded) || !coded.ConsumedEntireMessage()) {
    return MakeFailure(grpc::StatusCode::INVALID_ARGUMENT, "MALFORMED", "请求内容无法解析。",
                       "The request cannot be read.");
  }
  auto errors = method_.rules->Check(request_.get(), &personal_);
  if (!errors.empty()) return FieldFailure(std::move(errors));
  change_id_ = TextOf(*request_, method_.request_id);
  if (change_id_.size() > kRequestIdMax || !IsPlain(change_id_)) {
    return WrongField("request_id", "FORMAT", "最多 36 个字符", "takes at most 36 plain characters");
  }
  note_.aggregate_id = TextOf(*request_, method_.id);
  if (note_.aggregate_id.size() > kAggregateIdMax || !IsPlain(note_.aggregate_id)) {
    note_.aggregate_id.clear();
    return WrongField("id", "FORMAT", "格式有误", "is not an id");
  }
  if (method_.access.audit() == AccessRule::AUDIT_ALWAYS) {
    note_.field = TextOf(*request_, method_.field);
    note_.purpose = TextOf(*request_, method_.reason);
  }
  if (auto failure = CheckScope()) return failure;
  if (Late()) return FailureOf(absl::DeadlineExceededError(""));
  return std::nullopt;
}

std::optional<Failure> Exchange::CheckScope() {
  if (method_.access.scope() != AccessRule::SCOPE_FIELD) return std::nullopt;
  const Message* at = request_.get();
  for (const FieldDescriptor* field : method_.scope_path) {
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      at = &at->GetReflection()->GetMessage(*at, field);
    } else {
      area_ = at->GetReflection()->GetString(*at, field);
    }
  }
  return CheckArea(method_.access, caller_, method_.access.scope_field(), area_);
}

bool Exchange::Late() const {
  return caller_.deadline_ms > 0 && dispatcher_.parts().clock->NowMs() >= caller_.deadline_ms;
}

std::string Exchange::FingerprintOf() const {
  std::string text = method_.path + '\0';
  {
    google::protobuf::io::StringOutputStream out(&text);
    google::protobuf::io::CodedOutputStream coded(&out);
    coded.SetSerializationDeterministic(true);
    request_->SerializeToCodedStream(&coded);
  }
  return dispatcher_.parts().vault != nullptr ? dispatcher_.parts().vault->Fingerprint(text) : base::Sha256(text);
}

std::optional<Failure> Exchange::FillEnvelope(kernel::Envelope* envelope) {
  const auto* reflection = request_->GetReflection();
  envelope->command_name = std::string(method_.member->name());
  envelope->actor = caller_.actor;
  envelope->request_id = change_id_;
  if (!change_id_.empty()) envelope->fingerprint = FingerprintOf();
  if (method_.expected_version != nullptr) {
    const uint64_t version = reflection->GetUInt64(*request_, method_.expected_version);
    if (version > 0) envelope->expected_version = version;
  }
  if (method_.device_at_ms != nullptr) envelope->device_at_ms = reflection->GetInt64(*request_, method_.device_at_ms);
  envelope->creates = method_.id == nullptr;
  envelope->aggregate_id =
      envelope->creates ? dispatcher_.ids().NewUlid(caller_.now_ms) : TextOf(*request_, method_.id);
  if (method_.prepare) {
    if (auto refusal = method_.prepare(caller_, *request_, envelope)) return FailureOf(*refusal);
  }
  if (envelope->aggregate_id.empty()) return WrongField("id", "REQUIRED", "必须填写", "is required");
  note_.aggregate_id = envelope->aggregate_id;
  return std::nullopt;
}

std::optional<Failure> Exchange::SealPersonal(kernel::Envelope* envelope) {
  if (!personal_ || !method_.personal) return std::nullopt;
  const ServerParts& parts = dispatcher_.parts();
  const absl::Status status = parts.vault->Seal(*parts.view, envelope->aggregate_id, caller_.now_ms,
                                                dispatcher_.ids(), request_.get(), &envelope->attached);
  if (status.ok()) return std::nullopt;
  base::Log(base::kError, "cannot seal personal data",
            {{"method", method_.path}, {"aggregate", envelope->aggregate_id}, {"error", status.ToString()}});
  return FailureOf(absl::InternalError(""));
}

void Exchange::SubmitCommand() {
  kernel::Envelope envelope;
  if (auto failure = FillEnvelope(&envelope)) return Fail(*std::move(failure));
  if (auto failure = SealPersonal(&envelope)) return Fail(*std::move(failure));
  envelope.command.reset(method_.command->New());
  envelope.command->GetReflection()->SetAllocatedMessage(envelope.command.get(), request_.release(), method_.member);
  envelope.done = [self = shared_from_this()](const kernel::Outcome& outcome) {
    if (!outcome.status.ok()) return self->Fail(FailureOf(outcome.status, outcome.retry_after_ms));
    if (outcome.refusal) return self->Fail(FailureOf(*outcome.refusal));
    auto receipt = std::make_unique<kernel::v1::Receipt>(outcome.receipt);
    self->response_ = std::move(receipt);
    self->Finish();
  };
  dispatcher_.parts().queue->Submit(std::move(envelope));
}

void Exchange::LogFault(const absl::Status& status) const {
  if (!absl::IsInternal(status) && !absl::IsDataLoss(status)) return;
  base::Log(base::kError, "a query failed", {{"method", method_.path}, {"error", status.ToString()}});
}

std::optional<Failure> Exchange::Mask() {
  const ServerParts& parts = dispatcher_.parts();
  if (parts.vault == nullptr) return std::nullopt;
  const absl::Status masked = parts.vault->Present(*parts.view, response_.get());
  if (masked.ok()) return std::nullopt;
  base::Log(base::kError, "cannot mask an answer", {{"method", method_.path}, {"error", masked.ToString()}});
  return FailureOf(absl::InternalError(""));
}

std::optional<Failure> Exchange::Produce() {
  response_.reset(method_.response->New());
  const absl::StatusOr<bool> more = next_(response_.get());
  if (!more.ok()) {
    LogFault(more.status());
    return FailureOf(more.status());
  }
  if (*more) return Mask();
  response_.reset();
  return std::nullopt;
}

void Exchange::RunQuery() {
  if (Late()) return Fail(FailureOf(absl::DeadlineExceededError("")));
  Answer answer;
  if (method_.stream) {
    answer = method_.stream(caller_, *request_, &next_);
  } else {
    response_.reset(method_.response->New());
    answer = method_.query(caller_, *request_, response_.get());
  }
  if (!answer.ok()) {
    LogFault(answer.status());
    return Fail(FailureOf(answer));
  }
  if (auto failure = method_.stream ? Produce() : Mask()) return Fail(*std::move(failure));
  Finish();
}

void Exchange::More(Reply reply) {
  const auto work = [self = shared_from_this(), reply] {
    const auto failure = self->Produce();
    reply(failure ? &*failure : nullptr, failure ? nullptr : self->response_.get());
  };
  if (dispatcher_.pool().PostBegun(work)) return;
  const Failure failure = FailureOf(absl::UnavailableError(""));
  reply(&failure, nullptr);
}

void Exchange::Ended(grpc::StatusCode code) { dispatcher_.Count(method_, code, started_us_); }

void Exchange::Fail(Failure failure) {
  failure_ = std::move(failure);
  response_.reset();
  Finish();
}

v1::AuditRecord Exchange::AuditOf() const {
  v1::AuditRecord record;
  record.set_at_ms(caller_.now_ms);
  record.set_method(method_.path);
  record.set_decision(!failure_ ? v1::AuditRecord::ALLOWED
                      : IsDenial(*failure_) ? v1::AuditRecord::DENIED
                                            : v1::AuditRecord::FAILED);
  record.set_reason(failure_ ? failure_->detail.reason() : "OK");
  record.set_actor_id(note_.actor_id.empty() ? caller_.actor.user_id() : note_.actor_id);
  *record.mutable_grant() = caller_.actor.grant();
  record.set_caller_service(caller_.service);
  record.set_session_id(caller_.actor.session_id());
  record.set_device_id(caller_.actor.device_id());
  record.set_request_id(change_id_.empty() ? caller_.request_id : change_id_);
  record.set_traceparent(caller_.traceparent);
  record.set_aggregate_id(note_.aggregate_id);
  record.set_field(note_.field);
  record.set_purpose(WithMaskedNumbers(note_.purpose));
  record.set_area_code(area_);
  return record;
}

void Exchange::Finish() {
  const auto send = [self = shared_from_this()] {
    const grpc::StatusCode code = self->failure_ ? self->failure_->code : grpc::StatusCode::OK;
    if (!self->method_.stream || self->failure_) self->Ended(code);
    self->reply_(self->failure_ ? &*self->failure_ : nullptr, self->response_.get());
    self->reply_ = nullptr;
  };
  const bool denied = failure_ && IsDenial(*failure_);
  if (method_.access.audit() != AccessRule::AUDIT_ALWAYS) {
    if (denied) dispatcher_.parts().audit->Note(AuditOf());
    return send();
  }
  if (denied) {  // a flood of refused sign-ins must not be able to make the rest wait
    dispatcher_.parts().audit->Note(AuditOf());
    return send();
  }
  const auto recorded = [self = shared_from_this(), send](const absl::Status& status) {
    if (!status.ok() && !self->failure_) {
      self->failure_ = FailureOf(absl::InternalError(""));
      self->response_.reset();
    }
    send();
  };
  if (dispatcher_.parts().audit->Record(AuditOf(), recorded)) return;
  failure_ = Overloaded(kOverloadRetryMs);
  response_.reset();
  send();
}

}  // namespace rpc
