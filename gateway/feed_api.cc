#include "gateway/feed_api.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>

#include "base/area_code.h"
#include "base/crypto.h"
#include "gateway/limits.h"
#include "gateway/percent.h"
#include "gateway/render.h"
#include "kernel/v1/record.pb.h"

namespace gateway {
namespace {

namespace asio = boost::asio;
using kernel::v1::Role;

constexpr int kVillageLevel = 2;

bool HearsSensitive(Role role) {
  switch (role) {
    case kernel::v1::ROLE_TD:
    case kernel::v1::ROLE_TL:
    case kernel::v1::ROLE_CD:
    case kernel::v1::ROLE_CL:
    case kernel::v1::ROLE_CC:
    case kernel::v1::ROLE_CYL:
    case kernel::v1::ROLE_PO:
    case kernel::v1::ROLE_DI:
      return true;
    default:
      return false;
  }
}

// Who may see the matters of an area in lists hears of them here; everybody else of the staff only of what their own
// unit does or has. What passes in mediation rooms is for fewer.
bool HearsOfArea(Role role, std::string_view topic) {
  switch (role) {
    case kernel::v1::ROLE_TD:
    case kernel::v1::ROLE_TL:
    case kernel::v1::ROLE_CD:
    case kernel::v1::ROLE_CL:
    case kernel::v1::ROLE_CC:
    case kernel::v1::ROLE_CYL:
    case kernel::v1::ROLE_SV:
      return true;
    case kernel::v1::ROLE_GW:
    case kernel::v1::ROLE_GH:
    case kernel::v1::ROLE_VF:
    case kernel::v1::ROLE_HA:
      return !topic.starts_with("mediation.") && !topic.starts_with("oversight.");
    case kernel::v1::ROLE_SA:
    case kernel::v1::ROLE_SE:
    case kernel::v1::ROLE_AU:
      return topic.starts_with("directory.");
    default:
      return false;
  }
}

// Who counts, audits or runs the installation for a unit opens none of its matters, and hears of none.
bool WorksOnMatters(Role role) {
  return role != kernel::v1::ROLE_AN && role != kernel::v1::ROLE_AU && role != kernel::v1::ROLE_SA &&
         role != kernel::v1::ROLE_SE;
}

// A petition is told to those who may see it: who has it, and the line of its office. Other work of the same unit or
// area gives no right to it.
bool ReadsPetitions(Role role) {
  switch (role) {
    case kernel::v1::ROLE_PC:
    case kernel::v1::ROLE_PO:
    case kernel::v1::ROLE_PH:
    case kernel::v1::ROLE_DM:
    case kernel::v1::ROLE_DH:
    case kernel::v1::ROLE_RV:
    case kernel::v1::ROLE_TL:
    case kernel::v1::ROLE_CL:
    case kernel::v1::ROLE_CYL:
    case kernel::v1::ROLE_SV:
      return true;
    default:
      return false;
  }
}

bool IsOfPetitionLine(const kernel::v1::Grant& grant, const FeedEvent& event) {
  const bool unit_only = grant.role() == kernel::v1::ROLE_PH || grant.role() == kernel::v1::ROLE_DM ||
                         grant.role() == kernel::v1::ROLE_DH;
  return !unit_only && base::LevelOf(grant.area_code()) >= event.level;
}

// The unit did it, or the notice says that the unit has the matter or answers for it. Any other unit that a notice
// names, such as the one that is complained about, is not concerned.
bool ConcernsUnit(const FeedEvent& event, const std::string& org) {
  if (org.empty()) return false;
  return event.actor_org == org || (event.units && std::ranges::binary_search(*event.units, org));
}

std::string GrantArea(const kernel::v1::Grant& grant) {
  return base::LevelOf(grant.area_code()) == 1 ? base::CutTo(grant.area_code(), kVillageLevel)
                                               : grant.area_code();
}

bool IsOfStaff(const kernel::v1::Grant& grant) {
  return grant.role() != kernel::v1::ROLE_PUB && grant.role() != kernel::v1::ROLE_UNSPECIFIED;
}

// Who has a grid hears of its village, and so of the villages that went into it. Of a whole village the token says so.
kernel::v1::Actor Listener(const rpc::Identity& identity) {
  kernel::v1::Actor actor = identity.actor;
  for (const kernel::v1::Grant& grant : identity.actor.grant()) {
    if (!IsOfStaff(grant) || GrantArea(grant) == grant.area_code()) continue;
    const auto former = identity.former.find(GrantArea(grant));
    if (former == identity.former.end()) continue;
    for (const std::string& code : former->second) {
      kernel::v1::Grant* there = actor.add_grant();
      *there = grant;
      there->set_area_code(code);
    }
  }
  return actor;
}

// "incident" covers "incident.reported" but not "incidental".
bool TopicCovers(std::string_view prefix, std::string_view topic) {
  return topic.substr(0, prefix.size()) == prefix &&
         (topic.size() == prefix.size() || prefix.back() == '.' || topic[prefix.size()] == '.');
}

bool IsTopic(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
  });
}

}  // namespace

