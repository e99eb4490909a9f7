#pragma once
// Sealed aggregates (检举控告, 信访工作条例 Art. 30): their states lie in a key space of their own and their records in the
// log say nothing of them but number, version and time, both encrypted under a key that nothing else uses. Which
// aggregates are sealed the domain says (SealsStates in domain.h); the key is somebody else's business (services/rpc).
//
//   state    sealed_state = Seal("state/" id '/' version, State)      in kSealedState
//   record   sealed       = Seal("event/" id '/' version, SealedPart)  in kLog; chains and digests hold without the key
//
// What was recorded before the domain knew that it had to be sealed stays in the log as it was: history is not changed.

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <optional>
#include <string>
#include <string_view>

#include "kernel/v1/record.pb.h"
#include "storage/kv.h"

namespace kernel {

class Sealer {
 public:
  virtual ~Sealer() = default;
  // The same text of the same place always gives the same bytes: a run can be repeated from its seed.
  virtual std::string Seal(std::string_view place, std::string_view clear) const = 0;
  // nullopt: another key, another place, or altered.
  virtual std::optional<std::string> Open(std::string_view place, std::string_view sealed) const = 0;
  // Brings what else is stored of the aggregate (its vault) under the sealing key. `batch` is what the group has
  // changed so far and takes the changes. Called again when more comes; must find nothing to do then.
  virtual absl::Status Follow(const storage::View& stored, std::string_view aggregate_id,
                              storage::Batch* batch) const = 0;
};

void SealState(const Sealer& sealer, std::string_view aggregate_id, v1::StateRecord* record);
void SealRecord(const Sealer& sealer, v1::LogRecord* record);

// Nothing to do for a record that is not sealed. FAILED_PRECONDITION: it is, and there is no sealer. DATA_LOSS: the key
// is not the one it was sealed with, or the record was altered.
absl::Status OpenState(const Sealer* sealer, std::string_view aggregate_id, v1::StateRecord* record);
absl::Status OpenRecord(const Sealer* sealer, v1::LogRecord* record);

// The state of an aggregate in clear, wherever it lies. nullopt: there is none.
absl::StatusOr<std::optional<v1::StateRecord>> ReadState(const storage::View& view, const Sealer* sealer,
                                                         std::string_view aggregate_id);

}  // namespace kernel
