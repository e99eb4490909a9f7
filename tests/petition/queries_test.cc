// What the petition service answers, and to whom: over the real engine.
#include "services/petition/queries.h"

#include "services/kernel/refusals.h"
#include "services/rpc/id_source.h"
#include "tests/petition/petition_world.h"
#include "tests/support/driven.h"
#include "tests/support/mem_kv.h"
#include "tests/support/test_sealer.h"

namespace petition {
namespace {

class QueriesTest : public ::testing::Test {
 protected:
  QueriesTest() : desk_(kMonday, City(), &sealer_), queries_({[this] { return desk_.Read(); }, nullptr, nullptr}) {
    Do("p1", RegisterText(), Clerk());
    Do("p1", kForward, Office());
    Do("s1", RegisterText(), Clerk());  // becomes an accusation
    code_ = desk_.Read().Get("s1").value()->state.query_code();
  }
  void Seal() {
    Do("s1", "retype { type: ACCUSATION reason: '反映干部' }", Office());
    Do("s1", "transfer_to_discipline { discipline_org: 'c-discipline' }", Office());
  }
  void Do(const std::string& id, const std::string& command, const Actor& actor) {
    const auto outcome = desk_.Do(id, command, actor);
    EXPECT_FALSE(outcome.refusal) << command << outcome.refusal->reason;
  }
  rpc::Caller As(const Actor& actor) {
    rpc::Caller caller;
    caller.actor = actor;
    for (const auto& grant : actor.grant()) caller.areas.push_back(grant.area_code());
    caller.now_ms = desk_.clock().NowMs();
    caller.note = &note_;
    return caller;
  }
  template <class Request>
  static Request Ask(const std::string& text) {
    Request request;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &request));
    return request;
  }
  // Ids of the list, or "refused".
  std::vector<std::string> List(const Actor& actor, const std::string& text) {
    v1::ListPetitionsResponse response;
    if (!queries_.ListPetitions(As(actor), Ask<v1::ListPetitionsRequest>(text), &response).ok())
      return {"refused"};
    std::vector<std::string> ids;
    for (const auto& line : response.line()) ids.push_back(line.id());
    return ids;
  }
  std::string Counted() {
    v1::CountPetitionsResponse counts;
    EXPECT_TRUE(
        queries_.CountPetitions(As(Office()), Ask<v1::CountPetitionsRequest>("area_code: '371403'"), &counts)
            .ok());
    return counts.ShortDebugString();
  }

  tests::TestSealer sealer_;
  tests::Driven<PetitionDomain> desk_;
  Queries queries_;
  rpc::AuditNote note_;
  std::string code_;
};
using Ids = std::vector<std::string>;

TEST_F(QueriesTest, PetitionShowsItsClocksExplainedAndWhatMayBeDone) {
  v1::Petition shown;
  ASSERT_TRUE(queries_.GetPetition(As(Office()), Ask<v1::GetPetitionRequest>("id: 'p1'"), &shown).ok());
  EXPECT_EQ(shown.status(), v1::FORWARDED);
  EXPECT_EQ(shown.deadline(0).policy_id(), "DP-01");
  EXPECT_FALSE(shown.deadline(0).explanation_zh().empty());
  EXPECT_EQ(shown.query_code().size(), 9u);
  v1::Petition for_unit;
  ASSERT_TRUE(queries_.GetPetition(As(Handler()), Ask<v1::GetPetitionRequest>("id: 'p1'"), &for_unit).ok());
  EXPECT_TRUE(for_unit.query_code().empty());  // it is the petitioner's
  v1::Petition for_leader;
  ASSERT_TRUE(queries_.GetPetition(As(Leader()), Ask<v1::GetPetitionRequest>("id: 'p1'"), &for_leader).ok());
  EXPECT_TRUE(for_leader.query_code().empty());
  EXPECT_NE(std::ranges::find(for_unit.allowed_command(), "confirmReceipt"), for_unit.allowed_command().end());
}

