#pragma once
// One JSON object a line on standard error, written whole by one write(2): lines of several threads never
// mix.
//   {"time":"2026-10-08T08:30:00.123Z","level":"info","service":"incident","message":"ready","events":12}
// Never put personal data into a field. Any thread. The service's name and the lowest level written are set
// once, at start; they are the only state of the process that is not passed around, because a CHECK and a
// library callback must be able to log without being handed anything.

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

namespace base {

enum LogLevel { kDebug = 0, kInfo = 1, kWarning = 2, kError = 3 };

inline constexpr size_t kLogValueBytesMax = 4096;  // longer values are cut at a character

class LogValue {
 public:
  LogValue(std::string_view text) : value_(text) {}  // NOLINT: implicit, for {{"key", value}}
  LogValue(const std::string& text) : value_(std::string_view(text)) {}  // NOLINT
  LogValue(const char* text) : value_(std::string_view(text)) {}         // NOLINT
  LogValue(bool value) : value_(value) {}                                // NOLINT
  template <std::integral T>
  LogValue(T value) : value_(static_cast<int64_t>(value)) {}  // NOLINT
  LogValue(double value) : value_(value) {}                   // NOLINT
  void AppendJson(std::string* out) const;

 private:
  std::variant<std::string_view, bool, int64_t, double> value_;
};

struct LogField {
  std::string_view key;
  LogValue value;
};

void StartLog(std::string_view service, LogLevel lowest);
void Log(LogLevel level, std::string_view message, std::initializer_list<LogField> fields = {});

// The line Log would write, without the newline.
std::string LogLine(int64_t now_ms, LogLevel level, std::string_view service, std::string_view message,
                    std::initializer_list<LogField> fields);

// A JSON string with its quotes; bytes that are not UTF-8 become U+FFFD.
void AppendJsonString(std::string* out, std::string_view text);

}  // namespace base
