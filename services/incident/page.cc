#include "services/incident/page.h"

#include <algorithm>
#include <tuple>

#include "base/coding.h"
#include "base/crypto.h"
#include "base/status_macros.h"

namespace incident {
namespace {

bool Before(const Place& a, const Place& b) { return std::tie(a.order, a.id) < std::tie(b.order, b.id); }

}  // namespace

std::string TokenOf(const Place& place, std::string_view request) {
  std::string bytes;
  base::AppendU32(&bytes, base::Crc32c(request));
  base::AppendU16(&bytes, static_cast<uint16_t>(place.order.size()));
  bytes += place.order;
  bytes += place.id;
  return base::Base64Url(bytes);
}

bool PlaceOf(std::string_view token, std::string_view request, std::optional<Place>* out) {
  out->reset();
  if (token.empty()) return true;
  const auto bytes = base::FromBase64Url(token);
  if (!bytes) return false;
  std::string_view rest = *bytes;
  uint32_t crc = 0;
  uint16_t size = 0;
  if (!base::ReadU32(&rest, &crc) || !base::ReadU16(&rest, &size) || rest.size() < size) return false;
  if (crc != base::Crc32c(request)) return false;
  *out = Place{std::string(rest.substr(0, size)), std::string(rest.substr(size))};
  return true;
}

MergedRanges::MergedRanges(const MatterReader& reader, std::string_view index,
                           const std::vector<std::string>& prefixes, std::optional<Place> after, size_t chunk)
    : reader_(reader), index_(index), after_(std::move(after)), chunk_(chunk) {
  // A page over hundreds of ranges takes a few entries of each: reading a whole page of every one would cost more the
  // more is stored. A range that is taken from more often is read in larger and larger pieces.
  const size_t first = std::clamp<size_t>(2 * chunk / std::max<size_t>(prefixes.size(), 1), 2, chunk);
  for (const std::string& prefix : prefixes) ranges_.push_back({prefix, {}, {}, first, false});
}

absl::Status MergedRanges::Fill(Range* range) {
  // From the very entry on, not from its order: thousands of matters may be due at the same moment.
  const std::string from = range->prefix + (after_ ? after_->order + '\0' + after_->id : "");
  const std::string to = base::PrefixEnd(range->prefix);
  while (range->ready.empty() && !range->ended) {
    ASSIGN_OR_RETURN(auto page, reader_.ListRange(index_, from, to, range->piece, range->token));
    range->piece = std::min(range->piece * 2, chunk_);
    for (auto& item : page.items) {
      Place place{item.key.substr(range->prefix.size()), std::move(item.aggregate_id)};
      if (!after_ || Before(*after_, place)) range->ready.push_back(std::move(place));
    }
    range->token = std::move(page.next_page_token);
    range->ended = range->token.empty();
  }
  return absl::OkStatus();
}

absl::StatusOr<std::optional<Place>> MergedRanges::Next() {
  Range* first = nullptr;
  for (Range& range : ranges_) {
    if (range.ready.empty() && !range.ended) RETURN_IF_ERROR(Fill(&range));
    if (range.ready.empty()) continue;
    if (first == nullptr || Before(range.ready.front(), first->ready.front())) first = &range;
  }
  if (first == nullptr) return std::optional<Place>();
  Place place = std::move(first->ready.front());
  first->ready.pop_front();
  return std::optional<Place>(std::move(place));
}

}  // namespace incident