// What a petitioner wrote was shown whole to every leader of the line, with the numbers in it.
TEST_F(QueriesTest, NumbersInWordsAreMaskedUntilSomebodyAsksWithAReason) {
  const rpc::Vault vault(rpc::CipherProfile::kAesGcm, std::string(32, 'm'));
  tests::MemKv kept;
  rpc::IdSource ids{base::Random(7)};
  v1::Command command;
  ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(
      RegisterText("external_no: '收文7号'"), &command));
  auto* content = command.mutable_register_()->mutable_content();
  content->set_request("请打13812345678");
  content->set_facts("邻居身份证37142119800101123X");
  std::vector<storage::Batch::Op> ops;
  ASSERT_TRUE(vault.Seal(kept, "p9", kMonday, ids, command.mutable_register_(), &ops).ok());
  storage::Batch batch;
  for (const auto& op : ops) batch.Put(op.space, op.key, *op.value);
  ASSERT_TRUE(kept.Commit(batch, storage::Durability::kSynced).ok());
  EXPECT_EQ(command.ShortDebugString().find("5678"), std::string::npos);
  ASSERT_FALSE(desk_.Do("p9", command, Clerk()).refusal);
  const Queries queries({[this] { return desk_.Read(); }, &vault, &kept});
  v1::Petition shown;
  ASSERT_TRUE(queries.GetPetition(As(Leader()), Ask<v1::GetPetitionRequest>("id: 'p9'"), &shown).ok());
  EXPECT_EQ(shown.content().request(), "请打138****5678");
  EXPECT_EQ(shown.content().facts(), "邻居身份证371***********123X");
  EXPECT_TRUE(note_.purpose.empty());
  const auto ask = Ask<v1::RevealPetitionerRequest>("id: 'p9' petitioner_id: 'content' reason: '回访核实'");
  v1::RevealPetitionerResponse revealed;
  ASSERT_TRUE(queries.RevealPetitioner(As(Office()), ask, &revealed).ok());
  EXPECT_EQ(revealed.content().request(), "请打13812345678");
  EXPECT_FALSE(revealed.has_person());
  EXPECT_EQ(note_.aggregate_id, "p9");
  EXPECT_EQ(note_.field, "content");
  EXPECT_EQ(note_.purpose, "回访核实");
}

TEST_F(QueriesTest, PetitionersReadNothingOfWhatOfficesWriteToEachOther) {
  Do("p1", "list_backlog { cause: '历史遗留' plan: '一案一策' }", Office());
  Do("p1", "suggest { suggestion: '改进答复' }", Office());
  v1::Petition for_office, for_petitioner;
  const auto ask = Ask<v1::GetPetitionRequest>("id: 'p1'");
  ASSERT_TRUE(queries_.GetPetition(As(Office()), ask, &for_office).ok());
  EXPECT_EQ(for_office.backlog().cause(), "历史遗留");
  EXPECT_EQ(for_office.improvement(), "改进答复");
  ASSERT_TRUE(queries_.GetPetition(As(Resident()), ask, &for_petitioner).ok());
  EXPECT_FALSE(for_petitioner.has_backlog());
  EXPECT_TRUE(for_petitioner.improvement().empty());
  EXPECT_EQ(for_petitioner.status(), v1::FORWARDED);
  EXPECT_EQ(for_petitioner.query_code().size(), 9u);
}

