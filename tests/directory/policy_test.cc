// Calendar and policy: revisions follow one another, and no statutory period grows. Starts from the city's
// real files.
#include <google/protobuf/text_format.h>

#include "services/directory/domain/statutory.h"
#include "services/reference/policy_files.h"
#include "tests/directory/world.h"

namespace directory {
namespace {

using kernel::v1::ROLE_SA;
using kernel::v1::ROLE_SE;

const reference::PolicyFiles& Files() {
  static const reference::PolicyFiles files = [] {
    auto read = reference::ReadPolicyFolder("policy");
    EXPECT_TRUE(read.ok()) << read.status();
    return read.ok() ? *std::move(read) : reference::PolicyFiles{};
  }();
  return files;
}

policy::v1::PolicySet Policies(int revision) {
  policy::v1::PolicySet set = Files().policies;
  set.set_revision(revision);
  return set;
}

policy::v1::DeadlineRule* RuleOf(std::string_view id, policy::v1::PolicySet* set) {
  for (auto& rule : *set->mutable_deadlines()->mutable_rule()) {
    if (rule.id() == id) return &rule;
  }
  ADD_FAILURE() << "no rule " << id;
  return set->mutable_deadlines()->add_rule();
}

std::string Text(const v1::Command& command) {
  std::string text;
  google::protobuf::TextFormat::PrintToString(command, &text);
  return text;
}

std::string Change(const policy::v1::PolicySet& set, int64_t seen_cost_minutes = 0) {
  v1::Command command;
  *command.mutable_change_policy()->mutable_policy() = set;
  command.mutable_change_policy()->set_seen_cost_minutes(seen_cost_minutes);
  command.mutable_change_policy()->set_reason("修订");
  return Text(command);
}

std::string Load(int revision, const std::string& horizon = "2026-12-31") {
  v1::Command command;
  *command.mutable_load_calendar()->mutable_calendar() = Files().calendar;
  command.mutable_load_calendar()->mutable_calendar()->set_revision(revision);
  command.mutable_load_calendar()->mutable_calendar()->set_horizon(horizon);
  return Text(command);
}

TEST(LoadCalendar, TakesTheNextRevisionOnly) {
  World s(kCalendarId);
  s.As(Admin(ROLE_SA));
  s.When(Load(3))
      .ThenPartly({"calendar_loaded { calendar { revision: 3 } }"})
      .AndNotice("directory.calendar");
  s.When(Load(3)).ThenRefused("REVISION_MUST_FOLLOW");
  s.When(Load(5)).ThenRefused("REVISION_MUST_FOLLOW");
  EXPECT_EQ(s.refusal()->metadata.at("current"), "3");
  s.When(Load(4, "2027-12-31")).ThenPartly({"calendar_loaded {}"});
  s.When(Load(5, "2026-12-31")).ThenRefused("HORIZON_WENT_BACK");
}

TEST(LoadCalendar, RefusesOneThatCannotBeCountedWith) {
  World s(kCalendarId);
  s.As(Admin(ROLE_SA))
      .When("load_calendar { calendar { revision: 1 first_day: 'x' horizon: '2026-12-31' } }")
      .ThenRefused("INVALID_POLICY");
}

TEST(ChangePolicy, IsForTheSystemAdministrator) {
  World s(kPolicyId);
  s.As(Admin(ROLE_SE)).When(Change(Policies(1))).ThenRefused("NO_RIGHT");
}

TEST(ChangePolicy, TakesTheNextRevisionOnly) {
  World s(kPolicyId);
  s.As(Admin(ROLE_SA));
  s.When(Change(Policies(6))).ThenPartly({"policy_changed { reason: '修订' }"}).AndNotice("directory.policy");
  s.When(Change(Policies(6))).ThenRefused("REVISION_MUST_FOLLOW");
  s.When(Change(Policies(8))).ThenRefused("REVISION_MUST_FOLLOW");
  s.When(Change(Policies(7))).ThenPartly({"policy_changed {}"});
}

TEST(ChangePolicy, MayMakeAStatutoryPeriodStricter) {
  auto set = Policies(1);
  RuleOf("DP-01", &set)->mutable_length()->set_amount(10);
  World s(kPolicyId);
  s.As(Admin(ROLE_SA)).When(Change(set)).ThenPartly({"policy_changed {}"});
}

// spec: DP-01 DP-02 DP-03 DP-04 DP-05 DP-06 DP-08 DP-10
TEST(ChangePolicy, MayNotMakeAStatutoryPeriodLonger) {
  for (const StatutoryPeriod& period : StatutoryPeriods()) {
    World s(kPolicyId);
    s.As(Admin(ROLE_SA));
    auto longer = Policies(1);
    RuleOf(period.rule, &longer)->mutable_length()->set_amount(period.amount + 1);
    s.When(Change(longer)).ThenRefused("LONGER_THAN_THE_LAW");
    EXPECT_EQ(s.refusal()->metadata.at("law"), period.law);
    auto unit = Policies(1);
    RuleOf(period.rule, &unit)->mutable_length()->set_unit(common::v1::MO);
    s.When(Change(unit)).ThenRefused("LONGER_THAN_THE_LAW");
    auto loose = Policies(1);
    RuleOf(period.rule, &loose)->set_fixed(false);
    s.When(Change(loose)).ThenRefused("LONGER_THAN_THE_LAW");
  }
}

// spec: DP-06
TEST(ChangePolicy, MayNotExtendLongerThanTheLaw) {
  auto set = Policies(1);
  RuleOf("DP-05", &set)->mutable_extension_max()->set_amount(31);
  World s(kPolicyId);
  s.As(Admin(ROLE_SA)).When(Change(set)).ThenRefused("LONGER_THAN_THE_LAW");
}

// spec: DP-07 DP-09 DM-05
TEST(ChangePolicy, LeavesTheRightsOfCitizensAsTheyAre) {
  for (const char* rule : {"DP-07", "DP-09", "DM-05"}) {
    auto set = Policies(1);
    RuleOf(rule, &set)->mutable_length()->set_amount(20);
    World s(kPolicyId);
    s.As(Admin(ROLE_SA)).When(Change(set)).ThenRefused("RIGHT_OF_CITIZENS");
  }
}

TEST(ChangePolicy, NeverDeletesARow) {
  World s(kPolicyId);
  s.As(Admin(ROLE_SA)).When(Change(Policies(1)));
  auto set = Policies(2);
  set.mutable_deadlines()->mutable_rule()->RemoveLast();
  set.mutable_deadlines()->set_revision(set.deadlines().revision() + 1);
  s.When(Change(set)).ThenRefused("INVALID_POLICY");
  EXPECT_NE(s.refusal()->message_zh.find("不能删除"), std::string::npos) << s.refusal()->message_zh;
}

// The next revision, in which the first `count` categories that ask for no photo ask for one; and which they are.
policy::v1::PolicySet WithPhotosIn(int count, std::string* codes) {
  auto set = Policies(2);
  set.mutable_categories()->set_revision(set.categories().revision() + 1);
  for (auto& category : *set.mutable_categories()->mutable_category()) {
    if (count == 0 || category.photo() || category.retired()) continue;
    category.set_photo(true);
    if (!codes->empty()) *codes += "、";
    *codes += category.code();
    --count;
  }
  EXPECT_EQ(count, 0) << "not so many categories are without a photo";
  return set;
}

// spec: R13
TEST(ChangePolicy, ThatAsksForMorePhotosIsMadeByWhoHasSeenWhatTheyCost) {
  ASSERT_EQ(Files().policies.incident().asking_cost().photo_seconds(), 30);
  World s(kPolicyId);
  s.As(Admin(ROLE_SA)).When(Change(Policies(1))).ThenPartly({"policy_changed {}"});
  std::string codes;
  const auto set = WithPhotosIn(2, &codes);
  s.When(Change(set)).ThenRefused("COST_NOT_SEEN");
  EXPECT_EQ(s.refusal()->field, "seen_cost_minutes");
  EXPECT_EQ(s.refusal()->metadata.at("minutes"), "100") << "2 categories x 100 reports x 30 s";
  EXPECT_NE(s.refusal()->message_zh.find(codes), std::string::npos) << s.refusal()->message_zh;
  s.When(Change(set, 99)).ThenRefused("COST_NOT_SEEN");
  s.When(Change(set, 100)).ThenPartly({"policy_changed { seen_cost_minutes: 100 }"});
}

// spec: R13
TEST(ChangePolicy, ThatAsksForNothingMoreCostsNothing) {
  World s(kPolicyId);
  std::string codes;
  auto with_photos = WithPhotosIn(1, &codes);
  with_photos.set_revision(1);
  s.As(Admin(ROLE_SA)).When(Change(with_photos)).ThenPartly({"policy_changed {}"});
  auto without = Policies(2);
  without.mutable_categories()->set_revision(with_photos.categories().revision() + 1);
  s.When(Change(without)).ThenPartly({"policy_changed {}"});
}

TEST(Law, AgreesWithEveryRowTheCitysFilesCallFixed) {
  EXPECT_FALSE(LongerThanTheLaw(Files().policies.deadlines()).has_value());
  for (const StatutoryPeriod& period : StatutoryPeriods()) {
    auto set = Policies(1);
    EXPECT_TRUE(RuleOf(period.rule, &set)->fixed()) << period.rule;
  }
}

}  // namespace
}  // namespace directory
