#include "services/directory/domain/csv.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "base/utf8.h"

namespace directory {
namespace {

// Splits one line; false if a quotation is not closed.
bool SplitLine(std::string_view line, std::vector<std::string>* fields) {
  std::string field;
  bool quoted = false;
  for (size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quoted && c == '"' && i + 1 < line.size() && line[i + 1] == '"') {
      field.push_back('"');
      ++i;
    } else if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      fields->push_back(std::move(field));
      field.clear();
    } else {
      field.push_back(c);
    }
  }
  fields->push_back(std::move(field));
  return !quoted;
}

std::string_view NextLine(std::string_view* text) {
  const size_t end = text->find('\n');
  std::string_view line = text->substr(0, end);
  text->remove_prefix(end == std::string_view::npos ? text->size() : end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

}  // namespace

absl::Status ListError(const Csv& csv, int line, std::string_view column, std::string_view english,
                       std::string_view chinese) {
  std::string text = csv.name + ":" + std::to_string(line) + ": ";
  if (!column.empty()) text.append(column).append(": ");
  text.append(english).append("（").append(chinese).append("）");
  return absl::InvalidArgumentError(text);
}

absl::StatusOr<Csv> ReadCsv(std::string_view name, std::string_view text,
                            const std::vector<std::string>& columns) {
  Csv csv;
  csv.name = std::string(name);
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  if (text.empty()) return ListError(csv, 1, "", "the file is empty or missing", "文件为空或不存在");
  std::vector<std::string> header;
  if (!SplitLine(NextLine(&text), &header))
    return ListError(csv, 1, "", "a quotation is not closed", "引号未闭合");
  std::vector<size_t> position;
  for (const std::string& column : columns) {
    const auto at = std::ranges::find(header, column);
    if (at == header.end()) return ListError(csv, 1, column, "this column is missing", "缺少该列");
    position.push_back(static_cast<size_t>(at - header.begin()));
  }
  csv.column = columns;
  for (int line = 2; !text.empty(); ++line) {
    const std::string_view raw = NextLine(&text);
    if (raw.empty()) continue;
    if (!base::IsValidUtf8(raw)) return ListError(csv, line, "", "not UTF-8", "不是UTF-8编码");
    std::vector<std::string> fields;
    if (!SplitLine(raw, &fields)) return ListError(csv, line, "", "a quotation is not closed", "引号未闭合");
    if (fields.size() != header.size()) {
      return ListError(csv, line, "", std::to_string(header.size()) + " fields expected", "列数与表头不符");
    }
    CsvRow row{line, {}};
    for (size_t at : position) row.field.push_back(std::move(fields[at]));
    csv.row.push_back(std::move(row));
  }
  return csv;
}

}  // namespace directory