// What oversight says of a petition, and how the offices work on it, stood among the petitioner's steps.
// spec: O3 O7
TEST_F(QueriesTest, PetitionersReadNoStepThatAuthoritiesTakeAmongThemselves) {
  Do("p1", "hear_oversight { topic: 'oversight.order_issued' order { order_id: 'o1' card: CARD_RED } }", Platform());
  Do("p1", "hear_oversight { topic: 'oversight.instruction_distributed' instruction { instruction_id: 'i1' to_org: "
           "'c-hrss' } }",
     Platform());
  Do("p1", kReceive, Handler());
  Do("p1", "list_backlog { cause: '历史遗留' plan: '一案一策' }", Office());
  Do("p1", "suggest { suggestion: '改进答复' }", Office());
  const auto steps = [this](const Actor& actor) {
    v1::ListPetitionStepsRequest request = Ask<v1::ListPetitionStepsRequest>("id: 'p1' page_size: 2");
    std::vector<std::string> types;
    do {  // pages go on, though some have fewer lines
      v1::ListPetitionStepsResponse response;
      EXPECT_TRUE(queries_.ListPetitionSteps(As(actor), request, &response).ok());
      for (const auto& step : response.step()) types.push_back(step.event_type());
      request.set_page_token(response.next_page_token());
    } while (!request.page_token().empty());
    return types;
  };
  EXPECT_EQ(steps(Resident()), (std::vector<std::string>{"registered", "forwarded", "received"}));
  EXPECT_EQ(steps(Handler()),
            (std::vector<std::string>{"registered", "forwarded", "order_set", "instructed", "received",
                                      "backlog_listed", "improvement_suggested"}));
  v1::Petition for_petitioner;
  ASSERT_TRUE(queries_.GetPetition(As(Resident()), Ask<v1::GetPetitionRequest>("id: 'p1'"), &for_petitioner).ok());
  EXPECT_TRUE(for_petitioner.order().empty());
  EXPECT_TRUE(for_petitioner.instruction().empty());
}

// The list named every petition that was met, to leaders below the office that has it, too.
TEST_F(QueriesTest, ReceptionsNameThePetitionsOfWhoMaySeeThem) {
  Do("r1",
     "record_reception { kind: VISIT_DOWN leader_user_id: 'cl1' area_code: '371403001002' place: '村委会' "
     "record: '接待' petition_id: 'p1' petition_id: 's1' held_at_ms: " +
         std::to_string(desk_.clock().NowMs()) + " }",
     Leader());
  const auto met = [this](const Actor& actor) {
    v1::ListReceptionsResponse list;
    EXPECT_TRUE(queries_
                    .ListReceptions(As(actor), Ask<v1::ListReceptionsRequest>("area_code: '371403001'"), &list)
                    .ok());
    if (list.line().empty()) return Ids{"none"};
    const auto& ids = list.line(0).reception().petition_id();
    return std::vector<std::string>(ids.begin(), ids.end());
  };
  EXPECT_EQ(met(Leader()), (Ids{"p1", "s1"}));
  EXPECT_EQ(met(ActorOf(ROLE_TL, "t-gov", "371403001", "tl1")), Ids{});
  Seal();  // and then the record is not there, or it would tell what was said
  EXPECT_EQ(met(Leader()), Ids{"none"});
}

TEST_F(QueriesTest, ListsAreBoundedByWhoAsks) {
  EXPECT_EQ(List(Office(), "office_org: 'c-petition'"), (Ids{"p1", "s1"}));
  EXPECT_EQ(List(CityOffice(), "area_code: '3714'"), (Ids{"p1", "s1"}));
  EXPECT_EQ(List(Office(), "area_code: '3714'"), Ids{"refused"});
  EXPECT_EQ(List(Handler(), "unit_org: 'c-hrss'"), Ids{"p1"});
  EXPECT_EQ(List(Handler(), "office_org: 'c-petition'"), Ids{"refused"});
  EXPECT_EQ(List(ActorOf(ROLE_PH, "c-housing", "371403"), "unit_org: 'c-hrss'"), Ids{"refused"});
  EXPECT_EQ(List(Resident(), "mine: true"), (Ids{"p1", "s1"}));
  EXPECT_EQ(List(Resident("stranger"), "mine: true"), Ids{});
}

