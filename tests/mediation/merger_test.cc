// Villages merge 合村并居 while cases are open: the committee of the village that took over sees them and carries them on,
// what is new comes to it, and nothing that was written changes.
#include "services/mediation/queries.h"
#include "tests/mediation/case_world.h"
#include "tests/support/caller.h"
#include "tests/support/driven.h"

namespace mediation {
namespace {

using kernel::v1::ROLE_MC, kernel::v1::ROLE_MR, kernel::v1::Role;

constexpr char kFormer[] = "371403001003";
constexpr char kHome[] = "371403001004";
constexpr char kOther[] = "371403001005";
constexpr char kFormerCommittee[] = "371403001003-committee";
constexpr char kHomeCommittee[] = "371403001004-committee";

class MergerTest : public ::testing::Test {
 protected:
  MergerTest() : desk_(kMonday, Villages()), queries_({[this] { return desk_.Read(); }, nullptr, nullptr}) {
    Apply("c1", kFormer, kFormerCommittee);
    Apply("c2", kHome, kHomeCommittee);
  }
  static reference::Reference Villages() {
    reference::Reference reference = tests::Learned();
    for (const char* village : {kFormer, kHome, kOther}) {
      CHECK(reference.Learn(tests::AreaNotice(village, "某村")).ok());
      const std::string id = std::string(village) + "-committee";
      CHECK(reference.Learn(tests::OrgNotice(id, directory::v1::COMMITTEE, village, "village")).ok());
    }
    const auto mediates = [&](const char* user, const char* committee, const char* village) {
      CHECK(reference.Learn(tests::StaffNotice(user, kernel::v1::ROLE_MD, committee, village)).ok());
    };
    mediates("md1", kHomeCommittee, kHome);
    mediates("md2", kFormerCommittee, kFormer);
    return reference;
  }
  kernel::Outcome Apply(const std::string& id, const std::string& area, const std::string& committee) {
    std::string text = "apply { voluntary: true area_code: '" + area + "' dispute_type: 'D02' facts: '排水沟' ";
    if (!committee.empty()) text += "committee_org: '" + committee + "' ";
    return desk_.Do(id, text + kParties + " }", Resident("ua"));
  }
  void Merge() {
    directory::v1::Notice notice = tests::AreaNotice(kFormer, "某村");
    notice.mutable_area_changed()->set_valid_to("2026-11-23");
    notice.mutable_area_changed()->set_successor(kHome);
    v1::Command learn;
    *learn.mutable_learn_reference()->mutable_notice() = notice;
    EXPECT_FALSE(desk_.Do(std::string("ref/area/") + kFormer, learn, Platform()).refusal);
  }
  // As a token says it after the merger: the own village, and what went into it.
  static Actor OfHome(Role role, const std::string& user = "u-home") {
    Actor actor = ActorOf(role, kHomeCommittee, kHome, user);
    auto* former = actor.add_grant();
    former->set_role(role);
    former->set_org_id(kFormerCommittee);
    former->set_area_code(kFormer);
    return actor;
  }
  rpc::Caller As(const Actor& actor) { return tests::CallerOf(actor, desk_.clock().NowMs(), &note_); }
  v1::Case Shown(const Actor& actor, const std::string& id) {
    v1::GetCaseRequest request;
    request.set_id(id);
    v1::Case shown;
    EXPECT_TRUE(queries_.GetCase(As(actor), request, &shown).ok()) << id;
    return shown;
  }
  std::vector<std::string> List(const Actor& actor, const std::string& text, int page_size = 0) {
    v1::ListCasesRequest request;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &request));
    request.set_page_size(page_size);
    std::vector<std::string> ids;
    for (int page = 0; page < 9; ++page) {
      v1::ListCasesResponse response;
      if (!queries_.ListCases(As(actor), request, &response).ok()) return {"refused"};
      for (const auto& line : response.line()) ids.push_back(line.id());
      request.set_page_token(response.next_page_token());
      if (request.page_token().empty()) return ids;
    }
    return {"no end"};
  }

  tests::Driven<MediationDomain> desk_;
  Queries queries_;
  rpc::AuditNote note_;
};
using Ids = std::vector<std::string>;

