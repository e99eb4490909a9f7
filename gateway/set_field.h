#pragma once
// A text from a path or a query string as the value of a field. Strict: no spaces, no "+5", no 0x, no NaN.
// Any thread.

#include <google/protobuf/message.h>

#include <optional>
#include <string_view>

#include "gateway/catalog.h"
#include "gateway/problem.h"

namespace gateway {

// Follows `path` through singular messages and sets (or, for a repeated leaf, adds) the value.
std::optional<Problem> SetField(const Catalog& catalog, const FieldPath& path, std::string_view text,
                                google::protobuf::Message* message);

// "/case/areaCode"
std::string PointerOf(const FieldPath& path);
// "case.area_code"
std::string DottedOf(const FieldPath& path);

}  // namespace gateway
