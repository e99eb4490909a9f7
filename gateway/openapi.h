#pragma once
// The OpenAPI 3.1 description of everything in the catalog, made once at start from the same table the
// requests are routed by. Comments come from a descriptor set with source info, when there is one; the linked
// descriptors have none.

#include <string>
#include <string_view>

#include "gateway/catalog.h"

namespace gateway {

// `descriptor_set`: a serialized FileDescriptorSet with source info; empty: no comments.
std::string OpenApiJson(const Catalog& catalog, std::string_view title, std::string_view version,
                        std::string_view descriptor_set);

}  // namespace gateway
