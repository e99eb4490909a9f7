#include "services/rpc/config.h"

#include <absl/strings/str_cat.h>
#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/text_format.h>

#include "base/status_macros.h"
#include "services/kernel/limits.h"
#include "services/rpc/file.h"

namespace rpc {
namespace {

constexpr size_t kConfigMax = 256 << 10;
constexpr size_t kCurveKeyLength = 40;

class FirstError final : public google::protobuf::io::ErrorCollector {
 public:
  void AddError(int line, int column, const std::string& message) override {
    if (text_.empty()) text_ = absl::StrCat("line ", line + 1, ", column ", column + 1, ": ", message);
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

absl::Status Wrong(std::string_view field, std::string_view why) {
  return absl::InvalidArgumentError(
      absl::StrCat("configuration, field `", std::string(field), "`: ", std::string(why)));
}

absl::Status CheckBus(const v1::Process& process) {
  const bool speaks = process.has_bus() || process.upstream_size() > 0;
  if (!speaks) return absl::OkStatus();
  if (process.bus().curve_key_file().empty()) return Wrong("bus.curve_key_file", "is missing");
  if (!process.bus().listen().empty() && process.bus().allow_file().empty()) {
    return Wrong("bus.allow_file", "is missing: nobody would be let in");
  }
  for (int i = 0; i < process.upstream_size(); ++i) {
    const std::string at = absl::StrCat("upstream[", i, "]");
    const v1::Upstream& upstream = process.upstream(i);
    if (upstream.source().empty()) return Wrong(at + ".source", "is missing");
    if (upstream.source() == process.service()) return Wrong(at + ".source", "a service does not follow itself");
    if (upstream.endpoint().empty()) return Wrong(at + ".endpoint", "is missing");
    if (upstream.public_key().size() != kCurveKeyLength) return Wrong(at + ".public_key", "must be 40 characters Z85");
  }
  return absl::OkStatus();
}

absl::Status Check(const v1::Process& process, std::string_view service) {
  if (process.service() != service) {
    return Wrong("service", absl::StrCat("is \"", process.service(), "\", this program is \"", std::string(service),
                                         "\""));
  }
  if (process.data_dir().empty()) return Wrong("data_dir", "is missing");
  if (process.listen().empty()) return Wrong("listen", "is missing");
  if (process.has_tls()) {
    const v1::Tls& tls = process.tls();
    if (tls.key_file().empty()) return Wrong("tls.key_file", "is missing");
    if (tls.certificate_file().empty()) return Wrong("tls.certificate_file", "is missing");
    if (tls.ca_file().empty()) return Wrong("tls.ca_file", "is missing");
  }
  if (process.tokens().jwks_file().empty()) return Wrong("tokens.jwks_file", "is missing");
  if (process.tokens().issuer().empty()) return Wrong("tokens.issuer", "is missing");
  if (process.tokens().audience().empty()) return Wrong("tokens.audience", "is missing");
  const std::string& profile = process.vault_profile();
  if (!profile.empty() && profile != "aes-gcm" && profile != "sm4-sm3") {
    return Wrong("vault_profile", "must be \"aes-gcm\" or \"sm4-sm3\"");
  }
  if (process.limits().group_max() > kernel::kGroupCommandsMax) {
    return Wrong("limits.group_max", absl::StrCat("must be at most ", kernel::kGroupCommandsMax));
  }
  return CheckBus(process);
}

}  // namespace

absl::StatusOr<v1::Process> ParseProcess(const std::string& text, std::string_view service) {
  v1::Process process;
  FirstError error;
  google::protobuf::TextFormat::Parser parser;
  parser.RecordErrorsTo(&error);
  if (!parser.ParseFromString(text, &process)) {
    return absl::InvalidArgumentError(absl::StrCat("configuration, ", error.text()));
  }
  RETURN_IF_ERROR(Check(process, service));
  return process;
}

absl::StatusOr<v1::Process> LoadProcess(const std::string& path, std::string_view service) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(path, kConfigMax));
  return ParseProcess(text, service);
}

std::string Shown(const v1::Process& process) { return process.ShortDebugString(); }

}  // namespace rpc