TEST_F(QueriesTest, TrackSaysTheStepsAndNoNames) {
  const std::string code = desk_.Read().Get("p1").value()->state.query_code();
  v1::PetitionTrack track;
  ASSERT_TRUE(queries_
                  .TrackPetition(As(Resident("")),
                                 Ask<v1::TrackPetitionRequest>("query_code: '" + code + "'"), &track)
                  .ok());
  ASSERT_EQ(track.milestone_size(), 2);
  EXPECT_EQ(track.milestone(1).event_type(), "forwarded");
}

// Every question about a sealed petition, beside the same question about nothing.
// spec: P11
TEST_F(QueriesTest, SealedIsAnsweredAsNothing) {
  const std::string before = Counted();
  Seal();
  EXPECT_NE(Counted(), before);
  EXPECT_EQ(Counted().find("SEALED"), std::string::npos);
  auto same = [](const rpc::Answer& answer) {
    const auto nothing = kernel::NoSuchMatter();
    return answer.refusal().has_value() && answer.refusal()->code == nothing.code &&
           answer.refusal()->reason == nothing.reason && answer.refusal()->field == nothing.field &&
           answer.refusal()->message_zh == nothing.message_zh && answer.refusal()->metadata.empty();
  };
  for (const Actor& actor :
       {Clerk(), Office(), Handler(), Head(), CityOffice(), CityReviewer(), Leader(), Resident(),
        ActorOf(ROLE_DI, "city-discipline", "3714"), ActorOf(ROLE_SV, "c-centre", "371403")}) {
    for (const char* id : {"s1", "nothing"}) {
      const std::string named = "id: '" + std::string(id) + "'";
      v1::Petition petition;
      EXPECT_TRUE(same(queries_.GetPetition(As(actor), Ask<v1::GetPetitionRequest>(named), &petition)));
      v1::ListPetitionStepsResponse steps;
      EXPECT_TRUE(
          same(queries_.ListPetitionSteps(As(actor), Ask<v1::ListPetitionStepsRequest>(named), &steps)));
      v1::OpenSealedResponse opened;
      EXPECT_TRUE(
          same(queries_.OpenSealed(As(actor), Ask<v1::OpenSealedRequest>(named + " reason: 'xx'"), &opened)));
      v1::ListSealedDocumentsResponse documents;
      EXPECT_TRUE(same(
          queries_.ListSealedDocuments(As(actor), Ask<v1::ListSealedDocumentsRequest>(named), &documents)));
      EXPECT_TRUE(note_.aggregate_id.empty());
    }
    for (const char* list :
         {"office_org: 'c-petition'", "area_code: '371403'", "area_code: '3714'", "unit_org: 'c-hrss'",
          "mine: true", "led: true", "backlog_area: '371403'", "matter_code: '37140320261123P000002'",
          "area_code: '371403' ended: true", "office_org: 'c-discipline'"}) {
      const auto ids = List(actor, list);
      EXPECT_EQ(std::ranges::find(ids, "s1"), ids.end()) << list;
    }
    v1::ListPetitionsResponse sealed;
    EXPECT_TRUE(
        queries_.ListSealed(As(actor), Ask<v1::ListSealedRequest>("org: 'c-discipline'"), &sealed).ok());
    EXPECT_TRUE(sealed.line().empty());
  }
  v1::PetitionTrack track;
  EXPECT_TRUE(same(queries_.TrackPetition(
      As(Resident()), Ask<v1::TrackPetitionRequest>("query_code: '" + code_ + "'"), &track)));
}

TEST_F(QueriesTest, SealedIsOpenedByItsOrganAndThatIsRecorded) {
  Seal();
  v1::OpenSealedResponse opened;
  ASSERT_TRUE(
      queries_.OpenSealed(As(Discipline()), Ask<v1::OpenSealedRequest>("id: 's1' reason: '初核'"), &opened)
          .ok());
  EXPECT_EQ(note_.aggregate_id, "s1");
  EXPECT_EQ(note_.purpose, "初核");
  EXPECT_EQ(opened.content().request(), "vault:r");
  v1::ListPetitionsResponse sealed;
  ASSERT_TRUE(
      queries_.ListSealed(As(Discipline()), Ask<v1::ListSealedRequest>("org: 'c-discipline'"), &sealed).ok());
  EXPECT_EQ(sealed.line_size(), 1);
  v1::Petition petition;
  EXPECT_FALSE(
      queries_.GetPetition(As(Discipline()), Ask<v1::GetPetitionRequest>("id: 's1'"), &petition).ok());
}

