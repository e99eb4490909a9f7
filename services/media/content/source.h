#pragma once
// Bytes that may be looked at anywhere: a file, or a text in a test.

#include <cstdint>
#include <string>
#include <string_view>

namespace media {

class Source {
 public:
  virtual ~Source() = default;
  virtual uint64_t size() const = 0;
  // At most `count` bytes from `offset`; fewer at the end, none behind it. What cannot be read any more is as if it
  // were not there: the reader then finds a cut-off file, and whoever owns the source knows why.
  virtual std::string Read(uint64_t offset, size_t count) = 0;
};

class TextSource final : public Source {
 public:
  explicit TextSource(std::string_view text) : text_(text) {}
  uint64_t size() const override { return text_.size(); }
  std::string Read(uint64_t offset, size_t count) override {
    return offset >= text_.size() ? "" : std::string(text_.substr(offset, count));
  }

 private:
  const std::string_view text_;
};

}  // namespace media
