#include "services/search/follow.h"

#include <absl/strings/str_cat.h>
#include <absl/time/time.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <set>
#include <utility>

#include "base/log.h"
#include "base/status_macros.h"
#include "base/thread.h"
#include "services/kernel/domain.h"
#include "services/search/limits.h"

namespace search {

Follower::Follower(Parts parts) : parts_(std::move(parts)) {
  if (parts_.metrics == nullptr) return;
  lag_ = &parts_.metrics->AddGauge("fengqiao_search_behind", "log entries that the search index does not hold yet");
  complete_gauge_ =
      &parts_.metrics->AddGauge("fengqiao_search_complete", "1: the search index is built; 0: it is being built");
}

Follower::~Follower() { Stop(); }

void Follower::Start() {
  thread_ = base::StartThread("search", [this] { Run(); });
}

void Follower::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

void Follower::Wake() {
  absl::MutexLock lock(&mutex_);
  woken_ = true;
}

bool Follower::Await(uint64_t seq) const {
  const auto there = [this, seq]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return stopping_ || !complete_ || covered_ >= seq;
  };
  absl::MutexLock lock(&mutex_);
  mutex_.AwaitWithTimeout(absl::Condition(&there), absl::Milliseconds(kAwaitMs));
  return complete_ && covered_ >= seq;
}

// Whether what the index stands for is a moment of this very log.
absl::StatusOr<bool> Follower::Fits() const {
  const Standing standing = parts_.index->standing();
  const kernel::Cursor head = parts_.log->Head();
  if (standing.log.log_id != head.log_id || standing.log.epoch != head.epoch) return false;
  if (standing.log.seq > head.seq || standing.log.seq + 1 < parts_.log->FirstSeq()) return false;
  ASSIGN_OR_RETURN(const uint32_t digest, parts_.log->DigestAt(standing.log.seq));
  return digest == standing.log.digest;
}

absl::Status Follower::BeginAnew(const Moment& moment) {
  RETURN_IF_ERROR(parts_.index->BeginAnew());
  Standing standing;
  standing.log = parts_.log->Head();
  standing.log.seq = std::min(standing.log.seq, moment.seq());
  ASSIGN_OR_RETURN(standing.log.digest, parts_.log->DigestAt(standing.log.seq));
  base::Log(base::kInfo, "building the search index", {{"log_seq", standing.log.seq}});
  return parts_.index->Commit({}, std::move(standing));
}

absl::StatusOr<bool> Follower::Step() {
  const std::unique_ptr<Moment> moment = parts_.moment();
  if (!checked_) {
    const absl::StatusOr<bool> fits = Fits();
    if (!fits.ok() || !*fits) RETURN_IF_ERROR(BeginAnew(*moment));
    checked_ = true;
    Publish();
  }
  absl::StatusOr<bool> more = parts_.index->standing().complete ? Follow(*moment) : Scan(*moment);
  if (more.ok()) {
    Publish();
    if (lag_ != nullptr) lag_->Set(static_cast<int64_t>(parts_.log->Head().seq - parts_.index->standing().log.seq));
  }
  return more;
}

void Follower::Publish() {
  const Standing standing = parts_.index->standing();
  if (complete_gauge_ != nullptr) complete_gauge_->Set(standing.complete ? 1 : 0);
  absl::MutexLock lock(&mutex_);
  covered_ = standing.log.seq;
  complete_ = standing.complete;
}

// A document that cannot be made must not keep all others out: it is left out, and the log says why.
Change Follower::ChangeOf(const Moment& moment, const std::string& id) const {
  Change change{id, std::nullopt};
  auto document = moment.DocumentOf(id);
  if (document.ok()) {
    change.document = *std::move(document);
    if (change.document) Settle(&change.document->tokens);
  } else {
    base::Log(base::kError, "a matter cannot be searched", {{"error", document.status().ToString()}});
  }
  return change;
}

absl::Status Follower::Commit(const std::vector<Change>& changes, Standing standing) {
  const absl::Status status = parts_.index->Commit(changes, std::move(standing));
  tidy_ = false;
  if (!absl::IsDataLoss(status)) return status;
  base::Log(base::kError, "the search index is damaged", {{"error", status.ToString()}});
  checked_ = false;  // an empty one fits no log: the next step builds it
  return parts_.index->BeginAnew();
}

absl::StatusOr<bool> Follower::Scan(const Moment& moment) {
  Standing standing = parts_.index->standing();
  ASSIGN_OR_RETURN(const auto ids, moment.IdsAfter(standing.scanned_to, kScannedMax));
  std::vector<Change> changes;
  for (const std::string& id : ids) changes.push_back(ChangeOf(moment, id));
  standing.complete = ids.size() < kScannedMax;
  standing.scanned_to = standing.complete ? "" : ids.back();
  built_ = standing.complete;
  if (standing.complete) base::Log(base::kInfo, "the search index is built", {{"log_seq", standing.log.seq}});
  RETURN_IF_ERROR(Commit(changes, std::move(standing)));
  return true;
}

