// Who was marked as a minor comes of age while the case is open: signed on as a child, whose guardian had to come.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/random.h"
#include "services/mediation/domain/rules.h"
#include "services/mediation/full_age.h"
#include "services/rpc/id_source.h"
#include "tests/mediation/case_world.h"
#include "tests/support/driven.h"
#include "tests/support/mem_kv.h"

namespace mediation {
namespace {

using testing::Contains, testing::Not;

constexpr char kEighteenToday[] = "371403200811230013";
constexpr char kEighteenTomorrow[] = "371403200811240019";
const std::string kOfAge = "record_full_age { party_id: 'p2' how: '核对身份证' }";
const std::string kWard = "guardian { name: 'vault:g' relation: '母亲' }";

std::string ApplyWithAMinor(const std::string& person, const std::string& party) {
  std::string text = ApplyText();
  const std::string from = "user_id: 'ub' } } ";
  return text.replace(text.find(from), from.size(), "user_id: 'ub' minor: true " + person + " } " + party + " } ");
}

// There is a draft, and the other side is a minor with or without a guardian on record.
class DraftedWithAMinor : public Case {
 public:
  explicit DraftedWithAMinor(const std::string& party) : Case(tests::Learned(), "c1") {
    WithChance(7).When(ApplyWithAMinor("", party), Registrar(), kMonday)
        .When(AgreesAs("minor: true", party))
        .When("serve_rights_notice { party_id: 'p1' party_id: 'p2' how: '当面' }")
        .When(kAccept)
        .When(kAssign, Chair(), kMonday)
        .When(SessionText(kTuesdayMs), Mediator(), kTuesdayMs)
        .When(DraftText(), Mediator(), kTuesdayMs);
    EXPECT_FALSE(refusal()) << refusal()->reason;
  }
};

// 民法典 17, 18: an adult acts alone, whoever guarded them.
// spec: M14
TEST(FullAge, WhoHasComeOfAgeSignsAlone) {
  const std::string sign = "sign { party_id: 'p2' kind: FINGERPRINT proof_sha256: '" + kDigest + "' }";
  for (const std::string& party : {std::string(), kWard}) {
    DraftedWithAMinor c(party);
    c.When(sign, Mediator(), kTuesdayMs).ThenRefused("GUARDIAN_SIGNS");
    c.When(kOfAge, Mediator(), kTuesdayMs)
        .ThenPartly({"full_age_recorded { party_id: 'p2' how: '核对身份证' at_ms: " + std::to_string(kTuesdayMs) + " }"});
    EXPECT_FALSE(c.state().party(1).person().minor());
    EXPECT_EQ(c.state().party(1).has_guardian(), !party.empty()) << "papers of the time before name the guardian";
    c.When(sign, Mediator(), kTuesdayMs);
    ASSERT_FALSE(c.refusal()) << c.refusal()->reason;
    EXPECT_EQ(c.state().party(1).signed_as(), v1::CAPACITY_UNSPECIFIED);
  }
}

// Entered later with its own day, a paper of the time before is no adult's.
// spec: M14
TEST(FullAge, APaperSignedBeforeIsTheGuardiansToSign) {
  const std::string sign = "sign { party_id: 'p2' kind: FINGERPRINT proof_sha256: '" + kDigest + "' ";
  const int64_t wednesday = kTuesdayMs + base::kDayMs;
  DraftedWithAMinor c("");
  c.When(kOfAge, Mediator(), wednesday)
      .When(sign + "signed_at_ms: " + std::to_string(kTuesdayMs) + " }", Mediator(), wednesday)
      .ThenRefused(RefusalCode::kGuard, "GUARDIAN_SIGNS");
  EXPECT_EQ(c.refusal()->field, "signed_at_ms");
  c.When(sign + "signed_at_ms: " + std::to_string(wednesday) + " }", Mediator(), wednesday + base::kHourMs);
  EXPECT_FALSE(c.refusal()) << c.refusal()->reason;
}

// What was signed for a child by who guarded them then stays signed.
// spec: M14
TEST(FullAge, TakesNothingBackThatTheGuardianSigned) {
  DraftedWithAMinor c(kWard);
  c.When("sign { party_id: 'p2' kind: SIGNATURE capacity: GUARDIAN_OF_PARTY proof_sha256: '" + kDigest + "' }",
         Mediator(), kTuesdayMs)
      .When(kOfAge);
  ASSERT_FALSE(c.refusal()) << c.refusal()->reason;
  EXPECT_EQ(c.state().party(1).signed_as(), v1::GUARDIAN_OF_PARTY);
  EXPECT_EQ(c.state().party(1).signed_(), v1::SIGNATURE);
}

// spec: M14
TEST(FullAge, IsSaidOfWhoIsMarkedAndHowItIsKnown) {
  DraftedWithAMinor c("");
  c.When("record_full_age { party_id: 'p1' how: '核对身份证' }", Mediator(), kTuesdayMs)
      .ThenRefused("NOT_MARKED_AS_MINOR")
      .When("record_full_age { party_id: 'p9' how: '核对身份证' }")
      .ThenRefused("UNKNOWN_PARTY")
      .When("record_full_age { party_id: 'p2' }")
      .ThenRefused("CONTENT_NEEDED")
      .When(kOfAge, Resident("ub"), kTuesdayMs)
      .ThenRefused(RefusalCode::kNotAllowed);
  EXPECT_THAT(AllowedCommands(c.state(), Mediator(), tests::Learned()), Contains("recordFullAge"));
  c.When(kOfAge, Mediator(), kTuesdayMs).When(kOfAge).ThenRefused("NOT_MARKED_AS_MINOR");
  EXPECT_THAT(AllowedCommands(c.state(), Mediator(), tests::Learned()), Not(Contains("recordFullAge")));
}

// The number or the day of birth lie in the vault, where the rules do not see them.
class AgeInTheVault : public ::testing::Test {
 protected:
  AgeInTheVault() : desk_(kMonday, tests::Learned()), vault_(rpc::CipherProfile::kAesGcm, std::string(32, 'm')) {}
  // "REASON": what is said to this actor of a child with this number, or this day of birth.
  std::string Told(const Actor& actor, const std::string& id_number, const std::string& birth_date = "") {
    const std::string id = "c" + std::to_string(++cases_);
    v1::Party party;
    party.mutable_person()->set_id_number(id_number);
    party.set_birth_date(birth_date);
    std::vector<storage::Batch::Op> ops;
    EXPECT_TRUE(vault_.Seal(kept_, id, kMonday, ids_, &party, &ops).ok());
    storage::Batch batch;
    for (const auto& op : ops) batch.Put(op.space, op.key, *op.value);
    EXPECT_TRUE(kept_.Commit(batch, storage::Durability::kSynced).ok());
    std::string person, rest;
    if (!id_number.empty()) person = "id_number: '" + party.person().id_number() + "'";
    if (!birth_date.empty()) rest = "birth_date: '" + party.birth_date() + "'";
    EXPECT_FALSE(desk_.Do(id, ApplyWithAMinor(person, rest), Registrar()).refusal);
    rpc::Caller caller;
    caller.actor = actor;
    caller.now_ms = kMonday;
    v1::RecordFullAgeRequest request;
    request.set_id(id);
    request.set_party_id("p2");
    const auto refusal = LookAtAge(desk_.Read(), vault_, kept_, caller, request);
    return refusal ? refusal->reason : "";
  }

