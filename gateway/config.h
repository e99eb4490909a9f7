#pragma once
// Reads the configuration file of the gateway (proto/gateway/v1/config.proto). An unknown field, a missing
// value or a service without an address is an error that names it.

#include <absl/status/statusor.h>

#include <string>
#include <string_view>

#include "gateway/catalog.h"
#include "gateway/gateway.h"
#include "gateway/v1/config.pb.h"

namespace gateway {

absl::StatusOr<v1::Config> ParseConfig(std::string_view text);

// What the configuration means for the gateway; reads the files it names.
absl::StatusOr<GatewayOptions> OptionsOf(const v1::Config& config, const Catalog& catalog);

}  // namespace gateway
