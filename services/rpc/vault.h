#pragma once
// The identity vault: names, phones, identity numbers and addresses never reach the domain. Before a command is decided
// each marked field is sealed into key space kVault and replaced by its token; answers show masked values; clear text
// leaves only through a method made for it, with a reason, on record.
//
//   token                   "vault:" aggregate '/' field ulid(26)
//   aggregate '/' field     -> profile(1) kind(1) key ulid(26) match(16) sealed text; bound: aggregate 0 field 0 kind
//   aggregate "/key/" ulid  -> profile(1) sealed data key; bound: aggregate 0 key ulid
//   0x01 kind(1) match(16) aggregate '/' field  -> empty; finds the same value again
//
// Of a sealed matter (检举控告) the same, without match rows and with match bytes 0, lies in kSealedVault, its data keys
// wrapped by the sealing key instead of the master key (sealed_vault.h).
//
// The data key of a matter is wrapped by the service's master key. Two first commands of one matter that race make two
// data keys, both good. Deleting the keys of a matter makes its entries unreadable for ever, in backups too
// (crypto-shredding). Stateless but for its keys; any thread.

#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <google/protobuf/message.h>

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/v1/options.pb.h"
#include "services/rpc/cipher.h"
#include "services/rpc/id_source.h"
#include "storage/kv.h"

namespace rpc {

inline constexpr std::string_view kVaultPrefix = "vault:";
inline constexpr std::string_view kErasedText = "[已删除]";  // shown for a value whose key was destroyed

inline bool IsVaultToken(std::string_view text) { return text.starts_with(kVaultPrefix); }

// True if a field of this type, or of a message inside it, is marked as personal.
bool HasPersonal(const google::protobuf::Descriptor* type);

// What a row of the vault is to the matter whose prefix it has; other: of a matter whose id starts with this one's.
enum class VaultRow { kKey, kEntry, kOther };
VaultRow RowOf(std::string_view aggregate, std::string_view name, std::string_view value);
std::string MatchRowOf(std::string_view name, std::string_view entry);  // of an entry
void ForgetMatch(std::string* entry);

struct ClearValue {
  kernel::v1::Personal kind = kernel::v1::PERSONAL_NONE;
  std::string text;
};

class Vault {
 public:
  // REQUIRES: a master key of 32 bytes.
  Vault(CipherProfile profile, std::string_view master_key);
  static absl::StatusOr<Vault> FromFile(CipherProfile profile, const std::string& master_key_file);
  // 32 bytes in base64. The error names the file.
  static absl::StatusOr<std::string> ReadKeyFile(const std::string& file);

  // Before anything else is asked of it. REQUIRES: 32 bytes.
  void SetSealingKey(std::string_view sealing_key);
  bool has_sealing_key() const { return !profiles_.front().sealing.empty(); }

  // FAILED_PRECONDITION if `view` holds data keys and the first of them was wrapped by another key: a service that
  // started with a wrong one would seal new entries that the right one cannot open.
  absl::Status CheckMasterKey(const storage::View& view) const;
  absl::Status CheckSealingKey(const storage::View& view) const;

  // Moves every marked field of `message`, and the numbers of persons in its sentences (free_text.h), into `ops` and
  // leaves tokens. `view` is asked for the matter's data key.
  absl::Status Seal(const storage::View& view, std::string_view aggregate, int64_t now_ms, IdSource& ids,
                    google::protobuf::Message* message, std::vector<storage::Batch::Op>* ops) const;

  // Clear text of one token of this matter. NOT_FOUND if there is none or its key was destroyed. Callers must have
  // recorded who asks and why.
  absl::StatusOr<ClearValue> Unmask(const storage::View& view, std::string_view aggregate,
                                    std::string_view token) const;

  // A sentence of this matter with its numbers in clear. Callers must have recorded who asks and why.
  absl::StatusOr<std::string> UnmaskWords(const storage::View& view, std::string_view aggregate,
                                          std::string_view text) const;

  // Replaces every token anywhere in `message` by its masked value.
  absl::Status Present(const storage::View& view, google::protobuf::Message* message) const;

  // What destroys everything personal of a matter; attached to the command that records the erasure.
  absl::StatusOr<std::vector<storage::Batch::Op>> Shred(const storage::View& view, std::string_view aggregate) const;

  // Matters in which this very value was given before, without opening any of them.
  absl::StatusOr<std::vector<std::string>> Matches(const storage::View& view, kernel::v1::Personal kind,
                                                   std::string_view clear, size_t limit) const;

  // Keyed digest for fingerprints of requests, so that the stored digest of a guessable text says nothing.
  std::string Fingerprint(std::string_view data) const;

 private:
  friend class SealedVault;

  struct DataKey {
    std::string id;
    std::string key;
    storage::KeySpace space = storage::KeySpace::kVault;  // and where entries under it go
  };
  struct Sealing;
  class Opener;

  absl::StatusOr<std::optional<DataKey>> FindKey(const storage::View& view, std::string_view aggregate) const;
  absl::Status SealMessage(Sealing& sealing, google::protobuf::Message* message) const;
  absl::StatusOr<std::string> SealText(Sealing& sealing, kernel::v1::Personal kind, const std::string& clear) const;
  absl::StatusOr<std::string> SealWords(Sealing& sealing, const std::string& text) const;
  absl::Status PresentMessage(Opener& opener, google::protobuf::Message* message) const;
  // Both profiles derive their own keys from the master key, so that a change of profile reads and finds the old.
  struct ProfileKeys {
    const Cipher* cipher = nullptr;
    std::string wrapping;
    std::string matching;
    std::string sealing;  // wraps data keys of sealed matters; empty without a sealing key
  };
  const ProfileKeys* KeysOf(char profile) const;  // null: no such profile
  static std::string KeyPlace(std::string_view aggregate, std::string_view key_id);  // what a data key is bound to
  static std::string MatchOf(const ProfileKeys& keys, kernel::v1::Personal kind, std::string_view clear);
  std::optional<std::string> Unwrap(storage::KeySpace space, std::string_view aggregate, std::string_view key_id,
                                    std::string_view wrapped) const;
  absl::Status CheckFirstKey(const storage::View& view, storage::KeySpace space, std::string_view from) const;

  std::array<ProfileKeys, 2> profiles_;
  const Cipher* cipher_;  // of new entries
  std::string fingerprint_key_;
};

}  // namespace rpc
