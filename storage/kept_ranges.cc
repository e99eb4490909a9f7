#include "storage/kept_ranges.h"

#include <algorithm>

#include "base/coding.h"
#include "base/status_macros.h"

namespace storage {
namespace {

size_t Shared(std::string_view a, std::string_view b) {
  return static_cast<size_t>(std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first - a.begin());
}

// The longest prefix that all keys of [from, to) begin with, as far as `from` says it.
std::string_view Enclosing(std::string_view from, std::string_view to) {
  const auto encloses = [&](size_t bytes) {
    const std::string end = base::PrefixEnd(from.substr(0, bytes));
    return end.empty() || end >= to;
  };
  size_t bytes = Shared(from, to);
  while (bytes < from.size() && encloses(bytes + 1)) ++bytes;
  return from.substr(0, bytes);
}

// Keys name a kind and then, nearly all of them, a place: "figure/371403/". Empty: this one does not, or does not yet.
std::string_view ShelfOf(std::string_view key) {
  for (size_t at = key.find('/'); at != std::string_view::npos; at = key.find('/', at + 1)) {
    if (at > 0 && key[at - 1] >= '0' && key[at - 1] <= '9') return key.substr(0, at + 1);
  }
  return {};
}

}  // namespace

void KeptRanges::Begin(uint64_t sequence) {
  absl::MutexLock lock(&mutex_);
  sequences_.assign(1, sequence);
}

std::optional<uint64_t> KeptRanges::MomentOf(uint64_t sequence) const {
  absl::MutexLock lock(&mutex_);
  for (size_t back = 0; back < sequences_.size(); ++back) {
    if (sequences_[sequences_.size() - 1 - back] == sequence) return moment_ - back;
  }
  return std::nullopt;
}

void KeptRanges::Follow(const Batch& batch, uint64_t sequence) {
  absl::MutexLock lock(&mutex_);
  ++moment_;
  sequences_.push_back(sequence);
  if (sequences_.size() > limits_.moments) sequences_.pop_front();
  if (order_.empty()) return;
  for (const Batch::Op& op : batch.ops()) {
    const auto& shelves = shelves_[static_cast<size_t>(op.space)];
    if (shelves.empty()) continue;
    const std::string_view name = ShelfOf(op.key);
    if (const auto at = shelves.find(name); at != shelves.end()) NoteIn(at->second, op);
    if (name.empty()) continue;
    if (const auto at = shelves.find(std::string_view()); at != shelves.end()) NoteIn(at->second, op);
  }
  Trim();
}

void KeptRanges::Stop() {
  absl::MutexLock lock(&mutex_);
  stopped_ = true;
  for (auto& shelves : shelves_) shelves.clear();
  order_.clear();
  entries_ = 0;
}

absl::Status KeptRanges::Scan(KeySpace space, uint64_t moment, std::string_view from, std::string_view to,
                              const Each& each, const Stored& stored) {
  const auto question = Understand(space, moment, from, to);
  if (!question) return stored(from, to, each);
  std::vector<Row> rows;
  const Found found = Look(*question, &rows);
  if (found == Found::kAskStore) return stored(from, to, each);
  const std::string& prefix = question->prefix;
  if (found == Found::kLearn) {
    bool whole = true;
    const auto take = [&](std::string_view key, std::string_view value) {
      whole = rows.size() < RowsMax(space);
      if (whole) rows.emplace_back(key.substr(prefix.size()), value);
      return whole;
    };
    RETURN_IF_ERROR(stored(prefix, base::PrefixEnd(prefix), take));
    Learn(*question, rows, whole);
    if (!whole) return stored(from, to, each);
  }
  std::string key = prefix;
  for (const auto& [rest, value] : rows) {
    if (rest < question->from_rest) continue;
    if (question->to_rest && rest >= *question->to_rest) break;
    key.resize(prefix.size());
    key += rest;
    if (!each(key, value)) break;
  }
  return absl::OkStatus();
}

size_t KeptRanges::RowsMax(KeySpace space) const {
  switch (space) {
    case KeySpace::kTally:
    case KeySpace::kDerived:
      return limits_.rows_of_one;
    case KeySpace::kIndex:
      return limits_.rows_of_index;
    default:
      return 0;
  }
}

// nullopt: not of those that are kept.
std::optional<KeptRanges::Question> KeptRanges::Understand(KeySpace space, uint64_t moment, std::string_view from,
                                                           std::string_view to) const {
  if (RowsMax(space) == 0 || from.empty() || from >= to) return std::nullopt;  // `to` empty: to the end of the space
  const std::string_view prefix = Enclosing(from, to);
  const std::string end = base::PrefixEnd(prefix);
  if (prefix.empty() || end.empty()) return std::nullopt;
  // Pages of a list begin and end anywhere; whether there is any entry at all is asked of the whole.
  if (space == KeySpace::kIndex && (prefix != from || end != to)) return std::nullopt;
  Question question{space, moment, std::string(prefix), from.substr(prefix.size()), std::nullopt};
  if (to.starts_with(prefix)) question.to_rest = to.substr(prefix.size());
  return question;
}

KeptRanges::Found KeptRanges::Look(const Question& question, std::vector<Row>* rows) {
  absl::MutexLock lock(&mutex_);
  if (stopped_) return Found::kAskStore;
  Range* range = Find(question.space, question.prefix);
  if (range == nullptr) {
    Watch(question.space, question.prefix);
    return Found::kAskStore;
  }
  if (range->large || question.moment < range->since) return Found::kAskStore;
  if (!range->known) return Found::kLearn;
  *rows = RowsAt(*range, question);
  return Found::kRows;
}

// What was read at the moment of the question, and what has come since.
void KeptRanges::Learn(const Question& question, std::vector<Row> rows, bool whole) {
  absl::MutexLock lock(&mutex_);
  Range* range = stopped_ ? nullptr : Find(question.space, question.prefix);
  if (range == nullptr || range->known || range->large || question.moment < range->since) return;
  if (!whole) return GiveUp(range);
  std::deque<Change> later;
  later.swap(range->changes);
  entries_ -= later.size();
  entries_ += rows.size();
  range->rows = std::move(rows);
  range->known = true;
  range->since = question.moment;
  for (Change& change : later) {
    if (change.moment > question.moment) Note(range, std::move(change));
  }
  Trim();
}

// The value that was there.
std::optional<std::string> KeptRanges::Exchange(std::vector<Row>* rows, const std::string& rest,
                                                std::optional<std::string> value) {
  const auto at = std::ranges::lower_bound(*rows, rest, {}, &Row::first);
  if (at == rows->end() || at->first != rest) {
    if (value) rows->insert(at, Row(rest, *std::move(value)));
    return std::nullopt;
  }
  std::optional<std::string> before = std::move(at->second);
  if (value) {
    at->second = *std::move(value);
  } else {
    rows->erase(at);
  }
  return before;
}

std::vector<KeptRanges::Row> KeptRanges::RowsAt(const Range& range, const Question& question) {
  const auto from = std::ranges::lower_bound(range.rows, question.from_rest, {}, &Row::first);
  const auto to = question.to_rest ? std::ranges::lower_bound(range.rows, *question.to_rest, {}, &Row::first)
                                   : range.rows.end();
  std::vector<Row> rows(from, to);
  for (auto change = range.changes.rbegin(); change != range.changes.rend(); ++change) {
    if (change->moment <= question.moment) break;
    const bool asked =
        change->rest >= question.from_rest && (!question.to_rest || change->rest < *question.to_rest);
    if (asked) Exchange(&rows, change->rest, change->value);
  }
  return rows;
}

// Moves it to the front.
KeptRanges::Range* KeptRanges::Find(KeySpace space, std::string_view prefix) {
  const auto& shelves = shelves_[static_cast<size_t>(space)];
  const auto shelf = shelves.find(ShelfOf(prefix));
  if (shelf == shelves.end()) return nullptr;
  const auto at = shelf->second.find(prefix);
  if (at == shelf->second.end()) return nullptr;
  order_.splice(order_.begin(), order_, at->second);
  return &*at->second;
}

void KeptRanges::Watch(KeySpace space, const std::string& prefix) {
  Range& range = order_.emplace_front();
  range.space = space;
  range.prefix = prefix;
  range.since = moment_;
  shelves_[static_cast<size_t>(space)][std::string(ShelfOf(prefix))].emplace(prefix, order_.begin());
  Trim();
}

// Every range of the shelf that holds the key: its prefixes, from the longest down.
void KeptRanges::NoteIn(const Shelf& shelf, const Batch::Op& op) {
  std::string_view within = op.key;
  while (!within.empty()) {
    auto at = shelf.upper_bound(within);
    if (at == shelf.begin()) return;
    --at;
    const std::string& prefix = at->first;
    if (!within.starts_with(prefix)) {
      within = within.substr(0, Shared(within, prefix));
      continue;
    }
    Note(&*at->second, {moment_, op.key.substr(prefix.size()), op.value});
    within = within.substr(0, prefix.size() - 1);
  }
}

// `change` says what stands there since.
void KeptRanges::Note(Range* range, Change change) {
  if (range->large) return;
  const size_t before = range->rows.size() + range->changes.size();
  if (range->known) change.value = Exchange(&range->rows, change.rest, std::move(change.value));
  auto& changes = range->changes;
  changes.push_back(std::move(change));
  while (changes.size() > limits_.changes || changes.front().moment + limits_.moments <= moment_) {
    range->since = std::max(range->since, changes.front().moment);
    changes.pop_front();
    if (changes.empty()) break;
  }
  entries_ += range->rows.size() + changes.size();
  entries_ -= before;
  if (range->rows.size() > RowsMax(range->space)) GiveUp(range);
}

void KeptRanges::GiveUp(Range* range) {
  entries_ -= range->rows.size() + range->changes.size();
  std::vector<Row>().swap(range->rows);
  std::deque<Change>().swap(range->changes);
  range->known = false;
  range->large = true;
}

void KeptRanges::Trim() {
  while (!order_.empty() && (order_.size() > limits_.ranges || entries_ > limits_.entries)) {
    const Range& last = order_.back();
    auto& shelves = shelves_[static_cast<size_t>(last.space)];
    const auto shelf = shelves.find(ShelfOf(last.prefix));
    shelf->second.erase(last.prefix);
    if (shelf->second.empty()) shelves.erase(shelf);
    entries_ -= last.rows.size() + last.changes.size();
    order_.pop_back();
  }
}

}  // namespace storage
