#pragma once
// Checks of what people write that several decisions share. Each names the field it refuses.

#include <optional>
#include <string>
#include <string_view>

#include "services/oversight/domain/decide.h"

namespace oversight {

// There, and not longer than an answer of ours can carry.
std::optional<kernel::Refusal> CheckText(std::string_view text, std::string_view field);
// Each is there once, of the asker's area, and for their level to see; who may not see one hears that there is none.
// Raises `seen_from` to the level from which all of them may be seen.
std::optional<kernel::Refusal> CheckMatters(const google::protobuf::RepeatedPtrField<std::string>& codes,
                                            const Ask& ask, int* seen_from);
// Of a petition nothing is said about a unit that has nothing to do with it. Of one that left, whatever goes on under
// its code, what is said of a matter that there is not. Once they have passed the above.
std::optional<kernel::Refusal> CheckTheirs(const google::protobuf::RepeatedPtrField<std::string>& codes,
                                           std::string_view org_id, const Ask& ask);
// The unit has been closed since: nobody answers there any more.
bool IsClosed(std::string_view org_id, const Ask& ask);

}  // namespace oversight
