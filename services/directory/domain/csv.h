#pragma once
// Comma-separated text with a header line (RFC 4180 without line breaks inside fields). Pure. Errors name
// file and line.

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <string>
#include <string_view>
#include <vector>

namespace directory {

struct CsvRow {
  int line = 0;  // of the file, from 1
  std::vector<std::string> field;
};

struct Csv {
  std::string name;
  std::vector<std::string> column;
  std::vector<CsvRow> row;
};

// Reads `text`, wants at least the columns named, and hands every row's fields in exactly that order.
absl::StatusOr<Csv> ReadCsv(std::string_view name, std::string_view text,
                            const std::vector<std::string>& columns);

// "villages.csv:17: code: 12 digits expected（编码应为12位数字）"
absl::Status ListError(const Csv& csv, int line, std::string_view column, std::string_view english,
                       std::string_view chinese);

}  // namespace directory
