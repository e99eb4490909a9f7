#include "services/bus/access.h"

#include <absl/strings/str_cat.h>
#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/text_format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <utility>

#include "base/status_macros.h"
#include "services/bus/curve_keys.h"
#include "services/bus/filter.h"
#include "services/bus/limits.h"

namespace bus {
namespace {

class FirstError final : public google::protobuf::io::ErrorCollector {
 public:
  void AddError(int line, int column, const std::string& message) override {
    if (text_.empty()) text_ = absl::StrCat("line ", line + 1, ", column ", column + 1, ": ", message);
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

absl::Status Wrong(int entry, std::string_view field, std::string_view why) {
  const std::string name(field), reason(why);
  return absl::InvalidArgumentError(absl::StrCat("access list, peer ", entry + 1, ", ", name, ": ", reason));
}

absl::Status CheckPeer(int i, const v1::Peer& peer) {
  if (peer.service().empty()) return Wrong(i, "service", "missing");
  if (!IsCurveKey(peer.public_key())) return Wrong(i, "public_key", "not a Z85 key of 40 characters");
  if (peer.consumer().empty()) return Wrong(i, "consumer", "missing: nothing would be allowed");
  for (const std::string& id : peer.consumer()) {
    if (id.empty() || id == "*" || id == "/*" || id.size() > limits::kConsumerIdBytes) {
      return Wrong(i, "consumer", "empty, too wide or too long");
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> ReadFile(const std::string& path, struct stat* seen) {
  if (::stat(path.c_str(), seen) != 0) {
    return absl::UnavailableError(absl::StrCat("cannot read ", path, ": ", std::strerror(errno)));
  }
  if (static_cast<size_t>(seen->st_size) > limits::kAccessFileBytes) {
    return absl::InvalidArgumentError(absl::StrCat("cannot read ", path, ": larger than the limit"));
  }
  std::ifstream in(path, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  if (!in) return absl::UnavailableError(absl::StrCat("cannot read ", path));
  return text;
}

}  // namespace

bool AllowedPeer::MayUse(std::string_view consumer_id) const {
  return std::ranges::any_of(consumers, [&](std::string_view allowed) {
    if (!allowed.ends_with("/*")) return allowed == consumer_id;
    allowed.remove_suffix(1);
    return consumer_id.size() > allowed.size() && consumer_id.starts_with(allowed);
  });
}

bool AllowedPeer::operator==(const AllowedPeer& other) const {
  return service == other.service && consumers == other.consumers && SameFilter(filter, other.filter);
}

absl::StatusOr<AccessList> AccessList::Parse(std::string_view text, int64_t now_ms) {
  v1::AccessList message;
  FirstError error;
  google::protobuf::TextFormat::Parser parser;
  parser.RecordErrorsTo(&error);
  if (!parser.ParseFromString(std::string(text), &message)) {
    return absl::InvalidArgumentError(absl::StrCat("access list, ", error.text()));
  }
  if (static_cast<size_t>(message.peer_size()) > limits::kAccessPeers) {
    return absl::InvalidArgumentError("access list: too many peers");
  }
  AccessList list;
  for (int i = 0; i < message.peer_size(); ++i) {
    const v1::Peer& peer = message.peer(i);
    RETURN_IF_ERROR(CheckPeer(i, peer));
    AllowedPeer allowed{peer.service(), {peer.consumer().begin(), peer.consumer().end()}, {}};
    *allowed.filter.mutable_topic_prefix() = peer.topic_prefix();
    *allowed.filter.mutable_division_prefix() = peer.division_prefix();
    if (!WithinLimits(allowed.filter))
      return Wrong(i, "topic_prefix, division_prefix", "too many or too long");
    if (list.Find(peer.public_key()) != nullptr) return Wrong(i, "public_key", "given twice");
    if (peer.not_after_ms() != 0) {
      if (peer.not_after_ms() <= now_ms) continue;
      list.next_end_ms_ = std::min(list.next_end_ms_, peer.not_after_ms());
    }
    list.Allow(peer.public_key(), std::move(allowed));
  }
  return list;
}

void AccessList::Allow(std::string user, AllowedPeer peer) { peers_[std::move(user)] = std::move(peer); }

const AllowedPeer* AccessList::Find(std::string_view user) const {
  const auto found = peers_.find(user);
  return found == peers_.end() ? nullptr : &found->second;
}

bool AccessList::HasService(std::string_view service) const {
  return std::ranges::any_of(peers_, [&](const auto& entry) { return entry.second.service == service; });
}

absl::StatusOr<AccessFile> AccessFile::Open(std::string path, int64_t now_ms) {
  struct stat seen = {};
  ASSIGN_OR_RETURN(const std::string text, ReadFile(path, &seen));
  ASSIGN_OR_RETURN(AccessList list, AccessList::Parse(text, now_ms));
  return AccessFile(std::move(path), std::move(list), seen);
}

AccessFile::AccessFile(std::string path, AccessList list, const struct stat& seen)
    : path_(std::move(path)), list_(std::move(list)), seen_(seen) {}

AccessFile::AccessFile(AccessFile&& other) : path_(other.path_) {
  absl::MutexLock theirs(&other.mutex_);
  absl::MutexLock ours(&mutex_);
  list_ = std::move(other.list_);
  seen_ = other.seen_;
  version_ = other.version_;
}

bool AccessFile::SameFile(const struct stat& a, const struct stat& b) {
  return a.st_ino == b.st_ino && a.st_dev == b.st_dev && a.st_size == b.st_size &&
         a.st_mtim.tv_sec == b.st_mtim.tv_sec && a.st_mtim.tv_nsec == b.st_mtim.tv_nsec;
}

absl::StatusOr<bool> AccessFile::Refresh(int64_t now_ms) {
  absl::MutexLock lock(&mutex_);
  struct stat now = {};
  if (::stat(path_.c_str(), &now) != 0) {
    return absl::UnavailableError(absl::StrCat("cannot read ", path_, ": ", std::strerror(errno)));
  }
  if (SameFile(now, seen_) && now_ms < list_.next_end_ms()) return false;
  ASSIGN_OR_RETURN(const std::string text, ReadFile(path_, &now));
  ASSIGN_OR_RETURN(AccessList list, AccessList::Parse(text, now_ms));
  list_ = std::move(list);
  seen_ = now;
  ++version_;
  return true;
}

AccessList AccessFile::Current() const {
  absl::MutexLock lock(&mutex_);
  return list_;
}

uint64_t AccessFile::version() const {
  absl::MutexLock lock(&mutex_);
  return version_;
}

bool AccessFile::Allows(std::string_view user) const {
  absl::MutexLock lock(&mutex_);
  return list_.Find(user) != nullptr;
}

}  // namespace bus
