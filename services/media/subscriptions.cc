#include "services/media/subscriptions.h"

#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "media/v1/media.pb.h"
#include "media/v1/notices.pb.h"
#include "services/kernel/document_mark.h"
#include "services/media/domain/media.h"
#include "services/media/domain/naming.h"

namespace media {
namespace {

static_assert(kernel::kMentionField == v1::Mentions::kSha256FieldNumber);
static_assert(kernel::kNamedByField == v1::NamedBy::kMarkFieldNumber);
static_assert(kernel::kByPlatformField == v1::NamedBy::kByPlatformFieldNumber);
static_assert(kernel::kHandedFromField == v1::HandedOver::kFromFieldNumber);
static_assert(kernel::kHandedBackField == v1::HandedOver::kBackFieldNumber);

// That this matter names the document. `person`: the mark of who did; empty: it is not said.
v1::Naming NamingOf(std::string_view source, const bus::v1::Event& event, const std::string& sha256,
                    const std::string& person) {
  v1::Naming naming;
  naming.set_service(std::string(source));
  naming.set_matter(MatterMark(sha256, source, event.subject()));
  if (person.size() == kernel::kDocumentMarkSize) naming.add_by(person);
  const bool for_an_org = event.actor_role() != kernel::v1::ROLE_PUB && !event.actor_org().empty();
  if (for_an_org) naming.add_by(OrgMark(sha256, event.actor_org()));
  return naming;
}

kernel::Envelope Hears(std::string_view source, const std::string& sha256, v1::Naming naming, bool back) {
  auto command = std::make_unique<v1::Command>();
  auto* heard = command->mutable_hear_mention();
  heard->set_service(std::string(source));
  heard->set_back(back);
  *heard->mutable_naming() = std::move(naming);
  kernel::Envelope envelope;
  envelope.command = std::move(command);
  envelope.command_name = "hear_mention";
  envelope.aggregate_id = BlobId(sha256);
  envelope.upserts = true;  // the stream may be ahead of the upload
  return envelope;
}

}  // namespace

kernel::Subscriptions Subscriptions() {
  return [](std::string_view source, const bus::v1::Event& event) -> absl::StatusOr<std::vector<kernel::Envelope>> {
    std::vector<kernel::Envelope> commands;
    if (source == "directory") return commands;
    v1::Mentions mentions;
    v1::NamedBy named_by;
    v1::HandedOver handed;
    if (!mentions.ParseFromString(event.data()) || !named_by.ParseFromString(event.data()) ||
        !handed.ParseFromString(event.data())) {
      return absl::InvalidArgumentError("a notice that is no message");
    }
    std::set<std::string> digests;
    for (int i = 0; i < mentions.sha256_size(); ++i) {
      const std::string& sha256 = mentions.sha256(i);
      if (!IsDigest(sha256) || !digests.insert(sha256).second) continue;
      v1::Naming naming = NamingOf(source, event, sha256, i < named_by.mark_size() ? named_by.mark(i) : "");
      if (named_by.by_platform() && !handed.from().empty()) {
        naming.set_carried(true);
        naming.set_from(MarkOf(sha256, handed.from()));
      }
      commands.push_back(Hears(source, sha256, std::move(naming), false));
    }
    for (const std::string& sha256 : handed.back()) {
      if (IsDigest(sha256)) commands.push_back(Hears(source, sha256, NamingOf(source, event, sha256, ""), true));
    }
    return commands;
  };
}

}  // namespace media
