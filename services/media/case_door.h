#pragma once
// May this person have this document? Media does not know who may see which matter; the service of the matter does.
// So it is asked, with the asker's own token, for what it shows of the matter: whoever is shown the digest may have
// the bytes, if the matter has them by right (domain/naming.h). A matter that does not exist, one that is sealed, and
// one that does not hold the document give one answer.
// Runs on the query pool and waits. Any thread.

#include <absl/status/statusor.h>
#include <google/protobuf/message.h>

#include <optional>
#include <string>
#include <string_view>

#include "services/rpc/access.h"
#include "services/rpc/case_calls.h"

namespace media {

// kSealed: by the list of a sealed petition's documents, for those who may open it. Such a matter mentions nothing, so
// media cannot know who named what there.
enum class Shown { kNot, kOpenly, kSealed };

class CaseDoor {
 public:
  // Calls one method of a service; for tests another than gRPC's.
  using Ask = rpc::CaseCall;
  explicit CaseDoor(Ask ask) : ask_(std::move(ask)) {}

  // UNAVAILABLE: the service of the matter cannot be asked.
  absl::StatusOr<Shown> Shows(const rpc::Caller& caller, const std::string& service, const std::string& id,
                             std::string_view sha256) const;

  // Which service refers to it without having said so, asked as media itself; nullopt: none. An error: not every one
  // of them could be asked.
  absl::StatusOr<std::optional<std::string>> HolderInSilence(const std::string& sha256) const;

 private:
  const Ask ask_;
};

// True if a text anywhere in the wire bytes of a message is this one.
bool Mentions(std::string_view wire, std::string_view text);

}  // namespace media
