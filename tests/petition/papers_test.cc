// The papers people brought to a petition: named by their digests, and there when their bytes are.
// spec: A8
#include <string>

#include "services/petition/queries.h"
#include "tests/petition/petition_world.h"
#include "tests/support/driven.h"
#include "tests/support/test_sealer.h"

namespace petition {
namespace {

class PapersTest : public ::testing::Test {
 protected:
  PapersTest()
      : desk_(kMonday, City(), &sealer_),
        documents_(*Documents::Make()),
        queries_({[this] { return desk_.Read(); }, nullptr, nullptr, &documents_, nullptr}) {
    std::string text =
        RegisterText("agent { person { name: 'vault:g' } kind: LAWYER mandate_sha256: '" + kScan + "' } ");
    text.insert(text.find("facts:"), "attachment_sha256: '" + letter_ + "' ");
    EXPECT_FALSE(desk_.Do("p1", text, Clerk()).refusal);
  }
  std::string Papers(const Actor& actor) {
    rpc::Caller caller;
    caller.actor = actor;
    caller.note = &note_;
    v1::ListDocumentsRequest request;
    request.set_id("p1");
    v1::ListDocumentsResponse shown;
    if (!queries_.ListDocuments(caller, request, &shown).ok()) return "refused";
    std::string all;
    for (const auto& paper : shown.paper()) all += paper.title_zh() + (paper.awaited() ? "未收到 " : "已收到 ");
    return all;
  }

  const std::string letter_ = std::string(64, 'a');
  tests::TestSealer sealer_;
  tests::Driven<PetitionDomain> desk_;
  Documents documents_;
  Queries queries_;
  rpc::AuditNote note_;
};

// A petition is taken before its papers are uploaded; what has not come is shown as such.
TEST_F(PapersTest, AreThereWhenTheirBytesAre) {
  EXPECT_EQ(Papers(Clerk()), "信访材料未收到 授权委托书未收到 ");
  desk_.Do("doc/" + letter_, "hear_kept { kind: PAPER }", Platform());
  EXPECT_EQ(Papers(Clerk()), "信访材料已收到 授权委托书未收到 ");
  desk_.Do("doc/" + kScan, "hear_kept { kind: PAPER }", Platform());
  EXPECT_EQ(Papers(Clerk()), "信访材料已收到 授权委托书已收到 ");
}

// A request that was not taken and the one that was asked instead are against the same opinion.
// spec: P21
TEST_F(PapersTest, OfRequestsForReviewNameTheOpinionTheyAreAgainst) {
  const std::string decline = "decide_review_request { " + kNotice + "}";
  const std::pair<std::string, Actor> course[] = {
      {kForward, Office()},   {kReceive, Handler()}, {kAccept, Handler()},   {kHeard, Handler()},
      {kLooked, Handler()},   {DraftText(), Handler()}, {kIssue, Head()},    {DeliverText(kMonday), Clerk()},
      {kAskReview, Resident()}, {decline, CityReviewer()}, {kAskReview, Resident()}};
  PetitionFacts facts;
  for (const auto& [command, actor] : course) ASSERT_FALSE(desk_.Do("p1", command, actor).refusal) << command;
  const auto reader = desk_.Read();
  facts.state = reader.Get("p1").value()->state;
  const auto records = reader.History("p1");
  for (const auto& record : *records) {
    facts.steps.push_back({.event = {}, .at_ms = record.recorded_at_ms(), .actor_id = "", .actor_org = ""});
    ASSERT_TRUE(facts.steps.back().event.ParseFromString(record.event()));
  }
  const auto reference = City();
  facts.reference = &reference;
  for (const int no : {1, 2}) {
    const auto asked = documents_.One(facts, "reviewrequest", no);
    ASSERT_TRUE(asked.ok()) << no << asked.status();
    EXPECT_NE(asked->sections[0].html.find("陵人社信〔2026〕1号"), std::string::npos) << asked->sections[0].html;
  }
  EXPECT_FALSE(documents_.One(facts, "reviewrequest", 3).ok());
}

// What the petitioners signed to withdraw was kept, and no answer named it: nobody could read it, for media gives a
// document to whoever is shown its digest.
// spec: P27
TEST_F(PapersTest, OfAWithdrawalIsShownWithThePetition) {
  const std::string signed_by_them = std::string(64, 'b');
  ASSERT_FALSE(
      desk_.Do("p1", "withdraw { statement: '不再反映' proof_sha256: '" + signed_by_them + "' }", Clerk()).refusal);
  EXPECT_EQ(Papers(Clerk()), "信访材料未收到 授权委托书未收到 书面撤回材料未收到 ");
  rpc::Caller caller;
  caller.actor = Clerk();
  caller.note = &note_;
  v1::GetPetitionRequest request;
  request.set_id("p1");
  v1::Petition shown;
  ASSERT_TRUE(queries_.GetPetition(caller, request, &shown).ok());
  EXPECT_EQ(shown.withdrawal_proof_sha256(), signed_by_them);
}

// spec: P11
TEST_F(PapersTest, OfAnAccusationAreShownToNobody) {
  ASSERT_FALSE(desk_.Do("p1", "retype { type: ACCUSATION reason: '反映干部' }", Office()).refusal);
  for (const Actor& actor : {Clerk(), Office(), Handler()}) EXPECT_EQ(Papers(actor), "refused");
}

}  // namespace
}  // namespace petition
