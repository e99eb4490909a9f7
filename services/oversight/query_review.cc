// The leaders' page 3.6.6: the list, the numbers before it, and the table of what does not move, each cell of which
// opens its own part of the list.
#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "base/area_code.h"
#include "base/coding.h"
#include "base/status_macros.h"
#include "services/kernel/ranges.h"
#include "services/oversight/domain/keys.h"
#include "services/oversight/domain/refusals.h"
#include "services/oversight/domain/standing.h"
#include "services/oversight/queries.h"
#include "services/rpc/page_token.h"
#include "storage/keys.h"

namespace oversight {
namespace {

using kernel::RefusalCode;

constexpr size_t kTalliesMax = 20'000;
constexpr int kStuckRowsMax = 2000;  // townships of a city times reasons
constexpr size_t kLooksMax = 5000;   // entries looked at for one page: then the rest is on the next

rpc::Answer CheckFilter(const v1::ListReviewRequest& request) {
  if (!v1::ReviewGroup_IsValid(request.group())) return Why(RefusalCode::kInvalid, "UNKNOWN_CODE", "group");
  if (!v1::StuckReason_IsValid(request.stuck_reason()))
    return Why(RefusalCode::kInvalid, "UNKNOWN_CODE", "stuck_reason");
  const std::string& place = request.township();
  if (!place.empty() && !base::Covers(request.area_code(), place))
    return Why(RefusalCode::kInvalid, "UNKNOWN_AREA", "township");
  return {};
}

// As the counts name a category.
std::string KeyOf(const std::string& category) { return category.empty() ? std::string(kNoCategory) : category; }

// `waits_for`: what the table counts it by; the row says more, if its unit is closed.
bool Fits(const v1::ReviewItem& item, v1::StuckReason waits_for, const v1::ListReviewRequest& request) {
  const v1::StuckReason asked = request.stuck_reason();
  return (request.group() == v1::REVIEW_GROUP_UNSPECIFIED || item.group() == request.group()) &&
         (asked == v1::STUCK_REASON_UNSPECIFIED || item.stuck_reason() == asked || waits_for == asked) &&
         (request.township().empty() || item.township() == request.township()) &&
         (request.category().empty() || KeyOf(item.category()) == request.category());
}

struct Range {
  std::string_view index;
  std::string from, to;
};

// What is stuck stands in an index of its own, by place and age; the rest by group. That a unit is closed is in none.
Range RangeOf(const v1::ListReviewRequest& request) {
  const std::string& area = request.area_code();
  if (request.stuck_reason() != v1::STUCK_REASON_UNSPECIFIED && request.stuck_reason() != v1::HOLDER_CLOSED) {
    std::string prefix = StuckPrefix(area, request.stuck_reason(), request.township());
    std::string end = base::PrefixEnd(prefix);
    return {"stuck", std::move(prefix), std::move(end)};
  }
  const bool all = request.group() == v1::REVIEW_GROUP_UNSPECIFIED;
  const v1::ReviewGroup last = all ? v1::WAS_ESCALATED : request.group();
  // Of those that once climbed only the ones since the given moment: they stand newest first, so the range just ends.
  const bool bounded = last == v1::WAS_ESCALATED && request.escalated_since_ms() > 0;
  return {"review", all ? ReviewPrefix(area) : ReviewKey(area, request.group(), 0),
          bounded ? ReviewKey(area, last, ~static_cast<uint64_t>(request.escalated_since_ms()) + 1)
                  : ReviewEnd(area, last)};
}

// Rows that fit, until the page is full or enough has been looked at; `position` becomes where the next one begins.
absl::Status Fill(const OversightReader& reader, const v1::ListReviewRequest& request, const rpc::Caller& caller,
                  size_t size, std::string* position, v1::ListReviewResponse* out) {
  const Range range = RangeOf(request);
  const int level = base::LevelOf(request.area_code());
  const auto reference = reader.Reference();
  size_t looks = 0;
  do {
    const size_t room = size - static_cast<size_t>(out->item_size());
    auto page = reader.ListRange(range.index, range.from, range.to, room, *position);
    if (!page.ok()) return page.status();
    *position = std::move(page->next_page_token);
    for (const auto& item : page->items) {
      auto stored = reader.Get(item.aggregate_id);
      if (!stored.ok()) return stored.status();
      if (!*stored) continue;
      const v1::Matter& matter = (*stored)->state.matter();
      v1::ReviewItem row = ReviewItemOf(matter, level, caller.actor, caller.now_ms, reference.get());
      v1::Matter scratch;
      if (!Fits(row, StuckReasonOf(SeenAt(matter, level, &scratch)), request)) continue;
      row.set_version((*stored)->version);
      *out->add_item() = std::move(row);
    }
    looks += page->items.size();
  } while (!position->empty() && static_cast<size_t>(out->item_size()) < size && looks < kLooksMax);
  return absl::OkStatus();
}

// "5/371403001": why, and where.
void AddStuck(const std::string& cell, int64_t count, v1::CountReviewResponse* out) {
  if (out->stuck_size() >= kStuckRowsMax) return;
  auto* row = out->add_stuck();
  row->set_reason(static_cast<v1::StuckReason>(cell[0] - '0'));
  row->set_township(cell.substr(cell.find('/') + 1));
  row->set_count(count);
}

// With the oldest of each cell: the first in its part of the index. Both stand in the order of the rows.
absl::Status AddOldest(const OversightReader& reader, const std::string& area, v1::CountReviewResponse* out) {
  if (out->stuck_size() == 0) return absl::OkStatus();
  ASSIGN_OR_RETURN(const auto firsts, kernel::Firsts(reader, "stuck", area + "/", kTalliesMax));
  auto at = firsts.begin();
  for (auto& row : *out->mutable_stuck()) {
    const std::string range = StuckPrefix(area, row.reason(), row.township());
    while (at != firsts.end() && at->range < range) ++at;
    if (at == firsts.end()) break;
    if (at->range != range) continue;
    row.set_oldest_id(at->first.aggregate_id);
    std::string_view opened = at->first.key;
    opened.remove_prefix(range.size());
    uint64_t opened_at_ms = 0;
    if (base::ReadU64(&opened, &opened_at_ms)) row.set_oldest_opened_at_ms(static_cast<int64_t>(opened_at_ms));
  }
  return absl::OkStatus();
}

}  // namespace

rpc::Answer Queries::ListReview(const rpc::Caller& caller, const v1::ListReviewRequest& request,
                                v1::ListReviewResponse* out) const {
  const OversightReader reader = read_();
  if (auto wrong = CheckArea(reader, request.area_code()); !wrong.ok()) return wrong;
  if (auto wrong = CheckFilter(request); !wrong.ok()) return wrong;
  const std::string question = absl::StrCat(
      "ListReview ", request.area_code(), " ", static_cast<int>(request.group()), " ", request.escalated_since_ms(),
      " ", static_cast<int>(request.stuck_reason()), " ", request.township(), " ", request.category());
  auto position = rpc::PagePosition(question, request.page_token());
  if (!position) return Why(RefusalCode::kInvalid, "PAGE_TOKEN", "page_token");
  const int size = request.page_size() <= 0 ? kPageDefault : std::min(request.page_size(), kPageSizeMax);
  caller.note->field = "review list";
  if (auto status = Fill(reader, request, caller, static_cast<size_t>(size), &*position, out); !status.ok())
    return status;
  out->set_as_of_ms(reader.now_ms());
  *out->mutable_freshness() = FreshnessAt(caller.now_ms);
  out->set_next_page_token(rpc::PageToken(question, *position));
  return {};
}

rpc::Answer Queries::CountReview(const rpc::Caller& caller, const v1::CountReviewRequest& request,
                                 v1::CountReviewResponse* out) const {
  const std::string& area = request.area_code();
  const OversightReader reader = read_();
  if (auto wrong = CheckArea(reader, area); !wrong.ok()) return wrong;
  const std::string prefix = absl::StrCat("review/", area, "/");
  auto tallies = reader.Tallies(prefix, kTalliesMax);
  if (!tallies.ok()) return tallies.status();
  for (const auto& tally : *tallies) {
    const auto count = static_cast<int64_t>(tally.count);
    const std::string rest = tally.key.substr(prefix.size());  // "group/1", "township/371403001", "category/0102"
    const std::string kind = rest.substr(0, rest.find('/')), value = rest.substr(kind.size() + 1);
    if (kind == "stuck") {
      AddStuck(value, count, out);
      continue;
    }
    auto* row = kind == "group"      ? out->add_by_group()
                : kind == "township" ? out->add_by_township()
                                     : out->add_by_category();
    row->set_key(kind == "group" ? v1::ReviewGroup_Name(static_cast<v1::ReviewGroup>(value[0] - '0')) : KeyOf(value));
    row->set_count(count);
    if (kind == "group") out->set_total(out->total() + count);
  }
  if (auto status = AddOldest(reader, area, out); !status.ok()) return status;
  out->set_as_of_ms(reader.now_ms());
  *out->mutable_freshness() = FreshnessAt(caller.now_ms);
  return {};
}

}  // namespace oversight
