#include "services/oversight/figure_sheet.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "base/check.h"
#include "services/oversight/domain/grading.h"

namespace oversight {
namespace {

using sheet::Cell, sheet::Row, sheet::Text;

constexpr std::string_view kReplaced = "已被更正";

std::string_view StateWord(const v1::Figure& figure) {
  if (figure.hidden()) return "数量过少，不显示";
  if (figure.no_data()) return "无数据";
  return figure.provisional() ? "暂计" : "";
}

std::string_view UnitWord(std::string_view unit) {
  if (unit == "WD") return "工作日";
  if (unit == "UH") return "小时";
  return unit == "WH" ? "工作时" : "日";
}

Cell Decimal(double value) {
  const auto hundredths = static_cast<int64_t>(value * 100 + 0.5);
  const int64_t cents = hundredths % 100;
  return absl::StrCat(hundredths / 100, cents < 10 ? ".0" : ".", cents);
}

// A row under construction: cells by the names of their columns.
class Line {
 public:
  explicit Line(const v1::Figure& figure) : row_(FigureColumns().size()) {
    Set("id", figure.id());
    Set("nameZh", figure.name_zh());
    Set("nameEn", figure.name_en());
  }
  void Set(std::string_view key, Cell cell) {
    const auto& columns = FigureColumns();
    const auto at = std::ranges::find_if(columns, [&](const sheet::Column& column) { return column.key == key; });
    CHECK(at != columns.end()) << std::string(key);
    row_[static_cast<size_t>(at - columns.begin())] = std::move(cell);
  }
  Row Take() { return std::move(row_); }

 private:
  Row row_;
};

Row WholeRow(const v1::Figure& figure) {
  Line line(figure);
  if (figure.has_numerator()) line.Set("numerator", figure.numerator());
  if (figure.has_denominator()) line.Set("denominator", figure.denominator());
  if (figure.has_value()) line.Set("value", Decimal(figure.value()));
  line.Set("unit", v1::FigureUnit_Name(figure.unit()));
  line.Set("state", Text(StateWord(figure)));
  line.Set("settledDay", Text(figure.settled_day()));
  line.Set("definitionZh", figure.definition_zh());
  line.Set("definitionEn", figure.definition_en());
  line.Set("definitionVersion", int64_t{figure.definition_version()});
  return line.Take();
}

Row DurationRow(const v1::Figure& figure, const v1::Figure::Duration& duration) {
  Line line(figure);
  line.Set("part", duration.unit());
  line.Set("partName", std::string(UnitWord(duration.unit())));
  line.Set("count", int64_t{duration.count()});
  line.Set("mean", Decimal(duration.mean()));
  line.Set("median", int64_t{duration.median()});
  line.Set("p90", int64_t{duration.p90()});
  return line.Take();
}

// A score, or a colour altogether.
Row BucketRow(const v1::Figure& figure, const v1::Figure::Bucket& bucket) {
  Line line(figure);
  line.Set("part", bucket.key());
  v1::Grade grade = v1::GRADE_UNSPECIFIED;
  const bool colour = v1::Grade_Parse(bucket.key(), &grade) && grade != v1::GRADE_UNSPECIFIED;
  line.Set("partName", colour ? std::string(WordOf(grade).name_zh) : bucket.key() + "分");
  line.Set("count", int64_t{bucket.count()});
  return line.Take();
}

Row PartlyRow(const v1::Figure& figure) {
  Line line(figure);
  line.Set("part", Text("PARTLY"));
  line.Set("partName", absl::StrCat("部分计入，每件计千分之", figure.partly_permille()));
  line.Set("count", int64_t{figure.partly()});
  return line.Take();
}

Row GradedRow(const v1::Figure& figure, const v1::GradeCount& graded) {
  Line line(figure);
  line.Set("part", v1::Grade_Name(graded.grade()));
  line.Set("partName", std::string(WordOf(graded.grade()).name_zh));
  line.Set("orgId", graded.org_id());
  line.Set("count", int64_t{graded.count()});
  return line.Take();
}

// What an office entered; `Shown`: what counts, or what stood there before.
template <class Shown>
Row EnteredRow(const v1::Figure& figure, const std::string& month, const Shown& shown, std::string_view state) {
  Line line(figure);
  line.Set("part", month);
  line.Set("numerator", int64_t{shown.counted()});
  line.Set("denominator", int64_t{shown.of()});
  line.Set("state", Text(state));
  line.Set("orgId", Text(shown.org_id()));
  line.Set("source", Text(shown.source()));
  line.Set("sourceDay", Text(shown.source_day()));
  line.Set("enteredAt", sheet::Moment(shown.recorded_at_ms()));
  line.Set("revision", int64_t{shown.revision()});
  line.Set("reason", Text(shown.reason()));
  return line.Take();
}

}  // namespace

const std::vector<sheet::Column>& FigureColumns() {
  static const std::vector<sheet::Column> kColumns = {
      {"id", "指标", "Figure"},
      {"nameZh", "名称", "Name in Chinese"},
      {"nameEn", "英文名称", "Name in English"},
      {"numerator", "分子", "Numerator"},
      {"denominator", "分母", "Denominator"},
      {"value", "值", "Value"},
      {"unit", "单位", "Unit"},
      {"state", "说明", "State"},
      {"settledDay", "定数日", "Settled"},
      {"definitionZh", "口径", "Definition in Chinese"},
      {"definitionEn", "英文口径", "Definition in English"},
      {"definitionVersion", "口径版本", "Definition version"},
      {"part", "细目代码", "Part"},
      {"partName", "细目", "Part, in words"},
      {"orgId", "责任单位或录入单位", "Unit: graded, or that entered it"},
      {"count", "数量", "Count"},
      {"mean", "平均数", "Mean"},
      {"median", "中位数", "Median"},
      {"p90", "第九十百分位", "90th percentile"},
      {"source", "来源", "Source"},
      {"sourceDay", "来源日期", "Day of the source"},
      {"enteredAt", "录入时间", "Entered"},
      {"revision", "版次", "Revision"},
      {"reason", "更正理由", "Why it was replaced"}};
  return kColumns;
}

void AddFigureRows(const v1::Figure& figure, std::vector<sheet::Row>* rows) {
  rows->push_back(WholeRow(figure));
  for (const auto& duration : figure.duration()) rows->push_back(DurationRow(figure, duration));
  if (figure.partly_permille() != 0) rows->push_back(PartlyRow(figure));
  for (const auto& bucket : figure.distribution()) rows->push_back(BucketRow(figure, bucket));
  for (const auto& graded : figure.graded()) rows->push_back(GradedRow(figure, graded));
  for (const auto& month : figure.outside()) {
    rows->push_back(EnteredRow(figure, month.month(), month, ""));
    for (const auto& former : month.former()) rows->push_back(EnteredRow(figure, month.month(), former, kReplaced));
  }
}

}  // namespace oversight
