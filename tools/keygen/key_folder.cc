#include "tools/keygen/key_folder.h"

#include <absl/status/statusor.h>
#include <absl/strings/str_cat.h>
#include <google/protobuf/text_format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <utility>

#include "base/crypto.h"
#include "base/random.h"
#include "base/status_macros.h"
#include "bus/v1/access.pb.h"
#include "services/bus/curve_keys.h"
#include "services/rpc/cipher.h"
#include "services/rpc/ec_key.h"
#include "services/rpc/file.h"
#include "services/rpc/token.h"
#include "tools/keygen/certificate.h"

namespace keygen {
namespace {

constexpr size_t kFileMax = 1 << 20;
constexpr size_t kNameMax = 40;
constexpr int kPublicMode = 0644;
constexpr char kAllowHeader[] = "# Who may follow the event streams. Read again when it changes: docs/BUS.md\n";

bool IsName(const std::string& name) {
  return !name.empty() && name.size() <= kNameMax && name != "ca" && name != "token" &&
         std::ranges::all_of(name, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

bool Exists(const std::string& path) {
  struct stat about = {};
  return stat(path.c_str(), &about) == 0;
}

class Folder {
 public:
  Folder(std::string directory, int64_t now_ms, std::ostream& out)
      : directory_(std::move(directory)), now_ms_(now_ms), out_(out) {}

  absl::Status Authority() {
    ASSIGN_OR_RETURN(ca_key_, Key("ca.key"));
    if (!Exists(Path("ca.crt"))) RETURN_IF_ERROR(Write("ca.crt", MakeAuthority(*ca_key_, now_ms_), kPublicMode));
    ASSIGN_OR_RETURN(ca_pem_, rpc::ReadFile(Path("ca.crt"), kFileMax));
    return absl::OkStatus();
  }

  absl::Status Tokens() {
    ASSIGN_OR_RETURN(const auto key, Key("token.key"));
    if (Exists(Path("jwks.json"))) return absl::OkStatus();
    return Write("jwks.json", rpc::JwksOf(*key), kPublicMode);
  }

  absl::Status Process(const std::string& name) {
    ASSIGN_OR_RETURN(const auto key, Key(name + ".key"));
    const auto present = rpc::ReadFile(Path(name + ".crt"), kFileMax);
    if (!present.ok() || !IsGood(*present, *key, ca_pem_, now_ms_)) {
      ASSIGN_OR_RETURN(const std::string pem, MakeCertificate(name, *key, ca_pem_, *ca_key_, now_ms_));
      RETURN_IF_ERROR(Write(name + ".crt", pem, kPublicMode));
    }
    if (!Exists(Path(name + ".curve"))) {
      const bus::CurveKeyPair pair = bus::NewCurveKeyPair();
      RETURN_IF_ERROR(Write(name + ".curve.pub", pair.public_key + "\n", kPublicMode));
      RETURN_IF_ERROR(Write(name + ".curve", pair.secret_key + "\n", 0600));
    }
    if (!Exists(Path(name + ".master"))) {
      RETURN_IF_ERROR(Write(name + ".master", base::Base64(base::SecureBytes(rpc::kCipherKeySize)) + "\n", 0600));
    }
    // Accusations 检举控告 have a key of their own; no other service holds any.
    if (name == "petition" && !Exists(Path(name + ".sealing"))) {
      RETURN_IF_ERROR(Write(name + ".sealing", base::Base64(base::SecureBytes(rpc::kCipherKeySize)) + "\n", 0600));
    }
    return absl::OkStatus();
  }

  // Adds who is missing; what an operator changed stays.
  absl::Status Allow(const std::vector<std::string>& names) {
    bus::v1::AccessList list;
    if (Exists(Path("bus.allow"))) {
      ASSIGN_OR_RETURN(const std::string text, rpc::ReadFile(Path("bus.allow"), kFileMax));
      if (!google::protobuf::TextFormat::ParseFromString(text, &list)) {
        return absl::InvalidArgumentError(absl::StrCat("cannot read ", Path("bus.allow")));
      }
    }
    bool changed = false;
    for (const std::string& name : names) {
      ASSIGN_OR_RETURN(const std::string key, bus::ReadPublicKeyFile(Path(name + ".curve.pub")));
      if (std::ranges::any_of(list.peer(), [&](const auto& peer) { return peer.public_key() == key; })) continue;
      bus::v1::Peer* peer = list.add_peer();
      peer->set_service(name);
      peer->set_public_key(key);
      peer->add_consumer(name + "/*");
      changed = true;
    }
    if (!changed) return absl::OkStatus();
    std::string text;
    google::protobuf::TextFormat::PrintToString(list, &text);
    return Write("bus.allow", kAllowHeader + text, 0600);
  }

 private:
  std::string Path(const std::string& name) const { return directory_ + "/" + name; }

  absl::Status Write(const std::string& name, const std::string& content, int mode) {
    RETURN_IF_ERROR(rpc::WriteFile(Path(name), content, mode));
    out_ << "made " << Path(name) << "\n";
    return absl::OkStatus();
  }

  absl::StatusOr<std::optional<rpc::EcKey>> Key(const std::string& name) {
    if (!Exists(Path(name))) RETURN_IF_ERROR(Write(name, rpc::EcKey::Generate().PrivatePem(), 0600));
    ASSIGN_OR_RETURN(const std::string pem, rpc::ReadSecretFile(Path(name), kFileMax));
    ASSIGN_OR_RETURN(rpc::EcKey key, rpc::EcKey::FromPrivatePem(pem));
    return std::optional<rpc::EcKey>(std::move(key));
  }

  const std::string directory_;
  const int64_t now_ms_;
  std::ostream& out_;
  std::optional<rpc::EcKey> ca_key_;
  std::string ca_pem_;
};

}  // namespace

absl::Status FillKeyFolder(const std::string& directory, const std::vector<std::string>& names, int64_t now_ms,
                           std::ostream& out) {
  for (const std::string& name : names) {
    if (!IsName(name)) {
      return absl::InvalidArgumentError(absl::StrCat("cannot make keys for \"", name, "\": a-z, 0-9 and - only"));
    }
  }
  if (mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST) {
    return absl::UnavailableError(absl::StrCat("cannot make ", directory, ": ", std::strerror(errno)));
  }
  Folder folder(directory, now_ms, out);
  RETURN_IF_ERROR(folder.Authority());
  RETURN_IF_ERROR(folder.Tokens());
  for (const std::string& name : names) RETURN_IF_ERROR(folder.Process(name));
  return folder.Allow(names);
}

}  // namespace keygen
