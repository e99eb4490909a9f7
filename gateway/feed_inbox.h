#pragma once
// The gateway as a consumer of every service's stream: puts each notice into the ring, which makes it a CloudEvent when
// somebody first reads it. Apply comes on the bus' threads; the ring is touched on the io thread only. Nothing is
// durable: after a restart it begins with what is new, and clients reload.
//
// SEALED notices are dropped here: no feed ever carries one. A revoked session is acted upon at once.

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <boost/asio/io_context.hpp>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "gateway/catalog.h"
#include "gateway/feed_ring.h"
#include "services/kernel/link.h"

namespace gateway {

// The CloudEvents 1.0 JSON of a notice, one line. Payloads of unknown types are left out.
std::string CloudEventJson(const Catalog& catalog, std::string_view source, const bus::v1::Event& event);

class FeedInbox final : public kernel::EventInbox {
 public:
  // `revoked(session_id, ended)` and `took_over(former, today)` are called on the io thread. Everything outlives the
  // bus.
  FeedInbox(boost::asio::io_context& io, const Catalog& catalog, FeedRing& ring,
            std::function<void(std::string session_id, bool ended)> revoked,
            std::function<void(std::string former, std::string today)> took_over);

  absl::StatusOr<std::optional<kernel::Cursor>> LoadCursor(std::string_view source) const override;
  void Apply(std::string_view source, std::vector<bus::v1::Event> events, kernel::Cursor after,
             std::function<void(absl::Status)> applied) override;

 private:
  void ActOn(const bus::v1::Event& event);

  boost::asio::io_context& io_;
  const Catalog& catalog_;
  FeedRing& ring_;
  const std::function<void(std::string, bool)> revoked_;
  const std::function<void(std::string, std::string)> took_over_;
  std::map<std::string, uint32_t, std::less<>> index_;
  mutable absl::Mutex mutex_;
  std::map<std::string, kernel::Cursor, std::less<>> cursors_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace gateway
