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
  void Write(std::string text) { pieces_.push_back({0, 0, std::move(text)}); }
  Pieces Take() { return std::move(pieces_); }

 private:
  Pieces pieces_;
};

}  // namespace media
