// Suggestions, measures and clusters that name a petition by its code, when it leaves the lists and mediation goes on
// under the same code: over the real engine.
#include "services/oversight/queries.h"

#include <algorithm>

#include "tests/oversight/warning_world.h"
#include "tests/support/driven.h"

namespace oversight {
namespace {

Actor Supervisor() { return ActorOf(kernel::v1::ROLE_SV, "c-supervision", "371403", "sv1"); }
Actor Office() { return ActorOf(kernel::v1::ROLE_PO, "c-petition", "371403", "po1"); }

reference::Reference WithDiscipline() {
  auto reference = tests::Learned();
  EXPECT_TRUE(reference.Learn(tests::OrgNotice("c-discipline", directory::v1::DISCIPLINE, "371403")).ok());
  return reference;
}

std::string Suggest(const std::string& about = "c-hrss") {
  return "draft_suggestion { org_id: '" + about +
         "' violation: 'V04' facts: '未答复' evidence: '督办单' recipient_org: 'c-discipline' matter_code: '" +
         kPetitionCode + "' }";
}
std::string Interview() {
  return std::string("record_measure { measure: INTERVIEW org_id: 'c-hrss' matter_code: '") + kPetitionCode +
         "' decided_day: '2026-11-20' rectify_by_day: '2026-12-10' document_no: '1号' demand: '限期整改' }";
}

class SealedCodes : public ::testing::Test {
 protected:
  SealedCodes() : desk_(kMonday, WithDiscipline()), queries_([this] { return desk_.Read(); }) {
    Do(kPetitionCode, HeardPetition(1, kHandled + PetitionClock()), Platform());
    Do(kPetitionCode,
       std::string("observe { service: 'mediation' subject_id: 'c1' subject_version: 1 topic: 'mediation.accepted' "
                   "matter_code: '") +
           kPetitionCode +
           "' area_code: '371403001002' level: 2 recorded_at_ms: 1 mediation { status: MEDIATING dispute_type: 'D01' "
           "holder_org: 'v-committee' committee_org: 'v-committee' level: 2 } }",
       Platform());
  }
  void Do(const std::string& id, const std::string& command, const Actor& actor) {
    EXPECT_EQ(Why(id, command, actor), "") << command;
  }
  // Why it is refused, and which field is at fault; empty: it is taken.
  std::string Why(const std::string& id, const std::string& command, const Actor& actor) {
    const auto outcome = desk_.Do(id, command, actor);
    return outcome.refusal ? outcome.refusal->reason + " " + outcome.refusal->field : "";
  }
  void Seal() { Do(kPetitionCode, HeardPetition(2, "level: 4 status: MERGED", "petition.removed"), Platform()); }
  template <class Shown, class Request>
  Shown Get(const std::string& id, const Actor& actor,
            rpc::Answer (Queries::*query)(const rpc::Caller&, const Request&, Shown*) const) {
    rpc::Caller caller;
    caller.actor = actor;
    caller.now_ms = desk_.clock().NowMs();
    caller.note = &note_;
    Request request;
    request.set_id(id);
    Shown shown;
    found_ = (queries_.*query)(caller, request, &shown).ok();
    return shown;
  }

  tests::Driven<OversightDomain> desk_;
  Queries queries_;
  rpc::AuditNote note_;
  bool found_ = false;
};

// Before, a suggestion drafted or sent after the sealing told the body, and every leader, the code; and the refusal of
// a draft said that it was about a petition, which a matter that there is not never is.
// spec: O8 P11 flow-5
TEST_F(SealedCodes, AreInNoSuggestionAboutTheUnitThatHadThePetition) {
  Do("s1", Suggest(), Supervisor());
  Do("s2", Suggest(), Supervisor());
  Do("s2", "send_suggestion { document_no: '督建1号' }", Supervisor());
  const auto codes = [&](const std::string& id) {
    return Get(id, CountyLeader(), &Queries::GetSuggestion).matter_code_size();
  };
  EXPECT_EQ(codes("s1"), 1);
  EXPECT_EQ(codes("s2"), 1);
  Seal();
  EXPECT_EQ(codes("s1"), 0);
  EXPECT_EQ(codes("s2"), 0) << "nor in what was sent before";
  const v1::Suggestion draft = Get("s1", Supervisor(), &Queries::GetSuggestion);
  ASSERT_EQ(draft.allowed_command_size(), 1);
  EXPECT_EQ(draft.allowed_command(0), "withdrawSuggestion") << "what is always refused is not offered";
  EXPECT_EQ(Why("s1", "send_suggestion { document_no: '督建2号' }", Supervisor()), "NO_SUCH_MATTER matter_code");
  EXPECT_EQ(Why("s3", Suggest(), Supervisor()), "NO_SUCH_MATTER matter_code");
  EXPECT_EQ(Why("s3", Suggest("c-housing"), Supervisor()), "NO_SUCH_MATTER matter_code") << "like any other unit";
  std::string of_none = Suggest();
  of_none.replace(of_none.find(kPetitionCode), sizeof(kPetitionCode) - 1, "37140320261123P999999");
  EXPECT_EQ(Why("s3", of_none, Supervisor()), "NO_SUCH_MATTER matter_code") << "like one that never was";
  EXPECT_EQ(Why("s3", Suggest("v-committee"), Supervisor()), "") << "what goes on there is somebody's";
}

// spec: O9 P11 flow-5
TEST_F(SealedCodes, AreInNoMeasureAboutTheUnitThatHadThePetition) {
  Do("m1", Interview(), Office());
  EXPECT_EQ(Get("m1", CountyLeader(), &Queries::GetMeasure).matter_code_size(), 1);
  Seal();
  Get("m1", CountyLeader(), &Queries::GetMeasure);
  EXPECT_FALSE(found_);
  EXPECT_EQ(Why("m2", Interview(), Office()), "NO_SUCH_MATTER matter_code");
}

// A cluster that had ended before is not changed any more; it is read without the code.
// spec: O10 W1 P11
TEST_F(SealedCodes, AreInNoClusterOfPetitionsThatHasEnded) {
  for (int i = 0; i < 4; ++i)
    Do("P" + std::to_string(i), Petition("P" + std::to_string(i), kMonday, 4), Platform());
  const std::string id = "wa-W1-371403001002-Q05-1";
  const auto names_it = [&] {
    const v1::Warning shown = Get(id, CountyLeader(), &Queries::GetWarning);
    EXPECT_TRUE(found_);
    return std::ranges::count(shown.matter_code(), std::string(kPetitionCode)) == 1;
  };
  EXPECT_TRUE(names_it());
  Do(id, "acknowledge_warning {}", CountyCentre());
  Do(id, "mark_warning_false { reason: '同一批农户' }", CountyCentre());
  Seal();
  EXPECT_FALSE(names_it());
}

}  // namespace
}  // namespace oversight
