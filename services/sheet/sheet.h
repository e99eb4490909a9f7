#pragma once
// Tables that leave the platform, as CSV or JSON, row by row: whatever their length, one row and one piece are in
// memory. Pure but for the row source it is given; one thread a sheet.
//
//   CSV    RFC 4180: comma, CRLF, quotes doubled; UTF-8 with a byte order mark, as spreadsheet programs expect
//          of Chinese text. The first line names the columns in Chinese. A text that a spreadsheet would take for a
//          formula (= + - @, tab, carriage return) gets an apostrophe in front: it was somebody's words and is not to
//          be run.
//   JSON   {"about": {…}, "columns": [{"key","zh","en"} …], "rows": [{key: value …} …], "count": n}: `count` stands
//          at the end, so who reads it knows that nothing was cut off. Cells that are empty are left out.
//
// Errors: those of the row source end the sheet; what was given out before is then not a whole file.

#include <absl/status/statusor.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "google/api/httpbody.pb.h"

namespace sheet {

enum class Format { kCsv, kJson };

struct Column {
  std::string key;  // lowerCamelCase, as in the API
  std::string zh;
  std::string en;
};

// Empty is not zero: a cell without data has no value.
using Cell = std::variant<std::monostate, std::string, int64_t, bool>;
using Row = std::vector<Cell>;                                           // one cell a column
using NextRow = std::function<absl::StatusOr<std::optional<Row>>()>;  // nullopt: that was all

struct About {
  std::string name;                                           // of the file, without its ending
  std::vector<std::pair<std::string, std::string>> fact;      // what was asked: "areaCode", "371403", …
};

inline constexpr size_t kPieceBytes = 64 << 10;  // aimed at; one row may be longer

class Sheet {
 public:
  Sheet(Format format, About about, std::vector<Column> columns, NextRow rows);

  // The next piece; empty: that was all.
  absl::StatusOr<std::string> NextPiece();
  std::string ContentType() const;
  std::string FileName() const;  // with its ending

 private:
  void Begin(std::string* out) const;
  void AddRow(const Row& row, std::string* out) const;
  void End(std::string* out) const;

  const Format format_;
  const About about_;
  const std::vector<Column> columns_;
  const NextRow rows_;
  int64_t count_ = 0;
  bool begun_ = false;
  bool ended_ = false;
};

// The sheet as a streamed answer; the first piece says what it is. False: there is no more.
std::function<absl::StatusOr<bool>(google::api::HttpBody*)> StreamOf(Sheet sheet);

// Rows that are known already.
NextRow RowsOf(std::vector<Row> rows);

// "2026-11-22 09:30" in China's time, as people write it; empty for 0.
Cell Moment(int64_t at_ms);
// The same of what ends then: the end of a day is "2026-11-22 24:00".
Cell Due(int64_t at_ms);
// Empty for an empty text.
Cell Text(std::string_view text);

}  // namespace sheet
