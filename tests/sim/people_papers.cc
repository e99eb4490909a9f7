// Whoever scans what they name: most papers are uploaded at once, some days later, some only when somebody asks for
// them. A paper counts for a matter when whoever named it there, or their organisation, had it, so they upload it. The
// bytes themselves are not played; what media is told of them is.

#include <absl/strings/str_cat.h>
#include <absl/strings/substitute.h>

#include <algorithm>
#include <functional>

#include "services/mediation/domain/papers.h"
#include "services/petition/domain/decide.h"
#include "services/reference/kept.h"
#include "services/reference/mentions.h"
#include "tests/sim/actors.h"
#include "tests/sim/city.h"

namespace sim {
namespace {

constexpr int64_t kHourMs = 3'600'000;
constexpr int64_t kUploadedLateMs = 72 * kHourMs;
constexpr int64_t kAtOnceMs = 1;  // by then it is known who names it
constexpr size_t kUploaders = 30;
constexpr size_t kDigestCharacters = 64;

// Of a paper that nobody named after all.
kernel::v1::Actor SomeUploader(const std::string& upload_id) {
  return As(kernel::v1::ROLE_MR, "", "", absl::StrCat("uploader-", std::hash<std::string>()(upload_id) % kUploaders));
}

}  // namespace

// The digest of a paper that nobody has seen yet. Without digits: no part of it is taken for a telephone number.
std::string City::Scan() {
  std::string sha256;
  for (uint64_t drawn = 0; sha256.size() < kDigestCharacters; drawn /= 6) {
    if (drawn < 6) drawn = world_.random.Next();
    sha256 += static_cast<char>('a' + drawn % 6);
  }
  const uint64_t die = world_.random.Below(100);
  if (die < 45) {
    world_.After(kAtOnceMs, [this, sha256] { Upload(sha256); });
  } else if (die < 85) {
    world_.After(static_cast<int64_t>(world_.random.Below(kUploadedLateMs)), [this, sha256] { Upload(sha256); });
  }
  return sha256;
}

void City::Upload(const std::string& sha256) {
  rpc::IdSource ids(base::Random(world_.random.Next()));
  const std::string id = ids.NewUlid(world_.clock.NowMs());
  const auto namer = namers_.find(sha256);
  uploads_[id] = {sha256, namer != namers_.end() ? namer->second : SomeUploader(id)};
  Ask(media_, id, true, {uploads_[id].by, "create_upload { length: 4096 }"});
}

void City::FinishUpload(const std::string& id) {
  const auto [sha256, by] = uploads_[id];
  uploads_.erase(id);
  Ask(media_, id, false,
      {by, absl::Substitute("store_upload { stored { sha256: '$0' kind: PAPER content_type: "
                            "'application/pdf' bytes: 4096 } }",
                            sha256)});
  world_.After(media::kUnlinkedMs + kHourMs, [this, sha256 = sha256] { LookAtBlob(sha256); });
}

// What the janitor does with a blob that nobody claimed: it asks whoever may hold it in silence.
void City::LookAtBlob(const std::string& sha256) {
  const std::string id = media::BlobId(sha256);
  if (media_.up() && petition_.up()) {
    const auto stored = media_.Read().Get(id);
    CHECK(stored.ok()) << stored.status();
    const bool waits = *stored && (*stored)->state.blob().present() && (*stored)->state.blob().service().empty();
    if (!waits) return;
    if ((*stored)->state.blob().doubted()) {
      const bool held = HoldsInSilence(sha256);
      Ask(media_, id, false,
          {Platform(),
           held ? "hear_mention { service: 'petition' in_silence: true }" : "expire_blob { unclaimed: true }"});
      return;
    }
  }
  world_.After(kHourMs, [this, sha256] { LookAtBlob(sha256); });
}

bool City::HoldsInSilence(const std::string& sha256) const {
  const auto reader = petition_.Read();
  std::string position;
  do {
    const auto page = reader.List("sealed", "", kernel::kPageMax, position);
    CHECK(page.ok()) << page.status();
    for (const auto& item : page->items) {
      const auto stored = reader.Get(item.aggregate_id);
      CHECK(stored.ok() && *stored);
      const auto named = reference::MentionedDocuments((*stored)->state);
      if (std::ranges::find(named, sha256) != named.end()) return true;
    }
    position = page->next_page_token;
  } while (!position.empty());
  return false;
}

bool City::HasCome(std::string_view sha256, std::string_view case_id) const {
  const auto known = mediation_.Read().Get(reference::DocumentId(sha256));
  CHECK(known.ok()) << known.status();
  return *known && mediation::HasCome(&(*known)->state, sha256, case_id);
}

std::string City::SignedPaper(const std::string& id, const Petition& state) const {
  for (const std::string& sha256 : state.progress_sha256()) {
    const auto known = petition_.Read().Get(reference::DocumentId(sha256));
    CHECK(known.ok()) << known.status();
    if (*known && petition::HasCome(&(*known)->state, sha256, id)) return sha256;
  }
  return {};
}

}  // namespace sim
