// The rules table: every command of the union has a row, and every row lets in exactly whom it names.
#include "services/directory/domain/rules.h"

#include <fstream>
#include <set>
#include <sstream>
#include <utility>

#include "services/directory/domain/roles.h"
#include "tests/directory/world.h"
#include "tests/support/gate.h"

namespace directory {
namespace {

// An aggregate of the kind, with nothing in it.
v1::State StateOf(v1::State::BodyCase kind) {
  v1::State state;
  if (kind == v1::State::BODY_NOT_SET) return state;
  const auto* member = v1::State::descriptor()->FindFieldByNumber(kind);
  state.GetReflection()->MutableMessage(&state, member);
  return state;
}

class Nowhere : public kernel::Lookup<v1::State> {
 public:
  const v1::State* Find(std::string_view) override { return nullptr; }
  std::vector<std::string> Scan(std::string_view, std::string_view, size_t) override { return {}; }
  uint64_t Next(std::string_view) override { return 1; }
};

bool LetIn(const Rule& rule, const kernel::v1::Actor& actor) {
  Nowhere lookup;
  Ctx ctx;
  ctx.actor = &actor;
  ctx.aggregate_id = "x";
  ctx.lookup = &lookup;
  Decision decision;
  return !Authorise(rule, StateOf(rule.kind), ctx, &decision).has_value();
}

TEST(Rules, HaveARowForEveryCommandAndNoOther) {
  std::set<int> rows;
  for (const Rule& rule : Rules()) EXPECT_TRUE(rows.insert(rule.command).second);
  const auto* body = v1::Command::descriptor()->FindOneofByName("body");
  for (int i = 0; i < body->field_count(); ++i) {
    EXPECT_EQ(rows.erase(body->field(i)->number()), 1u) << body->field(i)->name();
  }
  EXPECT_TRUE(rows.empty());
}

TEST(Rules, LetInExactlyTheRolesTheyName) {
  const auto* roles = google::protobuf::GetEnumDescriptor<Role>();
  for (const Rule& rule : Rules()) {
    for (int i = 0; i < roles->value_count(); ++i) {
      const auto role = static_cast<Role>(roles->value(i)->number());
      if (role == kernel::v1::ROLE_SYS) continue;
      const bool named = (rule.roles & Bit(role)) != 0;
      EXPECT_EQ(LetIn(rule, Admin(role)), named) << rule.command << " " << roles->value(i)->name();
    }
    const bool service = (rule.roles & Bit(kernel::v1::ROLE_SYS)) != 0;
    kernel::v1::Actor itself;
    itself.set_service("directory");
    EXPECT_EQ(LetIn(rule, itself), service) << rule.command;
    EXPECT_FALSE(LetIn(rule, kernel::v1::Actor())) << "somebody who has not signed in";
  }
}

TEST(Rules, AGrantOfTheSystemsOwnRoleInAPersonsTokenIsWorthNothing) {
  kernel::v1::Actor forged;
  forged.set_user_id("u");
  forged.add_grant()->set_role(kernel::v1::ROLE_SYS);
  forged.mutable_grant(0)->set_area_code("3714");
  for (const Rule& rule : Rules()) EXPECT_FALSE(LetIn(rule, forged)) << rule.command;
}

// spec: 3.2
TEST(Rules, AdmitWhomTheMethodsAdmit) {
  tests::AskedBy table;
  for (const Rule& rule : Rules()) {
    // What other methods ask for once they have looked at a password.
    if (rule.command == v1::Command::kStorePassword) continue;
    const auto* command = v1::Command::descriptor()->FindFieldByNumber(rule.command);
    table[command->name()] = tests::RolesIn(rule.roles);
  }
  tests::ExpectGateAsTable("directory.v1.Directory", *v1::Command::descriptor(), table);
}

// The table a clerk reads is the code that runs.
TEST(Rules, StandInTheReadme) {
  std::ifstream in("services/directory/README.md");
  std::ostringstream all;
  all << in.rdbuf();
  const std::string text = all.str();
  for (const Rule& rule : Rules()) {
    std::string row = "| " + v1::Command::descriptor()->FindFieldByNumber(rule.command)->name() + " | ";
    row += rule.kind == v1::State::BODY_NOT_SET
               ? "–"
               : v1::State::descriptor()->FindFieldByNumber(rule.kind)->name();
    row += rule.fresh ? " | yes |" : " |  |";
    for (const auto& [role, code] : {std::pair<Role, std::string>{kernel::v1::ROLE_SA, " SA"},
                                     {kernel::v1::ROLE_SE, " SE"},
                                     {kernel::v1::ROLE_SYS, " SYS"}}) {
      if ((rule.roles & Bit(role)) != 0) row += code;
    }
    row += rule.own ? " | yes |" : " |  |";
    EXPECT_NE(text.find(row), std::string::npos) << row;
  }
}

TEST(Rules, ACommandAboutAnAggregateOfAnotherKindFindsNothing) {
  World("371403")
      .As(Admin(kernel::v1::ROLE_SA))
      .When("disable_user { id: '371403' reason: 'r' }")
      .ThenRefused(kernel::RefusalCode::kNotFound);
}

// An administrator of one county could have changed the periods and holidays of the whole city.
TEST(Rules, LeaveCalendarAndPolicyToAdministratorsOfTheWholeCity) {
  for (const auto command : {v1::Command::kLoadCalendar, v1::Command::kChangePolicy}) {
    const Rule* rule = FindRule(command);
    ASSERT_NE(rule, nullptr);
    EXPECT_TRUE(LetIn(*rule, Admin(kernel::v1::ROLE_SA, "3714")));
    EXPECT_FALSE(LetIn(*rule, Admin(kernel::v1::ROLE_SA, "371403")));
  }
}

}  // namespace
}  // namespace directory