  tests::Driven<MediationDomain> desk_;
  rpc::Vault vault_;
  tests::MemKv kept_;
  rpc::IdSource ids_{base::Random(7)};
  int cases_ = 0;
};

TEST_F(AgeInTheVault, IsAskedWhereItIsKnown) {
  EXPECT_EQ(Told(Registrar(), kEighteenTomorrow), "STILL_A_MINOR");
  EXPECT_EQ(Told(Registrar(), kEighteenToday), "");
  EXPECT_EQ(Told(Registrar(), "", "2008-11-24"), "STILL_A_MINOR");
  EXPECT_EQ(Told(Registrar(), "", "2008-11-23"), "");
  EXPECT_EQ(Told(Registrar(), ""), "") << "nothing is on record: it is the registrar's word";
}

// An answer would tell whoever asks how old a stranger is.
TEST_F(AgeInTheVault, IsToldToNobodyWhoMayNotAsk) {
  EXPECT_EQ(Told(Resident("ua"), kEighteenTomorrow), "");
  EXPECT_EQ(Told(ActorOf(kernel::v1::ROLE_MR, "other", "371422001"), kEighteenTomorrow), "");
  EXPECT_EQ(Told(Mediator(), kEighteenTomorrow), "") << "not yet this mediator's case";
}

}  // namespace
}  // namespace mediation
