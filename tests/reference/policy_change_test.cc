// What a city may change, and what it may not.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "tests/reference/fixtures.h"

namespace reference {
namespace {

using policy::v1::DeadlineRule;
using policy::v1::PolicySet;
using testing::AllOf;
using testing::HasSubstr;

class PolicyChange : public testing::Test {
 protected:
  // The verdict on changing one row, with all revisions raised as they must be.
  std::string Change(std::string_view id, const std::function<void(DeadlineRule*)>& change) const {
    PolicySet after = before_;
    after.set_revision(after.revision() + 1);
    after.mutable_deadlines()->set_revision(after.deadlines().revision() + 1);
    for (DeadlineRule& rule : *after.mutable_deadlines()->mutable_rule()) {
      if (rule.id() != id) continue;
      rule.set_revision(rule.revision() + 1);
      change(&rule);
    }
    return std::string(ValidatePolicyChange(before_, after).message());
  }
  const PolicySet before_ = ShippedPolicies().policies;
};

TEST_F(PolicyChange, MakesADefaultLongerOrShorter) {
  EXPECT_EQ(Change("DI-06", [](DeadlineRule* rule) { rule->mutable_length()->set_amount(5); }), "");
  EXPECT_EQ(Change("DI-06", [](DeadlineRule* rule) { rule->mutable_length()->set_amount(1); }), "");
  EXPECT_EQ(Change("DI-06", [](DeadlineRule* rule) { rule->set_retired(true); }), "");
}

// spec: DP-05 DA-03
TEST_F(PolicyChange, MakesAStatutoryPeriodStricterOnly) {
  EXPECT_EQ(Change("DP-05", [](DeadlineRule* rule) { rule->mutable_length()->set_amount(45); }), "");
  EXPECT_THAT(
      Change("DP-05", [](DeadlineRule* rule) { rule->mutable_length()->set_amount(61); }),
      AllOf(HasSubstr("时限 DP-05：法定期限，length 只能从严"), HasSubstr("deadline DP-05: statutory")));
  EXPECT_THAT(Change("DA-03", [](DeadlineRule* rule) { rule->mutable_length()->set_amount(16); }),
              HasSubstr("length"));
  EXPECT_THAT(Change("DP-05",
                     [](DeadlineRule* rule) {
                       rule->mutable_length()->set_unit(common::v1::WD);
                       rule->set_roll_forward(false);
                     }),
              HasSubstr("length.unit"));
  EXPECT_THAT(Change("DP-05", [](DeadlineRule* rule) { rule->clear_length(); }), HasSubstr("length"));
  EXPECT_THAT(Change("DP-05", [](DeadlineRule* rule) { rule->set_fixed(false); }), HasSubstr("fixed"));
  EXPECT_THAT(Change("DP-05", [](DeadlineRule* rule) { rule->set_article("x"); }), HasSubstr("article"));
  EXPECT_THAT(Change("DP-05", [](DeadlineRule* rule) { rule->set_extensions_at_most(2); }),
              HasSubstr("extensions_at_most"));
  EXPECT_THAT(Change("DP-05", [](DeadlineRule* rule) { rule->mutable_extension_max()->set_amount(31); }),
              HasSubstr("extension_max"));
}

TEST_F(PolicyChange, NeedsAHigherRevisionWhereverSomethingChanged) {
  PolicySet after = before_;
  after.mutable_deadlines()->mutable_rule(30)->mutable_length()->set_amount(9);
  EXPECT_THAT(std::string(ValidatePolicyChange(before_, after).message()), HasSubstr("policies: changed"));
  after.set_revision(99);
  EXPECT_THAT(std::string(ValidatePolicyChange(before_, after).message()), HasSubstr("deadlines: changed"));
  after.mutable_deadlines()->set_revision(99);
  EXPECT_THAT(std::string(ValidatePolicyChange(before_, after).message()),
              HasSubstr("deadline " + after.deadlines().rule(30).id() + ": changed"));
  after.mutable_deadlines()->mutable_rule(30)->set_revision(2);
  EXPECT_TRUE(ValidatePolicyChange(before_, after).ok());
  EXPECT_THAT(std::string(ValidatePolicyChange(after, before_).message()), HasSubstr("revision goes back"));
}

TEST_F(PolicyChange, RetiresRowsAndNeverDeletesThem) {
  PolicySet after = before_;
  after.set_revision(99);
  after.mutable_incident()->set_revision(99);
  after.mutable_incident()->mutable_suspend_reason()->RemoveLast();
  EXPECT_THAT(std::string(ValidatePolicyChange(before_, after).message()),
              AllOf(HasSubstr("缓办理由 S06：不能删除"), HasSubstr("suspend reason S06: cannot be deleted")));
  after = before_;
  after.set_revision(99);
  after.mutable_categories()->set_revision(99);
  after.mutable_categories()->mutable_category()->RemoveLast();
  EXPECT_THAT(std::string(ValidatePolicyChange(before_, after).message()), HasSubstr("category 99"));
}

TEST_F(PolicyChange, ToTheSameIsNoChange) { EXPECT_TRUE(ValidatePolicyChange(before_, before_).ok()); }

}  // namespace
}  // namespace reference
