#pragma once
// Checks a request against the rules written at its fields (kernel/v1/options.proto), before anything else looks at it.
// Built once per request type at start; Check may run on any thread.
//
// Also refused everywhere: control characters and overrides of the direction of writing, which make people read another
// text than the one stored; a text that looks like a vault token (nobody outside may name or forge one) and, in a
// personal field, a masked value sent back by a form ("张**"), which would overwrite the true one. And numbers that
// nobody can mean: a moment (…_ms) before 1970 or after 2099, a day or month (…day, …month, date) of another age, a
// sum of money (…_fen) that would overflow in totals. Periods are reckoned day by day, so a moment in the year
// 292,278,994 is no small matter. The clock of a device may say what it likes: device_… is kept as it came.

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "kernel/v1/error.pb.h"
#include "kernel/v1/options.pb.h"
#include "services/rpc/errors.h"

namespace rpc {

class RequestRules {
 public:
  explicit RequestRules(const google::protobuf::Descriptor* type);

  // Clears output-only fields, then names every field at fault (at most kFieldErrorsMax). `personal` (may be null) is
  // set if a text marked as personal is there, or one of a person's own words with such a number in it.
  std::vector<kernel::v1::FieldError> Check(google::protobuf::Message* request, bool* personal = nullptr) const;

 private:
  struct Plan;
  struct Step {
    const google::protobuf::FieldDescriptor* field;
    kernel::v1::FieldRule rule;
    const Plan* nested;  // null unless the field is a message
  };
  struct Plan {
    std::vector<Step> step;
  };
  class Walk;

  const Plan* PlanFor(const google::protobuf::Descriptor* type);

  std::map<const google::protobuf::Descriptor*, std::unique_ptr<Plan>> plans_;
  const Plan* root_;
};

// INVALID_ARGUMENT that names all of them; the first one gives the sentence.
Failure FieldFailure(std::vector<kernel::v1::FieldError> errors);

// The name of a field as clients write it: "party[0].id_number" -> "party[0].idNumber". Pointers of FieldError keep the
// declared name; the gateway makes JSON pointers of them.
std::string JsonPath(std::string_view path);

}  // namespace rpc
