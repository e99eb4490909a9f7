#pragma once
// Web sessions: the browser holds a random id in an HttpOnly cookie, the gateway holds the tokens (backend
// for frontend). Nothing is durable: after a restart people sign in again. One owner (the io thread).
//
// Lifetimes: kSessionIdleMs without a request, kSessionAbsoluteMs in any case, and never beyond the refresh
// token. At most kMaxSessionsPerUser a person (the oldest ends) and kMaxSessions in all.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "kernel/v1/actor.pb.h"
#include "services/rpc/token.h"

namespace gateway {

struct Session {
  std::string key;  // digest of the id; the id itself is only in the browser
  std::string user_id;
  std::string csrf_token;  // must come back in X-CSRF-Token with every change
  std::string access_token;
  int64_t access_expires_ms = 0;
  std::string refresh_token;  // empty: the session ends with its access token
  int64_t refresh_expires_ms = 0;
  std::string directory_session_id;
  kernel::v1::Actor actor;  // as the last good token said
  rpc::Former former;       // and what had gone into the areas of these grants
  int64_t created_ms = 0;
  int64_t used_ms = 0;
  bool refreshing = false;
  std::vector<std::function<void()>> waiting;  // for the refresh under way

  int64_t EndsAtMs() const;
};

class SessionStore {
 public:
  struct Created {
    std::string id;  // for the cookie
    std::shared_ptr<Session> session;
  };
  Created Create(Session session, int64_t now_ms);
  // Null: there is none, or it has ended. Marks it as used.
  std::shared_ptr<Session> Find(std::string_view id, int64_t now_ms);
  void Remove(const Session& session);
  // The directory ended it (password changed, account disabled): at once, wherever the browser is.
  void RemoveByDirectorySession(std::string_view directory_session_id);
  // Its rights changed: what tokens it has are refused from now on, so the next call gets new ones first.
  void RenewByDirectorySession(std::string_view directory_session_id);
  size_t size() const { return sessions_.size(); }

 private:
  void RemoveOldestOf(const std::string& user_id);
  void RemoveEnded(int64_t now_ms);

  std::unordered_map<std::string, std::shared_ptr<Session>> sessions_;  // by key
  std::multimap<std::string, std::string> by_user_;                     // user -> key
  std::map<std::string, std::string, std::less<>> by_directory_;        // directory session -> key
};

}  // namespace gateway
