#pragma once
// GET /v1/events:stream?area=…&topic=…: the live feed as Server-Sent Events (WHATWG HTML 9.2) with
// CloudEvents JSON. Each message carries an id to resume from (Last-Event-ID, or ?lastEventId= the first
// time). io thread.
//
//   retry: 3000            first
//   event: reset           what the client has is too old to continue: it reloads its lists, then this feed
//   goes on id: …\ndata: {…}       one notice : hb                   after 15 s of silence
//
// Who sees what is decided on every event: the area must lie in one of the person's grants (a grid counts as its
// village, the finest place a notice names; residents' grants count nothing). What went into an area by a merger
// belongs to it: a token says what that is, and whoever asks for an area asks for that too. SENSITIVE notices go to
// dispatchers and leaders of centres in that area, the petition office, discipline, and the office that
// acted. SEALED ones to nobody. Closed when the token expires, when the client is too slow, when the gateway
// stops.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "gateway/auth.h"
#include "gateway/feed_cursor.h"
#include "gateway/feed_ring.h"
#include "gateway/http_message.h"

namespace gateway {

inline constexpr char kFeedPath[] = "/v1/events:stream";

struct FeedFilter {
  std::vector<std::string> areas;   // empty: all of one's own
  std::vector<std::string> topics;  // prefixes at a dot; empty: all
  bool Matches(const FeedEvent& event) const;
  std::string Hash() const;  // 8 bytes
};

// Whether this person may see this event. An event without JSON names no unit but the one that acted.
bool MaySee(const kernel::v1::Actor& actor, const FeedEvent& event);

class FeedApi {
 public:
  FeedApi(boost::asio::io_context& io, const base::Clock& clock, FeedRing& ring, std::string cursor_key);
  ~FeedApi();

  std::optional<Problem> Admit(const HttpRequest& request, const Principal& principal) const;
  HttpResponse Open(const Principal& principal, HttpRequest* request);
  void CloseAll();
  // An area went into another 合村并居: the feeds of those who have either end, and come back with what their grants
  // count for now. `renew` is told their sessions. Whoever has more than the other area loses nothing and stays.
  void TookOver(std::string_view former, std::string_view today,
                const std::function<void(const std::string& session_id)>& renew);
  // The session was revoked: its feeds end.
  void CloseSession(std::string_view session_id);
  size_t open() const { return clients_.size(); }

 private:
  struct Client;
  boost::asio::awaitable<void> Run(std::shared_ptr<Client> client, BodySink& sink);
  std::optional<Problem> ReadFilter(const HttpRequest& request, FeedFilter* filter,
                                    std::string* last_id) const;
  void Place(Client* client, const std::string& last_id) const;
  bool Shows(const kernel::v1::Actor& actor, uint64_t position) const;
  std::string Collect(Client* client) const;
  void WakeAll();

  boost::asio::io_context& io_;
  const base::Clock& clock_;
  FeedRing& ring_;
  const FeedCursorSeal seal_;
  base::Random random_;
  std::set<Client*> clients_;
  std::map<std::string, size_t> per_user_;
};

}  // namespace gateway
