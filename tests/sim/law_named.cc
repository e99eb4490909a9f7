// Law 3 for who is named to something: a mediator of the committee that had the case, a leader over the place, each in
// a post that the directory had told of by then and not taken back. What the services know of staff is not read: only
// what the directory's log says and whom the others' logs name. spec: M7, M8, P28, P30, O11

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/area_code.h"
#include "tests/sim/laws.h"

namespace sim {
namespace {

using directory::v1::Staff;
using kernel::v1::LogRecord;
using kernel::v1::Role;

struct Needed {
  std::vector<Role> roles;
  std::string_view org;   // empty: any
  std::string_view area;  // empty: any
};

class NamedCheck {
 public:
  NamedCheck(const Books& books, Broken* broken) : books_(books), broken_(*broken) {
    for (const LogRecord& record : books.directory) {
      directory::v1::Notice notice;
      CHECK(notice.ParseFromString(record.notice().payload()));
      if (notice.has_staff_changed())
        told_[notice.staff_changed().user_id()].emplace_back(record.recorded_at_ms(), notice.staff_changed());
    }
  }

  void Run() {
    for (const LogRecord& record : books_.mediation.log) Mediators(record);
    for (const LogRecord& record : books_.petition.log) Leaders(record);
    for (const LogRecord& record : books_.oversight.log) {
      const auto event = EventOf<oversight::v1::Event>(record);
      if (!event.has_task_created()) continue;
      const auto& task = event.task_created().task();
      Fit(task.leader_user_id(), {{Role::ROLE_CL, Role::ROLE_CYL}, "", task.area_code()}, record);
    }
  }

 private:
  void Mediators(const LogRecord& record) {
    const auto event = EventOf<mediation::v1::Event>(record);
    std::string& committee = committee_[record.aggregate_id()];
    if (event.has_registered()) committee = event.registered().committee_org();
    if (event.has_transferred()) committee = event.transferred().transfer().to_org();
    const Needed mediator{{Role::ROLE_MD}, committee, ""};
    if (event.has_mediator_chosen()) Fit(event.mediator_chosen().mediator_user_id(), mediator, record);
    const auto together = [&](const auto& named) {
      Fit(named.chair_user_id(), mediator, record);
      for (const std::string& other : named.other_user_id()) Fit(other, mediator, record);
    };
    if (event.has_assigned()) together(event.assigned());
    if (event.has_mediator_replaced()) together(event.mediator_replaced());
  }

  void Leaders(const LogRecord& record) {
    const auto event = EventOf<petition::v1::Event>(record);
    if (event.has_leader_proposed()) {
      const auto petition = books_.petition.states.find(record.aggregate_id());
      const std::string area = petition == books_.petition.states.end() ? "" : petition->second.area_code();
      Fit(event.leader_proposed().user_id(), {{Role::ROLE_CL, Role::ROLE_TL, Role::ROLE_LD}, "", area}, record);
    }
    if (event.has_reception_recorded()) {
      const auto& reception = event.reception_recorded().reception();
      Fit(reception.leader_user_id(),
          {{Role::ROLE_CL, Role::ROLE_TL, Role::ROLE_LD, Role::ROLE_CYL}, "", reception.area_code()}, record);
    }
  }

  // At some time until then, for what was told arrives later than it was said.
  void Fit(const std::string& user, const Needed& needed, const LogRecord& record) {
    const auto told = told_.find(user);
    const bool held = told != told_.end() && std::ranges::any_of(told->second, [&](const auto& said) {
      return said.first <= record.recorded_at_ms() && !Gone(told->second, record.recorded_at_ms()) &&
             std::ranges::any_of(said.second.post(), [&](const auto& post) {
               return std::ranges::find(needed.roles, post.role()) != needed.roles.end() &&
                      (needed.org.empty() || post.org_id() == needed.org) &&
                      (needed.area.empty() || base::Covers(post.area_code(), needed.area));
             });
    });
    if (!held) {
      broken_.push_back(absl::StrCat("law 3: named without the post: ", user, " by ", record.event_type(), " of ",
                                     record.aggregate_id()));
    }
  }

  // Nobody is disabled but before the city begins.
  static bool Gone(const std::vector<std::pair<int64_t, Staff>>& said, int64_t at_ms) {
    return std::ranges::any_of(said, [&](const auto& one) { return one.first <= at_ms && one.second.disabled(); });
  }

  const Books& books_;
  Broken& broken_;
  std::map<std::string, std::vector<std::pair<int64_t, Staff>>> told_;
  std::map<std::string, std::string> committee_;
};

}  // namespace

void CheckNamed(const Books& books, Broken* broken) { NamedCheck(books, broken).Run(); }

}  // namespace sim
