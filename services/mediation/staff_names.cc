#include "services/mediation/staff_names.h"

#include <algorithm>

#include "base/log.h"
#include "common/v1/names.pb.h"
#include "services/rpc/told.h"

namespace mediation {
namespace {

constexpr size_t kNamesInOneCall = 50;  // as many as the directory answers at a time
constexpr const char* kNamesOf = "/directory.v1.Directory/NamesOf";

absl::Status CannotAsk() {
  return rpc::Told(absl::StatusCode::kUnavailable, "NAMES_UNAVAILABLE",
                   "暂时无法向目录服务查询工作人员姓名，未生成文书，请稍后再试。",
                   "The directory cannot be asked what the staff are called, so no paper was made; try again later.");
}

}  // namespace

std::set<std::string> StaffIn(const CaseFacts& facts) {
  std::set<std::string> ids{facts.state.chair_user_id()};
  ids.insert(facts.state.mediator_user_id().begin(), facts.state.mediator_user_id().end());
  for (const auto& visit : facts.state.visit()) ids.insert(visit.by_user_id());
  ids.insert(facts.state.agreement().mediator_signed_user_id());
  for (const auto& step : facts.steps) {
    ids.insert(step.actor_id);
    if (step.event.has_assigned()) {
      ids.insert(step.event.assigned().chair_user_id());
      ids.insert(step.event.assigned().other_user_id().begin(), step.event.assigned().other_user_id().end());
    }
    if (step.event.has_mediator_replaced()) {
      const auto& replaced = step.event.mediator_replaced();
      ids.insert(replaced.chair_user_id());
      ids.insert(replaced.other_user_id().begin(), replaced.other_user_id().end());
      ids.insert(replaced.replaced_user_id().begin(), replaced.replaced_user_id().end());
    }
  }
  ids.erase("");
  return ids;
}

absl::StatusOr<std::map<std::string, std::string, std::less<>>> StaffNames::Of(
    const rpc::Caller& caller, const std::set<std::string>& user_ids) const {
  rpc::CallSettings settings;
  settings.token = caller.token;
  settings.request_id = caller.request_id;
  settings.traceparent = caller.traceparent;
  std::map<std::string, std::string, std::less<>> names;
  for (auto next = user_ids.begin(); next != user_ids.end();) {
    common::v1::NamesOfRequest request;
    while (next != user_ids.end() && static_cast<size_t>(request.user_id_size()) < kNamesInOneCall) {
      request.add_user_id(*next++);
    }
    common::v1::NamesOfResponse response;
    const rpc::CallResult result = ask_("directory", kNamesOf, request, &response, settings);
    if (!result.ok()) {
      base::Log(base::kError, "cannot ask the directory for names",
                {{"error", result.status.error_message()}, {"request_id", caller.request_id}});
      return CannotAsk();
    }
    for (const auto& one : response.staff()) names.insert_or_assign(one.user_id(), one.name());
  }
  return names;
}

}  // namespace mediation
