// Who is told who looked at a matter: the auditor everything, the person concerned what was revealed and by which unit.
#include "services/rpc/access_list.h"

#include <gtest/gtest.h>

#include <future>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/mem_kv.h"

namespace rpc {
namespace {

class AccessList : public ::testing::Test {
 protected:
  AccessList() {
    auto log = AuditLog::Open(kv_);
    EXPECT_TRUE(log.ok());
    log_ = *std::move(log);
    caller_.note = &note_;
  }
  void Record(const std::string& user, const std::string& field, const std::string& matter = "A",
              v1::AuditRecord::Decision decision = v1::AuditRecord::ALLOWED,
              const std::vector<std::string>& units = {"t-centre"}) {
    v1::AuditRecord record;
    record.set_at_ms(++at_ms_);
    record.set_method("/incident.v1.Incidents/RevealParty");
    record.set_decision(decision);
    record.set_reason(decision == v1::AuditRecord::ALLOWED ? "OK" : "NOT_ALLOWED");
    record.set_actor_id(user);
    record.set_aggregate_id(matter);
    record.set_field(field);
    record.set_purpose("回访");
    for (const auto role : {kernel::v1::ROLE_TD, kernel::v1::ROLE_VF}) {
      for (const std::string& unit : units) {
        auto* grant = record.add_grant();
        grant->set_role(role);
        grant->set_org_id(unit);
      }
    }
    std::promise<void> done;
    ASSERT_TRUE(log_->Record(std::move(record), [&](const absl::Status&) { done.set_value(); }));
    done.get_future().wait();
  }
  common::v1::ListAccessesResponse Ask(Told told, int page_size = 0, const std::string& token = "") {
    AccessQuestion question;
    question.matter = "A";
    question.told = told;
    question.name_of = [](std::string_view org) { return "单位" + std::string(org); };
    question.unit_today = [](std::string_view org) {
      return org.starts_with("former") ? std::string("t-centre") : std::string(org);
    };
    question.bad_token.code = kernel::RefusalCode::kInvalid;
    question.bad_token.reason = "PAGE_TOKEN";
    common::v1::ListAccessesRequest request;
    request.set_page_size(page_size);
    request.set_page_token(token);
    common::v1::ListAccessesResponse response;
    const Answer answer = ListAccesses(*log_, caller_, question, request, &response);
    refused_ = answer.refusal() ? answer.refusal()->reason : "";
    EXPECT_TRUE(answer.ok() || answer.refusal());
    return response;
  }

