#include "tests/sim/ears.h"

#include <absl/strings/escaping.h>
#include <absl/strings/str_cat.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>

#include "base/check.h"

namespace sim {
namespace {

constexpr size_t kLeaksToldMax = 20;

bool Has(std::string_view bytes, std::string_view mark) { return bytes.find(mark) != std::string_view::npos; }

// The mark at the head of a number, alone or behind the country's code. A moment in milliseconds may hold the same
// digits further back.
bool HasPhone(std::string_view bytes) {
  for (size_t at = bytes.find(kPhoneMark); at != std::string_view::npos; at = bytes.find(kPhoneMark, at + 1)) {
    const size_t before = bytes.substr(0, at).find_last_not_of("0123456789");
    const std::string_view digits = bytes.substr(before == std::string_view::npos ? 0 : before + 1);
    if (digits.starts_with(kPhoneMark) || digits.starts_with("86" + std::string(kPhoneMark))) return true;
  }
  return false;
}

// Enough of what lies before the mark to see which field it is.
std::string Around(std::string_view bytes, std::string_view mark) {
  const size_t at = bytes.find(mark);
  const size_t from = at < 60 ? 0 : at - 60;
  return absl::Utf8SafeCHexEscape(std::string(bytes.substr(from, at - from + mark.size())));
}

}  // namespace

std::string_view PersonalMarkIn(std::string_view bytes) {
  for (const std::string_view mark : kPersonalMarks) {
    if (mark == kPhoneMark ? HasPhone(bytes) : Has(bytes, mark)) return mark;
  }
  return {};
}

// "371403" "20261008" 'J' "000001"
std::string_view AccusationIn(std::string_view bytes) {
  if (Has(bytes, kSealedIdMark)) return kSealedIdMark;
  constexpr size_t kBefore = 14, kAfter = 6;
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  for (size_t at = bytes.find('J'); at != std::string_view::npos; at = bytes.find('J', at + 1)) {
    if (at < kBefore || at + kAfter >= bytes.size()) continue;
    const std::string_view code = bytes.substr(at - kBefore, kBefore + 1 + kAfter);
    if (std::ranges::all_of(code.substr(0, kBefore), digit) && std::ranges::all_of(code.substr(kBefore + 1), digit))
      return code;
  }
  return {};
}

void Ears::Note(std::string text) {
  if (leaks_.size() < kLeaksToldMax) leaks_.push_back(std::move(text));
}

void Ears::OnFrame(std::string_view bytes) {
  ++frames_;
  if (const auto mark = PersonalMarkIn(bytes); !mark.empty()) {
    Note(absl::StrCat("'", std::string(mark), "' in a frame of the bus: ", Around(bytes, mark)));
  }
  if (const auto of = AccusationIn(bytes); !of.empty())
    Note(absl::StrCat("an accusation, '", std::string(of), "', in a frame of the bus: ", Around(bytes, of)));
  if (Has(bytes, kFreeTextMark))
    Note("free text in a frame of the bus: " + Around(bytes, kFreeTextMark));
}

void Ears::OnText(std::string_view where, std::string_view text) {
  ++texts_;
  if (const auto mark = PersonalMarkIn(text); !mark.empty()) {
    Note(absl::StrCat("'", std::string(mark), "' in ", std::string(where)));
  }
}

int LogCapture::NewMemory() {
  const int fd = memfd_create("log", MFD_CLOEXEC);
  CHECK(fd >= 0);
  return fd;
}

LogCapture::LogCapture(int into_fd)
    : own_(into_fd < 0), memory_(own_ ? NewMemory() : into_fd), former_(dup(STDERR_FILENO)) {
  CHECK(former_ >= 0);
  CHECK(dup2(memory_, STDERR_FILENO) >= 0);
}

LogCapture::~LogCapture() {
  dup2(former_, STDERR_FILENO);
  close(former_);
  if (own_) close(memory_);
}

std::string LogCapture::Take() { return Read(memory_); }

std::string LogCapture::Read(int fd) {
  const off_t size = lseek(fd, 0, SEEK_END);
  std::string text(static_cast<size_t>(size), '\0');
  size_t done = 0;
  while (done < text.size()) {
    const ssize_t n = pread(fd, text.data() + done, text.size() - done, static_cast<off_t>(done));
    CHECK(n > 0);
    done += static_cast<size_t>(n);
  }
  return text;
}

}  // namespace sim
