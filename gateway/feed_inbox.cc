#include "gateway/feed_inbox.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>
#include <absl/time/time.h>

#include <boost/asio/post.hpp>
#include <memory>

#include "base/coding.h"
#include "base/crypto.h"
#include "directory/v1/notices.pb.h"
#include "gateway/feed_units.h"
#include "gateway/json_text.h"
#include "gateway/transcode.h"
#include "kernel/v1/record.pb.h"

namespace gateway {
namespace {

constexpr std::string_view kSessionRevoked = "directory.session_revoked";
constexpr std::string_view kArea = "directory.area";

void Member(std::string_view name, std::string_view value, std::string* out) {
  if (value.empty()) return;
  absl::StrAppend(out, out->size() > 1 ? ",\"" : "\"", std::string(name), "\":");
  AppendJsonString(value, out);
}

std::string HistoryOf(const kernel::Cursor& cursor) {
  std::string text = cursor.log_id;
  base::AppendU64(&text, cursor.epoch);
  return base::Sha256(text).substr(0, 8);
}

}  // namespace

std::string CloudEventJson(const Catalog& catalog, std::string_view source, const bus::v1::Event& event) {
  std::string out = "{";
  Member("specversion", "1.0", &out);
  Member("id", base::Hex(event.event_id()), &out);
  Member("source", absl::StrCat("/services/", std::string(source)), &out);
  Member("type", absl::StrCat("fengqiao.", event.topic(), ".v", std::max(1u, event.schema_version())), &out);
  Member("subject", event.subject(), &out);
  if (event.recorded_at_us() > 0) {
    Member("time",
           absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", absl::FromUnixMicros(event.recorded_at_us()),
                            absl::UTCTimeZone()),
           &out);
  }
  // Extension attributes: lower-case letters and digits only (CloudEvents 1.0.2, 3.1).
  Member("sequence", absl::StrFormat("%020d", event.seq()), &out);
  Member("division", event.division(), &out);
  Member("mattercode", event.matter_code(), &out);
  Member("correlationid", event.correlation_id(), &out);
  Member("traceparent", event.traceparent(), &out);
  absl::StrAppend(&out, ",\"subjectversion\":", event.subject_version(), ",\"level\":", event.level());
  const auto* type = catalog.pool().FindMessageTypeByName(event.schema());
  std::string data;
  if (type != nullptr && !event.data().empty() &&
      WireToJson(catalog, type, ToldData(catalog, type, event.data()), &data)) {
    Member("dataschema", absl::StrCat("urn:fengqiao:schema:", event.schema()), &out);
    Member("datacontenttype", "application/json", &out);
    absl::StrAppend(&out, ",\"data\":", data);
  }
  return out + "}";
}

FeedInbox::FeedInbox(boost::asio::io_context& io, const Catalog& catalog, FeedRing& ring,
                     std::function<void(std::string, bool)> revoked,
                     std::function<void(std::string, std::string)> took_over)
    : io_(io), catalog_(catalog), ring_(ring), revoked_(std::move(revoked)), took_over_(std::move(took_over)) {
  for (uint32_t i = 0; i < ring.sources().size(); ++i) index_[ring.sources()[i].name] = i;
  ring_.set_render([&catalog](const FeedSource& source, const std::string& wire) {
    bus::v1::Event event;
    event.ParseFromString(wire);
    return CloudEventJson(catalog, source.name, event);
  });
  ring_.set_units([&catalog](const std::string& wire) {
    bus::v1::Event event;
    event.ParseFromString(wire);
    return ConcernedUnits(catalog, event);
  });
}

absl::StatusOr<std::optional<kernel::Cursor>> FeedInbox::LoadCursor(std::string_view source) const {
  absl::MutexLock lock(&mutex_);
  const auto found = cursors_.find(source);
  if (found == cursors_.end()) return std::optional<kernel::Cursor>();
  return std::optional<kernel::Cursor>(found->second);
}

void FeedInbox::ActOn(const bus::v1::Event& event) {
  if (event.topic() != kSessionRevoked && event.topic() != kArea) return;
  directory::v1::Notice notice;
  if (!notice.ParseFromString(event.data())) return;
  const directory::v1::Area& area = notice.area_changed();
  if (!area.valid_to().empty() && !area.successor().empty()) {
    boost::asio::post(io_, [this, former = area.code(), today = area.successor()]() { took_over_(former, today); });
  }
  if (!notice.has_session_revoked()) return;
  boost::asio::post(io_, [this, session = notice.session_revoked().session_id(),
                          ended = notice.session_revoked().ended()]() { revoked_(session, ended); });
}

void FeedInbox::Apply(std::string_view source, std::vector<bus::v1::Event> events, kernel::Cursor after,
                      std::function<void(absl::Status)> applied) {
  const auto index = index_.find(source);
  if (index == index_.end()) {
    applied(absl::InvalidArgumentError("not a source of this feed"));
    return;
  }
  uint64_t before = events.empty() ? after.seq : events.front().seq() - 1;
  {
    absl::MutexLock lock(&mutex_);
    const auto known = cursors_.find(source);
    const bool same = known != cursors_.end() && known->second.log_id == after.log_id &&
                      known->second.epoch == after.epoch;
    if (same) before = known->second.seq;
    cursors_[std::string(source)] = after;
  }
  auto made = std::make_shared<std::vector<FeedEvent>>();
  std::vector<std::pair<std::string, uint64_t>> left;
  for (const bus::v1::Event& event : events) {
    ActOn(event);
    if (event.classification() == kernel::v1::SEALED) continue;
    if (LeavesTheLists(catalog_, event)) left.emplace_back(event.subject(), event.seq());
    FeedEvent& out = made->emplace_back();
    out.source = index->second;
    out.seq = event.seq();
    out.topic = event.topic();
    out.division = event.division();
    out.actor_org = event.actor_org();
    out.classification = event.classification();
    out.level = event.level();
    out.wire = event.SerializeAsString();
  }
  boost::asio::post(
      io_, [this, at = index->second, history = HistoryOf(after), before, made, left, through = after.seq]() {
        ring_.Append(at, history, before, std::move(*made), through);
        for (const auto& [subject, seq] : left) ring_.Withdraw(subject, seq);
      });
  applied(absl::OkStatus());
}

}  // namespace gateway
