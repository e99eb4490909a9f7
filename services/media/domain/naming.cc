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

// Of the matter that hands it over and of no other of the same code: what a stranger named there is given to nobody.
bool SenderHasRight(const Blob& blob, const Naming& naming) {
  const Naming* sender = naming.from().empty() ? nullptr : NamingOf(blob, naming.from());
  return naming.carried() && sender != nullptr && sender->by_right();
}

// Somebody of this matter had it. Who named it does not count any more, and is forgotten.
Naming ByRight(Naming naming) {
  naming.set_by_right(true);
  naming.set_carried(false);
  naming.clear_from();
  naming.clear_by();
  return naming;
}

bool IsOwn(const Naming& naming) { return naming.by_right() && !naming.carried(); }

class Changes {
 public:
  explicit Changes(Blob* blob) : blob_(*blob) {}
  void Add(Naming naming, std::string instead_of = {}) {
    BlobNamed& change = made_.emplace_back();
    *change.mutable_naming() = std::move(naming);
    change.set_instead_of(std::move(instead_of));
    ApplyNamed(change, &blob_);
  }
  // What was handed over follows where it came from, whichever of the two was heard first; and so on from there.
  std::vector<BlobNamed> WithHandOvers() && {
    for (bool more = true; more;) {
      more = false;
      for (int i = 0; i < blob_.naming_size(); ++i) {
        Naming naming = blob_.naming(i);
        if (naming.by_right() || !SenderHasRight(blob_, naming)) continue;
        naming.set_by_right(true);
        Add(std::move(naming));
        more = true;
      }
    }
    return std::move(made_);
  }

 private:
  Blob& blob_;
  std::vector<BlobNamed> made_;
};

}  // namespace

std::string MatterMark(std::string_view sha256, std::string_view service, std::string_view id) {
  return kernel::MatterMark(sha256, service, id);
}

std::string MarkOf(std::string_view sha256, std::string_view matter) {
  return kernel::DocumentMark(sha256, "matter", matter);
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

std::vector<std::string> PersonMarks(std::string_view sha256, const kernel::v1::Actor& actor) {
  return Marks(sha256, actor.user_id(), std::vector<std::string>());
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

bool MayBeRead(const Blob& blob, std::string_view service, std::string_view matter) {
  const Naming* naming = NamingOf(blob, matter);
  return naming != nullptr ? naming->by_right() : LinkedBefore(blob, service);
}

std::vector<BlobNamed> Hear(const Naming& heard, bool uploaded, Blob blob) {
  const Naming* known = NamingOf(blob, heard.matter());
  if (known != nullptr && IsOwn(*known)) return {};
  // What stands in a matter by somebody's word is not handed over because the platform says it once more.
  Naming next = known != nullptr ? *known : heard;
  for (const std::string& by : heard.by()) {
    if (!Has(next.by(), by)) next.add_by(by);
  }
  const int too_many = next.by_size() - kNamersMax;
  if (too_many > 0) next.mutable_by()->DeleteSubrange(0, too_many);
  if (uploaded) next = ByRight(std::move(next));
  if (SenderHasRight(blob, next)) next.set_by_right(true);
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
    if (!IsOwn(naming) && is_one) changes.Add(ByRight(naming));
  }
  return std::move(changes).WithHandOvers();
}

std::vector<BlobNamed> HandBack(const std::string& matter, Blob blob) {
  const Naming* given = NamingOf(blob, matter);
  if (given == nullptr || !given->carried()) return {};
  Naming naming = *given;
  naming.set_by_right(false);
  naming.set_carried(false);
  naming.clear_from();
  std::vector<BlobNamed> made(1);
  *made.back().mutable_naming() = std::move(naming);
  return made;
}

std::vector<v1::BlobTold> Untold(const Blob& blob) {
  std::vector<v1::BlobTold> untold;
  for (const Naming& naming : blob.naming()) {
    // A service that was told as a whole, by an earlier build, knows already.
    if (!naming.by_right() || naming.told() || Has(blob.told(), naming.service())) continue;
    v1::BlobTold& told = untold.emplace_back();
    told.set_service(naming.service());
    told.set_matter(naming.matter());
  }
  return untold;
}

void ApplyTold(const v1::BlobTold& event, Blob* blob) {
  if (event.matter().empty()) return blob->add_told(event.service());
  const auto naming = std::ranges::find(*blob->mutable_naming(), event.matter(), &Naming::matter);
  if (naming != blob->mutable_naming()->end()) naming->set_told(true);
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
