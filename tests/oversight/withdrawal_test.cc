// 撤回批示: a leader takes an instruction back before all have reported.
#include <algorithm>

#include "services/oversight/domain/keys.h"
#include "services/oversight/domain/rules.h"
#include "tests/oversight/matter_world.h"

namespace oversight {
namespace {

const int64_t kDue = Local("2026-11-27 17:00");
constexpr char kWithdraw[] = "withdraw_instruction { reason: '当事人已自行解决' }";

// The instruction "in1" to two units of the county, given and not distributed yet.
class Given : public Desk {
 public:
  explicit Given(const char* file = __builtin_FILE(), int line = __builtin_LINE())
      : Desk(tests::Learned(), "in1", file, line) {
    As(Platform()).At(kMonday).WhenOn(kCode, Heard(1, kAtCounty));
    When(std::string("instruct { matter_id: '") + kCode + "' text: '请办' due_at_ms: " + std::to_string(kDue) +
             " addressee_org: 'c-hrss' addressee_org: 'c-housing' }",
         CountyLeader(), kMonday);
  }
  v1::Notice Said() const {
    v1::Notice notice;
    EXPECT_EQ(notices().size(), 1u);
    EXPECT_TRUE(!notices().empty() && notice.ParseFromString(notices()[0].payload()));
    return notice;
  }
};
Actor Supervision(const std::string& area = "371403") {
  return ActorOf(kernel::v1::ROLE_SV, "c-gov", area, "sv1");
}

// One unit reports, the other never does: before, the instruction stayed for ever.
// spec: O7
TEST(Withdrawal, EndsTheClockAndStaysWithItsReason) {
  Given d;
  d.When("distribute {}", CountyCentre(), kMonday + 1)
      .When("report { text: '已见面' }", Head("c-hrss"), kMonday + 2)
      .When(kWithdraw, CountyLeader(), kMonday + 3)
      .ThenPartly({"instruction_withdrawn { reason: '当事人已自行解决' clock { outcome: CLOCK_CANCELLED } }",
                   tests::On{kCode, "instruction_withdrawn { instruction_id: 'in1' }"}})
      .AndNotice("oversight.instruction_withdrawn")
      .AndActedAs(kernel::v1::ROLE_CL)
      .AndState("instruction { status: WITHDRAWN withdrawal_reason: '当事人已自行解决' report { text: '已见面' } }")
      .AndNoTimer();
  EXPECT_EQ(d.state().instruction().withdrawn_at_ms(), kMonday + 3);
  EXPECT_EQ(d.StateOf(kCode).matter().asked(0).withdrawn_at_ms(), kMonday + 3);
  d.When("report { text: '已办' }", Head("c-housing"), kMonday + 4).ThenRefused(RefusalCode::kWrongStatus);
  d.When("close_instruction {}", CountyLeader(), kMonday + 4).ThenRefused(RefusalCode::kWrongStatus);
  d.When(kWithdraw, CountyLeader(), kMonday + 4).ThenRefused(RefusalCode::kWrongStatus);
}

// Whoever heard of it hears that it is over: the units too, also the one that has reported; and no word of the reason.
// spec: O7
TEST(Withdrawal, IsToldToWhoeverHadHeardOfIt) {
  Given d;
  d.When("distribute {}", CountyCentre(), kMonday)
      .When("report { text: '已见面' }", Head("c-hrss"), kMonday + 2)
      .When(kWithdraw, CountyLeader(), kMonday + 3);
  const v1::Notice notice = d.Said();
  EXPECT_EQ(notice.to_org(), "c-hrss");
  EXPECT_EQ(notice.addressee_size(), 2);
  EXPECT_EQ(notice.instruction_id(), "in1");
  EXPECT_EQ(notice.due_at_ms(), 0);
  EXPECT_EQ(d.notices()[0].level(), 4);
  EXPECT_EQ(d.notices()[0].SerializeAsString().find("自行解决"), std::string::npos);
}

// No unit heard of what nobody distributed, so none hears that it was withdrawn, and none may open it.
// spec: O7
TEST(Withdrawal, BeforeItIsDistributedIsNoUnitsToKnow) {
  Given d;
  EXPECT_EQ(d.Said().to_org(), "") << "a live feed shows a unit whatever names it";
  EXPECT_TRUE(d.Said().addressee().empty());
  d.When(kWithdraw, CountyLeader(), kMonday + 3).AndNotice("oversight.instruction_withdrawn");
  EXPECT_EQ(d.Said().to_org(), "");
  EXPECT_TRUE(d.Said().addressee().empty());
  EXPECT_FALSE(MaySee(d.state(), Head("c-hrss")));
  EXPECT_TRUE(MaySee(d.state(), CountyCentre()));
  d.When("distribute {}", CountyCentre(), kMonday + 4).ThenRefused(RefusalCode::kWrongStatus);
}

// spec: O7
TEST(Withdrawal, LeavesTheListOfWhatIsOpenAndMayStillBeRead) {
  Given d;
  d.When("distribute {}", CountyCentre(), kMonday);
  const auto open = [&] {
    const auto entries = OversightDomain::Indexes("in1", d.state());
    return std::ranges::count_if(entries, [](const kernel::IndexEntry& entry) {
      return entry.key.starts_with(InstructionPrefix('a', "371403", false)) ||
             entry.key.starts_with(InstructionPrefix('u', "cl1", false)) ||
             entry.key.starts_with(InstructionPrefix('o', "c-hrss", false)) ||
             entry.key.starts_with(InstructionPrefix('o', "c-housing", false));
    });
  };
  EXPECT_EQ(open(), 4);
  d.When(kWithdraw, CountyLeader(), kMonday + 3);
  EXPECT_EQ(open(), 0);
  EXPECT_TRUE(MaySee(d.state(), Head("c-hrss")));
  EXPECT_TRUE(AllowedCommands(d.state(), Head("c-hrss")).empty());
}

// spec: O7
TEST(Withdrawal, IsForWhoGaveItOrSupervisionInTheirName) {
  const auto by = [](const Actor& actor) {
    Given d;
    d.When(kWithdraw, actor, kMonday + 3);
    return d.refusal() ? d.refusal()->reason : std::string();
  };
  EXPECT_EQ(by(CountyLeader()), "");
  EXPECT_EQ(by(Supervision()), "");
  EXPECT_EQ(by(ActorOf(kernel::v1::ROLE_CL, "c-gov", "371403", "another")), "NOT_ALLOWED");
  EXPECT_EQ(by(Supervision("371403001")), "NO_SUCH_MATTER");
  EXPECT_EQ(by(CountyCentre()), "NOT_ALLOWED");
  EXPECT_EQ(by(Head("c-hrss")), "NOT_ALLOWED");
}

// What all have reported on is closed, not withdrawn.
// spec: O7
TEST(Withdrawal, ComesBeforeAllHaveReportedAndSaysWhy) {
  Given d;
  d.When("withdraw_instruction {}", CountyLeader(), kMonday + 3).ThenRefused("CONTENT_NEEDED");
  EXPECT_EQ(d.refusal()->field, "reason");
  d.When("distribute {}", CountyCentre(), kMonday)
      .When("report { text: '已见面' }", Head("c-hrss"), kMonday + 2)
      .When("report { text: '配合' }", Head("c-housing"), kMonday + 2)
      .When(kWithdraw, CountyLeader(), kMonday + 3)
      .ThenRefused(RefusalCode::kWrongStatus);
}

}  // namespace
}  // namespace oversight
