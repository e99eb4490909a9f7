#include "base/log.h"

#include <unistd.h>

#include <array>
#include <atomic>
#include <cmath>
#include <cstdio>
#include <ctime>

#include "base/clock.h"
#include "base/utf8.h"

namespace base {
namespace {

constexpr std::array<std::string_view, 4> kLevelNames = {"debug", "info", "warning", "error"};
constexpr size_t kServiceNameMax = 31;

struct Process {
  std::array<char, kServiceNameMax + 1> service{};
  std::atomic<LogLevel> lowest{kInfo};
};

Process& ThisProcess() {
  static Process process;
  return process;
}

void AppendTime(std::string* out, int64_t now_ms) {
  const std::time_t seconds = static_cast<std::time_t>(now_ms / 1000);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 80> text;
  std::snprintf(text.data(), text.size(), "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", parts.tm_year + 1900,
                parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec,
                static_cast<int>(now_ms % 1000));
  *out += text.data();
}

// Length of one valid character at the front, 0 if it is not valid.
size_t ValidPrefix(std::string_view text) {
  for (size_t length = 1; length <= 4 && length <= text.size(); ++length) {
    if (IsValidUtf8(text.substr(0, length))) return length;
  }
  return 0;
}

}  // namespace

void AppendJsonString(std::string* out, std::string_view text) {
  out->push_back('"');
  while (!text.empty()) {
    const size_t length = ValidPrefix(text);
    const char c = text[0];
    if (length == 0) {
      *out += "\xef\xbf\xbd";
    } else if (length > 1) {
      out->append(text.substr(0, length));
    } else if (c == '"' || c == '\\') {
      out->push_back('\\');
      out->push_back(c);
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      std::array<char, 8> escape;
      std::snprintf(escape.data(), escape.size(), "\\u%04x", static_cast<unsigned>(c));
      *out += escape.data();
    } else {
      out->push_back(c);
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  out->push_back('"');
}

void LogValue::AppendJson(std::string* out) const {
  if (const auto* text = std::get_if<std::string_view>(&value_)) {
    size_t length = text->size() < kLogValueBytesMax ? text->size() : kLogValueBytesMax;
    while (length < text->size() && length > 0 && ((*text)[length] & 0xc0) == 0x80) --length;
    AppendJsonString(out, text->substr(0, length));
  } else if (const auto* flag = std::get_if<bool>(&value_)) {
    *out += *flag ? "true" : "false";
  } else if (const auto* number = std::get_if<int64_t>(&value_)) {
    *out += std::to_string(*number);
  } else {
    const double real = std::get<double>(value_);
    std::array<char, 32> digits;
    std::snprintf(digits.data(), digits.size(), "%.6g", real);
    *out += std::isfinite(real) ? digits.data() : "null";
  }
}

std::string LogLine(int64_t now_ms, LogLevel level, std::string_view service, std::string_view message,
                    std::initializer_list<LogField> fields) {
  std::string line = "{\"time\":\"";
  AppendTime(&line, now_ms);
  line += "\",\"level\":\"";
  line += kLevelNames[level];
  line += "\"";
  if (!service.empty()) {
    line += ",\"service\":";
    AppendJsonString(&line, service);
  }
  line += ",\"message\":";
  LogValue(message).AppendJson(&line);
  for (const LogField& field : fields) {
    line += ",";
    AppendJsonString(&line, field.key);
    line += ":";
    field.value.AppendJson(&line);
  }
  line += "}";
  return line;
}

void StartLog(std::string_view service, LogLevel lowest) {
  Process& process = ThisProcess();
  const std::string_view cut = service.substr(0, kServiceNameMax);
  process.service.fill('\0');
  cut.copy(process.service.data(), cut.size());
  process.lowest = lowest;
}

void Log(LogLevel level, std::string_view message, std::initializer_list<LogField> fields) {
  const Process& process = ThisProcess();
  if (level < process.lowest) return;
  std::string line = LogLine(SystemClock().NowMs(), level, process.service.data(), message, fields);
  line += "\n";
  // A log that cannot be written has nobody to tell.
  [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace base
