#include "services/media/domain/naming.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/coding.h"
#include "services/kernel/document_mark.h"
#include "services/media/domain/limits.h"

namespace media {
namespace {

using v1::Blob, v1::BlobNamed, v1::Naming;

bool Has(const auto& list, std::string_view one) { return std::ranges::find(list, one) != list.end(); }

std::vector<std::string> Marks(std::string_view sha256, std::string_view user_id, const auto& orgs) {
  std::vector<std::string> marks;
  if (!user_id.empty()) marks.push_back(kernel::DocumentMark(sha256, "user", user_id));
  for (const std::string& org : orgs) marks.push_back(OrgMark(sha256, org));
  return marks;
}

bool CodeHasRight(const Blob& blob, std::string_view code) {
  return !code.empty() && std::ranges::any_of(blob.naming(), [code](const Naming& naming) {
    return naming.by_right() && naming.code() == code;
  });
}

// Who named it does not count any more, and is forgotten.
Naming ByRight(Naming naming) {
  naming.set_by_right(true);
  naming.set_carried(false);
  naming.clear_by();
  return naming;
}

class Changes {
 public:
  explicit Changes(Blob* blob) : blob_(*blob) {}
  void Add(Naming naming, std::string instead_of = {}) {
    BlobNamed& change = made_.emplace_back();
    *change.mutable_naming() = std::move(naming);
    change.set_instead_of(std::move(instead_of));
    ApplyNamed(change, &blob_);
  }
  // What was handed over follows where it came from, whichever of the two was heard first.
  std::vector<BlobNamed> WithHandOvers() && {
    for (int i = 0; i < blob_.naming_size(); ++i) {
      const Naming& naming = blob_.naming(i);
      if (naming.carried() && CodeHasRight(blob_, naming.code())) Add(ByRight(naming));
    }
    return std::move(made_);
  }

 private:
  Blob& blob_;
  std::vector<BlobNamed> made_;
};

}  // namespace

std::string MatterMark(std::string_view sha256, std::string_view service, std::string_view id) {
  return kernel::DocumentMark(sha256, "matter", std::string(service) + "/" + std::string(id));
}

std::string CodeMark(std::string_view sha256, std::string_view matter_code) {
  return matter_code.empty() ? std::string() : kernel::DocumentMark(sha256, "code", matter_code);
}

std::string OrgMark(std::string_view sha256, std::string_view org_id) {
  return kernel::DocumentMark(sha256, "org", org_id);
}

std::vector<std::string> OrgsOf(const kernel::v1::Actor& actor) {
  std::set<std::string> orgs;
  for (const auto& grant : actor.grant()) {
    if (grant.role() != kernel::v1::ROLE_PUB && !grant.org_id().empty()) orgs.insert(grant.org_id());
  }
  std::vector<std::string> some(orgs.begin(), orgs.end());
  if (some.size() > kOwnerOrgsMax) some.resize(kOwnerOrgsMax);
  return some;
}

std::vector<std::string> UploaderMarks(std::string_view sha256, const v1::UploadState& upload) {
  return Marks(sha256, upload.owner_user_id(), upload.owner_org());
}

std::vector<std::string> CallerMarks(std::string_view sha256, const kernel::v1::Actor& actor) {
  return Marks(sha256, actor.user_id(), OrgsOf(actor));
}

std::string UploadedPrefix(std::string_view sha256, std::string_view mark) {
  return std::string(sha256) + std::string(mark);
}

std::string UploadedKey(std::string_view sha256, std::string_view mark, int64_t expires_at_ms) {
  std::string key = UploadedPrefix(sha256, mark);
  base::AppendU64(&key, ~static_cast<uint64_t>(expires_at_ms));
  return key;
}

const Naming* NamingOf(const Blob& blob, std::string_view matter) {
  const auto it = std::ranges::find(blob.naming(), matter, &Naming::matter);
  return it == blob.naming().end() ? nullptr : &*it;
}

bool LinkedBefore(const Blob& blob, std::string_view service) {
  return Has(blob.service(), service) && !Has(blob.by_matter(), service) && !Has(blob.in_silence(), service);
}

bool HasByRight(const Blob& blob, std::string_view service) {
  return LinkedBefore(blob, service) || std::ranges::any_of(blob.naming(), [service](const Naming& naming) {
    return naming.by_right() && naming.service() == service;
  });
}

bool MayBeRead(const Blob& blob, std::string_view service, std::string_view matter) {
  const Naming* naming = NamingOf(blob, matter);
  return naming != nullptr ? naming->by_right() : LinkedBefore(blob, service);
}

std::vector<BlobNamed> Hear(const Naming& heard, bool uploaded, Blob blob) {
  const Naming* known = NamingOf(blob, heard.matter());
  if (known != nullptr && known->by_right()) return {};
  // What stands in a matter by somebody's word is not handed over because the platform says it once more.
  Naming next = known != nullptr ? *known : heard;
  for (const std::string& by : heard.by()) {
    if (!Has(next.by(), by)) next.add_by(by);
  }
  const int too_many = next.by_size() - kNamersMax;
  if (too_many > 0) next.mutable_by()->DeleteSubrange(0, too_many);
  if (uploaded || (next.carried() && CodeHasRight(blob, next.code()))) next = ByRight(std::move(next));
  if (known != nullptr && next.SerializeAsString() == known->SerializeAsString()) return {};
  Changes changes(&blob);
  std::string instead_of;
  if (known == nullptr) {
    const auto alike = [&next](const Naming& one) { return one.by_right() == next.by_right(); };
    const auto count = std::ranges::count_if(blob.naming(), alike);
    if (next.by_right() && count >= kMattersMax) return {};
    if (!next.by_right() && count >= kUnprovenMax) instead_of = std::ranges::find_if(blob.naming(), alike)->matter();
  }
  changes.Add(std::move(next), std::move(instead_of));
  return std::move(changes).WithHandOvers();
}

std::vector<BlobNamed> Come(const std::vector<std::string>& uploader, Blob blob) {
  Changes changes(&blob);
  for (int i = 0; i < blob.naming_size(); ++i) {
    const Naming& naming = blob.naming(i);
    const bool is_one = std::ranges::any_of(naming.by(), [&](const auto& by) { return Has(uploader, by); });
    if (!naming.by_right() && is_one) changes.Add(ByRight(naming));
  }
  return std::move(changes).WithHandOvers();
}

// Whose naming made room is known no more, so what no naming is known of may not be taken for an older link.
void ApplyNamed(const BlobNamed& event, Blob* blob) {
  auto* namings = blob->mutable_naming();
  if (!event.instead_of().empty()) {
    const auto gone = std::ranges::find(*namings, event.instead_of(), &Naming::matter);
    if (gone != namings->end()) {
      if (!Has(blob->by_matter(), gone->service())) blob->add_by_matter(gone->service());
      namings->erase(gone);
    }
  }
  const auto known = std::ranges::find(*namings, event.naming().matter(), &Naming::matter);
  if (known != namings->end()) {
    *known = event.naming();
  } else {
    *namings->Add() = event.naming();
  }
}

}  // namespace media
