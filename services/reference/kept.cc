#include "services/reference/kept.h"

#include "services/reference/mentions.h"

namespace reference {

std::string DocumentId(std::string_view sha256) { return std::string(kDocumentPrefix) + std::string(sha256); }

bool IsDocumentId(std::string_view id) {
  return id.starts_with(kDocumentPrefix) && IsDigest(id.substr(kDocumentPrefix.size()));
}

}  // namespace reference
