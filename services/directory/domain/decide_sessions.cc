// Signing in. Passwords were compared before; what comes here is what follows from it. A family of refresh
// tokens is one session: each is good once, and one that comes back a second time ends the session, because
// somebody has a copy.
#include <algorithm>
#include <string>

#include "services/directory/domain/decide.h"
#include "services/directory/domain/limits.h"
#include "services/directory/domain/refusals.h"

namespace directory {
namespace {

kernel::Refusal SessionEnded() {
  return NotAllowed("SESSION_ENDED", "登录已失效，请重新登录。",
                    "This session is over; please sign in again.");
}

v1::Event::SessionEnded* FillEnded(std::string_view user_id, std::string_view reason, int64_t now_ms,
                                   v1::Event* event) {
  auto* ended = event->mutable_session_ended();
  ended->set_user_id(std::string(user_id));
  ended->set_reason(std::string(reason));
  ended->set_at_ms(now_ms);
  return ended;
}

}  // namespace

void EndSessions(std::string_view user_id, std::string_view keep, std::string_view reason, const Ctx& ctx,
                 Decision* decision) {
  for (const std::string& id : ctx.lookup->Scan("session_user", std::string(user_id) + "/",
                                                static_cast<size_t>(kSessionsPerUserMax))) {
    if (id != keep) FillEnded(user_id, reason, ctx.now_ms, decision->EmitTo(id));
  }
}

Decision DecideStorePassword(const v1::User& user, const v1::Command::StorePassword& c, const Ctx& ctx) {
  if (user.disabled()) {
    return Decision::Refuse(Guard("ALREADY_DISABLED", "id", "该账号已停用。", "This account is disabled."));
  }
  Decision d;
  auto* stored = d.Emit()->mutable_password_stored();
  stored->set_at_ms(ctx.now_ms);
  stored->set_must_change(c.must_change());
  EndSessions(ctx.aggregate_id, c.keep_session(), "password", ctx, &d);
  return d;
}

// From the fifth wrong password on, each doubles the time during which none is looked at.
Decision DecideCountFailure(const v1::User& user, const Ctx& ctx) {
  if (user.locked_until_ms() > ctx.now_ms) return {};  // two attempts at one time: one lock
  Decision d;
  auto* counted = d.Emit()->mutable_failure_counted();
  counted->set_failures(user.failures() + 1);
  const int beyond = counted->failures() - kFailuresBeforeLock;
  if (beyond >= 0) {
    const int64_t lock_ms = beyond >= 16 ? kLockMsMax : std::min(kLockMsMax, kFirstLockMs << beyond);
    counted->set_locked_until_ms(ctx.now_ms + lock_ms);
  }
  return d;
}

Decision DecideStartSession(const v1::Command::StartSession& c, const Ctx& ctx) {
  const v1::State* state = ctx.lookup->Find(c.user_id());
  if (state == nullptr || !state->has_user() || state->user().disabled() ||
      state->user().password_set_at_ms() == 0) {
    return Decision::Refuse(
        NotAllowed("NO_SUCH_ACCOUNT", "账号不存在或已停用。", "There is no such account today."));
  }
  Decision d;
  auto* session = d.Emit()->mutable_session_started()->mutable_session();
  session->set_user_id(c.user_id());
  session->set_refresh_hash(c.refresh_hash());
  session->set_device_id(c.device_id());
  session->set_started_at_ms(ctx.now_ms);
  session->set_used_at_ms(ctx.now_ms);
  session->set_idle_expires_at_ms(ctx.now_ms + kSessionIdleMs);
  session->set_expires_at_ms(ctx.now_ms + kSessionAbsoluteMs);
  d.EmitTo(c.user_id())->mutable_signed_in()->set_at_ms(ctx.now_ms);
  const auto live =
      ctx.lookup->Scan("session_user", c.user_id() + "/", static_cast<size_t>(kSessionsPerUserMax));
  if (live.size() == static_cast<size_t>(kSessionsPerUserMax)) {  // the oldest makes room
    FillEnded(c.user_id(), "too-many", ctx.now_ms, d.EmitTo(live.front()));
  }
  return d;
}

Decision DecideRotateSession(const v1::Session& session, const v1::Command::RotateSession& c,
                             const Ctx& ctx) {
  if (session.ended()) return Decision::Refuse(SessionEnded());
  Decision d;
  if (ctx.now_ms >= std::min(session.idle_expires_at_ms(), session.expires_at_ms())) {
    FillEnded(session.user_id(), "expired", ctx.now_ms, d.Emit());
  } else if (c.presented_hash() != session.refresh_hash()) {
    FillEnded(session.user_id(), "reused", ctx.now_ms, d.Emit());
  } else {
    auto* rotated = d.Emit()->mutable_session_rotated();
    rotated->set_refresh_hash(c.next_hash());
    rotated->set_used_at_ms(ctx.now_ms);
    rotated->set_idle_expires_at_ms(std::min(ctx.now_ms + kSessionIdleMs, session.expires_at_ms()));
  }
  return d;
}

Decision DecideEndSession(const v1::Session& session, const v1::Command::EndSession& c, const Ctx& ctx) {
  if (session.ended()) return {};
  // A timer that lost the race with a refresh: the session lives on.
  if (c.reason() == "expired" && ctx.now_ms < std::min(session.idle_expires_at_ms(), session.expires_at_ms()))
    return {};
  Decision d;
  FillEnded(session.user_id(), c.reason(), ctx.now_ms, d.Emit());
  return d;
}

Decision DecideRevokeSession(const v1::Session& session, const v1::RevokeSessionRequest&, const Ctx& ctx) {
  if (session.ended()) {
    return Decision::Refuse(Guard("SESSION_ENDED", "id", "该会话已经结束。", "This session has ended already."));
  }
  Decision d;
  FillEnded(session.user_id(), "revoked", ctx.now_ms, d.Emit());
  return d;
}

}  // namespace directory
