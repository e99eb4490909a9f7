#pragma once
// Mutual TLS between processes. Files are watched: a replaced certificate is used by every new connection within
// `reload_seconds`; connections live at most kConnectionAgeMs, so an old one is gone soon after. The API of the library
// is experimental; it is used in this file only.

#include <grpcpp/security/auth_context.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/security/server_credentials.h>

#include <memory>
#include <string>

namespace rpc {

struct TlsFiles {
  std::string key;
  std::string certificate;
  std::string ca;
  unsigned reload_seconds = 30;
};

// Clients must show a certificate of the same authority.
std::shared_ptr<grpc::ServerCredentials> ServerCredentials(const TlsFiles& files);
std::shared_ptr<grpc::ChannelCredentials> ClientCredentials(const TlsFiles& files);

// Name of the service at the other end: the first DNS name of its certificate. Empty without one.
std::string PeerService(const grpc::AuthContext& context);

}  // namespace rpc
