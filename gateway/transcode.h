#pragma once
// JSON <-> wire bytes of a message, by the catalog's type resolver (made once: making it costs more than
// using it). Any thread. Output: lowerCamelCase names, 64-bit integers as strings, enums by name (the proto3
// JSON mapping).

#include <google/protobuf/descriptor.h>

#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "gateway/catalog.h"
#include "gateway/problem.h"

namespace gateway {

// Strict first (strict_json.h, json_shape.h), then converted. `given` receives the field paths that have a
// value. Pointers in errors start with `pointer_prefix`. An empty text is an empty object.
std::optional<Problem> JsonToWire(const Catalog& catalog, const google::protobuf::Descriptor* type,
                                  std::string_view json, std::string_view pointer_prefix, std::string* wire,
                                  std::set<std::string, std::less<>>* given);

// False: the bytes are not a message of this type.
bool WireToJson(const Catalog& catalog, const google::protobuf::Descriptor* type, std::string_view wire,
                std::string* json);

// "party[1].real_name" -> "/party/1/realName": how services name fields, and how JSON does.
std::string PointerOfFieldPath(std::string_view path);

}  // namespace gateway
