// What the sides of a case read of each other when one of them is protected from violence at home.
#include "services/mediation/shown_to_party.h"

#include <future>

#include "services/mediation/queries.h"
#include "tests/mediation/case_world.h"
#include "tests/support/driven.h"
#include "tests/support/mem_kv.h"

namespace mediation {
namespace {

// The protected wife, her husband, her sister on her side, and his mother, who is on neither.
const std::string kFamily =
    "party { applicant: true needs_protection: true occupation: '实验小学教师' birth_date: '1985-03-09' "
    "person { name: 'vault:a' phone: '13900000001' id_number: '110105198503090021' address: '碧水湾小区3号楼' "
    "side: SIDE_A user_id: 'wife-account' } "
    "guardian { name: 'vault:g' relation: '母亲' phone: '13900000009' id_number: '110105195503090021' } } "
    "party { person { name: 'vault:b' phone: '13900000002' side: SIDE_B user_id: 'husband' } } "
    "party { applicant: true person { name: 'vault:c' side: SIDE_A user_id: 'sister' } } "
    "party { person { name: 'vault:d' side: SIDE_THIRD user_id: 'his-mother' } } ";

class ShownToParty : public ::testing::Test {
 protected:
  ShownToParty()
      : desk_(kMonday, tests::Learned()), vault_(rpc::CipherProfile::kAesGcm, std::string(32, 'm')),
        audit_(std::move(rpc::AuditLog::Open(audit_kv_).value())),
        queries_({[this] { return desk_.Read(); }, &vault_, &kept_, nullptr, nullptr, nullptr, audit_.get()}) {
    Do("apply { voluntary: true area_code: '371403001002' dispute_type: 'D02' domestic_violence: true "
       "facts: '多次殴打，可打⟦vault:c1/01ARZ3NDEKTSV4RRFFQ69G5FAV⟧找我' " + kFamily + "}",
       Registrar());
    Do("record_consent { party_id: 'p2' answer: AGREED_TO_MEDIATE how: '在男方单位当面' }", Registrar());
    Do("serve_rights_notice { party_id: 'p1' party_id: 'p2' party_id: 'p3' party_id: 'p4' how: '当面' "
       "protection_information_given: true }",
       Registrar());
    Do(kAccept, Registrar());
    Do("choose_mediator { party_id: 'p1' mediator_user_id: 'md1' }", Resident("wife-account"));
    Do(kAssign, Chair());
    desk_.clock().Advance(base::kDayMs);
    Do(Session("妇联办公室", "她说现住姐姐家", "attendance { party_id: 'p1' present: true } "), Mediator());
    Do(Session("社区调解室", "双方谈过",
               "attendance { party_id: 'p1' present: true } attendance { party_id: 'p2' present: true } "
               "face_to_face_consent_party_id: 'p1'"),
       Mediator());
  }
  std::string Session(const std::string& place, const std::string& record, const std::string& who) {
    const int64_t now = desk_.clock().NowMs();
    return "hold_session { session { started_at_ms: " + std::to_string(now - base::kHourMs) +
           " ended_at_ms: " + std::to_string(now) + " mode: ONSITE result: CONTINUES place: '" + place +
           "' record: '" + record + "' " + who + "} }";
  }
  void Do(const std::string& text, const Actor& actor) {
    const auto outcome = desk_.Do("c1", text, actor);
    ASSERT_FALSE(outcome.refusal) << text << ": " << outcome.refusal->reason;
  }
  rpc::Caller As(const Actor& actor) {
    rpc::Caller caller;
    caller.actor = actor;
    caller.now_ms = desk_.clock().NowMs();
    caller.note = &note_;
    return caller;
  }
  v1::Case Seen(const Actor& actor) {
    v1::GetCaseRequest request;
    request.set_id("c1");
    v1::Case shown;
    EXPECT_TRUE(queries_.GetCase(As(actor), request, &shown).ok());
    return shown;
  }
  void Reveal(const std::string& what) {
    rpc::v1::AuditRecord record;
    record.set_at_ms(kMonday);
    record.set_method("/mediation.v1.Mediation/RevealParty");
    record.set_decision(rpc::v1::AuditRecord::ALLOWED);
    record.set_actor_id("md1");
    record.set_aggregate_id("c1");
    record.set_field(what);
    record.set_purpose("送达文书");
    std::promise<void> done;
    ASSERT_TRUE(audit_->Record(std::move(record), [&](const absl::Status&) { done.set_value(); }));
    done.get_future().wait();
  }

