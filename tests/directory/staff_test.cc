// What the directory tells of its staff, and whom one may know by name. spec: M7, M8, P28, P30, O11
#include <gmock/gmock.h>

#include "tests/directory/running.h"
#include "tests/directory/world.h"

namespace directory {
namespace {

using ::testing::ElementsAre, ::testing::HasSubstr, ::testing::IsEmpty, ::testing::Not, ::testing::UnorderedElementsAre;
using kernel::v1::ROLE_DI, kernel::v1::ROLE_GH, kernel::v1::ROLE_MC, kernel::v1::ROLE_MD, kernel::v1::ROLE_PUB,
    kernel::v1::ROLE_SA, kernel::v1::ROLE_TL;

constexpr char kGrantMediator[] =
    "grant_role { id: 'x' role: ROLE_MD org_id: '371403001201-committee' area_code: '371403001201' valid_to_ms: "
    "1800000000000 }";

// The account as the last notice tells it; "" if none did.
std::string Told(const AccountWorld& s) {
  if (s.notices().empty()) return "";
  v1::Notice notice;
  EXPECT_TRUE(notice.ParseFromString(s.notices().back().payload()));
  return notice.staff_changed().ShortDebugString();
}

TEST(Staff, OfAnAccountIsToldWhatItHoldsAndNothingOfThePerson) {
  AccountWorld s;
  s.As(Admin(ROLE_SA)).When(kGrantMediator).AndNotice("directory.staff");
  EXPECT_EQ(Told(s),
            "user_id: \"01J0000000000000000000USER\" post { role: ROLE_MD org_id: \"371403001201-committee\" "
            "area_code: \"371403001201\" valid_from_ms: 1790000000000 valid_to_ms: 1800000000000 }");
  EXPECT_EQ(s.notices().back().area_code(), "") << "in nobody's live feed";
  s.When("disable_user { id: 'x' reason: '离职' }").AndNotice("directory.staff");
  EXPECT_THAT(Told(s), HasSubstr("disabled: true"));
  s.When("enable_user { id: 'x' }").AndNotice("directory.staff");
  EXPECT_THAT(Told(s), Not(HasSubstr("disabled")));
  s.When("revoke_role { id: 'x' grant_id: 'g1' reason: '调岗' }").AndNotice("directory.staff");
  EXPECT_EQ(Told(s), "user_id: \"01J0000000000000000000USER\"") << "holds nothing any more";
}

TEST(Staff, AResidentIsNot) {
  AccountWorld s;
  s.As(Admin(ROLE_SA)).When("grant_role { id: 'x' role: ROLE_PUB area_code: '371403001201' }").AndNoNotice();
  s.When("disable_user { id: 'x' reason: '申请注销' }").AndNoNotice();
  s.As(tests::ActorOf(kernel::v1::ROLE_SYS)).When("tell_staff {}").Then({});
}

TEST(Staff, WhoAlsoIsAResidentIsToldOfByOfficeOnly) {
  AccountWorld s;
  s.As(Admin(ROLE_SA)).When("grant_role { id: 'x' role: ROLE_PUB area_code: '371403001201' }");
  s.When(kGrantMediator).AndNotice("directory.staff");
  EXPECT_THAT(Told(s), Not(HasSubstr("ROLE_PUB")));
}

TEST(Staff, OfBeforeIsToldByTheDirectoryItself) {
  AccountWorld s;
  s.As(Admin(ROLE_SA)).When(kGrantMediator);
  const std::string told = Told(s);
  s.When("tell_staff {}").ThenRefused(kernel::RefusalCode::kNotAllowed);
  s.As(tests::ActorOf(kernel::v1::ROLE_SYS)).When("tell_staff {}").Then({"staff_told {}"}).AndNotice("directory.staff");
  EXPECT_EQ(Told(s), told);
}

constexpr char kVillage[] = "990102100201";
constexpr char kOther[] = "990102100202";

// A running city of two villages.
class StaffOfACity : public testing::Test {
 protected:
  StaffOfACity() {
    WriteCity(folder_.path(), {{kVillage, "戊村委会"}, {kOther, "己村委会"}});
    EXPECT_TRUE(running_.Load("policy", folder_.path()).ok());
    admin_ = running_.Bootstrap();
  }
  kernel::v1::Actor Admin() { return tests::ActorOf(ROLE_SA, "9901-centre", "9901", admin_); }
  std::string Person(const std::string& name, Role role, const std::string& org, const std::string& area) {
    v1::CreateUserRequest create;
    create.set_login("login-" + std::to_string(++people_));
    create.set_name(name);
    if (role == ROLE_PUB) {
      create.set_area_code(area);
    } else {
      create.set_org_id(org);
    }
    const std::string user = running_.Do(Admin(), "", create, true).receipt.id();
    v1::GrantRoleRequest grant;
    grant.set_id(user);
    grant.set_role(role);
    grant.set_org_id(org);
    grant.set_area_code(area);
    const auto outcome = running_.Do(Admin(), user, grant);
    EXPECT_FALSE(outcome.refusal.has_value()) << outcome.refusal->reason;
    return user;
  }
  void Disable(const std::string& user) {
    v1::DisableUserRequest disable;
    disable.set_id(user);
    disable.set_reason("离职");
    EXPECT_FALSE(running_.Do(Admin(), user, disable).refusal.has_value());
  }
  std::vector<std::string> Listed(const kernel::v1::Actor& actor, const std::string& org, Role role = {}) {
    v1::ListStaffRequest request;
    request.set_org_id(org);
    request.set_role(role);
    v1::ListStaffResponse response;
    const auto answer = running_.queries().ListStaff(running_.NewCaller(actor), request, &response);
    if (!answer.ok()) return {Running::Why(answer)};
    std::vector<std::string> names;
    for (const auto& member : response.member()) names.push_back(member.name());
    return names;
  }
  std::vector<std::string> Names(const kernel::v1::Actor& actor, const std::vector<std::string>& users) {
    common::v1::NamesOfRequest request;
    for (const std::string& user : users) request.add_user_id(user);
    common::v1::NamesOfResponse response;
    const auto answer = running_.queries().NamesOf(running_.NewCaller(actor), request, &response);
    EXPECT_TRUE(answer.ok()) << Running::Why(answer);
    std::vector<std::string> names;
    for (const auto& one : response.staff()) names.push_back(one.name());
    return names;
  }
  static kernel::v1::Actor Township() { return tests::ActorOf(ROLE_TL, "990102100-gov", "990102100", "tl"); }
  static kernel::v1::Actor Village(const std::string& code) {
    return tests::ActorOf(ROLE_GH, code + "-centre", code, "gh");
  }
  static kernel::v1::Actor Resident() { return tests::ActorOf(ROLE_PUB, "", kOther, "pub"); }

