#include "services/rpc/dispatcher.h"

#include <utility>

#include "services/rpc/limits.h"

namespace rpc {

Dispatcher::Dispatcher(const ServerParts& parts, std::vector<std::unique_ptr<Method>> methods, size_t in_flight_max,
                       size_t query_threads, size_t query_queue_max)
    : parts_(parts),
      methods_(std::move(methods)),
      ids_(base::Random::FromEntropy()),
      in_flight_max_(in_flight_max),
      refused_early_(parts.metrics->AddCounter("rpc_refused_early_total",
                                               "calls refused because too many were in flight")),
      pool_(std::make_unique<QueryPool>(query_threads, query_queue_max)) {
  for (const auto& method : methods_) {
    method->duration = &parts_.metrics->AddHistogram("rpc_call_seconds", "time from request to answer",
                                                     {{"method", method->path}});
  }
}

std::optional<Failure> Dispatcher::Identify(std::string_view token, const Method& method, Caller* caller) const {
  caller->now_ms = parts_.clock->NowMs();
  if (!token.empty()) {
    auto identity = parts_.tokens->Verify(token);
    if (identity.ok()) {
      caller->actor = std::move(identity->actor);
      caller->token_id = std::move(identity->token_id);
      return std::nullopt;
    }
    // With a bad token a public method is open as it is to anybody: less right than the token would have given.
    if (!method.access.public_()) {
      Failure failure = FailureOf(identity.status());
      failure.detail.set_reason("TOKEN_INVALID");
      failure.detail.set_message_zh("登录已失效，请重新登录。");
      return failure;
    }
  }
  for (const std::string& service : method.access.caller_service()) {
    if (!caller->service.empty() && service == caller->service) caller->actor.set_service(service);
  }
  if (caller->actor.service().empty() && method.access.public_()) {
    caller->actor.add_grant()->set_role(kernel::v1::ROLE_PUB);
  }
  return std::nullopt;
}

bool Dispatcher::TryEnter() {
  if (in_flight_.fetch_add(1, std::memory_order_relaxed) < in_flight_max_) return true;
  Leave();
  return false;
}

void Dispatcher::Leave() {
  if (in_flight_.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
  absl::MutexLock lock(&empty_mutex_);
  empty_.SignalAll();
}

void Dispatcher::WaitUntilEmpty() {
  absl::MutexLock lock(&empty_mutex_);
  while (in_flight_.load(std::memory_order_acquire) > 0) {
    empty_.WaitWithTimeout(&empty_mutex_, absl::Milliseconds(100));
  }
}

void Dispatcher::Count(const Method& method, grpc::StatusCode code, int64_t started_us) {
  const auto at = static_cast<size_t>(code) < method.calls.size() ? static_cast<size_t>(code) : 2;
  base::Counter* counter = method.calls[at].load(std::memory_order_acquire);
  if (counter == nullptr) {  // two threads may both come here: they get the same counter
    counter = &parts_.metrics->AddCounter("rpc_calls_total", "calls answered",
                                          {{"method", method.path}, {"code", CodeName(code)}});
    method.calls[at].store(counter, std::memory_order_release);
  }
  counter->Add();
  method.duration->Observe(parts_.clock->SteadyUs() - started_us);
}

}  // namespace rpc