bool FeedFilter::Matches(const FeedEvent& event) const {
  const bool topic = topics.empty() ||
                     std::any_of(topics.begin(), topics.end(),
                                 [&](const std::string& prefix) { return TopicCovers(prefix, event.topic); });
  return topic && (areas.empty() || std::any_of(areas.begin(), areas.end(), [&](const std::string& area) {
                     return base::Covers(area, event.division);
                   }));
}

std::string FeedFilter::Hash() const {
  std::vector<std::string> words;
  for (const std::string& area : areas) words.push_back("a" + area);
  for (const std::string& topic : topics) words.push_back("t" + topic);
  std::sort(words.begin(), words.end());
  std::string text;
  for (const std::string& word : words) text += word + "\n";
  return base::Sha256(text).substr(0, 8);
}

bool MaySee(const kernel::v1::Actor& actor, const FeedEvent& event) {
  if (event.classification == kernel::v1::SEALED || event.division.empty()) return false;
  for (const kernel::v1::Grant& grant : actor.grant()) {
    if (!IsOfStaff(grant) || !base::Covers(GrantArea(grant), event.division)) continue;
    if (event.topic.starts_with("petition.")) {
      if (!ReadsPetitions(grant.role())) continue;
      if (ConcernsUnit(event, grant.org_id()) || IsOfPetitionLine(grant, event)) return true;
      continue;
    }
    if (event.classification == kernel::v1::PUBLIC) return true;
    if (WorksOnMatters(grant.role()) && ConcernsUnit(event, grant.org_id())) return true;
    // Of what a level has oversight speaks to that level and above: below, nobody may know of a petition.
    if (event.topic.starts_with("oversight.") && base::LevelOf(grant.area_code()) < event.level) continue;
    if (!HearsOfArea(grant.role(), event.topic)) continue;
    if (event.classification == kernel::v1::INTERNAL || HearsSensitive(grant.role())) return true;
  }
  return false;
}

struct FeedApi::Client {
  Client(FeedApi& of, asio::io_context& io) : owner(of), wake(io) { owner.clients_.insert(this); }
  ~Client() {
    owner.clients_.erase(this);
    const auto mine = owner.per_user_.find(user_id);
    if (mine != owner.per_user_.end() && --mine->second == 0) owner.per_user_.erase(mine);
  }
  void Wake() { wake.cancel(); }

  FeedApi& owner;
  asio::steady_timer wake;
  kernel::v1::Actor actor;
  std::string user_id;
  int64_t expires_at_ms = 0;
  FeedFilter filter;
  std::string filter_hash;
  uint64_t next = 0;                    // place in the ring
  std::vector<FeedPosition> positions;  // of every source, as far as this client was brought
  bool reset = false;
  bool overrun = false;
  bool closed = false;
};

FeedApi::FeedApi(asio::io_context& io, const base::Clock& clock, FeedRing& ring, std::string cursor_key)
    : io_(io), clock_(clock), ring_(ring), seal_(cursor_key), random_(base::Random::FromEntropy()) {
  ring_.set_on_append([this]() { WakeAll(); });
}

FeedApi::~FeedApi() { ring_.set_on_append(nullptr); }

void FeedApi::WakeAll() {
  for (Client* client : clients_) client->Wake();
}

void FeedApi::CloseAll() {
  for (Client* client : clients_) {
    client->closed = true;
    client->Wake();
  }
}

void FeedApi::TookOver(std::string_view former, std::string_view today,
                       const std::function<void(const std::string& session_id)>& renew) {
  for (Client* client : clients_) {
    const bool concerned = std::ranges::any_of(client->actor.grant(), [&](const kernel::v1::Grant& grant) {
      const std::string area = GrantArea(grant);
      return IsOfStaff(grant) && (area == today || base::Covers(area, former) || base::Covers(former, area)) &&
             base::LevelOf(area) <= base::LevelOf(today);
    });
    if (!concerned) continue;
    renew(client->actor.session_id());
    client->closed = true;
    client->Wake();
  }
}

void FeedApi::CloseSession(std::string_view session_id) {
  for (Client* client : clients_) {
    if (client->actor.session_id() != session_id) continue;
    client->closed = true;
    client->Wake();
  }
}