  tests::Driven<MediationDomain> desk_;
  rpc::Vault vault_;
  tests::MemKv kept_, audit_kv_;
  std::unique_ptr<rpc::AuditLog> audit_;
  Queries queries_;
  rpc::AuditNote note_;
};

void ExpectNothingOfHer(const std::string& bytes, const std::string& view) {
  for (const char* secret : {"13900000001", "110105198503090021", "碧水湾", "实验小学", "1985-03-09", "13900000009",
                             "110105195503090021", "wife-account", "妇联办公室", "姐姐家", "01ARZ3NDEKTSV4RRFFQ69G5FAV"}) {
    EXPECT_EQ(bytes.find(secret), std::string::npos) << view << ": " << secret;
  }
}

// Whoever had beaten her read how her address began, where her number began and ended, and that she was protected.
// spec: M9
TEST_F(ShownToParty, TheOtherSideReadsTheNameAloneOfWhoIsProtected) {
  for (const char* other : {"husband", "his-mother"}) {
    const v1::Case shown = Seen(Resident(other));
    ExpectNothingOfHer(shown.SerializeAsString(), other);
    EXPECT_EQ(shown.party(0).person().name(), "vault:a") << "masked on the way out, as everywhere";
    EXPECT_EQ(shown.party(0).guardian().name(), "vault:g");
    for (const auto& party : shown.party()) EXPECT_FALSE(party.needs_protection());
    EXPECT_FALSE(shown.domestic_violence());
    EXPECT_FALSE(shown.protection_information_given());
    EXPECT_NE(shown.facts().find("多次殴打"), std::string::npos) << "what was said to both stays";
    for (const auto& session : shown.session()) EXPECT_TRUE(session.face_to_face_consent_party_id().empty());
  }
  const v1::Case his = Seen(Resident("husband"));
  ASSERT_EQ(his.session_size(), 2);
  EXPECT_EQ(his.session(1).record(), "双方谈过") << "he was there";
  EXPECT_EQ(his.party(1).person().phone(), "13900000002") << "his own";
  EXPECT_EQ(Seen(Resident("his-mother")).session(1).record(), "") << "she was not";
}

// Were only hers missing, their absence would be the flag.
// spec: M9
TEST_F(ShownToParty, WhatIsMissingDoesNotTellWhoIsProtected) {
  const v1::Case hers = Seen(Resident("wife-account"));
  EXPECT_TRUE(hers.party(1).person().phone().empty());
  EXPECT_TRUE(hers.party(1).consent_how().empty());
  EXPECT_EQ(hers.party(0).person().phone(), "13900000001");
  EXPECT_TRUE(hers.party(0).needs_protection());
  EXPECT_TRUE(hers.domestic_violence());
  EXPECT_EQ(hers.session(0).record(), "她说现住姐姐家");
  EXPECT_EQ(Seen(Resident("sister")).party(0).person().phone(), "13900000001") << "of her own side";
  const std::string neighbours =
      "party { applicant: true person { name: 'vault:e' side: SIDE_A phone: '13900000005' } } "
      "party { person { name: 'vault:f' side: SIDE_B user_id: 'neighbour' } } ";
  ASSERT_FALSE(desk_.Do("c2", "apply { voluntary: true " + kDispute + neighbours + "}", Registrar()).refusal);
  v1::GetCaseRequest request;
  request.set_id("c2");
  v1::Case ordinary;
  ASSERT_TRUE(queries_.GetCase(As(Resident("neighbour")), request, &ordinary).ok());
  EXPECT_TRUE(ordinary.party(0).person().phone().empty()) << "among neighbours as well";
}

// spec: M9
TEST_F(ShownToParty, StaffReadAsBeforeUnlessTheyAreTheOtherSide) {
  for (const Actor& staff : {Registrar(), Chair(), Mediator()}) {
    const v1::Case shown = Seen(staff);
    EXPECT_EQ(shown.party(0).person().phone(), "13900000001");
    EXPECT_TRUE(shown.party(0).needs_protection());
    EXPECT_TRUE(shown.domestic_violence());
    EXPECT_EQ(shown.session(0).place(), "妇联办公室");
  }
  const Actor husband_in_office = ActorOf(kernel::v1::ROLE_MR, "v-committee", "371403001002", "husband");
  ExpectNothingOfHer(Seen(husband_in_office).SerializeAsString(), "a registrar who is the other side");
}

// spec: M9
TEST_F(ShownToParty, NoOtherViewTellsTheOtherSideMore) {
  for (const char* what : {"p1", "p2"}) Reveal(what);
  v1::ListStepsRequest steps_of;
  steps_of.set_id("c1");
  steps_of.set_page_size(100);
  v1::ListStepsResponse steps, own_steps;
  ASSERT_TRUE(queries_.ListSteps(As(Resident("husband")), steps_of, &steps).ok());
  ASSERT_TRUE(queries_.ListSteps(As(Resident("wife-account")), steps_of, &own_steps).ok());
  ExpectNothingOfHer(steps.SerializeAsString(), "steps");
  EXPECT_EQ(steps.step_size(), own_steps.step_size());
  EXPECT_NE(own_steps.SerializeAsString().find("wife-account"), std::string::npos) << "the step is hers";

  common::v1::ListAccessesRequest accesses_of;
  accesses_of.set_id("c1");
  common::v1::ListAccessesResponse accesses;
  ASSERT_TRUE(queries_.ListAccesses(As(Resident("husband")), accesses_of, &accesses).ok());
  ASSERT_EQ(accesses.access_size(), 1) << "that hers were looked up, and what for, is hers to know";
  EXPECT_EQ(accesses.access(0).what(), "p2");

  v1::ListCasesRequest list;
  list.set_mine(true);
  v1::ListCasesResponse lines;
  ASSERT_TRUE(queries_.ListCases(As(Resident("husband")), list, &lines).ok());
  ASSERT_EQ(lines.line_size(), 1);
  ExpectNothingOfHer(lines.SerializeAsString(), "list");
  v1::TrackCaseRequest track_of;
  track_of.set_query_code(Seen(Resident("husband")).query_code());
  v1::CaseTrack track;
  ASSERT_TRUE(queries_.TrackCase(rpc::Caller(), track_of, &track).ok());
  ExpectNothingOfHer(track.SerializeAsString(), "track");
}

// spec: M9 M19
TEST(HideOthers, LeavesOfAVisitToTheOthersThatItWasMade) {
  v1::Case shown;
  ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(
      "party { party_id: 'p1' needs_protection: true person { side: SIDE_A user_id: 'wife' } } "
      "party { party_id: 'p2' person { side: SIDE_B user_id: 'husband' } } "
      "visit { party_id: 'p1' mode: AT_HOME reason: '看望姐姐家' visited_at_ms: 5 } "
      "visit { party_id: 'p2' mode: AT_HOME reason: '履行情况' visited_at_ms: 6 }",
      &shown));
  HideOthers(Resident("husband"), &shown);
  ASSERT_EQ(shown.visit_size(), 2);
  EXPECT_TRUE(shown.visit(0).reason().empty());
  EXPECT_EQ(shown.visit(0).mode(), v1::VISIT_MODE_UNSPECIFIED);
  EXPECT_EQ(shown.visit(1).reason(), "履行情况");
}

// spec: M8
TEST_F(ShownToParty, WhoWasAskedToStandAsideHasNeitherIdentitiesNorPapers) {
  Do("request_recusal { party_id: 'p2' mediator_user_id: 'md1' ground: KINSHIP }", Resident("husband"));
  const auto why = [this](const Actor& actor) {
    v1::RevealPartyRequest reveal;
    reveal.set_id("c1");
    reveal.set_party_id("p9");
    reveal.set_reason("送达文书");
    v1::RevealPartyResponse person;
    v1::PrintFileRequest print;
    print.set_id("c1");
    print.set_reason("归档打印");
    print.set_format(static_cast<v1::PaperFormat>(9));
    rpc::NextMessage<google::api::HttpBody> pages;
    const auto revealed = queries_.RevealParty(As(actor), reveal, &person);
    const auto printed = queries_.PrintFile(As(actor), print, &pages);
    return (revealed.refusal() ? revealed.refusal()->reason : "?") + " " +
           (printed.refusal() ? printed.refusal()->reason : "?");
  };
  EXPECT_EQ(why(Mediator()), "RECUSAL_PENDING RECUSAL_PENDING");
  EXPECT_EQ(why(Chair()), "UNKNOWN_PARTY VALUE_NEEDED") << "stopped by what was asked, not by who asks";
  EXPECT_EQ(why(ActorOf(kernel::v1::ROLE_MR, "v-committee", "371403001002", "husband")),
            "MEDIATOR_IS_PARTY MEDIATOR_IS_PARTY");
  Do("replace_mediator { chair_user_id: 'md2' recusal_checked: true reason: '当事人申请回避' }", Chair());
  EXPECT_EQ(why(Mediator("md2")), "UNKNOWN_PARTY VALUE_NEEDED");
}

}  // namespace
}  // namespace mediation
