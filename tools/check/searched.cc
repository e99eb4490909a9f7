#include "tools/check/searched.h"

#include <absl/strings/str_cat.h>

#include <cstdio>

#include "base/status_macros.h"

namespace check {
namespace {

void NotCompared(const Ledger& ledger, const std::string& why) {
  std::printf("%-9s  search index not compared: %s\n", ledger.service.c_str(), why.c_str());
}

void Wrong(const Ledger& ledger, const std::string& what, Problems* problems) {
  problems->Add(absl::StrCat(ledger.service, ": its search index is not what its states say: ", what,
                             "; delete the folder search, the service builds it anew"));
}

absl::StatusOr<bool> Fits(const Ledger& ledger, const search::Standing& standing) {
  if (standing.log.log_id != ledger.format.log_id() || standing.log.epoch != ledger.format.epoch()) return false;
  if (standing.log.seq > ledger.head) return false;
  if (standing.log.seq == 0) return true;
  bool same = false;
  RETURN_IF_ERROR(ForEachRecord(*ledger.kv, [&](uint64_t seq, uint32_t digest, std::string_view, const auto&) {
    if (seq == standing.log.seq) same = digest == standing.log.digest;
  }));
  return same;
}

}  // namespace

absl::StatusOr<std::unique_ptr<search::Index>> IndexOf(const Ledger& ledger, const std::string& folder,
                                                       const search::Terms& terms, Problems* problems) {
  auto index = search::Index::OpenAsItIs(folder, terms.Mark());
  if (absl::IsDataLoss(index.status())) {
    Wrong(ledger, std::string(index.status().message()), problems);
    return std::unique_ptr<search::Index>();
  }
  if (!index.ok()) {
    NotCompared(ledger, std::string(index.status().message()));
    return std::unique_ptr<search::Index>();
  }
  ASSIGN_OR_RETURN(const bool fits, Fits(ledger, (*index)->standing()));
  if (fits) return index;
  NotCompared(ledger, "it is of another history and will be built anew");
  return std::unique_ptr<search::Index>();
}

void Tell(const Ledger& ledger, const absl::StatusOr<std::string>& difference, Problems* problems) {
  if (absl::IsFailedPrecondition(difference.status())) {
    NotCompared(ledger, std::string(difference.status().message()));
  } else if (!difference.ok()) {
    Wrong(ledger, std::string(difference.status().message()), problems);
  } else if (!difference->empty()) {
    Wrong(ledger, *difference, problems);
  } else {
    std::printf("%-9s  search index equal to its states\n", ledger.service.c_str());
  }
}

}  // namespace check
