#pragma once
// The folder of secrets of an installation. Making it again keeps everything that is there, adds what is missing and
// renews certificates that are about to end; it never replaces a key.
//
//   ca.key ca.crt               the authority every process is signed by
//   token.key jwks.json         signs access tokens; its public half, which everybody reads
//   bus.allow                   bus.v1.AccessList: who may follow the event streams
//   NAME.key NAME.crt           certificate of a process, for both ends of a connection
//   NAME.curve NAME.curve.pub   CURVE pair for the event streams
//   NAME.master                 32 bytes in base64: wraps the data keys of the identity vault
//   petition.sealing            32 bytes in base64: seals accusations
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
