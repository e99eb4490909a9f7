#pragma once
// CURVE key pairs: Z85 text of 40 characters, one key a file, a newline at the end. A secret others may read
// is refused.

#include <absl/status/statusor.h>

#include <string>
#include <string_view>

namespace bus {

struct CurveKeyPair {
  std::string public_key;
  std::string secret_key;
};

CurveKeyPair NewCurveKeyPair();
bool IsCurveKey(std::string_view z85);
absl::StatusOr<std::string> PublicKeyOf(std::string_view secret_key);

// Errors name the file. REQUIRES for the secret: no permission for others (mode & 0007 is 0).
absl::StatusOr<std::string> ReadPublicKeyFile(const std::string& path);
absl::StatusOr<std::string> ReadSecretKeyFile(const std::string& path);

// The secret to `path` (mode 0600), the public key to `path`.pub (0644); never over an existing file.
absl::Status WriteKeyFiles(const CurveKeyPair& pair, const std::string& path);

}  // namespace bus
