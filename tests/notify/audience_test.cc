// Who is told, and who is not.
// spec: O1, R9
#include "services/notify/domain/audience.h"

#include <algorithm>

#include "tests/notify/notices.h"
#include "tests/support/scenario.h"

namespace notify {
namespace {

using Boxes = std::vector<std::string>;
using kernel::v1::Actor;
using namespace kernel::v1;  // NOLINT: roles by their names alone

Boxes For(const v1::Heard& heard) {
  const Rules rules = CityRules();
  const auto* rule = rules.Find(heard.topic());
  EXPECT_NE(rule, nullptr) << heard.topic();
  return rule == nullptr ? Boxes() : BoxesFor(*rule, heard);
}

bool Reads(const Actor& actor, const v1::Heard& heard) {
  const Boxes own = BoxesOf(CityRules(), actor);
  return std::ranges::any_of(For(heard), [&](const std::string& box) {
    return std::ranges::find(own, box) != own.end();
  });
}

TEST(Reminder, GoesToWhoHasTheMatterAndTheirHead) {
  EXPECT_EQ(For(Reminder(1)),
            (Boxes{"unit/t-housing/DESK", "unit/t-housing/HEAD"}));
  EXPECT_TRUE(Reads(tests::ActorOf(ROLE_DH, "t-housing", "371403001"), Reminder(1)));
  EXPECT_TRUE(Reads(tests::ActorOf(ROLE_DM, "t-housing", "371403001"), Reminder(1)));
  EXPECT_FALSE(Reads(tests::ActorOf(ROLE_DH, "c-housing", "371403"), Reminder(1))) << "another unit";
  EXPECT_FALSE(Reads(tests::ActorOf(ROLE_CL, "c-gov", "371403"), Reminder(1))) << "a leader looks at the lists";
}

// Who holds a role is not known here: a row in the box of a liaison nobody has named would stand there for ever. So the
// periods of the unit's matters make none; what oversight asks of the unit does, for whoever is named later too.
// spec: O1 O8
TEST(Reminder, ReachesTheLiaisonOfWhatOversightAsksOfTheUnitAlone) {
  const Actor liaison = tests::ActorOf(ROLE_DI, "t-housing", "371403001");
  auto reminder = Reminder(1);
  EXPECT_FALSE(Reads(liaison, reminder));
  reminder.set_demanded(true);
  EXPECT_TRUE(Reads(liaison, reminder));
}

TEST(Escalation, GoesToTheDutyListOfTheLevelThatHasToTakeIt) {
  const auto heard = HeardOf("source: 'incident' topic: 'incident.escalated' matter_code: 'M1' "
                             "area_code: '371403001002' level: 4 unit { field: 'holder_org' org_id: 'c-centre' }");
  EXPECT_EQ(For(heard), Boxes{"area/371403/DUTY"});
  EXPECT_TRUE(Reads(tests::ActorOf(ROLE_CD, "c-centre", "371403"), heard));
  EXPECT_FALSE(Reads(tests::ActorOf(ROLE_TD, "t-centre", "371403001"), heard)) << "not the level's";
  EXPECT_FALSE(Reads(tests::ActorOf(ROLE_CD, "o-centre", "371482"), heard)) << "another county's";
}

// Whoever reported a matter said that it was not solved, and nobody was told who could open it again.
// spec: I17 I18
TEST(Unsolved, IsToldToTheDeskThatMayOpenItAgain) {
  const auto heard = [](const std::string& more) {
    return HeardOf("source: 'incident' topic: 'incident.evaluated' matter_code: 'M1' area_code: '371403001002' "
                   "level: 3 unit { field: 'territorial_org' org_id: 't-centre' } " + more);
  };
  EXPECT_EQ(For(heard("")), Boxes{});
  EXPECT_EQ(For(heard("unsolved: true")), Boxes{"unit/t-centre/DESK"});
}

// One desk may sleep: of what is critical the duty lists of the township and the county hear as well, when it is
// reported and when nobody has taken it in time, whatever level it lies at.
// spec: O1 I1 3.6.3
TEST(CriticalMatter, IsToldToTheDutyListsOfTownshipAndCountyAsWell) {
  const auto heard = [](const std::string& topic, const std::string& more) {
    return HeardOf("source: 'incident' topic: '" + topic +
                   "' matter_code: 'M1' area_code: '371403001002' level: 3 "
                   "unit { field: 'holder_org' org_id: 't-centre' } " + more);
  };
  EXPECT_EQ(For(heard("incident.reported", "")), Boxes{"unit/t-centre/DESK"});
  EXPECT_EQ(For(heard("incident.reported", "pressing: true")),
            (Boxes{"unit/t-centre/DESK", "area/371403001/DUTY", "area/371403/DUTY"}));
  EXPECT_EQ(For(heard("incident.overdue", "")), (Boxes{"unit/t-centre/DESK", "unit/t-centre/HEAD"}));
  EXPECT_EQ(For(heard("incident.overdue", "pressing: true")),
            (Boxes{"unit/t-centre/DESK", "unit/t-centre/HEAD", "area/371403001/DUTY", "area/371403/DUTY"}));
  EXPECT_TRUE(Reads(tests::ActorOf(ROLE_CD, "c-centre", "371403"), heard("incident.overdue", "pressing: true")));
  EXPECT_FALSE(Reads(tests::ActorOf(ROLE_CD, "o-centre", "371482"), heard("incident.overdue", "pressing: true")));
  auto at_county = heard("incident.reported", "pressing: true");
  at_county.set_level(4);
  EXPECT_EQ(For(at_county), (Boxes{"unit/t-centre/DESK", "area/371403001/DUTY", "area/371403/DUTY"}));
}

TEST(Risk, IsToldToTheLevelAndTheOneAbove) {
  const auto heard = HeardOf("source: 'mediation' topic: 'mediation.risk_reported' matter_code: 'M1' level: 3 "
                             "area_code: '371403001002' unit { field: 'committee_org' org_id: 't-committee' }");
  EXPECT_EQ(For(heard), (Boxes{"area/371403001/DUTY", "area/371403/DUTY", "unit/t-committee/HEAD"}));
}

TEST(Rejection, ReachesWhoReportedItWithoutNamingThem) {
  const auto heard = HeardOf(
      "source: 'incident' topic: 'incident.rejected' matter_code: 'M1' area_code: '371403001002' "
      "level: 2 unit { field: 'holder_org' org_id: 'v-centre' }");
  EXPECT_EQ(For(heard), (Boxes{"own/incident/M1", "unit/v-centre/DESK"}));
  EXPECT_FALSE(Reads(tests::ActorOf(ROLE_PUB, "", "", "u1"), HeardOf("source: 'incident' topic: 'incident.accepted' "
                                                                    "matter_code: 'M1'")))
      << "whose matter it is, is for incident to say";
}

// A draft waits for whoever may sign its card; who may not is not asked to.
// spec: O2 O3 O4 O5
TEST(Draft, IsToldToWhoMaySignIt) {
  const auto drafted = [](const std::string& area, const std::string& card, const std::string& level) {
    return For(HeardOf("source: 'oversight' topic: 'oversight.order_drafted' matter_code: 'M1' area_code: "
                       "'" + area + "' card: " + card + " level: " + level));
  };
  EXPECT_EQ(drafted("371403001002", "CARD_ORDINARY", "3"), Boxes{"area/371403001/DUTY"});
  EXPECT_EQ(drafted("371403", "CARD_YELLOW", "3"), (Boxes{"area/371403/DUTY", "area/371403/SUPERVISION"}));
  EXPECT_EQ(drafted("371403", "CARD_YELLOW", "4"),
            (Boxes{"area/371403/SUPERVISION", "area/3714/DUTY", "area/3714/SUPERVISION"}));
  EXPECT_EQ(drafted("371403", "CARD_RED", "4"), Boxes{"area/371403/LEADERS"});
  EXPECT_EQ(drafted("3714", "CARD_RED", "5"), Boxes{"area/3714/LEADERS"});
}

// A suggestion is no accusation: the discipline organ it is sent to answers it, so its liaison hears of it and of its
// period. Of a petition the liaison hears nothing, whatever the unit is to it.
// spec: O8 DO-06
TEST(Suggestion, ReachesTheLiaisonOfTheDisciplineOrgan) {
  const Actor liaison = tests::ActorOf(ROLE_DI, "c-discipline", "371403");
  const std::string to = " area_code: '371403' level: 4 unit { field: 'to_org' org_id: 'c-discipline' }";
  EXPECT_TRUE(Reads(liaison, HeardOf("source: 'oversight' topic: 'oversight.accountability_suggested'" + to)));
  EXPECT_TRUE(Reads(liaison, HeardOf("source: 'oversight' topic: 'oversight.reminded' demanded: true" + to)));
  EXPECT_FALSE(Reads(tests::ActorOf(ROLE_DI, "d-discipline", "371403"),
                     HeardOf("source: 'oversight' topic: 'oversight.accountability_suggested'" + to)));
  EXPECT_FALSE(Reads(
      liaison, HeardOf("source: 'oversight' service: 'petition' topic: 'oversight.reminded' demanded: true" + to)));
  const Rules rules = CityRules();
  for (const auto& rule : rules.policy().rule()) {
    if (!rule.topic().starts_with("petition.")) continue;
    EXPECT_FALSE(Reads(liaison, HeardOf("source: 'petition' topic: '" + rule.topic() +
                                        "' matter_code: 'P1' area_code: '371403' level: 4 unit { field: 'holder_org' "
                                        "org_id: 'c-discipline' }")))
        << rule.topic();
  }
}

// spec: O7
TEST(Instruction, NotDistributedIsOfTheDutyListAndOfNoUnit) {
  EXPECT_EQ(For(HeardOf("source: 'oversight' topic: 'oversight.distribution_reminded' matter_code: 'M1' area_code: "
                        "'371403001002' level: 4")),
            Boxes{"area/371403/DUTY"});
}

// spec: O6
TEST(Answer, ToAUnitsOwnOrderIsToldToTheLeaderAndTheLevelAbove) {
  EXPECT_EQ(For(HeardOf("source: 'oversight' topic: 'oversight.own_order_answered' matter_code: 'M1' area_code: "
                        "'371403001002' level: 4 unit { field: 'issuer_org' org_id: 'c-centre' }")),
            (Boxes{"area/371403/LEADERS", "area/3714/DUTY"}));
}

TEST(Answer, IsToldToWhoGaveTheOrder) {
  const auto heard = HeardOf("source: 'oversight' topic: 'oversight.order_answered' matter_code: 'M1' "
                             "card: CARD_YELLOW area_code: '371403001002' level: 4 "
                             "unit { field: 'to_org' org_id: 't-housing' } "
                             "unit { field: 'issuer_org' org_id: 'c-gov' }");
  EXPECT_EQ(For(heard), (Boxes{"unit/c-gov/DESK", "unit/c-gov/HEAD", "area/371403/SUPERVISION"}));
}

TEST(Instruction, IsToldToTheCentreThenToTheUnitsThenToTheLeader) {
  const std::string about = "matter_code: 'M1' area_code: '371403001002' level: 4 unit { field: 'to_org' org_id: 'a' } "
                            "source: 'oversight' topic: ";
  EXPECT_EQ(For(HeardOf(about + "'oversight.instructed'")), Boxes{"area/371403/DUTY"});
  EXPECT_EQ(For(HeardOf(about + "'oversight.instruction_distributed'")),
            (Boxes{"unit/a/DESK", "unit/a/HEAD", "unit/a/DISCIPLINE"}));
  EXPECT_EQ(For(HeardOf(about + "'oversight.instruction_reported'")),
            (Boxes{"area/371403/LEADERS", "area/371403/SUPERVISION"}));
  EXPECT_EQ(For(HeardOf(about + "'oversight.instruction_withdrawn'")),
            (Boxes{"area/371403/DUTY", "area/371403/LEADERS", "unit/a/DESK", "unit/a/HEAD", "unit/a/DISCIPLINE"}));
}

// Being asked for is no news to the unit: that it was named it hears from the service of the matter, once it is so.
// spec: 3.6.6
TEST(LeadUnit, IsToldOnceAndWhenItIsDone) {
  const std::string unit = " matter_code: 'M1' area_code: '371403001002' level: 4 ";
  EXPECT_TRUE(For(HeardOf("source: 'oversight' service: 'incident' topic: 'oversight.assigned'" + unit +
                          "unit { field: 'to_org' org_id: 'c-hrss' }")).empty());
  EXPECT_EQ(For(HeardOf("source: 'incident' topic: 'incident.dispatched'" + unit +
                        "unit { field: 'holder_org' org_id: 'c-hrss' }")),
            Boxes{"unit/c-hrss/DESK"});
}

// spec: 3.6.6
TEST(Refusal, IsToldToTheCentreOrTheLeaderWhoAsked) {
  const std::string of = "source: 'oversight' matter_code: 'M1' area_code: '371403001002' level: 4 "
                         "unit { field: 'issuer_org' org_id: 'c-gov' } topic: ";
  EXPECT_EQ(For(HeardOf(of + "'oversight.request_refused'")), Boxes{"area/371403/DUTY"});
  EXPECT_EQ(For(HeardOf(of + "'oversight.leaders_request_refused'")), Boxes{"area/371403/LEADERS"});
}

TEST(Box, IsToldOnceHoweverOftenTheNoticeNamesTheUnit) {
  const auto heard = HeardOf("source: 'oversight' topic: 'oversight.instruction_distributed' "
                             "matter_code: 'M1' level: 4 unit { field: 'to_org' org_id: 'a' } "
                             "unit { field: 'addressee' org_id: 'a' } unit { field: 'addressee' org_id: 'b' }");
  EXPECT_EQ(For(heard), (Boxes{"unit/a/DESK", "unit/b/DESK", "unit/a/HEAD", "unit/b/HEAD", "unit/a/DISCIPLINE",
                               "unit/b/DISCIPLINE"}));
}

// Whatever row a city writes: below its office nobody hears of a petition but who has it, who is asked, whose it is.
TEST(Petition, IsNotToldBelowItsOffice) {
  policy::v1::TopicRule everybody;
  for (int whom = policy::v1::HOLDER; whom <= policy::v1::LEVEL_ABOVE; ++whom) {
    for (int circle = policy::v1::DESK; circle <= policy::v1::TECHNICAL; ++circle) {
      auto* to = everybody.add_to();
      to->set_whom(static_cast<policy::v1::Whom>(whom));
      to->set_circle(static_cast<policy::v1::Circle>(circle));
    }
  }
  for (const char* source : {"petition", "oversight"}) {
    auto heard = HeardOf("topic: 'petition.registered' service: 'petition' matter_code: 'M1' level: 4 "
                         "area_code: '371403001002' unit { field: 'holder_org' org_id: 'c-office' } "
                         "unit { field: 'to_org' org_id: 'c-office' } unit { field: 'territorial_org' org_id: 'v' } "
                         "unit { field: 'lead_org' org_id: 'l' } unit { field: 'issuer_org' org_id: 'i' }");
    heard.set_source(source);
    for (const std::string& box : BoxesFor(everybody, heard)) {
      EXPECT_TRUE(box.starts_with("unit/c-office/") || box.starts_with("area/371403/") || box.starts_with("area/3714/"))
          << box;
    }
    EXPECT_FALSE(BoxesFor(everybody, heard).empty());
  }
}

TEST(Boxes, OfSomebodyWithTwoRolesAreThoseOfBoth) {
  Actor actor = tests::ActorOf(ROLE_TD, "t-centre", "371403001");
  *actor.add_grant() = tests::ActorOf(ROLE_MC, "t-committee", "371403001").grant(0);
  EXPECT_EQ(BoxesOf(CityRules(), actor), (Boxes{"area/371403001/DUTY", "unit/t-centre/DESK", "unit/t-committee/DESK",
                                               "unit/t-committee/HEAD"}));
}

// The box of the unit's desk would show rows of petitions: the liaison reads none but their own.
TEST(Discipline, HasABoxOfItsOwnAndNoOther) {
  EXPECT_EQ(BoxesOf(CityRules(), tests::ActorOf(ROLE_DI, "c-discipline", "371403")),
            Boxes{"unit/c-discipline/DISCIPLINE"});
}

}  // namespace
}  // namespace notify
