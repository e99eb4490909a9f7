// Who holds what in the city, told by the directory under opaque ids; and some who may not be named to anything: a
// clerk, a resident, a mediator whose account was disabled before the city began.

#include <absl/strings/str_cat.h>
#include <absl/strings/substitute.h>

#include "tests/sim/actors.h"
#include "tests/sim/city.h"

namespace sim {
namespace {

using absl::StrCat;
using absl::Substitute;

constexpr int kMediators = 7;
constexpr int64_t kSettleMs = 10'000;

kernel::v1::Actor Administrator() {
  return As(kernel::v1::ROLE_SA, Centre(kCity), kCity, "administrator");
}

}  // namespace

void City::OpenAccount(const std::string& user, const std::string& home) {
  Ask(directory_, user, true,
      {Administrator(), Substitute("create_user { login: '$0' $1 $2 }", user, home,
                                   Substitute("name: '张$0'", std::string(kNameMark)))});
}

void City::GiveOffice(const std::string& user, std::string_view role, const std::string& org) {
  Ask(directory_, user, false,
      {Administrator(), Substitute("grant_role { role: $0 org_id: '$1' area_code: '$2' }", std::string(role), org,
                                   AreaOfOrg(org))});
}

void City::Appoint(const std::vector<std::string>& mediating) {
  const std::string gov = StrCat(kCounty, "-gov");
  std::vector<std::string> mediators{"mediator", "mediator-gone"};
  for (int i = 2; i <= kMediators; ++i) mediators.push_back(StrCat("mediator-", i));
  for (const std::string& user : mediators) OpenAccount(user, Substitute("org_id: '$0'", mediating.front()));
  for (const char* user : {"leader", "leader-2", "clerk"}) OpenAccount(user, Substitute("org_id: '$0'", gov));
  OpenAccount("city-leader", Substitute("org_id: '$0-gov'", kCity));
  OpenAccount("neighbour", Substitute("area_code: '$0'", AreaOfOrg(mediating.front())));
  world_.Run(world_.clock.NowMs() + kSettleMs);
  for (const std::string& user : mediators) {
    for (const std::string& committee : mediating) GiveOffice(user, "ROLE_MD", committee);
  }
  for (const char* user : {"leader", "leader-2"}) GiveOffice(user, "ROLE_CL", gov);
  GiveOffice("city-leader", "ROLE_CYL", StrCat(kCity, "-gov"));
  GiveOffice("clerk", "ROLE_PC", StrCat(kCounty, "-petition"));
  Ask(directory_, "neighbour", false,
      {Administrator(), Substitute("grant_role { role: ROLE_PUB area_code: '$0' }", AreaOfOrg(mediating.front()))});
  world_.Run(world_.clock.NowMs() + kSettleMs);
  Ask(directory_, "mediator-gone", false, {Administrator(), "disable_user { reason: '离职' }"});
}

// Mostly somebody who may be; now and then somebody who may not.
std::string City::Named(std::initializer_list<const char*> fit) {
  return Chance(0.1) ? Pick({"clerk", "neighbour", "mediator-gone", "mediator-gone", "nobody"}) : Pick(fit);
}

}  // namespace sim
