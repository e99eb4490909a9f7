#pragma once
// Puts kept bytes together: neighbours in the source become one piece.

#include <utility>

#include "services/media/content/clean.h"

namespace media {

class PieceList {
 public:
  void Keep(uint64_t offset, uint64_t length) {
    if (length == 0) return;
    if (!pieces_.empty() && pieces_.back().length > 0 && pieces_.back().offset + pieces_.back().length == offset) {
      pieces_.back().length += length;
    } else {
      pieces_.push_back({offset, length, ""});
    }
  }
  // Where it stands, to be written otherwise when more is known.
  size_t Write(std::string text) {
    pieces_.push_back({0, 0, std::move(text)});
    return pieces_.size() - 1;
  }
  void Rewrite(size_t at, std::string text) { pieces_[at].text = std::move(text); }
  Pieces Take() {
    std::erase_if(pieces_, [](const Piece& piece) { return piece.length == 0 && piece.text.empty(); });
    return std::move(pieces_);
  }

 private:
  Pieces pieces_;
};

}  // namespace media