  tests::MemKv kv_;
  std::unique_ptr<AuditLog> log_;
  int64_t at_ms_ = 0;
  std::string refused_;
  AuditNote note_;
  Caller caller_;
};

TEST_F(AccessList, TellsTheAuditorWhoAskedAndWasRefused) {
  Record("u1", "party[0]");
  Record("u2", "party[0]", "A", v1::AuditRecord::DENIED);
  Record("u3", "party[0]", "AB");
  const auto told = Ask(Told::kEverything);
  ASSERT_EQ(told.access_size(), 2) << "of this matter alone";
  EXPECT_EQ(told.access(0).user_id(), "u2");
  EXPECT_FALSE(told.access(0).allowed());
  EXPECT_EQ(told.access(0).reason_code(), "NOT_ALLOWED");
  EXPECT_EQ(told.access(1).user_id(), "u1");
  EXPECT_EQ(told.access(1).method(), "RevealParty");
  EXPECT_EQ(told.access(1).serial(), 1u);
}

TEST_F(AccessList, TellsThePersonConcernedWhichUnitSawTheirNameAndWhatForButNotWho) {
  Record("u1", "reporter");
  Record("u2", "", "A");                                   // the matter, without a name
  Record("u2", "reporter", "A", v1::AuditRecord::DENIED);  // saw nothing
  const auto told = Ask(Told::kReveals);
  ASSERT_EQ(told.access_size(), 1);
  const auto& access = told.access(0);
  EXPECT_EQ(access.what(), "reporter");
  EXPECT_EQ(access.purpose(), "回访");
  ASSERT_EQ(access.org_name_size(), 1);
  EXPECT_EQ(access.org_name(0), "单位t-centre");
  EXPECT_EQ(access.role_size(), 2);
  EXPECT_EQ(access.user_id(), "");
  EXPECT_EQ(access.serial(), 0u);
}

// Twenty villages went into this one, and its people's tokens count for them: one unit looked, not twenty-one.
// spec: R9
TEST_F(AccessList, NamesTheUnitOfTodayOnceAndNoneThatWentIntoIt) {
  Record("u1", "reporter", "A", v1::AuditRecord::ALLOWED, {"former1-centre", "t-centre", "former2-centre"});
  for (const Told told : {Told::kReveals, Told::kEverything}) {
    const auto said = Ask(told);
    ASSERT_EQ(said.access_size(), 1);
    ASSERT_EQ(said.access(0).org_id_size(), 1);
    EXPECT_EQ(said.access(0).org_id(0), "t-centre");
    ASSERT_EQ(said.access(0).org_name_size(), 1);
    EXPECT_EQ(said.access(0).org_name(0), "单位t-centre");
  }
}

TEST_F(AccessList, GoesOnPageByPageWithoutLosingOrRepeatingAny) {
  for (int i = 0; i < 7; ++i) {
    Record("u", i % 2 == 0 ? "reporter" : "");
    Record("u", "other", "B");
  }
  std::vector<int64_t> seen;
  std::string token;
  int pages = 0;
  do {
    const auto page = Ask(Told::kReveals, 2, token);
    for (const auto& access : page.access()) seen.push_back(access.at_ms());
    token = page.next_page_token();
    ++pages;
  } while (!token.empty());
  EXPECT_EQ(seen, (std::vector<int64_t>{13, 9, 5, 1}));
  EXPECT_EQ(pages, 2);
  Ask(Told::kReveals, 2, "no-token-of-this-list");
  EXPECT_EQ(refused_, "PAGE_TOKEN");
}

TEST_F(AccessList, TellsTheAuditorWhichListsOfAnAreaWereOpened) {
  auto opened = [&](const std::string& area, const std::string& list) {
    v1::AuditRecord record;
    record.set_at_ms(++at_ms_);
    record.set_method("/oversight.v1.Oversight/ListCounted");
    record.set_decision(v1::AuditRecord::ALLOWED);
    record.set_actor_id("u1");
    record.set_area_code(area);
    record.set_field(list);
    std::promise<void> done;
    ASSERT_TRUE(log_->Record(std::move(record), [&](const absl::Status&) { done.set_value(); }));
    done.get_future().wait();
  };
  for (const std::string area : {"371403", "371403001", "3714", "371402", "371403001"}) opened(area, "of " + area);
  Record("u2", "reporter");  // a matter is no list
  auto ask = [&](const std::string& area, int size, const std::string& token = "") {
    AccessQuestion question;
    question.matter = area;
    question.told = Told::kEverything;
    question.name_of = question.unit_today = [](std::string_view org) { return std::string(org); };
    common::v1::ListAreaAccessesRequest request;
    request.set_area_code(area);
    request.set_page_size(size);
    request.set_page_token(token);
    common::v1::ListAccessesResponse response;
    EXPECT_TRUE(ListAreaAccesses(*log_, question, request, &response).ok());
    return response;
  };
  std::vector<std::string> seen;
  std::string token;
  do {
    const auto page = ask("371403", 2, token);
    for (const auto& access : page.access()) seen.push_back(access.what() + " " + access.area_code());
    token = page.next_page_token();
  } while (!token.empty());
  EXPECT_EQ(seen, (std::vector<std::string>{"of 371403001 371403001", "of 371403001 371403001", "of 371403 371403"}));
  EXPECT_EQ(ask("3714", 0).access_size(), 5);
  EXPECT_EQ(ask("371402", 0).access_size(), 1);
  EXPECT_EQ(ask("37140", 0).access_size(), 0);
  EXPECT_EQ(ask("371403001", 0).access(0).user_id(), "u1");
}

TEST(Auditor, IsOneOfThePlace) {
  Caller caller;
  auto* grant = caller.actor.add_grant();
  grant->set_role(kernel::v1::ROLE_AU);
  grant->set_area_code("371403");
  EXPECT_TRUE(Audits(caller, "371403001002"));
  EXPECT_FALSE(Audits(caller, "371402001002"));
  grant->set_role(kernel::v1::ROLE_SE);
  EXPECT_FALSE(Audits(caller, "371403001002"));
}

TEST(Citizen, HasNoOffice) {
  kernel::v1::Actor actor;
  actor.set_user_id("u1");
  actor.add_grant()->set_role(kernel::v1::ROLE_CD);
  const auto citizen = AsCitizen(actor);
  ASSERT_EQ(citizen.grant_size(), 1);
  EXPECT_EQ(citizen.grant(0).role(), kernel::v1::ROLE_PUB);
  EXPECT_EQ(citizen.user_id(), "u1");
  EXPECT_EQ(AsCitizen({}).grant_size(), 0);
}

}  // namespace
}  // namespace rpc
