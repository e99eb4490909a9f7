#include "services/rpc/vault.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "base/check.h"
#include "base/coding.h"
#include "base/crypto.h"
#include "base/random.h"
#include "base/status_macros.h"
#include "base/utf8.h"
#include "services/rpc/file.h"
#include "services/rpc/free_text.h"
#include "services/rpc/masking.h"

namespace rpc {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using storage::KeySpace;

constexpr size_t kMatchSize = 16;
constexpr size_t kEntryHeader = 1 + 1 + base::kUlidLength + kMatchSize;
constexpr std::string_view kKeyInfix = "/key/";
constexpr char kMatchPrefix = '\x01';
constexpr size_t kMasterFileMax = 256;

kernel::v1::Personal KindOf(const FieldDescriptor* field) {
  return field->options().GetExtension(kernel::v1::field).personal();
}

bool FindPersonal(const Descriptor* type, std::set<const Descriptor*>* seen) {
  if (!seen->insert(type).second) return false;
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldDescriptor* field = type->field(i);
    if (KindOf(field) != kernel::v1::PERSONAL_NONE) return true;
    if (field->message_type() != nullptr && FindPersonal(field->message_type(), seen)) return true;
  }
  return false;
}

std::string Join(std::string_view a, std::string_view b) { return std::string(a) + '\0' + std::string(b); }

std::string BoundOf(std::string_view aggregate, std::string_view field, char kind) {
  return Join(Join(aggregate, field), std::string_view(&kind, 1));
}

std::string EntryKey(std::string_view aggregate, std::string_view field) {
  return absl::StrCat(std::string(aggregate), "/", std::string(field));
}

std::string KeyPrefix(std::string_view aggregate) { return std::string(aggregate) + std::string(kKeyInfix); }

// "vault:" aggregate '/' ulid -> its two parts; false if it is not of that form.
bool SplitToken(std::string_view token, std::string_view* aggregate, std::string_view* field) {
  if (!IsVaultToken(token)) return false;
  token.remove_prefix(kVaultPrefix.size());
  if (token.size() < base::kUlidLength + 2) return false;
  *field = token.substr(token.size() - base::kUlidLength);
  *aggregate = token.substr(0, token.size() - base::kUlidLength - 1);
  return token[aggregate->size()] == '/' && base::IsUlid(*field);
}

std::string MatchKey(kernel::v1::Personal kind, std::string_view match) {
  std::string out(1, kMatchPrefix);
  out.push_back(static_cast<char>(kind));
  out.append(match);
  return out;
}

}  // namespace

VaultRow RowOf(std::string_view aggregate, std::string_view name, std::string_view value) {
  const std::string keys = KeyPrefix(aggregate);
  if (name.starts_with(keys) && name.size() == keys.size() + base::kUlidLength) return VaultRow::kKey;
  const bool entry = name.size() == aggregate.size() + 1 + base::kUlidLength && value.size() >= kEntryHeader;
  return entry ? VaultRow::kEntry : VaultRow::kOther;
}

std::string MatchRowOf(std::string_view name, std::string_view entry) {
  const auto kind = static_cast<kernel::v1::Personal>(entry[1]);
  return MatchKey(kind, entry.substr(kEntryHeader - kMatchSize, kMatchSize)) + std::string(name);
}

void ForgetMatch(std::string* entry) { entry->replace(kEntryHeader - kMatchSize, kMatchSize, kMatchSize, '\0'); }

bool HasPersonal(const Descriptor* type) {
  std::set<const Descriptor*> seen;
  return FindPersonal(type, &seen);
}

// One command being sealed. The data key is found or made at the first personal field.
struct Vault::Sealing {
  const storage::View& view;
  std::string_view aggregate;
  int64_t now_ms;
  IdSource& ids;
  std::vector<storage::Batch::Op>* ops;
  std::optional<DataKey> key;
};

// Opens entries of many matters for one answer, unwrapping each data key once.
class Vault::Opener {
 public:
  Opener(const Vault& vault, const storage::View& view) : vault_(vault), view_(view) {}

