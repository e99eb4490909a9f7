#pragma once
// The allow-list of a source: which key is which service, and what it may hear. AccessList is a value;
// AccessFile reads it again when the file changed and may be asked by several threads. A file that became
// unreadable or wrong leaves the last good list in force and is reported; an entry past its end is not in the
// list.

#include <absl/base/thread_annotations.h>
#include <absl/status/statusor.h>
#include <absl/synchronization/mutex.h>
#include <sys/stat.h>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "bus/v1/access.pb.h"
#include "bus/v1/stream.pb.h"

namespace bus {

struct AllowedPeer {
  std::string service;
  std::vector<std::string> consumers;  // exact, or "prefix/*"
  v1::Filter filter;
  bool MayUse(std::string_view consumer_id) const;
  bool operator==(const AllowedPeer& other) const;
};

// By user: what the transport vouches for with every frame; over CURVE the peer's public key in Z85.
class AccessList {
 public:
  // Text format of bus.v1.AccessList. The error names the entry and the field. Entries past their end are
  // left out.
  static absl::StatusOr<AccessList> Parse(std::string_view text, int64_t now_ms);

  void Allow(std::string user, AllowedPeer peer);
  const AllowedPeer* Find(std::string_view user) const;
  bool HasService(std::string_view service) const;
  size_t size() const { return peers_.size(); }
  int64_t next_end_ms() const { return next_end_ms_; }  // when an entry ends; INT64_MAX if none does

 private:
  std::map<std::string, AllowedPeer, std::less<>> peers_;
  int64_t next_end_ms_ = INT64_MAX;
};

class AccessFile {
 public:
  static absl::StatusOr<AccessFile> Open(std::string path, int64_t now_ms);
  AccessFile(AccessFile&& other);

  // Reads again if the file or the time asks for it. True if the list may have changed.
  absl::StatusOr<bool> Refresh(int64_t now_ms) ABSL_LOCKS_EXCLUDED(mutex_);
  AccessList Current() const ABSL_LOCKS_EXCLUDED(mutex_);
  uint64_t version() const ABSL_LOCKS_EXCLUDED(mutex_);  // raised by every change
  bool Allows(std::string_view user) const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  AccessFile(std::string path, AccessList list, const struct stat& seen);
  static bool SameFile(const struct stat& a, const struct stat& b);

  const std::string path_;
  mutable absl::Mutex mutex_;
  AccessList list_ ABSL_GUARDED_BY(mutex_);
  struct stat seen_ ABSL_GUARDED_BY(mutex_);
  uint64_t version_ ABSL_GUARDED_BY(mutex_) = 1;
};

}  // namespace bus
