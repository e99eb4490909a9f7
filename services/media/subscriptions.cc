#include "services/media/subscriptions.h"

#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "media/v1/media.pb.h"
#include "media/v1/notices.pb.h"
#include "services/media/domain/media.h"

namespace media {

kernel::Subscriptions Subscriptions() {
  return [](std::string_view source, const bus::v1::Event& event) -> absl::StatusOr<std::vector<kernel::Envelope>> {
    std::vector<kernel::Envelope> commands;
    if (source == "directory") return commands;
    v1::Mentions mentions;
    if (!mentions.ParseFromString(event.data())) return absl::InvalidArgumentError("a notice that is no message");
    const std::set<std::string> digests(mentions.sha256().begin(), mentions.sha256().end());
    for (const std::string& sha256 : digests) {
      if (!IsDigest(sha256)) continue;
      auto command = std::make_unique<v1::Command>();
      command->mutable_hear_mention()->set_service(std::string(source));
      kernel::Envelope envelope;
      envelope.command = std::move(command);
      envelope.command_name = "hear_mention";
      envelope.aggregate_id = BlobId(sha256);
      envelope.upserts = true;  // the stream may be ahead of the upload
      commands.push_back(std::move(envelope));
    }
    return commands;
  };
}

}  // namespace media