  tests::TempDir folder_;
  Running running_;
  std::string admin_;
  int people_ = 0;
};

TEST_F(StaffOfACity, OfACommitteeIsListedToWhoeverMayChooseAMediator) {
  const std::string committee = std::string(kVillage) + "-committee";
  Person("李调解", ROLE_MD, committee, kVillage);
  Person("赵主任", ROLE_MC, committee, kVillage);
  Person("王登记", kernel::v1::ROLE_MR, committee, kVillage);
  Disable(Person("钱离职", ROLE_MD, committee, kVillage));
  Person("周邻村", ROLE_MD, std::string(kOther) + "-committee", kOther);
  EXPECT_THAT(Listed(Resident(), committee, ROLE_MD), ElementsAre("李调解"));
  EXPECT_THAT(Listed(Resident(), committee), UnorderedElementsAre("李调解", "赵主任"));
  EXPECT_THAT(Listed(Resident(), committee, kernel::v1::ROLE_MR), ElementsAre("NO_RIGHT"));
  EXPECT_THAT(Listed(Township(), committee), UnorderedElementsAre("李调解", "赵主任", "王登记"));
  EXPECT_THAT(Listed(Village(kOther), committee), UnorderedElementsAre("李调解", "赵主任")) << "not of its line";
}

TEST_F(StaffOfACity, OfAnyOtherUnitIsListedToItsOwnLineOnly) {
  Person("孙镇长", ROLE_TL, "990102100-gov", "990102100");
  Person("吴联络", ROLE_DI, "990102-discipline", "990102");
  EXPECT_THAT(Listed(Village(kVillage), "990102100-gov"), ElementsAre("孙镇长")) << "above one's village";
  EXPECT_THAT(Listed(tests::ActorOf(ROLE_TL, "x", "990103100", "tl"), "990102100-gov"), ElementsAre("NO_RIGHT"));
  EXPECT_THAT(Listed(Resident(), "990102100-gov"), ElementsAre("NO_RIGHT"));
  EXPECT_THAT(Listed(Township(), "990102-discipline"), IsEmpty()) << "nobody is shown who opens accusations";
  EXPECT_THAT(Listed(Township(), "9901-centre"), IsEmpty()) << "nor administrators";
  EXPECT_THAT(Listed(Township(), "990102100-nothing"), ElementsAre("NOT_FOUND"));
}

TEST_F(StaffOfACity, IsListedPageByPage) {
  const std::string committee = std::string(kVillage) + "-committee";
  for (int i = 0; i < 5; ++i) Person("调解员" + std::to_string(i), ROLE_MD, committee, kVillage);
  v1::ListStaffRequest request;
  request.set_org_id(committee);
  request.set_page_size(2);
  std::set<std::string> seen;
  int pages = 0;
  do {
    v1::ListStaffResponse response;
    ASSERT_TRUE(running_.queries().ListStaff(running_.NewCaller(Resident()), request, &response).ok());
    EXPECT_LE(response.member_size(), 2);
    for (const auto& member : response.member()) {
      EXPECT_TRUE(seen.insert(member.name()).second);
      ASSERT_EQ(member.post_size(), 1);
      EXPECT_EQ(member.post(0).role(), ROLE_MD);
    }
    request.set_page_token(response.next_page_token());
    ++pages;
  } while (!request.page_token().empty());
  EXPECT_EQ(seen.size(), 5u);
  EXPECT_GE(pages, 3);
}

TEST_F(StaffOfACity, IsKnownByNameToWhoeverMayKnow) {
  const std::string mediator = Person("李调解", ROLE_MD, std::string(kVillage) + "-committee", kVillage);
  const std::string leader = Person("孙镇长", ROLE_TL, "990102100-gov", "990102100");
  const std::string resident = Person("郑居民", ROLE_PUB, "", kVillage);
  const std::vector<std::string> all{leader, mediator, resident, "nobody"};
  EXPECT_THAT(Names(Township(), all), ElementsAre("孙镇长", "李调解"));
  EXPECT_THAT(Names(Village(kOther), all), ElementsAre("孙镇长", "李调解"));
  EXPECT_THAT(Names(Resident(), all), ElementsAre("李调解")) << "who mediates is known; a leader's account is not theirs";
  Disable(mediator);
  EXPECT_THAT(Names(Resident(), {mediator}), ElementsAre("李调解")) << "papers of that time carry the name";
}

TEST_F(StaffOfACity, OfBeforeIsToldOnceAtAStart) {
  const std::string mediator = Person("李调解", ROLE_MD, std::string(kVillage) + "-committee", kVillage);
  Person("郑居民", ROLE_PUB, "", kVillage);
  const auto again = running_.Load("policy", folder_.path());
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->staff_told, 0) << "what this database was told of, it told";
  // As a database of before has it: nothing says that its staff were told of.
  v1::Command command;
  command.mutable_finish_import()->set_digest("0");
  kernel::Envelope envelope;
  envelope.aggregate_id = "import/staff";
  envelope.upserts = true;
  envelope.actor.set_service("directory");
  envelope.command_name = "finish_import";
  envelope.command = std::make_unique<v1::Command>(std::move(command));
  ASSERT_TRUE(rpc::Ask(running_.service(), std::move(envelope)).status.ok());
  const uint64_t head = running_.service().Head().seq;
  const auto before = running_.Load("policy", folder_.path());
  ASSERT_TRUE(before.ok()) << before.status();
  EXPECT_EQ(before->staff_told, 2) << "the mediator and the first administrator";
  std::vector<std::string> told;
  ASSERT_TRUE(running_.service()
                  .Read(head,
                        [&](const kernel::LogEntry& entry) {
                          kernel::v1::LogRecord record;
                          const auto size = static_cast<int>(entry.record.size());
                          EXPECT_TRUE(record.ParseFromArray(entry.record.data(), size));
                          if (entry.topic == "directory.staff") told.push_back(record.aggregate_id());
                          return true;
                        })
                  .ok());
  EXPECT_THAT(told, UnorderedElementsAre(mediator, admin_));
  EXPECT_EQ(running_.Load("policy", folder_.path())->staff_told, 0) << "once";
}

}  // namespace
}  // namespace directory