std::optional<Problem> FeedApi::ReadFilter(const HttpRequest& request, FeedFilter* filter,
                                           std::string* last_id) const {
  std::vector<QueryParameter> parameters;
  if (auto problem = ParseQuery(request.query, &parameters)) return problem;
  for (const QueryParameter& parameter : parameters) {
    std::vector<std::string> values = absl::StrSplit(parameter.value, ',', absl::SkipEmpty());
    if (parameter.name == "area") {
      filter->areas.insert(filter->areas.end(), values.begin(), values.end());
    } else if (parameter.name == "topic") {
      filter->topics.insert(filter->topics.end(), values.begin(), values.end());
    } else if (parameter.name == "lastEventId") {
      *last_id = parameter.value;
    } else {
      return BadRequest("UNKNOWN_PARAMETER", absl::StrCat("没有这个查询参数：", parameter.name),
                        absl::StrCat("there is no such query parameter: ", parameter.name));
    }
  }
  if (filter->areas.size() > kMaxFeedFilters || filter->topics.size() > kMaxFeedFilters) {
    return BadRequest("TOO_MANY_FILTERS", "筛选条件过多", "too many filters");
  }
  for (const std::string& area : filter->areas) {
    if (base::LevelOf(area) == 0)
      return BadField({"/area", "FORMAT", "不是行政区划代码", "is not an area code"});
  }
  for (const std::string& topic : filter->topics) {
    if (!IsTopic(topic)) return BadField({"/topic", "FORMAT", "不是主题名称", "is not the name of a topic"});
  }
  if (const std::string* header = request.Header("last-event-id")) *last_id = *header;
  return std::nullopt;
}

std::optional<Problem> FeedApi::Admit(const HttpRequest& request, const Principal& principal) const {
  if (request.method != "GET" && request.method != "HEAD") {
    Problem problem = MakeProblem(405, "UNIMPLEMENTED", "METHOD_NOT_ALLOWED", "此地址不支持该请求方法",
                                  "this path does not take this method");
    problem.allow = "GET";
    return problem;
  }
  if (!principal.identity) return NotSignedIn("NOT_SIGNED_IN");
  if (!Accepts(request.Header("accept"), "text/event-stream")) {
    return MakeProblem(406, "INVALID_ARGUMENT", "NOT_ACCEPTABLE", "只能返回 text/event-stream",
                       "only text/event-stream can be answered");
  }
  FeedFilter filter;
  std::string last_id;
  if (auto problem = ReadFilter(request, &filter, &last_id)) return problem;
  const kernel::v1::Actor listener = Listener(*principal.identity);
  for (const std::string& area : filter.areas) {
    const bool mine = std::ranges::any_of(listener.grant(), [&](const kernel::v1::Grant& grant) {
      return IsOfStaff(grant) && base::Covers(GrantArea(grant), area);
    });
    if (!mine) {
      return MakeProblem(403, "PERMISSION_DENIED", "AREA_NOT_YOURS", "您无权查看该区域的动态",
                         "this area is not within your grants");
    }
  }
  const auto open = per_user_.find(principal.user_id());
  if ((open != per_user_.end() && open->second >= kMaxFeedsPerUser) || clients_.size() >= kMaxFeeds) {
    Problem problem = MakeProblem(429, "RESOURCE_EXHAUSTED", "TOO_MANY_FEEDS", "实时连接过多，请关闭其他页面",
                                  "too many live feeds are open; close other pages");
    problem.retry_after_ms = kFeedRetryMs;
    return problem;
  }
  return std::nullopt;
}

// Finds where a client goes on. Without an id: with what is new. With one that cannot be continued: reset,
// then new.
void FeedApi::Place(Client* client, const std::string& last_id) const {
  client->next = ring_.end();
  for (const FeedSource& source : ring_.sources())
    client->positions.push_back({source.history, source.through});
  if (last_id.empty()) return;
  const auto old = seal_.Open(last_id, client->user_id, client->filter_hash);
  bool good = old && old->size() == ring_.sources().size();
  for (size_t i = 0; good && i < old->size(); ++i) {
    const FeedSource& source = ring_.sources()[i];
    const FeedPosition& position = (*old)[i];
    // A source never heard of then is complete only if nothing of it was lost since.
    good = position.history == source.history ? position.seq >= source.lost_through || source.history.empty()
                                              : position.history.empty() && source.lost_through == 0;
  }
  if (!good) {
    client->reset = true;
    return;
  }
  for (size_t i = 0; i < old->size(); ++i) client->positions[i].seq = (*old)[i].seq;
  client->next = ring_.first();
}