  // NOT_FOUND: no such entry, or its key is gone.
  absl::StatusOr<ClearValue> Open(std::string_view aggregate, std::string_view field) {
    KeySpace space = KeySpace::kVault;
    ASSIGN_OR_RETURN(auto stored, view_.Get(space, EntryKey(aggregate, field)));
    if (!stored && vault_.has_sealing_key()) {
      space = KeySpace::kSealedVault;
      ASSIGN_OR_RETURN(stored, view_.Get(space, EntryKey(aggregate, field)));
    }
    if (!stored) return absl::NotFoundError("there is no such entry");
    const std::string_view entry = *stored;
    if (entry.size() < kEntryHeader) return absl::DataLossError("cannot read vault entry: too short");
    const Cipher* cipher = CipherFor(static_cast<CipherProfile>(entry[0]));
    if (cipher == nullptr) return absl::DataLossError("cannot read vault entry: unknown profile");
    ASSIGN_OR_RETURN(const std::string key, KeyOf(space, aggregate, entry.substr(2, base::kUlidLength)));
    auto clear = cipher->Open(key, entry.substr(kEntryHeader), BoundOf(aggregate, field, entry[1]));
    if (!clear) return absl::DataLossError("cannot read vault entry: it was altered");
    return ClearValue{static_cast<kernel::v1::Personal>(entry[1]), *std::move(clear)};
  }

 private:
  absl::StatusOr<std::string> KeyOf(KeySpace space, std::string_view aggregate, std::string_view id) {
    std::string name = KeyPrefix(aggregate) + std::string(id);
    if (const auto at = keys_.find(name); at != keys_.end()) return at->second;
    ASSIGN_OR_RETURN(const auto wrapped, view_.Get(space, name));
    if (!wrapped) return absl::NotFoundError("the key was destroyed");
    auto key = vault_.Unwrap(space, aggregate, id, *wrapped);
    if (!key) return absl::DataLossError("cannot read vault key: wrong master key, or altered");
    return keys_.emplace(std::move(name), *std::move(key)).first->second;
  }

  const Vault& vault_;
  const storage::View& view_;
  std::map<std::string, std::string> keys_;
};

Vault::Vault(CipherProfile profile, std::string_view master_key) : cipher_(CipherFor(profile)) {
  CHECK(cipher_ != nullptr);
  CHECK_EQ(master_key.size(), kCipherKeySize);
  for (size_t i = 0; i < profiles_.size(); ++i) {
    const Cipher* cipher = CipherFor(static_cast<CipherProfile>(i + 1));
    profiles_[i] = {cipher, cipher->Mac(master_key, "fengqiao vault wrap 1"),
                    cipher->Mac(master_key, "fengqiao vault match 1"), ""};
  }
  fingerprint_key_ = cipher_->Mac(master_key, "fengqiao request fingerprint 1");
}

void Vault::SetSealingKey(std::string_view sealing_key) {
  CHECK_EQ(sealing_key.size(), kCipherKeySize);
  for (ProfileKeys& keys : profiles_) keys.sealing = keys.cipher->Mac(sealing_key, "fengqiao sealed vault wrap 1");
}

absl::StatusOr<std::string> Vault::ReadKeyFile(const std::string& file) {
  ASSIGN_OR_RETURN(std::string text, ReadSecretFile(file, kMasterFileMax));
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  const auto key = base::FromBase64(text);
  if (!key || key->size() != kCipherKeySize) {
    return absl::InvalidArgumentError(
        absl::StrCat("cannot use ", file, ": must be ", kCipherKeySize, " bytes in base64"));
  }
  return *key;
}

absl::StatusOr<Vault> Vault::FromFile(CipherProfile profile, const std::string& master_key_file) {
  ASSIGN_OR_RETURN(const std::string key, ReadKeyFile(master_key_file));
  return Vault(profile, key);
}

std::string Vault::Fingerprint(std::string_view data) const { return cipher_->Mac(fingerprint_key_, data); }

const Vault::ProfileKeys* Vault::KeysOf(char profile) const {
  for (const ProfileKeys& keys : profiles_) {
    if (static_cast<char>(keys.cipher->profile()) == profile) return &keys;
  }
  return nullptr;
}

