#include "services/reference/asking.h"

#include <map>
#include <string_view>

namespace reference {
namespace {

constexpr int64_t kMinuteSeconds = 60;
constexpr int64_t kHourMinutes = 60;
constexpr size_t kNamedMax = 8;  // categories in a sentence

// What whoever reports is asked for.
enum class Photo { kNone, kAsked, kDemanded };

Photo PhotoOf(const policy::v1::Category& category) {
  if (category.retired() || !category.photo()) return Photo::kNone;
  return category.photo_reason().empty() ? Photo::kAsked : Photo::kDemanded;
}

std::string Named(const AskedMore& more, std::string_view between) {
  std::string names;
  for (size_t i = 0; i < more.categories.size() && i < kNamedMax; ++i) {
    if (i > 0) names += between;
    names += more.categories[i];
  }
  if (more.categories.size() > kNamedMax) names += "…";
  return names;
}

}  // namespace

policy::v1::AskingCost AskingRowOf(const policy::v1::IncidentPolicy& policy) {
  if (policy.has_asking_cost()) return policy.asking_cost();
  policy::v1::AskingCost row;
  row.set_base_seconds(60);
  row.set_question_seconds(10);
  row.set_field_seconds(20);
  row.set_photo_seconds(30);
  return row;
}

int64_t MinutesOf(int64_t seconds) { return (seconds + kMinuteSeconds - 1) / kMinuteSeconds; }

std::string MinutesZh(int64_t minutes) {
  const int64_t hours = minutes / kHourMinutes, rest = minutes % kHourMinutes;
  if (hours == 0) return std::to_string(rest) + " 分钟";
  return std::to_string(hours) + " 小时" + (rest == 0 ? "" : " " + std::to_string(rest) + " 分");
}

std::string MinutesEn(int64_t minutes) {
  const int64_t hours = minutes / kHourMinutes, rest = minutes % kHourMinutes;
  if (hours == 0) return std::to_string(rest) + " min";
  return std::to_string(hours) + " h" + (rest == 0 ? "" : " " + std::to_string(rest) + " min");
}

AskedMore AskedMoreBy(const policy::v1::PolicySet& before, const policy::v1::PolicySet& after) {
  std::map<std::string, Photo> asked;
  for (const auto& category : before.categories().category()) asked[category.code()] = PhotoOf(category);
  AskedMore more;
  for (const auto& category : after.categories().category()) {
    const auto known = asked.find(category.code());
    const Photo was = known == asked.end() ? Photo::kNone : known->second;
    if (PhotoOf(category) > was) more.categories.push_back(category.code());
  }
  more.seconds_per_report = AskingRowOf(before.incident()).photo_seconds();
  more.minutes =
      MinutesOf(static_cast<int64_t>(more.categories.size()) * kReportsReckoned * more.seconds_per_report);
  return more;
}

std::string AskedMoreZh(const AskedMore& more) {
  return "每件约多 " + std::to_string(more.seconds_per_report) + " 秒，× " +
         std::to_string(more.categories.size()) + " 类 × 各 " + std::to_string(kReportsReckoned) +
         " 件 ≈ 共 " + MinutesZh(more.minutes) + "（" + Named(more, "、") + "）。";
}

std::string AskedMoreEn(const AskedMore& more) {
  return "about " + std::to_string(more.seconds_per_report) + " s more a report, x " +
         std::to_string(more.categories.size()) + " categories x " + std::to_string(kReportsReckoned) +
         " reports of each = " + MinutesEn(more.minutes) + " in all (" + Named(more, ", ") + ").";
}

}  // namespace reference
