#pragma once
// Short ranges that are asked for again and again, kept in memory as they stand. In the engine a counter lies once for
// each batch that wrote it, and even a walk that meets nothing is sought in every file: what a short range costs there
// depends on how much was written lately and how much is stored. Kept, it costs its rows.
//
// A range is watched from the first question on, read whole at the second, and from then on every batch changes it as
// it changes the store: nobody pays again for what was written since. Kept are the rows of the newest batch and what
// stood before in the last ones, so that a view of a moment just past is answered, too; an older one asks the store.
// What is kept is a copy of what was committed and nothing else: it begins empty with the process, and whatever is not
// known for certain is read in the store. Only tallies, firsts of lists, and indexes where next to nothing is.
//
// A moment is known by the sequence number the store had then, so nobody waits for a write to take a snapshot: of one
// that is taken between a write and its being followed the store is asked.
// Threads: Scan and MomentOf any; Begin before all others, Follow and Stop one writer.

#include <absl/base/thread_annotations.h>
#include <absl/status/status.h>
#include <absl/synchronization/mutex.h>

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "storage/kv.h"

namespace storage {

class KeptRanges {
 public:
  struct Limits {
    size_t ranges = 2048;       // watched and kept; then what was not asked for longest is forgotten
    size_t entries = 150'000;   // rows and changes of all together, about a hundred bytes each
    size_t rows_of_one = 4096;  // a longer range is read in the store
    size_t rows_of_index = 16;  // the same of an index
    size_t changes = 1024;      // of one range, for moments just past
    uint64_t moments = 32;      // batches back that such a moment may lie
  };
  using Each = std::function<bool(std::string_view key, std::string_view value)>;
  // A scan of the store as it was at the moment asked about.
  using Stored = std::function<absl::Status(std::string_view from, std::string_view to, const Each& each)>;

  explicit KeptRanges(Limits limits) : limits_(limits) {}

  // The store has this sequence number, and nothing was followed yet.
  void Begin(uint64_t sequence) ABSL_LOCKS_EXCLUDED(mutex_);
  // This batch has been written; the store's sequence number since.
  void Follow(const Batch& batch, uint64_t sequence) ABSL_LOCKS_EXCLUDED(mutex_);
  // nullopt: not of one of the last batches, or not followed yet.
  std::optional<uint64_t> MomentOf(uint64_t sequence) const ABSL_LOCKS_EXCLUDED(mutex_);
  // What the store holds is not known any more: from now on it is asked.
  void Stop() ABSL_LOCKS_EXCLUDED(mutex_);
  // As View::Scan, at the moment of `stored`.
  absl::Status Scan(KeySpace space, uint64_t moment, std::string_view from, std::string_view to, const Each& each,
                    const Stored& stored) ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  using Row = std::pair<std::string, std::string>;  // what follows the prefix, value
  struct Change {
    uint64_t moment;
    std::string rest;
    std::optional<std::string> value;  // of a known range: before; of another: since
  };
  // All keys that begin with the prefix.
  struct Range {
    KeySpace space;
    std::string prefix;
    uint64_t since = 0;  // every change of a later moment is in `changes`
    bool known = false;  // `rows` are those of the newest moment
    bool large = false;  // not kept
    std::vector<Row> rows;
    std::deque<Change> changes;  // in the order they came
  };
  using Order = std::list<Range>;  // those asked for last in front
  using Shelf = std::map<std::string, Order::iterator, std::less<>>;
  struct Hash {  // looked up without making a string
    using is_transparent = void;
    size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  using Shelves = std::unordered_map<std::string, Shelf, Hash, std::equal_to<>>;
  enum class Found { kRows, kAskStore, kLearn };
  struct Question {
    KeySpace space;
    uint64_t moment;
    std::string prefix;
    std::string_view from_rest;               // behind the prefix
    std::optional<std::string_view> to_rest;  // nullopt: to the end of the prefix
  };

  size_t RowsMax(KeySpace space) const;
  std::optional<Question> Understand(KeySpace space, uint64_t moment, std::string_view from,
                                     std::string_view to) const;
  Found Look(const Question& question, std::vector<Row>* rows) ABSL_LOCKS_EXCLUDED(mutex_);
  void Learn(const Question& question, std::vector<Row> rows, bool whole) ABSL_LOCKS_EXCLUDED(mutex_);

  static std::optional<std::string> Exchange(std::vector<Row>* rows, const std::string& rest,
                                             std::optional<std::string> value);
  static std::vector<Row> RowsAt(const Range& range, const Question& question);
  Range* Find(KeySpace space, std::string_view prefix) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Watch(KeySpace space, const std::string& prefix) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void NoteIn(const Shelf& shelf, const Batch::Op& op) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Note(Range* range, Change change) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void GiveUp(Range* range) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Trim() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const Limits limits_;
  mutable absl::Mutex mutex_;
  uint64_t moment_ ABSL_GUARDED_BY(mutex_) = 0;
  std::deque<uint64_t> sequences_ ABSL_GUARDED_BY(mutex_);  // of the last moments, this one at the end
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
  size_t entries_ ABSL_GUARDED_BY(mutex_) = 0;
  Order order_ ABSL_GUARDED_BY(mutex_);
  // By how the keys begin, so that what nobody asks about is passed by at once.
  std::array<Shelves, kKeySpaceNames.size()> shelves_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace storage