absl::Status Follower::Rename(const Moment& moment, Token token) {
  for (uint64_t after = 0;;) {
    ASSIGN_OR_RETURN(const auto finds, parts_.index->Search(AnyOf({token}), after, kScannedMax));
    if (finds.empty()) return absl::OkStatus();
    std::vector<Change> changes;
    for (const Find& find : finds) changes.push_back(ChangeOf(moment, find.id));
    after = finds.back().row;
    RETURN_IF_ERROR(Commit(changes, parts_.index->standing()));
  }
}

absl::StatusOr<bool> Follower::Follow(const Moment& moment) {
  Standing standing = parts_.index->standing();
  const uint64_t last = std::min(moment.seq(), standing.log.seq + kFollowedMax);
  if (last <= standing.log.seq) return Tidy();
  std::set<std::string> ids;
  for (uint64_t seq = standing.log.seq + 1; seq <= last; ++seq) {
    ASSIGN_OR_RETURN(std::string id, moment.AggregateAt(seq));
    if (!id.empty()) ids.insert(std::move(id));
  }
  std::vector<Change> changes;
  for (const std::string& id : ids) {
    if (!id.starts_with(kernel::kReferencePrefix)) {
      changes.push_back(ChangeOf(moment, id));
    } else if (const auto token = moment.NamedBy(id)) {
      RETURN_IF_ERROR(Rename(moment, *token));
    }
  }
  standing.log.seq = last;
  ASSIGN_OR_RETURN(standing.log.digest, parts_.log->DigestAt(last));
  RETURN_IF_ERROR(Commit(changes, std::move(standing)));
  return last < moment.seq();
}

// While there is nothing to follow. What was built at once is made one piece at once.
absl::StatusOr<bool> Follower::Tidy() {
  if (tidy_) return false;
  ASSIGN_OR_RETURN(const bool more, parts_.index->Tidy(std::exchange(built_, false)));
  tidy_ = !more;
  return more;
}

void Follower::Run() {
  // Of this thread alone: Linux keeps the number per thread.
  setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), kNice);
  const auto awake = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return stopping_ || woken_; };
  const auto stopping = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return stopping_; };
  while (true) {
    const absl::StatusOr<bool> more = Step();
    if (!more.ok()) base::Log(base::kError, "the search index does not follow", {{"error", more.status().ToString()}});
    absl::MutexLock lock(&mutex_);
    if (!more.ok()) {
      mutex_.AwaitWithTimeout(absl::Condition(&stopping), absl::Milliseconds(kRetryMs));
    } else if (!*more) {
      mutex_.Await(absl::Condition(&awake));
    }
    woken_ = false;
    if (stopping_) return;
  }
}

namespace {

// Whose entries the index has not heard of yet.
absl::StatusOr<std::set<std::string>> NotHeard(const Index& index, const Moment& moment) {
  const Standing standing = index.standing();
  if (!standing.complete) return absl::FailedPreconditionError("it is being built");
  std::set<std::string> ids;
  for (uint64_t seq = standing.log.seq + 1; seq <= moment.seq(); ++seq) {
    ASSIGN_OR_RETURN(std::string id, moment.AggregateAt(seq));
    if (id.starts_with(kernel::kReferencePrefix) && moment.NamedBy(id)) {
      return absl::FailedPreconditionError("a place or unit was renamed since");
    }
    ids.insert(std::move(id));
  }
  return ids;
}

// Says no id of what does not belong into the index: there is a reason for that.
absl::StatusOr<std::string> CompareOne(const Index& index, const std::string& id, std::optional<Document> expected,
                                       const std::optional<Document>& stored) {
  if (!expected) return stored ? std::string("it holds something that does not belong there") : std::string();
  if (!stored) return absl::StrCat(id, " is missing");
  Settle(&expected->tokens);
  if (expected->row != stored->row || expected->tokens != stored->tokens) return absl::StrCat(id, " is another there");
  // The lists of the engine, too.
  for (const Token token : {expected->tokens.front(), expected->tokens.back()}) {
    ASSIGN_OR_RETURN(const auto finds, index.Search(AnyOf({token}), expected->row - 1, 1));
    if (finds.empty() || finds[0].id != id) return absl::StrCat(id, " is not found by one of its tokens");
  }
  return std::string();
}

}  // namespace

absl::StatusOr<std::string> CompareWithStates(const Index& index, const Moment& moment) {
  ASSIGN_OR_RETURN(const auto not_heard, NotHeard(index, moment));
  uint64_t documents = 0;
  for (std::string after;;) {
    ASSIGN_OR_RETURN(const auto ids, moment.IdsAfter(after, kScannedMax));
    for (const std::string& id : ids) {
      ASSIGN_OR_RETURN(const auto stored, index.Get(id));
      documents += stored ? 1 : 0;
      if (not_heard.contains(id)) continue;
      ASSIGN_OR_RETURN(auto expected, moment.DocumentOf(id));
      ASSIGN_OR_RETURN(std::string difference, CompareOne(index, id, std::move(expected), stored));
      if (!difference.empty()) return difference;
    }
    if (ids.size() < kScannedMax) break;
    after = ids.back();
  }
  ASSIGN_OR_RETURN(const uint64_t stored, index.Size());
  // An accusation has no state here: one that was not heard of yet may still stand in the index.
  if (stored < documents || stored > documents + not_heard.size()) {
    return absl::StrCat("it holds ", stored, " documents, not ", documents);
  }
  return std::string();
}

}  // namespace search
