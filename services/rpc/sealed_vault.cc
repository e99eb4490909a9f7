#include "services/rpc/sealed_vault.h"

#include <map>
#include <utility>

#include "base/check.h"
#include "base/coding.h"
#include "base/ids.h"
#include "base/status_macros.h"

namespace rpc {

using storage::KeySpace;

namespace {
constexpr char kPurpose[] = "fengqiao sealed state 1";
}  // namespace

SealedStates::SealedStates(CipherProfile profile, std::string_view sealing_key)
    : cipher_(CipherFor(profile)),
      aes_key_(CipherFor(CipherProfile::kAesGcm)->Mac(sealing_key, kPurpose)),
      sm4_key_(CipherFor(CipherProfile::kSm4Sm3)->Mac(sealing_key, kPurpose)) {
  CHECK(cipher_ != nullptr);
  CHECK_EQ(sealing_key.size(), kCipherKeySize);
}

const Cipher* SealedStates::KeyOf(char profile, const std::string** key) const {
  *key = profile == static_cast<char>(CipherProfile::kAesGcm) ? &aes_key_ : &sm4_key_;
  return CipherFor(static_cast<CipherProfile>(profile));
}

std::string SealedStates::Seal(std::string_view place, std::string_view clear) const {
  std::string sealed(1, static_cast<char>(cipher_->profile()));
  const std::string* key = nullptr;
  KeyOf(sealed.front(), &key);
  return sealed + cipher_->SealSame(*key, clear, place);
}

std::optional<std::string> SealedStates::Open(std::string_view place, std::string_view sealed) const {
  const std::string* key = nullptr;
  const Cipher* cipher = sealed.empty() ? nullptr : KeyOf(sealed.front(), &key);
  if (cipher == nullptr) return std::nullopt;
  return cipher->Open(*key, sealed.substr(1), place);
}

absl::Status SealedStates::Follow(const storage::View&, std::string_view, storage::Batch*) const {
  return absl::FailedPreconditionError("what is sealed is only read here");
}

SealedVault::SealedVault(const Vault& vault, CipherProfile profile, std::string_view sealing_key)
    : SealedStates(profile, sealing_key), vault_(vault) {
  CHECK(vault.has_sealing_key()) << "a sealed vault without a sealing key";
}

absl::Status SealedVault::Follow(const storage::View& stored, std::string_view aggregate_id,
                                 storage::Batch* batch) const {
  const std::string prefix = std::string(aggregate_id) + "/";
  const std::string end = base::PrefixEnd(prefix);
  std::map<std::string, std::optional<std::string>> rows;  // as they are once the group is written
  RETURN_IF_ERROR(stored.Scan(KeySpace::kVault, prefix, end, [&](std::string_view name, std::string_view value) {
    rows[std::string(name)] = std::string(value);
    return true;
  }));
  for (const storage::Batch::Op& op : batch->ops()) {
    if (op.space == KeySpace::kVault && op.key >= prefix && op.key < end) rows[op.key] = op.value;
  }
  for (auto& [name, value] : rows) {
    const VaultRow row = value ? RowOf(aggregate_id, name, *value) : VaultRow::kOther;
    if (row == VaultRow::kKey) RETURN_IF_ERROR(MoveKey(aggregate_id, name, *value, batch));
    if (row != VaultRow::kEntry) continue;
    batch->Delete(KeySpace::kVault, MatchRowOf(name, *value));
    batch->Delete(KeySpace::kVault, name);
    ForgetMatch(&*value);
    batch->Put(KeySpace::kSealedVault, name, *std::move(value));
  }
  return absl::OkStatus();
}

absl::Status SealedVault::MoveKey(std::string_view aggregate_id, std::string name, std::string_view wrapped,
                                  storage::Batch* batch) const {
  const std::string_view id = std::string_view(name).substr(name.size() - base::kUlidLength);
  const auto key = vault_.Unwrap(KeySpace::kVault, aggregate_id, id, wrapped);
  if (!key) return absl::DataLossError("cannot read vault key: wrong master key, or altered");
  const Vault::ProfileKeys* keys = vault_.KeysOf(wrapped.front());
  std::string again(1, wrapped.front());
  again += keys->cipher->Seal(keys->sealing, *key, Vault::KeyPlace(aggregate_id, id));
  batch->Delete(KeySpace::kVault, name);
  batch->Put(KeySpace::kSealedVault, std::move(name), std::move(again));
  return absl::OkStatus();
}

}  // namespace rpc