// Media is told that somebody refers to a document, so that it is not removed; its organ, which documents there are.
TEST_F(QueriesTest, WhatAnAccusationRefersToIsHeldAndShownToItsOrganAlone) {
  const std::string other(64, 'e');
  Do("s2", RegisterText("agent { person { name: 'n' } kind: LAWYER mandate_sha256: '" + kScan + "' }", "ACCUSATION"),
     Clerk());
  auto held = [&](const std::string& sha256) {
    media::v1::HoldsDocumentResponse response;
    const auto request = Ask<media::v1::HoldsDocumentRequest>("sha256: '" + sha256 + "'");
    EXPECT_TRUE(queries_.HoldsDocument(As(Platform()), request, &response).ok());
    return response.holds();
  };
  EXPECT_TRUE(held(kScan));
  EXPECT_FALSE(held(other));
  Do("s2", "transfer_to_discipline { discipline_org: 'c-discipline' }", Office());
  EXPECT_TRUE(held(kScan));
  v1::ListSealedDocumentsResponse documents;
  const auto request = Ask<v1::ListSealedDocumentsRequest>("id: 's2'");
  ASSERT_TRUE(queries_.ListSealedDocuments(As(Discipline()), request, &documents).ok());
  ASSERT_EQ(documents.sha256_size(), 1);
  EXPECT_EQ(documents.sha256(0), kScan);
  EXPECT_EQ(note_.aggregate_id, "s2");
  v1::OpenSealedResponse opened;
  ASSERT_TRUE(
      queries_.OpenSealed(As(Discipline()), Ask<v1::OpenSealedRequest>("id: 's2' reason: '初核'"), &opened).ok());
  EXPECT_EQ(opened.agent(0).mandate_sha256(), kScan);
}

// The link that fell silent told whoever knew the repeat that the earlier petition was an accusation now.
// spec: flow-5 P3 信访工作条例30
TEST_F(QueriesTest, ALinkToWhatHasBeenSealedSinceLooksLikeOneToAMergedCopy) {
  Do("m1", RegisterText(), Clerk());
  for (const auto& [repeat, earlier] : {std::pair("p2", "s1"), std::pair("p3", "m1")}) {
    Do(repeat, RegisterText(), Clerk());
    Do(repeat, "link_repeat { earlier_id: '" + std::string(earlier) + "' repeat_class: REPEAT }", Clerk());
    Do(repeat, kForward, Office());
  }
  const auto linked = [&](const Actor& actor, const char* id) {
    v1::Petition shown;
    const auto request = Ask<v1::GetPetitionRequest>("id: '" + std::string(id) + "'");
    EXPECT_TRUE(queries_.GetPetition(As(actor), request, &shown).ok());
    return std::pair(shown.earlier_id(), shown.repeat_class());
  };
  EXPECT_EQ(linked(Office(), "p2"), std::pair(std::string("s1"), v1::REPEAT));
  EXPECT_EQ(linked(Handler(), "p2"), std::pair(std::string(), v1::REPEAT)) << "what one may not see is not named";
  Seal();
  Do("m1", "merge_copy { primary_id: 'p2' }", Clerk());
  for (const Actor& actor : {Office(), Clerk(), Handler(), Leader()}) {
    EXPECT_EQ(linked(actor, "p2"), std::pair(std::string(), v1::REPEAT)) << actor.ShortDebugString();
    EXPECT_EQ(linked(actor, "p3"), linked(actor, "p2"));
  }
}

}  // namespace
}  // namespace petition
