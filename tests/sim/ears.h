#pragma once
// What must not be heard. Every personal value the simulator plants carries a mark that occurs nowhere else,
// so one search finds all of them; free text carries another, because it must not cross the bus. Whatever
// leaves a service or lies in a database is held against the marks.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sim {

inline constexpr std::string_view kNameMark = "龘靐齉";     // in every name
inline constexpr std::string_view kAddressMark = "龖爩鱻";  // in every address
inline constexpr std::string_view kPhoneMark = "1997700";   // at the head of every phone number
inline constexpr std::string_view kIdMark = "19770707";     // in every identity number
inline constexpr std::string_view kSealedMark = "豩籱虪";     // in all words of an accusation
inline constexpr std::array kPersonalMarks = {kNameMark, kAddressMark, kPhoneMark, kIdMark, kSealedMark};
inline constexpr std::string_view kFreeTextMark = "麤灪麣";
// At the end of the id of whatever was an accusation from its first moment on.
inline constexpr std::string_view kSealedIdMark = "QJQJQJQJ";

// "" or what `bytes` holds of an accusation: its id, or a matter code of the series of accusations.
std::string_view AccusationIn(std::string_view bytes);

// "" or the mark that `bytes` holds.
std::string_view PersonalMarkIn(std::string_view bytes);

class Ears {
 public:
  void OnFrame(std::string_view bytes);
  // An answer, a refusal, a line of the log of the process.
  void OnText(std::string_view where, std::string_view text);
  // An answer that differs where it must not; and one that was compared and did not.
  void OnTold(std::string text) { Note(std::move(text)); }
  void OnCompared() { ++compared_; }
  uint64_t compared() const { return compared_; }
  const std::vector<std::string>& leaks() const { return leaks_; }
  uint64_t frames() const { return frames_; }
  uint64_t texts() const { return texts_; }

 private:
  void Note(std::string text);
  std::vector<std::string> leaks_;
  uint64_t frames_ = 0, texts_ = 0, compared_ = 0;
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
