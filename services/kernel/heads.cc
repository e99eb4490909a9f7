#include "services/kernel/heads.h"

#include <utility>

namespace kernel {

using storage::KeySpace;

absl::Status HeadBook::Note(const std::string& range, std::string entry, bool came) {
  const auto [at, fresh] = heads_.try_emplace(range);
  Head& head = at->second;
  if (fresh) {
    ASSIGN_OR_RETURN(auto stored, kv_.Get(KeySpace::kDerived, range));
    head.stored = std::move(stored).value_or("");
    head.first = head.stored;
  }
  if (!came) {
    head.gone |= entry == head.first;
  } else if (head.first.empty() || entry < head.first) {
    head.first = std::move(entry);
  }
  return absl::OkStatus();
}

absl::Status HeadBook::Flush(const FirstOf& first_of, storage::Batch* batch) {
  for (auto& [range, head] : heads_) {
    if (head.gone) {
      ASSIGN_OR_RETURN(head.first, first_of(range));
    }
    if (head.first == head.stored) continue;
    if (head.first.empty()) {
      batch->Delete(KeySpace::kDerived, range);
    } else {
      batch->Put(KeySpace::kDerived, range, head.first);
    }
  }
  heads_.clear();
  return absl::OkStatus();
}

}  // namespace kernel
