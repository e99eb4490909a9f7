#include "gateway/session_store.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/crypto.h"
#include "base/random.h"
#include "gateway/limits.h"

namespace gateway {
namespace {

constexpr size_t kIdBytes = 32;  // 256 bits
constexpr size_t kCsrfBytes = 16;

}  // namespace

int64_t Session::EndsAtMs() const {
  const int64_t tokens_end = refresh_token.empty() ? access_expires_ms : refresh_expires_ms;
  return std::min({created_ms + kSessionAbsoluteMs, used_ms + kSessionIdleMs, tokens_end});
}

SessionStore::Created SessionStore::Create(Session session, int64_t now_ms) {
  if (sessions_.size() >= kMaxSessions) RemoveEnded(now_ms);
  // Still full: whoever was idle longest is no better known than anybody else; the first in the table goes.
  if (sessions_.size() >= kMaxSessions) Remove(*std::shared_ptr<Session>(sessions_.begin()->second));
  RemoveOldestOf(session.user_id);
  Created created;
  created.id = base::Base64Url(base::SecureBytes(kIdBytes));
  session.key = base::Sha256(created.id);
  session.csrf_token = base::Base64Url(base::SecureBytes(kCsrfBytes));
  session.created_ms = session.used_ms = now_ms;
  created.session = std::make_shared<Session>(std::move(session));
  sessions_[created.session->key] = created.session;
  by_user_.emplace(created.session->user_id, created.session->key);
  if (!created.session->directory_session_id.empty()) {
    by_directory_[created.session->directory_session_id] = created.session->key;
  }
  return created;
}

std::shared_ptr<Session> SessionStore::Find(std::string_view id, int64_t now_ms) {
  const auto found = sessions_.find(base::Sha256(id));
  if (found == sessions_.end()) return nullptr;
  std::shared_ptr<Session> session = found->second;
  if (session->EndsAtMs() <= now_ms) {
    Remove(*session);
    return nullptr;
  }
  session->used_ms = now_ms;
  return session;
}

void SessionStore::Remove(const Session& session) {
  const auto [first, last] = by_user_.equal_range(session.user_id);
  const auto mine = std::find_if(first, last, [&](const auto& entry) { return entry.second == session.key; });
  if (mine != last) by_user_.erase(mine);
  by_directory_.erase(session.directory_session_id);
  sessions_.erase(std::string(session.key));
}

void SessionStore::RemoveByDirectorySession(std::string_view directory_session_id) {
  const auto found = by_directory_.find(directory_session_id);
  if (found == by_directory_.end()) return;
  const std::shared_ptr<Session> session = sessions_.at(found->second);
  Remove(*session);
}

void SessionStore::RenewByDirectorySession(std::string_view directory_session_id) {
  const auto found = by_directory_.find(directory_session_id);
  if (found != by_directory_.end()) sessions_.at(found->second)->access_expires_ms = 0;
}

void SessionStore::RemoveOldestOf(const std::string& user_id) {
  std::shared_ptr<Session> oldest;
  const auto [first, last] = by_user_.equal_range(user_id);
  if (static_cast<size_t>(std::distance(first, last)) < kMaxSessionsPerUser) return;
  for (auto at = first; at != last; ++at) {
    const std::shared_ptr<Session>& session = sessions_.at(at->second);
    if (oldest == nullptr || session->used_ms < oldest->used_ms) oldest = session;
  }
  Remove(*oldest);
}

void SessionStore::RemoveEnded(int64_t now_ms) {
  std::vector<std::shared_ptr<Session>> ended;
  for (const auto& [key, session] : sessions_) {
    if (session->EndsAtMs() <= now_ms) ended.push_back(session);
  }
  for (const auto& session : ended) Remove(*session);
}

}  // namespace gateway
