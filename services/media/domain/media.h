#pragma once
// What media knows of uploads and of what it keeps. Pure. Called from the writer thread and from replay only. The bytes
// are not here: an upload grows in a file of its own (staging.h) and is told to the domain when it is whole.
//
//   upload   RECEIVING ─► STORED | REFUSED | TERMINATED | EXPIRED
//   blob     present, expiring ─► referred to: kept for ever
//                              └► doubted ─► referred to, in silence
//                                         └► expired, and present again when the same bytes come again
//
// An accusation tells nobody what it refers to, so before a blob goes, the services that keep silent are asked
// (janitor.h). While they cannot be asked it stays, and is doubted again.
//
// A blob that is referred to before its bytes are here (a stream runs ahead, a backup was brought back) is remembered
// as referred to. Of each matter that refers to it stands beside it, in marks, whether it does so by right (naming.h).
//
// When both are known, that the bytes are here and that a matter refers to them by right, its service is told, once for
// each such matter. Blobs that are referred to are never removed, so nothing ever has to be taken back.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "media/v1/media.pb.h"
#include "services/kernel/domain.h"
#include "services/media/domain/limits.h"

namespace media {

inline constexpr std::string_view kBlobPrefix = "blob/";

// What an installation allows. Events carry what was computed from it.
struct Terms {
  uint64_t photo_bytes_max = kPhotoBytesMax;
  uint64_t voice_bytes_max = kVoiceBytesMax;
  uint64_t paper_bytes_max = kPaperBytesMax;
  int64_t unlinked_ms = kUnlinkedMs;

  uint64_t BytesMaxOf(v1::Kind kind) const;
  uint64_t BytesMax() const;  // of any kind
};

struct MediaDomain {
  using State = v1::State;
  using Command = v1::Command;
  using Event = v1::Event;
  using Reference = Terms;
  static constexpr std::string_view kService = "media";
  // Positions are numbers on disk: append only.  receiving: owner '/'   uploaded: naming.h, of what came whole
  static constexpr std::array<std::string_view, 2> kIndexes = {"receiving", "uploaded"};

  static kernel::Decision<Event> Decide(const State&, const Command&, const kernel::CommandContext<State>&,
                                        const Terms&);
  static void Apply(const Event&, int64_t now_ms, State*);
  static std::vector<kernel::Timer> Timers(const State&);
  static std::vector<kernel::IndexEntry> Indexes(std::string_view id, const State&);
  static std::vector<kernel::TallyEntry> Tallies(const State&);
  static std::optional<kernel::v1::Notice> Publish(std::string_view id, const Event&, const State& before,
                                                   const State& after);
  static Command Fire(std::string_view timer, int64_t due_ms);
  static void Observe(std::string_view, const State&, Terms*) {}
  static void Answer(const State& after, kernel::v1::Receipt* receipt);
};
static_assert(kernel::Domain<MediaDomain>);

// The blob of these bytes; and back. Empty: not the id of a blob.
std::string BlobId(std::string_view sha256);
std::string_view Sha256Of(std::string_view blob_id);
bool IsDigest(std::string_view text);  // 64 lower-case hex digits
// Was linked before media knew the matters, and has not heard yet that the bytes are here.
bool MayBeTold(const v1::Blob& blob, std::string_view service);

}  // namespace media
