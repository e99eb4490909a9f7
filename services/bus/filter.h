#pragma once
// Which notices a consumer wants and may have: prefixes of topics and of area codes. Pure.
// Inside a list: or. Between the lists: and. An empty list: everything.

#include <optional>
#include <string>
#include <string_view>

#include "bus/v1/stream.pb.h"

namespace bus {

// Sorted, without doubles and without prefixes another one covers: equal wants have equal text.
v1::Filter Canonical(const v1::Filter& filter);

// SHA-256 of the canonical form; kept beside the cursor.
std::string FilterHash(const v1::Filter& filter);

// What passes both; nullopt if nothing can.
std::optional<v1::Filter> Intersection(const v1::Filter& a, const v1::Filter& b);

// True if everything that passes `inner` passes `outer`.
bool IsNarrower(const v1::Filter& inner, const v1::Filter& outer);

bool SameFilter(const v1::Filter& a, const v1::Filter& b);

bool MatchesTopic(const v1::Filter& filter, std::string_view topic);
bool MatchesDivision(const v1::Filter& filter, std::string_view division);

// False if a list or a prefix is longer than limits.h allows.
bool WithinLimits(const v1::Filter& filter);

}  // namespace bus
