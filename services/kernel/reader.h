#pragma once
// Queries. Everything is read from the newest published view: what a reader sees is durable, and whoever was answered
// sees at least their own change. Any thread; take one Reader per query, it is one moment.
//
//   auto reader = service.Read();
//   auto matter = reader.Get(id);                          // StatusOr<optional<Stored<State>>>
//   auto page = reader.List("area", "371403", 50, token);  // ids in key order

#include <absl/status/statusor.h>
#include <absl/strings/str_cat.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/coding.h"
#include "base/status_macros.h"
#include "services/kernel/domain.h"
#include "services/kernel/limits.h"
#include "services/kernel/published.h"
#include "services/kernel/views.h"
#include "storage/keys.h"
#include "storage/log_value.h"

namespace kernel {

template <class State>
struct Stored {
  State state;
  uint64_t version = 0;
  std::vector<uint64_t> seqs;  // its records in the log
  std::string hash;            // of the newest
};

struct Page {
  struct Item {
    std::string key;           // as the domain made it
    std::string aggregate_id;
  };
  std::vector<Item> items;
  std::string next_page_token;  // raw bytes of a key; empty: that was all. The edge encodes and binds it
};

struct Tallied {
  std::string key;
  uint64_t count = 0;
};

// The parts that need no domain.
class BasicReader {
 public:
  explicit BasicReader(std::shared_ptr<const Published> published) : published_(std::move(published)) {}

  uint64_t seq() const { return published_->seq; }        // newest log entry of this moment
  int64_t now_ms() const { return published_->now_ms; }   // of the newest group
  const storage::View& view() const { return *published_->view; }

  // One record of the log; nullopt: beyond this moment, or cut off.
  absl::StatusOr<std::optional<v1::LogRecord>> Record(uint64_t seq) const;
  absl::StatusOr<uint64_t> Tally(std::string_view key) const;
  absl::StatusOr<std::vector<Tallied>> Tallies(std::string_view prefix, size_t limit) const;
  // From `from_ms` on, oldest first.
  absl::StatusOr<std::vector<v1::RefusalRecord>> Refusals(int64_t from_ms, int64_t to_ms, size_t limit) const;
  absl::StatusOr<std::vector<v1::QuarantineRecord>> Quarantined() const;  // suspects too: see attempts

 protected:
  absl::StatusOr<Page> ListKeys(uint8_t index, std::string_view from, std::string_view to, size_t limit,
                                std::string_view page_token) const;
  absl::StatusOr<std::optional<v1::StateRecord>> StateOf(std::string_view id) const;

  std::shared_ptr<const Published> published_;
};

template <Domain D>
class Reader : public BasicReader {
 public:
  using State = typename D::State;
  using BasicReader::BasicReader;

  absl::StatusOr<std::optional<Stored<State>>> Get(std::string_view id) const {
    ASSIGN_OR_RETURN(const auto record, StateOf(id));
    if (!record) return std::optional<Stored<State>>();
    Stored<State> stored;
    if (!stored.state.ParseFromString(record->state())) {
      return absl::DataLossError(absl::StrCat("cannot read the state of ", std::string(id), ": it is damaged"));
    }
    stored.version = record->version();
    stored.seqs.assign(record->seq().begin(), record->seq().end());
    stored.hash = record->hash();
    return std::optional<Stored<State>>(std::move(stored));
  }

  // Entries of `index` whose key starts with `prefix`, in key order. `limit` is cut to kPageMax.
  absl::StatusOr<Page> List(std::string_view index, std::string_view prefix, size_t limit,
                            std::string_view page_token = {}) const {
    return ListKeys(IndexNumber<D>(index), prefix, base::PrefixEnd(prefix), limit, page_token);
  }
  // Keys in [from, to); to empty: to the end of the index.
  absl::StatusOr<Page> ListRange(std::string_view index, std::string_view from, std::string_view to, size_t limit,
                                 std::string_view page_token = {}) const {
    return ListKeys(IndexNumber<D>(index), from, to, limit, page_token);
  }

  // The records of one aggregate after `after_version`, oldest first.
  absl::StatusOr<std::vector<v1::LogRecord>> History(std::string_view id, uint64_t after_version = 0,
                                                     size_t limit = kHistoryMax) const {
    std::vector<v1::LogRecord> records;
    ASSIGN_OR_RETURN(const auto state, StateOf(id));
    if (!state) return records;
    for (int i = static_cast<int>(std::min<uint64_t>(after_version, state->seq_size())); i < state->seq_size(); ++i) {
      if (records.size() == limit) break;
      ASSIGN_OR_RETURN(auto record, Record(state->seq(i)));
      if (!record) return absl::DataLossError(absl::StrCat("cannot read log entry ", state->seq(i), ": it is missing"));
      records.push_back(*std::move(record));
    }
    return records;
  }

  // Reference data as of this moment. CHECKs that D::Reference can be copied.
  std::shared_ptr<const typename D::Reference> Reference() const {
    CHECK(published_->reference != nullptr) << "the reference of this domain cannot be copied";
    return std::static_pointer_cast<const typename D::Reference>(published_->reference);
  }
};

}  // namespace kernel
