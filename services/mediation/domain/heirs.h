#pragma once
// Where a committee's work lies after villages have merged 合村并居. A case keeps the code and the committee it was
// brought to; who carries it on is the committee of the village that took over. Its people have the former village by
// their token (services/rpc/token.h), so the rules ask for nothing new; what is decided anew, and what is shown,
// follows the directory here. Pure.

#include <string>
#include <string_view>

#include "services/reference/reference.h"

namespace mediation {

// The area that stands today for `area`: a village that took over, or the township that did. A grid of a village that
// has ended is that area, too.
std::string AreaToday(std::string_view area, const reference::Reference& reference);

// The unit that has today what this one had: itself while its area stands; otherwise the one of its kind and short name
// in the area that took over. For a committee, if there is none, the nearest. Itself if nobody took over.
std::string UnitToday(std::string_view org_id, const reference::Reference& reference);

// The nearest committee of an area that is no committee of a trade; null if there is none up to the county.
const directory::v1::Organisation* NearestCommittee(std::string_view area, const reference::Reference& reference);

}  // namespace mediation
