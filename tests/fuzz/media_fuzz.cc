// A file as somebody may upload it: what it is and what of it is kept. Whatever is kept is a structure that is kept
// again as it is: cleaning twice is cleaning once.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "services/media/content/clean.h"

namespace {

std::string Joined(std::string_view from, const media::Pieces& pieces) {
  std::string out;
  for (const media::Piece& piece : pieces) {
    if (piece.length > 0 && (piece.offset > from.size() || piece.length > from.size() - piece.offset)) abort();
    out += piece.length > 0 ? std::string(from.substr(piece.offset, piece.length)) : piece.text;
  }
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view file(reinterpret_cast<const char*>(data), size);
  (void)media::OrientationOf(file);
  media::TextSource source(file);
  const media::Format format = media::Sniff(file.substr(0, media::kSniffBytes));
  const auto pieces = media::Clean(format, source);
  if (!pieces) return 0;
  const std::string clean = Joined(file, *pieces);
  media::TextSource again(clean);
  const auto twice = media::Clean(format, again);
  if (!twice || Joined(clean, *twice) != clean) abort();
  return 0;
}
