#pragma once
// A domain's reference data as the directory would have told it: the city's own policy folder and calendar,
// one county with a township, two villages, the units and the people tests need. Tests run from the root of the
// repository.

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <string_view>

#include "base/area_code.h"
#include "base/calendar.h"
#include "base/check.h"
#include "directory/v1/notices.pb.h"
#include "services/reference/policy_files.h"
#include "services/reference/reference.h"

namespace tests {

// "2026-11-23 09:30", Asia/Shanghai.
inline int64_t Local(std::string_view text) {
  const auto day = base::ParseDay(text.substr(0, 10));
  CHECK(day.has_value());
  int64_t ms = base::StartOfDayMs(*day);
  if (text.size() >= 16) {
    ms += (text[11] - '0') * 10 * base::kHourMs + (text[12] - '0') * base::kHourMs;
    ms += (text[14] - '0') * 10 * base::kMinuteMs + (text[15] - '0') * base::kMinuteMs;
  }
  return ms;
}
inline int64_t EndOf(std::string_view date) { return base::EndOfDayMs(*base::ParseDay(date)); }

inline directory::v1::Notice AreaNotice(std::string_view code, std::string_view name) {
  directory::v1::Notice notice;
  auto* area = notice.mutable_area_changed();
  area->set_code(std::string(code));
  area->set_name(std::string(name));
  area->set_level(base::LevelOf(code));
  area->set_parent(base::ParentOf(code));
  area->set_valid_from("2020-01-01");
  return notice;
}
inline directory::v1::Notice OrgNotice(std::string_view id, directory::v1::OrgKind kind,
                                       std::string_view area, std::string_view duty = "") {
  directory::v1::Notice notice;
  auto* org = notice.mutable_org_changed();
  org->set_id(std::string(id));
  org->set_name(std::string(id));
  org->set_kind(kind);
  org->set_area_code(std::string(area));
  org->set_level(base::LevelOf(area));
  org->set_duty(std::string(duty));
  return notice;
}

// An account of staff with one post, held always.
inline directory::v1::Notice StaffNotice(std::string_view user_id, kernel::v1::Role role, std::string_view org,
                                         std::string_view area) {
  directory::v1::Notice notice;
  auto* staff = notice.mutable_staff_changed();
  staff->set_user_id(std::string(user_id));
  auto* post = staff->add_post();
  post->set_role(role);
  post->set_org_id(std::string(org));
  post->set_area_code(std::string(area));
  return notice;
}

inline const reference::PolicyFiles& Policies() {
  static const reference::PolicyFiles files = [] {
    auto read = reference::ReadPolicyFolder("policy");
    CHECK(read.ok());
    return *std::move(read);
  }();
  return files;
}

inline reference::Reference Learned() {
  namespace dir = directory::v1;
  reference::Reference reference;
  dir::Notice calendar, policies;
  *calendar.mutable_calendar_loaded() = Policies().calendar;
  *policies.mutable_policy_changed() = Policies().policies;
  auto learn = [&](const dir::Notice& notice) { CHECK(reference.Learn(notice).ok()); };
  learn(calendar);
  learn(policies);
  for (const auto& [code, name] :
       std::initializer_list<std::pair<const char*, const char*>>{{"3714", "德州市"},
                                                                  {"371403", "陵城区"},
                                                                  {"371482", "禹城市"},
                                                                  {"371403001", "安德街道"},
                                                                  {"371403100", "郑家寨镇"},
                                                                  {"371482001", "市中街道"},
                                                                  {"371403001002", "一里社区"},
                                                                  {"371403100201", "三里村"}}) {
    learn(AreaNotice(code, name));
  }
  learn(OrgNotice("v-committee", dir::COMMITTEE, "371403001002", "village"));
  learn(OrgNotice("t-committee", dir::COMMITTEE, "371403001", "township"));
  learn(OrgNotice("c-committee", dir::COMMITTEE, "371403", "county"));
  learn(OrgNotice("medical-committee", dir::COMMITTEE, "371403", "industry-medical"));
  learn(OrgNotice("other-committee", dir::COMMITTEE, "371482", "county"));
  learn(OrgNotice("c-centre", dir::CENTRE, "371403"));
  learn(OrgNotice("t-centre", dir::CENTRE, "371403001"));
  learn(OrgNotice("c-hrss", dir::DEPARTMENT, "371403", "hrss"));
  learn(OrgNotice("c-housing", dir::DEPARTMENT, "371403", "housing"));
  learn(OrgNotice("other-hrss", dir::DEPARTMENT, "371482", "hrss"));
  for (const char* mediator : {"md1", "md2", "md3", "md7"}) {
    learn(StaffNotice(mediator, kernel::v1::ROLE_MD, "v-committee", "371403001002"));
  }
  learn(StaffNotice("mc1", kernel::v1::ROLE_MC, "v-committee", "371403001002"));
  learn(StaffNotice("md-above", kernel::v1::ROLE_MD, "t-committee", "371403001"));
  dir::Notice gone = StaffNotice("md-gone", kernel::v1::ROLE_MD, "v-committee", "371403001002");
  gone.mutable_staff_changed()->set_disabled(true);
  learn(gone);
  for (const char* leader : {"cl1", "leader1", "leader2"}) {
    learn(StaffNotice(leader, kernel::v1::ROLE_CL, "c-gov", "371403"));
  }
  learn(StaffNotice("tl1", kernel::v1::ROLE_TL, "t-gov", "371403001"));
  learn(StaffNotice("cyl1", kernel::v1::ROLE_CYL, "city-gov", "3714"));
  learn(StaffNotice("cl-elsewhere", kernel::v1::ROLE_CL, "other-gov", "371482"));
  learn(StaffNotice("pc1", kernel::v1::ROLE_PC, "c-petition", "371403"));
  return reference;
}

}  // namespace tests
