#pragma once
// A whole stored message in clear, for what is printed on official paper. Any thread.

#include <absl/status/status.h>
#include <google/protobuf/message.h>

#include <string_view>

#include "services/rpc/vault.h"

namespace rpc {

// Replaces every token of this matter, in fields and inside sentences, by its clear text; what was erased is shown as
// such. Callers must have recorded who asks and why.
absl::Status RevealAll(const Vault& vault, const storage::View& view, std::string_view aggregate,
                       google::protobuf::Message* message);

}  // namespace rpc
