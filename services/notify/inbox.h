#pragma once
// What people see of what they must know: unread first, their own boxes only. Reads one published moment a call; runs
// on the query pool, and may wait for the services whose matters are somebody's own. To mark as read changes nothing
// that anybody else can see (marks.h).

#include <functional>
#include <string>
#include <vector>

#include "notify/v1/api.pb.h"
#include "services/kernel/command.h"
#include "services/kernel/reader.h"
#include "services/notify/domain/notify.h"
#include "services/notify/marks.h"
#include "services/notify/own_matters.h"
#include "services/rpc/access.h"
#include "services/rpc/errors.h"

namespace notify {

using NotifyReader = kernel::Reader<NotifyDomain>;

inline constexpr int kPageDefault = 20;
inline constexpr int kPageSizeMax = 100;
inline constexpr size_t kEntriesMax = 500;  // of all boxes of a person, the newest

class Inbox {
 public:
  Inbox(std::function<NotifyReader()> read, kernel::CommandQueue* queue, const Marks* marks, const OwnMatters* own)
      : read_(std::move(read)), queue_(queue), marks_(marks), own_(own) {}

  rpc::Answer ListInbox(const rpc::Caller&, const v1::ListInboxRequest&, v1::ListInboxResponse*) const;
  rpc::Answer CountInbox(const rpc::Caller&, const v1::CountInboxRequest&, v1::InboxCount*) const;
  rpc::Answer ListDigest(const rpc::Caller&, const v1::ListDigestRequest&, v1::ListInboxResponse*) const;
  rpc::Answer MarkRead(const rpc::Caller&, const v1::MarkReadRequest&, v1::InboxCount*) const;

 private:
  struct Place {
    int64_t at_ms = 0;
    std::string id;
    bool unread = true;
  };
  absl::StatusOr<std::vector<std::string>> BoxesOf(const rpc::Caller& caller, const NotifyReader& reader) const;
  // Unread first, newest first.
  absl::StatusOr<std::vector<Place>> Places(const rpc::Caller& caller, const NotifyReader& reader) const;
  rpc::Answer Count(const rpc::Caller& caller, v1::InboxCount* out) const;

  const std::function<NotifyReader()> read_;
  kernel::CommandQueue* const queue_;
  const Marks* const marks_;
  const OwnMatters* const own_;
};

}  // namespace notify
