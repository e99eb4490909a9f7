// Whoever petitions, and whoever acts for them, is named once: by what was typed, before the vault hides it.
#include "services/petition/same_people.h"

#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

namespace petition {
namespace {

template <class Request>
std::string Twice(const std::string& text) {
  Request request;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &request)) << text;
  const auto refusal = NamedTwice(request);
  return refusal ? refusal->reason + " " + refusal->field : "";
}

std::string Petitioner(const std::string& person) { return "petitioner { person { " + person + " } } "; }
std::string Agent(const std::string& person) { return "agent { person { " + person + " } } "; }

// 张三 signed six times, and the year's report had six people.
// spec: P1
TEST(SamePeople, PetitionOnce) {
  const std::string zhang = "name: '张三' phone: '13812345678' address: '一村' ";
  EXPECT_EQ(Twice<v1::RegisterRequest>(Petitioner(zhang) + Petitioner("name: '李四' address: '一村'")), "");
  EXPECT_EQ(Twice<v1::RegisterRequest>(Petitioner(zhang) + Petitioner("name: '李四'") +
                                       Petitioner("name: '张 三' phone: '+86 138 1234 5678'")),
            "NAMED_TWICE petitioner[2].person");
  EXPECT_EQ(Twice<v1::RegisterRequest>(Petitioner(zhang) + Petitioner("name: '张三' address: '一村'")),
            "NAMED_TWICE petitioner[1].person");
  EXPECT_EQ(Twice<v1::CompleteIntakeRequest>(Petitioner(zhang) + Petitioner(zhang)),
            "NAMED_TWICE petitioner[1].person");
}

// Two of one name in one house are two, if their numbers say so; one person may spell the name differently.
// spec: P1
TEST(SamePeople, AreToldByTheirIdentityNumbers) {
  const std::string name = "name: '王芳' address: '一村' ";
  const std::string one = "id_number: '11010519491231002X' ", other = "id_number: '371421198001011234' ";
  EXPECT_EQ(Twice<v1::RegisterRequest>(Petitioner(name + one) + Petitioner(name + other)), "");
  const std::string misspelt = "name: '王方' id_number: '11010519491231002x' ";
  EXPECT_EQ(Twice<v1::RegisterRequest>(Petitioner(name + one) + Petitioner(misspelt)),
            "NAMED_TWICE petitioner[1].person");
}

// 山东 28: one or two agents; one named twice were two.
// spec: P1 山东28
TEST(SamePeople, ActForOthersOnce) {
  const std::string lawyer = "name: '赵律师' phone: '13900000000' ";
  EXPECT_EQ(Twice<v1::RegisterRequest>(Agent(lawyer) + Agent(lawyer)), "NAMED_TWICE agent[1].person");
  EXPECT_EQ(Twice<v1::CorrectPeopleRequest>(Agent(lawyer) + Agent(lawyer)), "NAMED_TWICE agent[1].person");
  EXPECT_EQ(Twice<v1::CorrectPeopleRequest>(Agent(lawyer) + Agent("name: '钱律师'")), "");
}

std::string Panel(const std::string& presider, const std::string& members) {
  return "hearing { presider: '" + presider + "' " + members + " }";
}

// One presided over a hearing and was a member of it as well.
// spec: P14 P24
TEST(SamePeople, HearAMatterOnce) {
  EXPECT_EQ(Twice<v1::CallHearingRequest>(Panel("王强", "member: '李四' member: '赵五'")), "");
  EXPECT_EQ(Twice<v1::CallHearingRequest>(Panel("王强", "member: '李四' member: '王 强'")), "PANEL_TWICE hearing.member[1]");
  EXPECT_EQ(Twice<v1::HoldHearingRequest>(Panel("王强", "member: '李四' member: '李四'")), "PANEL_TWICE hearing.member[1]");
  EXPECT_EQ(Twice<v1::EndHearingRequest>(Panel("李四", "member: '李四'")), "PANEL_TWICE hearing.member[0]");
  EXPECT_EQ(Twice<v1::EndHearingRequest>(Panel("李四", "member: '李四（住建局）'")), "");
}

}  // namespace
}  // namespace petition
