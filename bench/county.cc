#include "bench/county.h"

#include <cstdio>
#include <utility>

#include "base/area_code.h"
#include "base/check.h"
#include "services/reference/policy_files.h"

namespace bench {
namespace {

namespace dir = directory::v1;

constexpr char kCounty[] = "371403";
constexpr int kTownships = 12;
constexpr int kVillages = 10;

std::string Code(const char* parent, int number) {
  char text[16];
  std::snprintf(text, sizeof(text), "%s%03d", parent, number);
  return text;
}

void LearnOrg(incident::Knowledge* known, const std::string& id, const std::string& area, dir::OrgKind kind,
              const char* duty) {
  dir::Notice notice;
  auto* org = notice.mutable_org_changed();
  org->set_id(id);
  org->set_name(id);
  org->set_kind(kind);
  org->set_area_code(area);
  org->set_level(base::LevelOf(area));
  org->set_duty(duty);
  CHECK(known->Learn(notice).ok());
}

void LearnArea(incident::Knowledge* known, const std::string& code) {
  dir::Notice notice;
  auto* area = notice.mutable_area_changed();
  area->set_code(code);
  area->set_name(code);
  area->set_level(base::LevelOf(code));
  area->set_parent(base::ParentOf(code));
  area->set_valid_from("2020-01-01");
  CHECK(known->Learn(notice).ok());
  if (area->level() == common::v1::VILLAGE) return;
  LearnOrg(known, code + "-centre", code, dir::CENTRE, "");
  if (area->level() == common::v1::TOWNSHIP) LearnOrg(known, code + "-urban", code, dir::DEPARTMENT, "urban");
}

std::string TownshipOf(int number) { return Code(kCounty, 1 + number % kTownships); }

kernel::v1::Actor Person(std::string user, kernel::v1::Role role, std::string org, std::string area) {
  kernel::v1::Actor person;
  person.set_session_id("session-" + user);
  person.set_user_id(std::move(user));
  kernel::v1::Grant* grant = person.add_grant();
  grant->set_role(role);
  grant->set_org_id(std::move(org));
  grant->set_area_code(std::move(area));
  return person;
}

}  // namespace

incident::Knowledge County() {
  incident::Knowledge known;
  const auto files = reference::ReadPolicyFolder("policy");
  CHECK(files.ok()) << files.status() << " (run it from the root of the repository)";
  dir::Notice calendar, policies;
  *calendar.mutable_calendar_loaded() = files->calendar;
  *policies.mutable_policy_changed() = files->policies;
  CHECK(known.Learn(calendar).ok() && known.Learn(policies).ok());
  LearnArea(&known, "3714");
  LearnArea(&known, kCounty);
  for (int t = 1; t <= kTownships; ++t) {
    const std::string township = Code(kCounty, t);
    LearnArea(&known, township);
    for (int v = 1; v <= kVillages; ++v) LearnArea(&known, Code(township.c_str(), v));
  }
  return known;
}

kernel::v1::Actor Worker(int number) {
  const std::string township = TownshipOf(number);
  const std::string village = Code(township.c_str(), 1 + number / kTownships % kVillages);
  return Person("worker-" + std::to_string(number), kernel::v1::ROLE_GW, township + "-grids", village + "001");
}

kernel::v1::Actor Dispatcher(int number) {
  const std::string township = TownshipOf(number);
  return Person("dispatcher-" + township, kernel::v1::ROLE_TD, township + "-centre", township);
}

std::string UnitOf(int number) { return TownshipOf(number) + "-urban"; }

kernel::v1::Actor Handler(int number) {
  const std::string township = TownshipOf(number);
  return Person("handler-" + township, kernel::v1::ROLE_DH, UnitOf(number), township);
}

incident::v1::ReportRequest Report(const std::string& request_id, int64_t device_at_ms) {
  incident::v1::ReportRequest report;
  report.set_request_id(request_id);
  report.set_device_at_ms(device_at_ms);
  report.set_category("0706");
  report.set_title("东关路口小广告");
  report.set_text("墙上和电线杆上贴满小广告，路口南侧约二十米内都有，影响村容，需要清理并联系张贴人。");
  report.mutable_place()->set_text("东关路口南侧公交站牌旁");
  report.mutable_place()->set_lon(116.57);
  report.mutable_place()->set_lat(37.33);
  report.mutable_place()->set_has_position(true);
  return report;
}

}  // namespace bench
