#pragma once
// Reads the policy folder (policy/*.textproto and policy/calendar/calendar.textproto) of a city. A file that
// is missing, does not parse, has an unknown field or a row that does not validate stops the reading with a
// message that names the file and the line or row: a city must never run on half of its policies. Reads
// files; any thread.

#include <absl/status/statusor.h>

#include <string_view>

#include "policy/v1/policy.pb.h"

namespace reference {

inline constexpr size_t kPolicyFileBytesMax = 4 << 20;

struct PolicyFiles {
  policy::v1::PolicySet
      policies;  // its revision is the sum of the files' revisions: it rises when any of them does
  policy::v1::Calendar calendar;
};

absl::StatusOr<PolicyFiles> ReadPolicyFolder(std::string_view folder);

}  // namespace reference
