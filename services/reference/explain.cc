// A clock in words. The Chinese and the English sentence say the same, part by part.
#include <string>
#include <vector>

#include "base/calendar.h"
#include "services/reference/article.h"
#include "services/reference/count.h"
#include "services/reference/deadline.h"
#include "services/reference/holiday.h"

namespace reference {
namespace {

using base::Calendar;
using base::Day;
using common::v1::Clock;
using common::v1::Deadline;
using common::v1::Length;

struct Sentence {
  std::string zh;
  std::string en;
  void Add(const std::string& more_zh, const std::string& more_en) {
    zh += more_zh;
    en += more_en;
  }
};

std::string DaysEn(size_t count, std::string_view what) {
  return std::to_string(count) + " " + std::string(what) + (count == 1 ? "" : "s");
}

// Days between start and due that did not count for the unit, and the make-up days that did.
struct Walked {
  std::vector<Day> skipped;
  std::vector<Day> make_up;
};

Walked Walk(const Clock& clock, const Count& count, const Calendar& calendar) {
  Walked walked;
  const bool working = count.counting != base::Counting::kAll;
  if (!working && !count.rolled) return walked;
  const Day start = base::LocalDay(clock.started_at_ms());
  const Day last = base::LocalDay(clock.due_at_ms() - 1);
  // Of a natural period only the days it was rolled over were skipped.
  const Day first = !working ? count.counted_last : count.by_days ? start + 1 : start;
  for (Day day = first; day <= last; ++day) {
    const base::DayKind kind = calendar.KindOf(day);
    if (kind == base::DayKind::kMakeUp) walked.make_up.push_back(day);
    if (kind == base::DayKind::kWeekend || kind == base::DayKind::kHoliday) walked.skipped.push_back(day);
  }
  return walked;
}

void AddStart(const Clock& clock, const Count& count, Sentence* s) {
  const std::string from = base::LocalText(clock.started_at_ms());
  s->Add("自 " + from + " 起算", "Counted from " + from);
  if (clock.set_due_at_ms() != 0) {
    s->Add("，期限由文书或日期指定", ", due at a moment set by letter or date");
    return;
  }
  s->Add("，期限" + LengthTextZh(clock.length()), ", " + LengthTextEn(clock.length()));
  if (count.by_days) {
    s->Add("，当日不计入", ", the first day not counted");
  } else {
    s->Add(clock.length().unit() == common::v1::WH ? "，只计办公时间" : "，连续计算",
           clock.length().unit() == common::v1::WH ? ", in office hours only" : ", without a break");
  }
}

void AddChanges(const Clock& clock, const Count& count, const Walked& walked, Sentence* s) {
  for (const Length& extension : clock.extension()) {
    s->Add("；经批准延长" + LengthTextZh(extension), "; extended by " + LengthTextEn(extension));
  }
  size_t ended = 0;
  bool paused = false;
  for (const auto& pause : clock.pause()) {
    ended += pause.to_ms() != 0 ? 1 : 0;
    paused = paused || pause.to_ms() == 0;
  }
  if (ended > 0)
    s->Add("；扣除暂停 " + std::to_string(ended) + " 次", "; " + DaysEn(ended, "pause") + " not counted");
  if (paused) s->Add("；目前暂停计时", "; paused now");
  if (count.rolled) {
    s->Add("；末日遇休息日，顺延至下一个工作日",
           "; its last day is a rest day, so it moves to the next working day");
  } else if (!walked.skipped.empty()) {
    s->Add("；跳过休息日 " + std::to_string(walked.skipped.size()) + " 天",
           "; " + DaysEn(walked.skipped.size(), "rest day") + " skipped");
  }
  if (!walked.make_up.empty()) {
    std::string days;
    for (Day day : walked.make_up) days += (days.empty() ? "" : ", ") + base::DayText(day);
    s->Add("；调休上班日计入（" + days + "）", "; make-up working days counted (" + days + ")");
  }
}

void AddEnd(const Clock& clock, const Deadline& deadline, Sentence* s) {
  s->Add("；" + deadline.due_local() + " 到期。", "; due " + deadline.due_local() + ".");
  if (clock.provisional()) {
    s->Add("该日超出已公布的放假安排，下一年度安排公布后重新计算。",
           " Provisional: the official schedule for that day is not out yet, and the date will be computed "
           "again.");
  }
  switch (clock.outcome()) {
    case common::v1::CLOCK_MET:
      s->Add("已按期完成（" + base::LocalText(clock.stopped_at_ms()) + "）。",
             " Met at " + base::LocalText(clock.stopped_at_ms()) + ".");
      break;
    case common::v1::CLOCK_MISSED:
      s->Add("逾期完成（" + base::LocalText(clock.stopped_at_ms()) + "）。",
             " Missed: done at " + base::LocalText(clock.stopped_at_ms()) + ".");
      break;
    case common::v1::CLOCK_CANCELLED:
      s->Add("已取消计时。", " Cancelled.");
      break;
    default:
      break;
  }
  if (!clock.article().empty()) {
    s->Add("依据：" + clock.article() + "。", " Basis: " + ArticleEn(clock.article()) + ".");
  }
}

std::string_view UnitZh(common::v1::TimeUnit unit) {
  switch (unit) {
    case common::v1::D:
      return "日";
    case common::v1::WD:
      return "个工作日";
    case common::v1::MO:
      return "个月";
    case common::v1::WH:
      return "个工作小时";
    case common::v1::UH:
      return "小时";
    case common::v1::UM:
      return "分钟";
    default:
      return "";
  }
}

std::string_view UnitEn(common::v1::TimeUnit unit) {
  switch (unit) {
    case common::v1::D:
      return "day";
    case common::v1::WD:
      return "working day";
    case common::v1::MO:
      return "month";
    case common::v1::WH:
      return "working hour";
    case common::v1::UH:
      return "hour";
    case common::v1::UM:
      return "minute";
    default:
      return "";
  }
}

}  // namespace

std::string LengthTextZh(const Length& length) {
  return std::to_string(length.amount()) + std::string(UnitZh(length.unit()));
}

std::string LengthTextEn(const Length& length) {
  return std::to_string(length.amount()) + " " + std::string(UnitEn(length.unit())) +
         (length.amount() == 1 ? "" : "s");
}

Deadline Explain(const Clock& stored, const LightRule& rule, int64_t now_ms, const Calendar& calendar) {
  Clock clock = stored;  // no moment of it beyond what a sentence can say
  clock.set_started_at_ms(WithinReach(stored.started_at_ms()));
  clock.set_due_at_ms(WithinReach(stored.due_at_ms()));
  clock.set_set_due_at_ms(WithinReach(stored.set_due_at_ms()));
  const Count count = CountClock(clock, calendar);
  const Walked walked = Walk(clock, count, calendar);
  Deadline deadline;
  deadline.set_policy_id(clock.policy_id());
  deadline.set_article(clock.article());
  deadline.set_due_at_ms(clock.due_at_ms());
  deadline.set_due_local(base::LocalEndText(clock.due_at_ms()));
  deadline.set_started_by(clock.started_by());
  deadline.set_started_at_ms(clock.started_at_ms());
  *deadline.mutable_counted_in() = clock.length();
  for (Day day : walked.skipped) {
    if (deadline.skipped_day_size() == kSkippedDaysShownMax) break;
    const std::string name = calendar.NameOf(day);
    deadline.add_skipped_day(base::DayText(day) + " " + name + " / " + RestDayEn(name));
  }
  *deadline.mutable_paused() = clock.pause();
  deadline.set_provisional(clock.provisional());
  deadline.set_rolled_forward(count.rolled);
  deadline.set_light(LightOf(clock, rule, now_ms, calendar));
  deadline.set_yellow_at_ms(YellowFromMs(clock, rule, calendar));
  deadline.set_outcome(clock.outcome());
  deadline.set_holder_org(clock.holder_org());
  deadline.set_stopped_at_ms(clock.stopped_at_ms());
  Sentence sentence;
  AddStart(clock, count, &sentence);
  AddChanges(clock, count, walked, &sentence);
  AddEnd(clock, deadline, &sentence);
  deadline.set_explanation_zh(sentence.zh);
  deadline.set_explanation_en(sentence.en);
  return deadline;
}

}  // namespace reference
