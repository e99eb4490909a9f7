#pragma once
// The folder of secrets of an installation. Making it again keeps everything that is there, adds what is missing and
// renews certificates that are about to end; it never replaces a key.
//
//   ca.key ca.crt                 the authority every process is signed by        token.key jwks.json   access tokens
//   NAME.key NAME.crt             certificate of a process (TLS, both ends)       bus.allow             bus.v1.AccessList
//   NAME.curve NAME.curve.pub     CURVE pair for the event streams                NAME.master           32 bytes, base64
//
// Everything is mode 0600 but certificates and public keys (0644).

#include <absl/status/status.h>

#include <cstdint>
#include <ostream>
#include <string>
#include <vector>

namespace keygen {

// Says on `out` what it made, a line each. Names are lower-case letters, digits and '-'.
absl::Status FillKeyFolder(const std::string& directory, const std::vector<std::string>& names, int64_t now_ms,
                           std::ostream& out);

}  // namespace keygen
