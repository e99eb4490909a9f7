// What others hear of four-colour grading: units, months, versions and counts of colours. No words, no leader's name; a
// grade that is not yet published is told to nobody.
#include <string>

#include "base/area_code.h"
#include "oversight/v1/notices.pb.h"
#include "services/oversight/domain/tasks.h"

namespace oversight {
namespace {

using v1::Event;

kernel::v1::Notice Wrap(std::string_view topic, const std::string& area, const v1::Notice& payload) {
  kernel::v1::Notice notice;
  notice.set_topic(std::string(topic));
  notice.set_area_code(area);
  notice.set_level(base::LevelOf(area));
  notice.set_classification(kernel::v1::INTERNAL);
  notice.set_schema(payload.GetDescriptor()->full_name());
  payload.SerializeToString(notice.mutable_payload());
  return notice;
}

kernel::v1::Notice OfTask(std::string_view topic, std::string_view id, const v1::PlannedTask& task,
                          const common::v1::Clock* waits_for = nullptr, int32_t month = 0, int milestone = 0) {
  v1::Notice notice;
  notice.set_task_id(std::string(id));
  notice.set_to_org(task.lead_org());
  notice.set_issuer_org(task.created_org());
  notice.set_month(month);
  notice.set_milestone(milestone);
  if (waits_for != nullptr) {
    notice.set_due_at_ms(waits_for->due_at_ms());
    notice.set_policy_id(waits_for->policy_id());
  }
  return Wrap(topic, task.area_code(), notice);
}

// Told again by the freeze.
kernel::v1::Notice OfSentBack(std::string_view id, const v1::PlannedTask& task, const v1::ReportSentBack& back) {
  const v1::TaskMonth* of = MonthIn(task, back.month());
  return OfTask("oversight.task_sent_back", id, task, of == nullptr ? nullptr : &of->freeze(), back.month(),
                back.milestone());
}

kernel::v1::Notice OfBoard(const v1::Board& board) {
  v1::Notice notice;
  notice.set_month(board.month());
  notice.set_board_version(board.newest().version());
  for (auto& count : CountsOf(board.entry())) *notice.add_count() = std::move(count);
  return Wrap("oversight.published", board.area_code(), notice);
}

}  // namespace

std::optional<kernel::v1::Notice> PublishTask(std::string_view id, const Event& event, const v1::State& after) {
  const v1::PlannedTask& task = after.planned_task();
  switch (event.body_case()) {
    case Event::kTaskCreated:
      return OfTask("oversight.task_created", id, task);
    case Event::kTaskConfirmed:
      return OfTask("oversight.task_confirmed", id, task);
    case Event::kTaskCancelled:
      return OfTask("oversight.task_cancelled", id, task);
    case Event::kMonthReported: {
      const auto& e = event.month_reported();
      return OfTask("oversight.task_reported", id, task, nullptr, e.month(), e.entry().milestone());
    }
    case Event::kReportSentBack:
      return OfSentBack(id, task, event.report_sent_back());
    case Event::kMonthGraded:
      return OfTask("oversight.graded", id, task, nullptr, event.month_graded().month());
    case Event::kBoardPublished:
    case Event::kBoardCorrected:
      return OfBoard(after.board());
    default:
      return std::nullopt;
  }
}

}  // namespace oversight
