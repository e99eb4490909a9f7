#pragma once
// The index of one service: which documents have which tokens. Derived from the service's states, never the truth, and
// thrown away when in doubt. SQLite's FTS5 keeps the lists; documents and the place in the service's log that they
// stand for are written in one transaction, so a crash leaves both as they were or both as they are now.
//
//   folder/index-N.sqlite   N grows each time the index is begun anew; others in the folder are removed
//   standing   one row: format(u32be) mark of the key(8) log id(16) epoch(u64be) seq(u64be) digest(u32be) complete(1)
//              last aggregate id seen while it is built
//   doc        row (RowOf the first log entry of the aggregate: the newest comes first); id; tokens as u64be, sorted
//   words      FTS5, without content, order or counts: token texts of a row
//
// Writing: one thread. Reading: any thread.

#include <absl/base/thread_annotations.h>
#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <absl/synchronization/mutex.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/kernel/link.h"
#include "services/search/sqlite.h"
#include "services/search/terms.h"

namespace search {

inline constexpr uint32_t kIndexFormat = 3;
// The engine walks its lists upwards several times faster than downwards. Six bytes are enough for a row.
inline constexpr uint64_t kRowsMax = uint64_t{1} << 40;
inline uint64_t RowOf(uint64_t first_seq) { return kRowsMax - first_seq; }

struct Document {
  uint64_t row = 0;
  std::string id;
  std::vector<Token> tokens;  // Settle()d
};

// What becomes of one aggregate.
struct Change {
  std::string id;
  std::optional<Document> document;  // nullopt: not in the index any more
};

// How far the index has come.
struct Standing {
  kernel::Cursor log;      // everything up to here is in it, if complete
  bool complete = false;   // false: still being built
  std::string scanned_to;  // aggregate id, while it is being built
};

struct Find {
  uint64_t row = 0;
  std::string id;
};

// A question to the engine. Values of Token only: nothing that a person typed gets here.
using Match = std::string;
Match AnyOf(const std::vector<Token>& tokens);      // empty: matches nothing
Match AllOf(const std::vector<std::string>& parts);  // parts that are empty are left out
Match EitherOf(const std::vector<std::string>& parts);

class Index {
 public:
  ~Index();
  // Opens what is there, if it has this format and was made with this key; else begins anew.
  static absl::StatusOr<std::unique_ptr<Index>> Open(std::string folder, std::string key_mark);
  // For whoever only compares: reads, and begins nothing anew. NOT_FOUND: there is none. FAILED_PRECONDITION: it is of
  // another format or key.
  static absl::StatusOr<std::unique_ptr<Index>> OpenAsItIs(std::string folder, std::string key_mark);

  // Writer.
  Standing standing() const { return standing_; }
  absl::Status Commit(const std::vector<Change>& changes, Standing standing) ABSL_LOCKS_EXCLUDED(mutex_);
  absl::Status BeginAnew() ABSL_LOCKS_EXCLUDED(mutex_);
  // Merges a little of what many commits have left in pieces. `all`: begins to make one piece of it. True: there is
  // more to merge.
  absl::StatusOr<bool> Tidy(bool all);

  // Readers. In order of rows, only those after `after`.
  absl::StatusOr<std::vector<Find>> Search(const Match& match, uint64_t after, size_t limit) const;
  absl::StatusOr<std::optional<Document>> Get(std::string_view id) const;
  // In how many documents the token is, counted up to `limit`.
  absl::StatusOr<size_t> Frequency(Token token, size_t limit) const;
  // Documents with ids after `after`, in order of id.
  absl::Status Each(std::string_view after, const std::function<bool(const Document&)>& each) const;
  absl::StatusOr<uint64_t> Size() const;

 private:
  struct Reader;
  class Lease;
  Index(std::string folder, std::string mark);
  std::string PathOf(uint64_t number) const;
  absl::Status OpenWriter(bool fresh);
  absl::Status RemoveOthers() const;
  absl::StatusOr<uint64_t> Newest() const;  // 0: there is none
  absl::Status LoadStanding();
  std::string Encoded(const Standing& standing) const;
  absl::Status Write(const Change& change);
  absl::Status Delete(const Document& old);
  absl::StatusOr<std::unique_ptr<Reader>> Borrow() const ABSL_LOCKS_EXCLUDED(mutex_);
  void Return(std::unique_ptr<Reader> reader) const ABSL_LOCKS_EXCLUDED(mutex_);

  const std::string folder_;
  const std::string mark_;
  Standing standing_;
  Connection writer_;
  Statement find_, put_, drop_, index_, unindex_, stand_, merge_;
  mutable absl::Mutex mutex_;
  uint64_t number_ ABSL_GUARDED_BY(mutex_) = 0;
  mutable std::vector<std::unique_ptr<Reader>> idle_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace search
