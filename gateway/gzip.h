#pragma once
// gzip (RFC 1952) over zlib, bounded in what comes out: a small body may not become a large one. Any thread.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace gateway {

std::string Gzip(std::string_view data);
// nullopt: not gzip, cut off, followed by something else, or more than `limit` bytes.
std::optional<std::string> Gunzip(std::string_view data, size_t limit);

}  // namespace gateway