std::string Vault::KeyPlace(std::string_view aggregate, std::string_view key_id) { return Join(aggregate, key_id); }

std::string Vault::MatchOf(const ProfileKeys& keys, kernel::v1::Personal kind, std::string_view clear) {
  std::string data(1, static_cast<char>(kind));
  return keys.cipher->Mac(keys.matching, data + Normalised(kind, clear)).substr(0, kMatchSize);
}

std::optional<std::string> Vault::Unwrap(KeySpace space, std::string_view aggregate, std::string_view key_id,
                                         std::string_view wrapped) const {
  const ProfileKeys* keys = wrapped.empty() ? nullptr : KeysOf(wrapped.front());
  if (keys == nullptr) return std::nullopt;
  const std::string& key = space == KeySpace::kSealedVault ? keys->sealing : keys->wrapping;
  if (key.empty()) return std::nullopt;
  return keys->cipher->Open(key, wrapped.substr(1), KeyPlace(aggregate, key_id));
}

absl::StatusOr<std::optional<Vault::DataKey>> Vault::FindKey(const storage::View& view,
                                                             std::string_view aggregate) const {
  const std::string prefix = KeyPrefix(aggregate);
  std::optional<DataKey> found;
  absl::Status opened;
  for (const KeySpace space : {KeySpace::kVault, KeySpace::kSealedVault}) {
    if (found || (space == KeySpace::kSealedVault && !has_sealing_key())) break;
    const auto first = [&](std::string_view name, std::string_view wrapped) {
      const std::string_view id = name.substr(prefix.size());
      if (auto key = Unwrap(space, aggregate, id, wrapped)) {
        found = DataKey{std::string(id), *std::move(key), space};
      } else {
        opened = absl::DataLossError("cannot read vault key: wrong key to open it, or altered");
      }
      return false;
    };
    RETURN_IF_ERROR(view.Scan(space, prefix, base::PrefixEnd(prefix), first));
    RETURN_IF_ERROR(opened);
  }
  return found;
}

absl::Status Vault::CheckMasterKey(const storage::View& view) const {
  // Behind the index of matches; the entries of a matter stand before its keys.
  return CheckFirstKey(view, KeySpace::kVault, std::string(1, kMatchPrefix + 1));
}

absl::Status Vault::CheckSealingKey(const storage::View& view) const {
  return CheckFirstKey(view, KeySpace::kSealedVault, "");
}

absl::Status Vault::CheckFirstKey(const storage::View& view, KeySpace space, std::string_view from) const {
  absl::Status status;
  RETURN_IF_ERROR(view.Scan(space, from, std::string(1, '\xff'), [&](std::string_view name, std::string_view wrapped) {
    const size_t infix = name.rfind(kKeyInfix);
    if (infix == std::string_view::npos || name.size() != infix + kKeyInfix.size() + base::kUlidLength) return true;
    if (!Unwrap(space, name.substr(0, infix), name.substr(infix + kKeyInfix.size()), wrapped)) {
      status = absl::FailedPreconditionError("the key is not the one this database was sealed with");
    }
    return false;
  }));
  return status;
}

absl::Status Vault::Seal(const storage::View& view, std::string_view aggregate, int64_t now_ms, IdSource& ids,
                         Message* message, std::vector<storage::Batch::Op>* ops) const {
  Sealing sealing{view, aggregate, now_ms, ids, ops, std::nullopt};
  return SealMessage(sealing, message);
}

