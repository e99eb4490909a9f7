#include "gateway/config.h"

#include <absl/status/status.h>
#include <absl/strings/ascii.h>
#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/text_format.h>
#include <grpcpp/security/credentials.h>

#include <algorithm>
#include <set>

#include "base/crypto.h"
#include "base/random.h"
#include "base/status_macros.h"
#include "gateway/limits.h"
#include "services/rpc/file.h"
#include "services/rpc/tls.h"

namespace gateway {
namespace {

constexpr size_t kDescriptorBytesMax = 16 << 20;

class Errors : public google::protobuf::io::ErrorCollector {
 public:
  void AddError(int line, int column, const std::string& message) override {
    absl::StrAppend(&text, text.empty() ? "" : "; ", "line ", line + 1, " column ", column + 1, ": ",
                    message);
  }
  std::string text;
};

absl::Status Missing(std::string_view field) {
  return absl::InvalidArgumentError(
      absl::StrCat("cannot use the configuration: ", std::string(field), " is missing"));
}

bool IsLoopback(std::string_view address) {
  return address.starts_with("127.") || address.starts_with("[::1]:") || address.starts_with("unix:") ||
         address.starts_with("localhost:");
}

absl::Status CheckServices(const v1::Config& config, const Catalog& catalog) {
  std::set<std::string> named;
  for (const auto& service : config.service()) {
    if (service.name().empty() || service.address().empty())
      return Missing("service.name or service.address");
    if (!named.insert(service.name()).second) {
      return absl::InvalidArgumentError(absl::StrCat("service \"", service.name(), "\" is given twice"));
    }
    if (!config.has_tls() && !IsLoopback(service.address())) {
      return absl::InvalidArgumentError(
          absl::StrCat("service \"", service.name(), "\" is not on loopback and tls is missing"));
    }
  }
  for (const auto& method : catalog.methods()) {
    const std::string name = method->service.substr(0, method->service.find('.'));
    if (!named.contains(name)) {
      return absl::InvalidArgumentError(absl::StrCat("the interface has ", method->service,
                                                     ", but no service \"", name, "\" is configured"));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> CursorKey(const v1::Config& config) {
  if (config.cursor_key_file().empty()) return base::SecureBytes(base::kAeadKeySize);
  ASSIGN_OR_RETURN(std::string text, rpc::ReadSecretFile(config.cursor_key_file(), 1024));
  const auto key = base::FromBase64(std::string(absl::StripAsciiWhitespace(text)));
  if (!key || key->size() != base::kAeadKeySize) {
    return absl::InvalidArgumentError("cursor_key_file does not hold 32 bytes in base64");
  }
  return *key;
}

absl::Status ReadRates(const v1::Config& config, GatewayOptions* options) {
  options->rates = DefaultRates();
  for (const auto& rate : config.rate()) {
    if (rate.rate_class().empty() || rate.per_minute() == 0 || rate.burst() == 0) {
      return Missing("rate.rate_class, rate.per_minute or rate.burst");
    }
    options->rates[rate.rate_class()] = {.per_minute = rate.per_minute(), .burst = rate.burst()};
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<v1::Config> ParseConfig(std::string_view text) {
  v1::Config config;
  Errors errors;
  google::protobuf::TextFormat::Parser parser;
  parser.RecordErrorsTo(&errors);
  if (!parser.ParseFromString(std::string(text), &config)) {
    return absl::InvalidArgumentError(absl::StrCat("cannot read the configuration: ", errors.text));
  }
  if (config.listen().empty()) return Missing("listen");
  if (config.tokens().jwks_file().empty()) return Missing("tokens.jwks_file");
  if (config.tokens().issuer().empty()) return Missing("tokens.issuer");
  if (config.tokens().audience().empty()) return Missing("tokens.audience");
  if (config.feed_size() > 0 && config.curve_key_file().empty()) return Missing("curve_key_file");
  if (config.channels() > static_cast<uint32_t>(kChannelsPerPeerMax)) {
    return absl::InvalidArgumentError(absl::StrCat("channels is above ", kChannelsPerPeerMax));
  }
  return config;
}

absl::StatusOr<GatewayOptions> OptionsOf(const v1::Config& config, const Catalog& catalog) {
  RETURN_IF_ERROR(CheckServices(config, catalog));
  GatewayOptions options;
  options.http = {.listen = config.listen(), .behind_proxy = config.behind_proxy()};
  options.auth.https = config.https();
  options.auth.allowed_origins.assign(config.allowed_origin().begin(), config.allowed_origin().end());
  options.tokens = {.jwks_file = config.tokens().jwks_file(),
                    .issuer = config.tokens().issuer(),
                    .audience = config.tokens().audience()};
  for (const auto& service : config.service()) options.peers.push_back({service.name(), service.address()});
  if (config.has_tls()) {
    const rpc::TlsFiles files{
        .key = config.tls().key_file(),
        .certificate = config.tls().certificate_file(),
        .ca = config.tls().ca_file(),
        .reload_seconds = config.tls().reload_seconds() == 0 ? 30 : config.tls().reload_seconds()};
    options.credentials = [files](const std::string&) { return rpc::ClientCredentials(files); };
  } else {
    options.credentials = [](const std::string&) { return grpc::InsecureChannelCredentials(); };
  }
  options.channels_per_peer = config.channels() == 0 ? 2 : static_cast<int>(config.channels());
  options.web_dir = config.web_dir();
  if (!config.descriptor_file().empty()) {
    ASSIGN_OR_RETURN(options.descriptor_set, rpc::ReadFile(config.descriptor_file(), kDescriptorBytesMax));
  }
  ASSIGN_OR_RETURN(options.cursor_key, CursorKey(config));
  RETURN_IF_ERROR(ReadRates(config, &options));
  for (const auto& feed : config.feed()) options.feed_sources.push_back(feed.source());
  return options;
}

}  // namespace gateway
