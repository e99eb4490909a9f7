#pragma once
// X.509 certificates of a small authority of one's own (RFC 5280): EC P-256, SHA-256. A service's certificate carries
// its name first, then localhost and 127.0.0.1, for both ends of a connection. Pure but for the serial, which is
// random.

#include <absl/status/statusor.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "services/rpc/ec_key.h"

namespace keygen {

inline constexpr int64_t kCaDays = 3650;
inline constexpr int64_t kServiceDays = 397;
inline constexpr int64_t kRenewDays = 30;   // a certificate with less left is made again
inline constexpr int64_t kBackdateS = 300;  // clocks of two machines may differ

// Both return PEM.
std::string MakeAuthority(const rpc::EcKey& key, int64_t now_ms, int64_t days = kCaDays);
absl::StatusOr<std::string> MakeCertificate(std::string_view service, const rpc::EcKey& key,
                                            std::string_view authority_pem, const rpc::EcKey& authority_key,
                                            int64_t now_ms, int64_t days = kServiceDays);

// True if it was signed by this authority for this key and still has kRenewDays.
bool IsGood(std::string_view certificate_pem, const rpc::EcKey& key, std::string_view authority_pem, int64_t now_ms);

}  // namespace keygen
