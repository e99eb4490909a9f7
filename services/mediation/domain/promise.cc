#include "services/mediation/domain/promise.h"

#include <algorithm>

#include "base/calendar.h"
#include "base/check.h"
#include "services/mediation/domain/limits.h"

namespace mediation {

int64_t DueEndOf(const v1::Clause& clause) {
  return clause.due_at_ms() <= 0 ? 0 : base::EndOfDayMs(base::LocalDay(clause.due_at_ms()));
}

bool Binds(const v1::State& state) { return state.agreement().effective_at_ms() > 0; }

bool HasClause(const v1::State& state, int no) {
  return Binds(state) && no >= 1 && no <= state.agreement().clause_size();
}

v1::Promise PromiseAt(const v1::State& state, int no) {
  CHECK(HasClause(state, no));
  const auto known = std::ranges::find(state.promise(), no, &v1::Promise::no);
  if (known != state.promise().end()) return *known;
  const v1::Clause& clause = state.agreement().clause(no - 1);
  v1::Promise promise;
  promise.set_no(no);
  promise.set_state(v1::NOT_DUE);
  promise.set_due_ms(DueEndOf(clause));
  if (clause.kind() == v1::PAY) promise.set_amount_fen(clause.amount_fen());
  return promise;
}

std::vector<v1::Promise> PromisesOf(const v1::State& state) {
  std::vector<v1::Promise> promises;
  for (int no = 1; HasClause(state, no); ++no) promises.push_back(PromiseAt(state, no));
  return promises;
}

bool IsOpenPromise(const v1::Promise& promise) {
  const bool only_refrains = promise.due_ms() == 0 && promise.state() == v1::NOT_DUE;
  return promise.state() != v1::DONE && !only_refrains;
}

v1::PromiseState PerformanceOf(const v1::State& state) {
  const auto promises = PromisesOf(state);
  if (promises.empty()) return v1::PROMISE_STATE_UNSPECIFIED;
  auto any = [&](v1::PromiseState wanted) {
    return std::ranges::any_of(promises, [&](const auto& promise) { return promise.state() == wanted; });
  };
  if (any(v1::BREACHED)) return v1::BREACHED;
  if (any(v1::DONE) && std::ranges::none_of(promises, IsOpenPromise)) return v1::DONE;
  if (any(v1::DONE) || any(v1::PARTLY)) return v1::PARTLY;
  return any(v1::DUE) ? v1::DUE : v1::NOT_DUE;
}

int64_t WakeAt(const v1::Promise& promise) {
  if (promise.due_ms() == 0) return 0;
  switch (promise.state()) {
    case v1::NOT_DUE:
      return promise.due_ms() - base::kDayMs + kWarningHourMs;  // the morning of its day
    case v1::DUE:
    case v1::PARTLY:
      return promise.due_ms() + 1;
    default:
      return 0;
  }
}

}  // namespace mediation
