#pragma once
// Where a matter is looked for after villages have merged 合村并居. Pure.

#include <set>
#include <string>
#include <string_view>

#include "services/reference/reference.h"

namespace reference {

// The areas around `area`, itself included, and those around each area that took it over, link by link. Who took over
// is what the directory says of the nearest of the areas around that has gone: a grid's own successor before that of
// its village. A change of any of these areas, and of no other, may change the answer.
std::set<std::string> PlacesOf(std::string_view area, const Reference& reference);

}  // namespace reference
