#pragma once
// An ICC colour profile says how the pixels look, and beside it which device, program and person made it, when, on
// which screen it was measured, sometimes its serial number. Only the first is kept: the numbers that a reader
// computes with. The description and the copyright, which every profile must have, are kept empty. Source: ICC.1:2022
// (ISO 15076-1), sections 7 and 10. Pure; any thread.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace media {

inline constexpr size_t kProfileBytesMax = size_t{4} << 20;  // cameras write some 600 bytes, printers a megabyte

// Exactly as long as it was, each kept number where it was. nullopt: it is no profile whose structure is whole; the
// photograph is kept without it, and looks as one that never had any.
std::optional<std::string> CleanProfile(std::string_view profile);

}  // namespace media