HttpResponse FeedApi::Open(const Principal& principal, HttpRequest* request) {
  FeedFilter filter;
  std::string last_id;
  if (auto problem = ReadFilter(*request, &filter, &last_id))
    return ProblemResponse(*problem, request->request_id);
  auto client = std::make_shared<Client>(*this, io_);
  client->actor = Listener(*principal.identity);
  client->user_id = principal.user_id();
  ++per_user_[client->user_id];
  client->expires_at_ms =
      principal.session != nullptr ? principal.session->EndsAtMs() : principal.identity->expires_at_ms;
  client->filter = std::move(filter);
  client->filter_hash = client->filter.Hash();  // of what was asked for: a merger makes no position worthless
  for (const std::string& area : std::vector<std::string>(client->filter.areas)) {
    const auto former = principal.identity->former.find(area);
    if (former == principal.identity->former.end()) continue;
    client->filter.areas.insert(client->filter.areas.end(), former->second.begin(), former->second.end());
  }
  Place(client.get(), last_id);
  HttpResponse response;
  response.Add("Content-Type", "text/event-stream").Add("Cache-Control", "no-store");
  response.Add("X-Accel-Buffering", "no").Add("X-Content-Type-Options", "nosniff");
  request->on_gone = [weak = std::weak_ptr<Client>(client)]() {
    if (const auto gone = weak.lock()) {
      gone->closed = true;
      gone->Wake();
    }
  };
  response.stream = [this, client](BodySink& sink) { return Run(client, sink); };
  return response;
}

// Which units a notice concerns is read when it is decisive for somebody: mostly the area or the doer decides.
bool FeedApi::Shows(const kernel::v1::Actor& actor, uint64_t position) const {
  const FeedEvent& event = ring_.At(position);
  if (MaySee(actor, event)) return true;
  const bool unit_decides = !event.units && std::ranges::any_of(actor.grant(), [&](const auto& grant) {
    return IsOfStaff(grant) && !grant.org_id().empty() && base::Covers(GrantArea(grant), event.division);
  });
  return unit_decides && !ring_.UnitsAt(position).empty() && MaySee(actor, event);
}

// The next piece for this client: as many events as one write may hold.
std::string FeedApi::Collect(Client* client) const {
  if (client->next < ring_.first()) {
    client->overrun = true;
    return "";
  }
  std::string piece;
  for (size_t events = 0;
       client->next < ring_.end() && events < kFeedQueueEvents && piece.size() < kFeedQueueBytes;
       ++client->next) {
    const FeedEvent& event = ring_.At(client->next);
    FeedPosition& position = client->positions[event.source];
    const std::string& history = ring_.sources()[event.source].history;
    if (position.history == history && event.seq <= position.seq)
      continue;  // seen before the connection broke
    position = {history, event.seq};
    if (!client->filter.Matches(event) || !Shows(client->actor, client->next)) continue;
    absl::StrAppend(&piece, "id: ", seal_.Seal(client->user_id, client->filter_hash, client->positions),
                    "\ndata: ", ring_.JsonAt(client->next), "\n\n");
    ++events;
  }
  return piece;
}

asio::awaitable<void> FeedApi::Run(std::shared_ptr<Client> client, BodySink& sink) {
  std::string piece = absl::StrCat("retry: ", kFeedRetryMs, "\n\n");
  if (client->reset) piece += "event: reset\ndata: {}\n\n";
  // An id to come back with, should nothing happen before the connection breaks.
  absl::StrAppend(&piece, "id: ", seal_.Seal(client->user_id, client->filter_hash, client->positions),
                  "\n\n");
  while (!client->closed) {
    const bool sent = co_await sink.Write(std::move(piece));
    if (!sent || client->closed) break;
    piece = Collect(client.get());
    if (client->overrun) break;
    if (!piece.empty() || client->next < ring_.end()) continue;
    const int64_t left_ms = client->expires_at_ms - clock_.NowMs();
    if (left_ms <= 0) break;
    client->wake.expires_after(std::chrono::milliseconds(std::min(kFeedHeartbeatMs, left_ms)));
    boost::system::error_code woken;
    co_await client->wake.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    if (!woken) {
      piece = absl::StrCat("id: ", seal_.Seal(client->user_id, client->filter_hash, client->positions),
                           "\n: hb\n\n");
    }
  }
  // Everybody coming back at the same moment would be the next outage: spread over some seconds.
  const std::string goodbye = absl::StrCat("retry: ", 1'000 + random_.Below(4'000), "\n\n");
  (void)co_await sink.Write(goodbye);
}

}  // namespace gateway
