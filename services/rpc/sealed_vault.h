#pragma once
// The key of sealed matters (检举控告, 信访工作条例 Art. 30). One file of 32 bytes that only the petition service holds;
// the kernel seals states and log records with what is derived from it, and the vault's data keys of such a matter are
// wrapped by it instead of by the master key. Without it nothing of an accusation can be read from a disk or a backup.
//
// Stateless but for its keys; any thread.

#include <string>

#include "services/kernel/sealer.h"
#include "services/rpc/vault.h"

namespace rpc {

// For who only reads: states and log records, not the vault. Sealed form: profile(1) as in cipher.h.
class SealedStates : public kernel::Sealer {
 public:
  // REQUIRES: 32 bytes. `profile`: of what is sealed from now on; what lies there is read whatever its profile.
  SealedStates(CipherProfile profile, std::string_view sealing_key);

  std::string Seal(std::string_view place, std::string_view clear) const override;
  std::optional<std::string> Open(std::string_view place, std::string_view sealed) const override;
  absl::Status Follow(const storage::View& stored, std::string_view aggregate_id, storage::Batch* batch) const override;

 private:
  const Cipher* KeyOf(char profile, const std::string** key) const;  // null: no such profile

  const Cipher* cipher_;
  std::string aes_key_, sm4_key_;
};

class SealedVault final : public SealedStates {
 public:
  // REQUIRES: the vault has the same sealing key, and outlives this.
  SealedVault(const Vault& vault, CipherProfile profile, std::string_view sealing_key);

  // Moves the matter's rows from kVault to kSealedVault, its keys wrapped anew, and what finds their values again away.
  absl::Status Follow(const storage::View& stored, std::string_view aggregate_id, storage::Batch* batch) const override;

 private:
  absl::Status MoveKey(std::string_view aggregate_id, std::string name, std::string_view wrapped,
                       storage::Batch* batch) const;

  const Vault& vault_;
};

}  // namespace rpc
