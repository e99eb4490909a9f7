// Who is entered as a party, by what was typed, before the vault hides it.
#include "services/mediation/typed_people.h"

#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <string>

#include "mediation/v1/requests.pb.h"
#include "tests/mediation/case_world.h"

namespace mediation {
namespace {

constexpr char kBorn1980[] = "371403198003090016";
constexpr char kEighteenToday[] = "371403200811230013";
constexpr char kEighteenTomorrow[] = "371403200811240019";
constexpr char kTwelve[] = "37140320140309001X";

// "REASON field"; empty: taken.
std::string Typed(const std::string& text) {
  v1::ApplyRequest request;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &request)) << text;
  const auto refusal = CheckTyped(request.party(), kMonday);
  return refusal ? refusal->reason + " " + refusal->field : "";
}

std::string Party(const std::string& side, const std::string& person, const std::string& party = "") {
  return "party { person { side: SIDE_" + side + " " + person + " } " + party + " } ";
}
std::string Number(const std::string& id_number) { return "id_number: '" + id_number + "' "; }

// One and the same person was on both sides, and agreed with himself.
// spec: M1
TEST(TypedPeople, NobodyIsTwoPartiesOfACase) {
  const std::string zhang = "name: '张三' phone: '13812345678' address: '一村' ";
  EXPECT_EQ(Typed(Party("A", zhang) + Party("B", "name: '李四' phone: '13812345678' address: '一村'")), "");
  EXPECT_EQ(Typed(Party("A", zhang) + Party("B", zhang)), "PARTY_TWICE party[1].person");
  EXPECT_EQ(Typed(Party("A", zhang) + Party("B", "name: '李四'") + Party("THIRD", "name: '张 三' address: '一村'")),
            "PARTY_TWICE party[2].person");
  // The number tells more than the name: of one house and one name, and the same person spelt differently.
  EXPECT_EQ(Typed(Party("A", zhang + Number(kBorn1980)) + Party("B", zhang + Number("11010519491231002X"))), "");
  EXPECT_EQ(Typed(Party("A", "name: '张三' " + Number("11010519491231002X")) +
                  Party("B", "name: '张叁' " + Number("11010519491231002x"))),
            "PARTY_TWICE party[1].person");
  EXPECT_EQ(Typed(Party("A", "name: '某公司' is_organisation: true " + Number("91371403MA3C000001")) +
                  Party("B", "name: '某厂' is_organisation: true " + Number("91371403MA3C000001"))),
            "PARTY_TWICE party[1].person");
}

// 民法典 168: a father acted for his child against himself.
// spec: M1
TEST(TypedPeople, NobodyGuardsAgainstThemselvesOrForBothSides) {
  const std::string father = "name: '许父' phone: '13812345678' ", child = "name: '许某' minor: true ";
  const std::string guardian = "guardian { " + father + " relation: '父亲' }";
  EXPECT_EQ(Typed(Party("A", child, guardian) + Party("B", father)), "GUARDIAN_OF_THE_OTHER_SIDE party[0].guardian");
  EXPECT_EQ(Typed(Party("A", father) + Party("B", child, guardian)), "GUARDIAN_OF_THE_OTHER_SIDE party[1].guardian");
  EXPECT_EQ(Typed(Party("A", child, guardian) + Party("B", "name: '许弟' minor: true ", guardian)),
            "GUARDIAN_OF_THE_OTHER_SIDE party[0].guardian");
  EXPECT_EQ(Typed(Party("A", child, guardian) + Party("A", father) + Party("B", "name: '何某'")), "");
  EXPECT_EQ(Typed(Party("A", child, guardian) + Party("B", "name: '何某'") + Party("THIRD", father)), "");
  EXPECT_EQ(Typed(Party("A", child, guardian) + Party("B", "name: '许父' phone: '13900000000'")), "");
}

// 民法典 17: whom nobody marked as a child agreed and signed alone, though the number said how old they were.
// spec: M1
TEST(TypedPeople, AChildIsMarkedAsTheNumberSays) {
  const auto one = [](const std::string& person, const std::string& party = "") {
    return Typed(Party("A", "name: '许某' " + person, party) + Party("B", "name: '何某'"));
  };
  const std::string unmarked = "MINOR_NOT_MARKED party[0].person.minor", wrong = "NOT_A_MINOR party[0].person.minor";
  EXPECT_EQ(one(Number(kTwelve)), unmarked);
  EXPECT_EQ(one(Number(kTwelve) + "minor: true"), "");
  EXPECT_EQ(one(Number(kTwelve), "guardian { name: '许母' relation: '母亲' }"), "");
  EXPECT_EQ(one(Number(kEighteenTomorrow)), unmarked);
  EXPECT_EQ(one(Number(kEighteenToday)), "");
  EXPECT_EQ(one(Number(kEighteenToday) + "minor: true"), wrong);
  EXPECT_EQ(one(Number(kBorn1980)), "");
  EXPECT_EQ(one("", "birth_date: '2014-03-09'"), unmarked);
  EXPECT_EQ(one("minor: true", "birth_date: '1980-03-09'"), wrong);
  EXPECT_EQ(one("minor: true"), "");  // nothing says otherwise
  EXPECT_EQ(one(Number("371403201403090010")), "");  // mistyped: it says nothing
  EXPECT_EQ(one("is_organisation: true " + Number(kTwelve)), "");
}

}  // namespace
}  // namespace mediation
