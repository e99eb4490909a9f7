#pragma once
// What must not be heard. Every personal value the simulator plants carries a mark that occurs nowhere else,
// so one search finds all of them; free text carries another, because it must not cross the bus. Whatever
// leaves a service or lies in a database is held against the marks.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sim {

inline constexpr std::string_view kNameMark = "龘靐齉";     // in every name
inline constexpr std::string_view kAddressMark = "龖爩鱻";  // in every address
inline constexpr std::string_view kPhoneMark = "1997700";   // at the head of every phone number
inline constexpr std::string_view kIdMark = "19770707";     // in every identity number
inline constexpr std::array kPersonalMarks = {kNameMark, kAddressMark, kPhoneMark, kIdMark};
inline constexpr std::string_view kFreeTextMark = "麤灪麣";

// "" or the mark that `bytes` holds.
std::string_view PersonalMarkIn(std::string_view bytes);

class Ears {
 public:
  void OnFrame(std::string_view bytes);
  // An answer, a refusal, a line of the log of the process.
  void OnText(std::string_view where, std::string_view text);
  const std::vector<std::string>& leaks() const { return leaks_; }
  uint64_t frames() const { return frames_; }
  uint64_t texts() const { return texts_; }

 private:
  void Note(std::string text);
  std::vector<std::string> leaks_;
  uint64_t frames_ = 0, texts_ = 0;
};

// Takes what the process writes to standard error while it lives.
class LogCapture {
 public:
  explicit LogCapture(int into_fd);  // -1: into memory of its own
  ~LogCapture();
  LogCapture(const LogCapture&) = delete;
  LogCapture& operator=(const LogCapture&) = delete;
  std::string Take();  // everything so far
  static int NewMemory();
  static std::string Read(int fd);

 private:
  const bool own_;
  int memory_ = -1;
  int former_ = -1;
};

}  // namespace sim