absl::Status Vault::SealMessage(Sealing& sealing, Message* message) const {
  const Reflection* reflection = message->GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection->ListFields(*message, &fields);
  for (const FieldDescriptor* field : fields) {
    const bool nested = field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
    const kernel::v1::Personal kind = KindOf(field);
    const bool words = HoldsWords(field);
    if (!nested && !words && kind == kernel::v1::PERSONAL_NONE) continue;
    const auto sealed = [&](const std::string& text) -> absl::StatusOr<std::string> {
      return words ? SealWords(sealing, text) : SealText(sealing, kind, text);
    };
    const int count = field->is_repeated() ? reflection->FieldSize(*message, field) : 1;
    for (int i = 0; i < count; ++i) {
      if (nested) {
        RETURN_IF_ERROR(SealMessage(sealing, field->is_repeated()
                                                 ? reflection->MutableRepeatedMessage(message, field, i)
                                                 : reflection->MutableMessage(message, field)));
      } else if (field->is_repeated()) {
        ASSIGN_OR_RETURN(std::string token, sealed(reflection->GetRepeatedString(*message, field, i)));
        reflection->SetRepeatedString(message, field, i, std::move(token));
      } else {
        ASSIGN_OR_RETURN(std::string token, sealed(reflection->GetString(*message, field)));
        reflection->SetString(message, field, std::move(token));
      }
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> Vault::SealText(Sealing& sealing, kernel::v1::Personal kind,
                                            const std::string& clear) const {
  // Blanks say nothing. Behind a token nobody could tell any more: a name of blanks would pass for one.
  if (base::Trimmed(clear).empty()) return std::string();
  if (!sealing.key) {
    ASSIGN_OR_RETURN(sealing.key, FindKey(sealing.view, sealing.aggregate));
  }
  if (!sealing.key) {
    sealing.key = DataKey{sealing.ids.NewUlid(sealing.now_ms), base::SecureBytes(kCipherKeySize)};
    std::string wrapped(1, static_cast<char>(cipher_->profile()));
    wrapped += cipher_->Seal(KeysOf(wrapped[0])->wrapping, sealing.key->key,
                             KeyPlace(sealing.aggregate, sealing.key->id));
    sealing.ops->push_back({KeySpace::kVault, KeyPrefix(sealing.aggregate) + sealing.key->id, std::move(wrapped)});
  }
  const std::string field = sealing.ids.NewUlid(sealing.now_ms);
  std::string entry(1, static_cast<char>(cipher_->profile()));
  const bool matched = sealing.key->space == KeySpace::kVault;
  const std::string match = matched ? MatchOf(*KeysOf(entry[0]), kind, clear) : std::string(kMatchSize, '\0');
  entry.push_back(static_cast<char>(kind));
  entry += sealing.key->id + match;
  entry += cipher_->Seal(sealing.key->key, clear, BoundOf(sealing.aggregate, field, static_cast<char>(kind)));
  sealing.ops->push_back({sealing.key->space, EntryKey(sealing.aggregate, field), std::move(entry)});
  if (matched) {
    sealing.ops->push_back({KeySpace::kVault, MatchKey(kind, match) + EntryKey(sealing.aggregate, field), ""});
  }
  return absl::StrCat(std::string(kVaultPrefix), EntryKey(sealing.aggregate, field));
}

absl::StatusOr<std::string> Vault::SealWords(Sealing& sealing, const std::string& text) const {
  std::string out;
  size_t done = 0;
  for (const NumberInText& number : NumbersIn(text)) {
    out += text.substr(done, number.at - done);
    ASSIGN_OR_RETURN(const std::string token, SealText(sealing, number.kind, text.substr(number.at, number.size)));
    out += std::string(kInlineOpen) + token + std::string(kInlineClose);
    done = number.at + number.size;
  }
  return done == 0 ? text : out + text.substr(done);
}

absl::StatusOr<std::string> Vault::UnmaskWords(const storage::View& view, std::string_view aggregate,
                                               std::string_view text) const {
  absl::Status status;
  std::string out = ReplaceTokens(text, [&](std::string_view token) -> std::string {
    const auto clear = Unmask(view, aggregate, token);
    if (clear.ok()) return clear->text;
    if (!absl::IsNotFound(clear.status())) status = clear.status();
    return std::string(kErasedText);
  });
  RETURN_IF_ERROR(status);
  return out;
}

absl::StatusOr<ClearValue> Vault::Unmask(const storage::View& view, std::string_view aggregate,
                                         std::string_view token) const {
  std::string_view of;
  std::string_view field;
  if (!SplitToken(token, &of, &field) || of != aggregate) return absl::NotFoundError("there is no such entry");
  return Opener(*this, view).Open(of, field);
}

absl::Status Vault::Present(const storage::View& view, Message* message) const {
  Opener opener(*this, view);
  return PresentMessage(opener, message);
}

absl::Status Vault::PresentMessage(Opener& opener, Message* message) const {
  const Reflection* reflection = message->GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection->ListFields(*message, &fields);
  const auto shown_one = [&opener](std::string_view text) -> absl::StatusOr<std::string> {
    std::string_view aggregate;
    std::string_view field;
    if (!SplitToken(text, &aggregate, &field)) return std::string(kErasedText);
    const auto clear = opener.Open(aggregate, field);
    if (absl::IsNotFound(clear.status())) return std::string(kErasedText);
    if (!clear.ok()) return clear.status();
    return Masked(clear->kind, clear->text);
  };
  const auto shown = [&shown_one](const std::string& text) -> absl::StatusOr<std::string> {
    if (IsVaultToken(text)) return shown_one(text);
    absl::Status status;
    std::string words = ReplaceTokens(text, [&](std::string_view token) {
      auto one = shown_one(token);
      if (one.ok()) return *std::move(one);
      status = one.status();
      return std::string(kErasedText);
    });
    RETURN_IF_ERROR(status);
    return words;
  };
  for (const FieldDescriptor* field : fields) {
    const bool nested = field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
    if (!nested && field->type() != FieldDescriptor::TYPE_STRING) continue;
    const int count = field->is_repeated() ? reflection->FieldSize(*message, field) : 1;
    for (int i = 0; i < count; ++i) {
      if (nested) {
        RETURN_IF_ERROR(PresentMessage(opener, field->is_repeated()
                                                   ? reflection->MutableRepeatedMessage(message, field, i)
                                                   : reflection->MutableMessage(message, field)));
        continue;
      }
      std::string scratch;
      const std::string& text = field->is_repeated()
                                    ? reflection->GetRepeatedStringReference(*message, field, i, &scratch)
                                    : reflection->GetStringReference(*message, field, &scratch);
      if (!IsVaultToken(text) && !HasInlineToken(text)) continue;
      ASSIGN_OR_RETURN(std::string masked, shown(text));
      if (field->is_repeated()) {
        reflection->SetRepeatedString(message, field, i, std::move(masked));
      } else {
        reflection->SetString(message, field, std::move(masked));
      }
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<storage::Batch::Op>> Vault::Shred(const storage::View& view,
                                                             std::string_view aggregate) const {
  std::vector<storage::Batch::Op> ops;
  const std::string prefix = std::string(aggregate) + "/";
  for (const KeySpace space : {KeySpace::kVault, KeySpace::kSealedVault}) {
    const auto take = [&](std::string_view name, std::string_view value) {
      const VaultRow row = RowOf(aggregate, name, value);
      if (row == VaultRow::kOther) return true;
      ops.push_back({space, std::string(name), std::nullopt});
      if (row == VaultRow::kEntry && space == KeySpace::kVault) {
        ops.push_back({space, MatchRowOf(name, value), std::nullopt});
      }
      return true;
    };
    RETURN_IF_ERROR(view.Scan(space, prefix, base::PrefixEnd(prefix), take));
  }
  return ops;
}

absl::StatusOr<std::vector<std::string>> Vault::Matches(const storage::View& view, kernel::v1::Personal kind,
                                                        std::string_view clear, size_t limit) const {
  std::vector<std::string> found;
  if (Normalised(kind, clear).empty()) return found;
  for (const ProfileKeys& keys : profiles_) {
    const std::string prefix = MatchKey(kind, MatchOf(keys, kind, clear));
    RETURN_IF_ERROR(view.Scan(KeySpace::kVault, prefix, base::PrefixEnd(prefix),
                              [&](std::string_view name, std::string_view) {
      name.remove_prefix(prefix.size());
      if (name.size() <= base::kUlidLength + 1) return true;
      std::string aggregate(name.substr(0, name.size() - base::kUlidLength - 1));
      if (std::ranges::find(found, aggregate) == found.end()) found.push_back(std::move(aggregate));
      return found.size() < limit;
    }));
  }
  return found;
}

}  // namespace rpc