// spec: flow-12 M4 M5 M7
TEST_F(MergerTest, TheCommitteeThatTookOverCarriesAnOpenCaseOn) {
  Merge();
  const Actor registrar = OfHome(ROLE_MR);
  EXPECT_FALSE(desk_.Do("c1", "ask_consent { how: '电话' }", registrar).refusal);
  EXPECT_FALSE(
      desk_.Do("c1", "record_consent { party_id: 'p2' answer: AGREED_TO_MEDIATE how: '当面' }", registrar).refusal);
  EXPECT_FALSE(
      desk_.Do("c1", "serve_rights_notice { party_id: 'p1' party_id: 'p2' how: '当面' }", registrar).refusal);
  EXPECT_FALSE(desk_.Do("c1", kAccept, registrar).refusal);
  const std::string both = "assign { chair_user_id: 'md1' other_user_id: 'md2' recusal_checked: true }";
  EXPECT_FALSE(desk_.Do("c1", both, OfHome(ROLE_MC)).refusal) << "those of the former committee mediate for it, too";
  const v1::Case shown = Shown(OfHome(ROLE_MC), "c1");
  EXPECT_EQ(shown.status(), v1::ASSIGNED);
  EXPECT_EQ(shown.committee_org(), kFormerCommittee) << "the file says to whom it was brought";
  EXPECT_EQ(shown.area_code(), kFormer) << "its code is its own for life";
  EXPECT_EQ(shown.holder_org(), kHomeCommittee) << "and who has it now";
  const auto history = desk_.Read().History("c1");
  ASSERT_TRUE(history.ok());
  EXPECT_EQ(history->back().actor_org(), kHomeCommittee) << "a committee that has ended does nothing more";
}

// spec: flow-12
TEST_F(MergerTest, TheFormerCommitteeFinishesWhatItHasInTheNameOfTheOneThatTookOver) {
  Merge();
  Actor former = ActorOf(ROLE_MR, kFormerCommittee, kFormer, "u-former");
  *former.add_grant() = ActorOf(ROLE_MR, kHomeCommittee, kHome).grant(0);  // what its token says since
  EXPECT_FALSE(desk_.Do("c1", "ask_consent { how: '电话' }", former).refusal);
  const auto history = desk_.Read().History("c1");
  ASSERT_TRUE(history.ok());
  EXPECT_EQ(history->back().actor_org(), kHomeCommittee);
}

// spec: flow-12
TEST_F(MergerTest, ItsListsHoldTheCasesOfTheVillagesThatWentIntoIt) {
  const std::string of_committee = std::string("committee_org: '") + kHomeCommittee + "'";
  const std::string of_area = std::string("area_code: '") + kHome + "'";
  EXPECT_EQ(List(ActorOf(ROLE_MC, kHomeCommittee, kHome), of_committee), Ids{"c2"}) << "until it has merged";
  Merge();
  for (const int page_size : {0, 1}) {
    EXPECT_EQ(List(OfHome(ROLE_MC), of_committee, page_size), (Ids{"c2", "c1"}));
    EXPECT_EQ(List(OfHome(ROLE_MC), of_area, page_size), (Ids{"c2", "c1"}));
  }
  Actor stranger = ActorOf(ROLE_MC, std::string(kOther) + "-committee", kOther);
  EXPECT_EQ(List(stranger, of_committee), Ids{"refused"});
  EXPECT_EQ(List(stranger, std::string("committee_org: '") + kFormerCommittee + "'"), Ids{"refused"});
}

// spec: flow-12 M1
TEST_F(MergerTest, WhatIsNewComesToTheCommitteeThatTookOver) {
  EXPECT_EQ(Shown(Resident("ua"), "c1").holder_org(), kFormerCommittee);
  Merge();
  Apply("n1", kFormer, kFormerCommittee);
  Apply("n2", kFormer, "");
  Apply("n3", std::string(kFormer) + "001", kFormerCommittee);
  for (const char* id : {"n1", "n2", "n3"}) {
    const v1::Case shown = Shown(OfHome(ROLE_MC), id);
    EXPECT_EQ(shown.committee_org(), kHomeCommittee) << id;
    EXPECT_EQ(shown.area_code(), kHome) << id;
  }
  desk_.Do("rf-r1",
           std::string("take_referral { origin { service: 'incident' aggregate_id: 'i1' referral_id: 'r1' matter_code: "
                       "'37140320261123I000001' } dispute_type: 'D02' area_code: '") +
               kFormer + "' committee_org: '" + kFormerCommittee + "' }",
           Platform());
  EXPECT_EQ(Shown(OfHome(ROLE_MC), "rf-r1").committee_org(), kHomeCommittee);
}

}  // namespace
}  // namespace mediation
