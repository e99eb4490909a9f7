#include "services/sheet/sheet.h"

#include <absl/strings/str_cat.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <memory>

#include "base/calendar.h"
#include "base/check.h"
#include "base/status_macros.h"
#include "common/v1/download.pb.h"

namespace sheet {
namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
// What table programs take for a formula, in full width too.
constexpr std::array<std::string_view, 10> kFormulaStarts = {"=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"};

std::string Quoted(std::string_view text) {
  std::string out = "\"";
  if (std::ranges::any_of(kFormulaStarts, [&](std::string_view start) { return text.starts_with(start); })) out += '\'';
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out += '"';
}

std::string CsvOf(const Cell& cell) {
  if (const auto* text = std::get_if<std::string>(&cell)) return Quoted(*text);
  if (const auto* number = std::get_if<int64_t>(&cell)) return absl::StrCat(*number);
  if (const auto* yes = std::get_if<bool>(&cell)) return *yes ? "是" : "否";
  return "";
}

std::string JsonText(std::string_view text) {
  return nlohmann::json(std::string(text)).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string JsonOf(const Cell& cell) {
  if (const auto* text = std::get_if<std::string>(&cell)) return JsonText(*text);
  if (const auto* number = std::get_if<int64_t>(&cell)) return absl::StrCat(*number);
  return std::get<bool>(cell) ? "true" : "false";
}

}  // namespace

Sheet::Sheet(Format format, About about, std::vector<Column> columns, NextRow rows)
    : format_(format), about_(std::move(about)), columns_(std::move(columns)), rows_(std::move(rows)) {}

std::string Sheet::ContentType() const {
  return format_ == Format::kCsv ? "text/csv; charset=utf-8" : "application/json";
}

std::string Sheet::FileName() const { return about_.name + (format_ == Format::kCsv ? ".csv" : ".json"); }

absl::StatusOr<std::string> Sheet::NextPiece() {
  std::string out;
  if (ended_) return out;
  if (!begun_) Begin(&out);
  begun_ = true;
  while (out.size() < kPieceBytes) {
    ASSIGN_OR_RETURN(const auto row, rows_());
    if (!row) {
      End(&out);
      ended_ = true;
      return out;
    }
    CHECK_EQ(row->size(), columns_.size());
    AddRow(*row, &out);
    ++count_;
  }
  return out;
}

void Sheet::Begin(std::string* out) const {
  if (format_ == Format::kCsv) {
    out->append(kByteOrderMark);
    for (const Column& column : columns_) {
      absl::StrAppend(out, &column == &columns_.front() ? "" : ",", Quoted(column.zh));
    }
    out->append("\r\n");
    return;
  }
  out->append("{\"about\":{");
  for (const auto& [key, value] : about_.fact) {
    absl::StrAppend(out, &key == &about_.fact.front().first ? "" : ",", JsonText(key), ":", JsonText(value));
  }
  out->append("},\"columns\":[");
  for (const Column& column : columns_) {
    absl::StrAppend(out, &column == &columns_.front() ? "" : ",", "{\"key\":", JsonText(column.key),
                    ",\"zh\":", JsonText(column.zh), ",\"en\":", JsonText(column.en), "}");
  }
  out->append("],\"rows\":[");
}

void Sheet::AddRow(const Row& row, std::string* out) const {
  bool first = true;
  if (format_ == Format::kCsv) {
    for (const Cell& cell : row) absl::StrAppend(out, std::exchange(first, false) ? "" : ",", CsvOf(cell));
    out->append("\r\n");
    return;
  }
  out->append(count_ == 0 ? "\n{" : ",\n{");
  for (size_t i = 0; i < row.size(); ++i) {
    if (std::holds_alternative<std::monostate>(row[i])) continue;
    absl::StrAppend(out, std::exchange(first, false) ? "" : ",", JsonText(columns_[i].key), ":", JsonOf(row[i]));
  }
  out->append("}");
}

void Sheet::End(std::string* out) const {
  if (format_ == Format::kJson) absl::StrAppend(out, "\n],\"count\":", count_, "}\n");
}

std::function<absl::StatusOr<bool>(google::api::HttpBody*)> StreamOf(Sheet sheet) {
  return [sheet = std::make_shared<Sheet>(std::move(sheet)),
          first = true](google::api::HttpBody* body) mutable -> absl::StatusOr<bool> {
    ASSIGN_OR_RETURN(std::string piece, sheet->NextPiece());
    if (piece.empty()) return false;
    body->set_data(std::move(piece));
    if (!std::exchange(first, false)) return true;
    body->set_content_type(sheet->ContentType());
    common::v1::Download download;
    download.set_file_name(sheet->FileName());
    body->add_extensions()->PackFrom(download);
    return true;
  };
}

NextRow RowsOf(std::vector<Row> rows) {
  return [rows = std::move(rows), at = size_t{0}]() mutable -> absl::StatusOr<std::optional<Row>> {
    if (at == rows.size()) return std::optional<Row>();
    return std::optional<Row>(std::move(rows[at++]));
  };
}

Cell Moment(int64_t at_ms) {
  if (at_ms == 0) return {};
  return base::LocalText(at_ms);
}

Cell Due(int64_t at_ms) {
  if (at_ms == 0) return {};
  return base::LocalEndText(at_ms);
}

Cell Text(std::string_view text) {
  if (text.empty()) return {};
  return std::string(text);
}

}  // namespace sheet
