#pragma once
// Pages of the index "accountability": suggestions, measures, inspections, as far as the reader may see them.

#include <algorithm>
#include <string>

#include "services/oversight/domain/refusals.h"
#include "services/oversight/domain/rules.h"
#include "services/oversight/queries.h"
#include "services/rpc/page_token.h"

namespace oversight {

// One page of a range; `each` fills an answer from what is stored under an id.
template <class Request, class Each>
rpc::Answer Walk(const OversightReader& reader, const rpc::Caller& caller, const Request& request,
                 const std::string& question, const std::string& prefix, Each each, std::string* next) {
  const auto position = rpc::PagePosition(question, request.page_token());
  if (!position) return Why(kernel::RefusalCode::kInvalid, "PAGE_TOKEN", "page_token");
  const int size = request.page_size() <= 0 ? kPageDefault : std::min(request.page_size(), kPageSizeMax);
  auto page = reader.List("accountability", prefix, static_cast<size_t>(size), *position);
  if (!page.ok()) return page.status();
  for (const auto& item : page->items) {
    auto stored = reader.Get(item.aggregate_id);
    if (!stored.ok()) return stored.status();
    if (!*stored || !MaySee((*stored)->state, caller.actor)) continue;
    if (absl::Status filled = each(item.aggregate_id, **stored); !filled.ok()) return filled;
  }
  *next = rpc::PageToken(question, page->next_page_token);
  return {};
}

}  // namespace oversight
