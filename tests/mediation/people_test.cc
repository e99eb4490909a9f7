// Who acts for a party, and who is invited: what is refused, what is kept, what the papers say of it.
#include "services/press/wording.h"
#include "tests/mediation/document_world.h"

namespace mediation {
namespace {

const std::string kGuardian = "guardian { name: 'vault:g' relation: '母亲' phone: 'vault:gp' id_number: 'vault:gi' }";
const std::string kHead = "head { name: 'vault:h' post: '总经理' }";

// The application with this of the other side.
std::string ApplyWith(const std::string& person, const std::string& party) {
  std::string text = ApplyText();
  const std::string from = "user_id: 'ub' } } ";
  const size_t at = text.find(from);
  return text.replace(at, from.size(), "user_id: 'ub' " + person + " } " + party + " } ");
}

// spec: M1
TEST(Intake, KeepsWhoActsForAParty) {
  Case c(tests::Learned(), "c1");
  c.When(ApplyWith("", "sex: 'vault:s' birth_date: 'vault:d' " + kGuardian), Registrar(), kMonday);
  ASSERT_FALSE(c.refusal());
  EXPECT_EQ(c.state().party(1).guardian().name(), "vault:g");
  EXPECT_EQ(c.state().party(1).guardian().relation(), "母亲");
  EXPECT_EQ(c.state().party(1).sex(), "vault:s");
  EXPECT_EQ(c.state().party(1).birth_date(), "vault:d");
  Case org(tests::Learned(), "c1");
  org.When(ApplyWith("is_organisation: true", kHead), Registrar(), kMonday);
  ASSERT_FALSE(org.refusal());
  EXPECT_EQ(org.state().party(1).head().post(), "总经理");
}

// spec: M1
TEST(Intake, RefusesWhoCannotActForThisParty) {
  const struct { std::string person, party, reason, field; } wrong[] = {
      {"is_organisation: true", kGuardian, "NO_GUARDIAN_HERE", "party[1].guardian"},
      {"", "guardian { relation: '父亲' }", "GUARDIAN_NAME_NEEDED", "party[1].guardian.name"},
      {"", kHead, "ORGANISATIONS_ONLY", "party[1].head"}};
  for (const auto& [person, party, reason, field] : wrong) {
    Case c(tests::Learned(), "c1");
    c.When(ApplyWith(person, party), Registrar(), kMonday).ThenRefused(reason);
    EXPECT_EQ(c.refusal()->field, field);
  }
}

// spec: M9
TEST(HoldSession, SaysAsWhatSomebodyCameAndWhoWasInvited) {
  const auto held = [](const std::string& who, const std::string& more) {
    const std::string text = SessionText(kTuesdayMs, more);
    const std::string from = "party_id: 'p2' present: true";
    std::string out = text;
    return out.replace(out.find(from), from.size(), "party_id: 'p2' " + who);
  };
  const std::string guest = "invited { name: 'vault:x' standing: '医学专家' } ";
  const struct { std::string who, more, reason, field; } wrong[] = {
      {"present: true capacity: HEAD_OF_ORGANISATION", "", "ORGANISATIONS_ONLY", "session.attendance[1].capacity"},
      {"present: true capacity: SPECIAL_AGENT", "", "CAPACITY_DOES_NOT_FIT", "session.attendance[1].capacity"},
      {"by_agent: true capacity: IN_PERSON", "", "CAPACITY_DOES_NOT_FIT", "session.attendance[1].capacity"},
      {"present: true", guest, "INVITED_NEED_CONSENT", "session.invited_agreed"},
      {"present: true", "invited { standing: '邻居' } invited_agreed: true ", "INVITED_NAME_NEEDED",
       "session.invited[0].name"}};
  for (const auto& [who, more, reason, field] : wrong) {
    auto c = AssignedCase();
    c.When(held(who, more), Mediator(), kTuesdayMs).ThenRefused(reason);
    EXPECT_EQ(c.refusal()->field, field);
    EXPECT_EQ(c.refusal()->message_zh.find("当事人姓名"), std::string::npos) << "who is invited is no party";
  }
  auto c = AssignedCase();
  const std::string lawyer = "by_agent: true capacity: SPECIAL_AGENT came_name: 'vault:l' came_post: '律师'";
  c.When(held(lawyer, guest + "invited_agreed: true "), Mediator(), kTuesdayMs);
  ASSERT_FALSE(c.refusal()) << c.refusal()->reason;
  EXPECT_EQ(c.state().session(0).attendance(1).came_name(), "vault:l");
  EXPECT_EQ(c.state().session(0).invited(0).standing(), "医学专家");
}

// An organisation does not come in person, and nobody guards it.
// spec: M9
TEST(HoldSession, AnOrganisationComesByItsHeadOrAnAgent) {
  Case c(tests::Learned(), "c1");
  c.WithChance(7).When(ApplyWith("is_organisation: true", kHead), Registrar(), kMonday)
      .When(AgreesAs("is_organisation: true", kHead))
      .When("serve_rights_notice { party_id: 'p1' party_id: 'p2' how: '当面' }")
      .When(kAccept)
      .When(kAssign, Chair(), kMonday);
  const std::string session = SessionText(kTuesdayMs);
  const std::string from = "party_id: 'p2' present: true";
  for (const char* capacity : {"IN_PERSON", "GUARDIAN_OF_PARTY", "HEAD_OF_ORGANISATION"}) {
    std::string text = session;
    text.replace(text.find(from), from.size(), from + " capacity: " + capacity);
    c.When(text, Mediator(), kTuesdayMs);
    if (std::string(capacity) == "HEAD_OF_ORGANISATION") {
      EXPECT_FALSE(c.refusal()) << capacity;
    } else {
      c.ThenRefused("NO_GUARDIAN_HERE");
    }
  }
}

// The other side is this, and there is a draft to sign.
class DraftedWith : public Case {
 public:
  DraftedWith(const std::string& person, const std::string& party) : Case(tests::Learned(), "c1") {
    WithChance(7).When(ApplyWith(person, party), Registrar(), kMonday)
        .When(AgreesAs(person, party))
        .When("serve_rights_notice { party_id: 'p1' party_id: 'p2' how: '当面' }")
        .When(kAccept)
        .When(kAssign, Chair(), kMonday)
        .When(SessionText(kTuesdayMs), Mediator(), kTuesdayMs)
        .When(DraftText(), Mediator(), kTuesdayMs);
    EXPECT_FALSE(refusal()) << refusal()->reason;
  }
};

// 民法典 19, 23: a minor does not bind itself alone. An agent signs what they were given the power to sign.
// spec: M14
TEST(Sign, AMinorByTheGuardianAndAnAgentWithSpecialAuthority) {
  const std::string sign = "sign { party_id: 'p2' kind: FINGERPRINT proof_sha256: '" + kDigest + "' ";
  DraftedWith c("minor: true", kGuardian);
  c.When(sign + "}", Mediator(), kTuesdayMs).ThenRefused("GUARDIAN_SIGNS");
  c.When(sign + "capacity: IN_PERSON }", Mediator(), kTuesdayMs).ThenRefused("GUARDIAN_SIGNS");
  c.When(sign + "capacity: ORDINARY_AGENT }", Mediator(), kTuesdayMs).ThenRefused("SPECIAL_AUTHORITY_NEEDED");
  c.When(sign + "capacity: GUARDIAN_OF_PARTY signed_name: 'vault:g' }", Mediator(), kTuesdayMs);
  ASSERT_FALSE(c.refusal()) << c.refusal()->reason;
  EXPECT_EQ(c.state().party(1).signed_as(), v1::GUARDIAN_OF_PARTY);
  EXPECT_EQ(c.state().party(1).signed_name(), "vault:g");
  // Second thoughts take the signature back, and with it whose it was.
  c.When("reconsider { party_id: 'p1' reason: '再想想' }", Resident("ua"), kTuesdayMs);
  ASSERT_FALSE(c.refusal()) << c.refusal()->reason;
  EXPECT_EQ(c.state().party(1).signed_as(), v1::CAPACITY_UNSPECIFIED);
  EXPECT_EQ(c.state().party(1).signed_name(), "");
}

// ---- whose name binds whom

std::string SignFor(const std::string& how) {
  return "sign { party_id: 'p2' proof_sha256: '" + kDigest + "' " + how + " }";
}

// Each of these is refused by this reason and field, and none of them is a signature.
struct Refused { std::string how, reason, field; };
void ExpectRefused(Case* c, const std::vector<Refused>& wrong) {
  for (const auto& [how, reason, field] : wrong) {
    c->When(SignFor(how), Mediator(), kTuesdayMs).ThenRefused(reason);
    EXPECT_EQ(c->refusal()->field, field) << how;
    EXPECT_FALSE(c->refusal()->message_zh.empty());
  }
  EXPECT_EQ(c->state().party(1).signed_(), v1::SIGNATURE_KIND_UNSPECIFIED);
}

// 民法典 19, 23, 27: a child is bound by whoever guards it, and that is somebody with a name.
// spec: M14
TEST(Sign, AGuardianWhomNobodyRecordedIsNamedAndSaysWhatTheyAreToTheChild) {
  DraftedWith c("minor: true", "");
  for (const std::string kind : {"SIGNATURE", "PARTY_SEAL", "FINGERPRINT"}) {
    const std::string guardian = "capacity: GUARDIAN_OF_PARTY kind: " + kind;
    ExpectRefused(&c, {{"kind: " + kind, "GUARDIAN_SIGNS", "capacity"},
                       {guardian, "SIGNER_NAME_NEEDED", "signed_name"},
                       {guardian + " signed_relation: '父亲'", "SIGNER_NAME_NEEDED", "signed_name"},
                       {guardian + " signed_name: 'vault:g'", "RELATION_NEEDED", "signed_relation"},
                       {"capacity: SPECIAL_AGENT kind: " + kind, "SIGNER_NAME_NEEDED", "signed_name"}});
  }
  c.When("sign { party_id: 'p1' kind: SIGNATURE }", Resident("ua"), kTuesdayMs)
      .When("sign { }", Mediator(), kTuesdayMs)
      .When("seal { copies: 3 }", Chair(), kTuesdayMs)
      .AndState("status: AGREED")  // the child's guardian is what is missing
      .When(SignFor("kind: PARTY_SEAL capacity: GUARDIAN_OF_PARTY signed_name: 'vault:g' signed_relation: '父亲'"),
            Mediator(), kTuesdayMs)
      .AndState("status: EFFECTIVE");
  EXPECT_EQ(c.state().party(1).signed_name(), "vault:g");
  EXPECT_EQ(c.state().party(1).signed_relation(), "父亲");
}

// Who is on record is known by name; and who has a guardian, of whatever age, does not sign alone (民法典 21 to 24).
// spec: M14
TEST(Sign, AGuardianOnRecordSignsForAChildAndForAnAdult) {
  for (const std::string person : {"minor: true", ""}) {
    DraftedWith c(person, kGuardian);
    ExpectRefused(&c, {{"kind: SIGNATURE", "GUARDIAN_SIGNS", "capacity"},
                       {"kind: PARTY_SEAL capacity: IN_PERSON", "GUARDIAN_SIGNS", "capacity"}});
    c.When(SignFor("kind: SIGNATURE capacity: GUARDIAN_OF_PARTY"), Mediator(), kTuesdayMs);
    ASSERT_FALSE(c.refusal()) << c.refusal()->reason;
    EXPECT_EQ(c.state().party(1).signed_as(), v1::GUARDIAN_OF_PARTY);
  }
  DraftedWith alone("", "");
  alone.When(SignFor("kind: SIGNATURE"), Mediator(), kTuesdayMs);
  EXPECT_FALSE(alone.refusal()) << "an adult nobody guards";
}

// 民法典 61, 162, 490: the head, an agent with the power to, or the seal. A bare signature is none.
// spec: M14
TEST(Sign, AnOrganisationByItsHeadAnAgentOrItsSeal) {
  const std::string company = "is_organisation: true";
  DraftedWith c(company, "");
  for (const std::string kind : {"SIGNATURE", "FINGERPRINT"}) {
    ExpectRefused(&c, {{"kind: " + kind, "WHO_SIGNS_FOR_IT", "capacity"},
                       {"capacity: IN_PERSON kind: " + kind, "NO_GUARDIAN_HERE", "capacity"},
                       {"capacity: GUARDIAN_OF_PARTY kind: " + kind, "NO_GUARDIAN_HERE", "capacity"},
                       {"capacity: ORDINARY_AGENT kind: " + kind, "SPECIAL_AUTHORITY_NEEDED", "capacity"},
                       {"capacity: HEAD_OF_ORGANISATION kind: " + kind, "SIGNER_NAME_NEEDED", "signed_name"},
                       {"capacity: SPECIAL_AGENT kind: " + kind, "SIGNER_NAME_NEEDED", "signed_name"}});
  }
  const struct { std::string party, how; } right[] = {
      {"", "kind: PARTY_SEAL"},
      {"", "kind: SIGNATURE capacity: HEAD_OF_ORGANISATION signed_name: 'vault:h'"},
      {kHead, "kind: SIGNATURE capacity: HEAD_OF_ORGANISATION"},
      {kHead, "kind: SIGNATURE capacity: SPECIAL_AGENT signed_name: 'vault:l'"}};
  for (const auto& [party, how] : right) {
    DraftedWith taken(company, party);
    taken.When(SignFor(how), Mediator(), kTuesdayMs);
    EXPECT_FALSE(taken.refusal()) << how << ": " << taken.refusal()->reason;
  }
}

// From an account its owner signs: another's signature, and a seal, are seen on paper.
// spec: M14
TEST(Sign, AnotherSignatureOrASealIsNotClicked) {
  const struct { std::string person, party, how; } clicked[] = {
      {"minor: true", kGuardian, "kind: SIGNATURE capacity: GUARDIAN_OF_PARTY"},
      {"", "", "kind: SIGNATURE capacity: SPECIAL_AGENT signed_name: 'vault:l'"},
      {"is_organisation: true", kHead, "kind: PARTY_SEAL"}};
  for (const auto& [person, party, how] : clicked) {
    DraftedWith c(person, party);
    c.When("sign { party_id: 'p2' " + how + " }", Resident("ub"), kTuesdayMs).ThenRefused("PROOF_NEEDED");
    EXPECT_EQ(c.refusal()->field, "proof_sha256");
    c.When(SignFor(how), Resident("ub"), kTuesdayMs);
    EXPECT_FALSE(c.refusal()) << how << ": " << c.refusal()->reason;
  }
}

// Nobody puts a name under an oral agreement: it binds those who were there to make it (人民调解法 30).
// spec: M15
TEST(OralAgreement, BindsWhomSomebodyCameForWhoCouldAgree) {
  const std::string oral = "record_oral { facts: 'x' manner: 'x' why_oral: '当场履行' " + kRepair + " }";
  const std::string here = "party_id: 'p2' present: true";
  const struct { std::string person, came; bool binds; } sides[] = {
      {"minor: true", "party_id: 'p2' present: true", false},
      {"minor: true", "party_id: 'p2' by_agent: true capacity: ORDINARY_AGENT", false},
      {"minor: true", "party_id: 'p2' present: true capacity: GUARDIAN_OF_PARTY", true},
      {"is_organisation: true", "party_id: 'p2' present: true", false},
      {"is_organisation: true", "party_id: 'p2' present: true capacity: HEAD_OF_ORGANISATION", true},
      {"is_organisation: true", "party_id: 'p2' by_agent: true capacity: SPECIAL_AGENT", true},
      {"", "party_id: 'p2' by_agent: true capacity: ORDINARY_AGENT", false},
      {"", "party_id: 'p2' present: true", true}};
  for (const auto& [person, came, binds] : sides) {
    Case c(tests::Learned(), "c1");
    std::string session = SessionText(kTuesdayMs);
    session.replace(session.find(here), here.size(), came);
    c.WithChance(7).When(ApplyWith(person, ""), Registrar(), kMonday)
        .When(AgreesAs(person, ""))
        .When("serve_rights_notice { party_id: 'p1' party_id: 'p2' how: '当面' }")
        .When(kAccept)
        .When(kAssign, Chair(), kMonday)
        .When(session, Mediator(), kTuesdayMs);
    ASSERT_FALSE(c.refusal()) << c.refusal()->reason;
    c.When(oral, Mediator(), kTuesdayMs);
    if (binds) {
      EXPECT_FALSE(c.refusal()) << person << came << ": " << c.refusal()->reason;
      continue;
    }
    c.ThenRefused("DID_NOT_COME_TO_AGREE");
    EXPECT_EQ(c.refusal()->metadata.at("party_id"), "p2");
    c.When(DraftText(), Mediator(), kTuesdayMs);
    EXPECT_FALSE(c.refusal()) << "in writing, whoever may sign it can still do so";
  }
}

// Two on one side, and only one of them came; a third who never came, and is made to pay.
// spec: M15
TEST(OralAgreement, BindsNobodyWhoNeverCame) {
  const std::string fourth = "party { person { name: 'vault:d' side: SIDE_B } } ";
  const std::string oral = "record_oral { facts: 'x' manner: 'x' why_oral: '当场履行' " + kRepair + " }";
  const std::string third_pays =
      "record_oral { facts: 'x' manner: 'x' why_oral: '当场履行' clause { obligor_party_id: 'p3' obligee_party_id: 'p1' "
      "kind: DO content: '修好' place: '现场' due_at_ms: " + std::to_string(Local("2026-12-10 12:00")) + " } }";
  const std::string told = "serve_rights_notice { party_id: 'p3' how: '当面' }";
  Case two = Asked(fourth);
  two.When("record_consent { party_id: 'p2' answer: AGREED_TO_MEDIATE how: '当面' }", Registrar(), kMonday)
      .When("record_consent { party_id: 'p3' answer: AGREED_TO_MEDIATE how: '当面' }")
      .When("serve_rights_notice { party_id: 'p1' party_id: 'p2' party_id: 'p3' how: '当面' }")
      .When(kAccept)
      .When(kAssign, Chair(), kMonday)
      .When(SessionText(kTuesdayMs), Mediator(), kTuesdayMs)
      .When(oral)
      .ThenRefused("DID_NOT_COME_TO_AGREE");
  EXPECT_EQ(two.refusal()->metadata.at("party_id"), "p3");
  two.When(SessionText(kTuesdayMs, "attendance { party_id: 'p3' present: true }"), Mediator(), kTuesdayMs)
      .When(oral, Mediator(), kTuesdayMs)
      .AndState("status: EFFECTIVE");
  Case third = MediatingCase(kThird);
  third.When(told, Mediator(), kTuesdayMs)
      .When(third_pays, Mediator(), kTuesdayMs)
      .ThenRefused("DID_NOT_COME_TO_AGREE");
  third.When(oral, Mediator(), kTuesdayMs).AndState("status: EFFECTIVE");  // of a third party that it does not name
}

// ---- on paper

// The file of a boy of fourteen had no place for whoever acts for him: the age follows from the number.
// spec: M1 M14
TEST_F(DocumentsTest, AMinorHasAGuardianOnEveryPaperThatIsSigned) {
  Bind();
  CaseFacts facts = Facts();
  auto* child = facts.state.mutable_party(0);
  child->mutable_person()->set_id_number("371403201203090015");  // fourteen years old; the check digit fits
  ASSERT_FALSE(press::IsMistyped("371403201203090015"));
  const std::string unnamed = Html(facts, "1");
  ExpectAll(unnamed, {"法定代理人", "申请人许某的法定代理人（签名或盖章）"});  // for the pen, while nobody is named
  child->mutable_guardian()->set_name("许母");
  child->mutable_guardian()->set_relation("母亲");
  for (const char* key : {"1", "7", "8", "11"}) ExpectAll(Html(facts, key), {"许某的法定代理人（母亲）", "许母"});
  child->set_signed_as(v1::GUARDIAN_OF_PARTY);  // the other parent came to sign
  child->set_signed_name("许父");
  child->set_signed_relation("父亲");
  ExpectAll(Html(facts, "8"), {"许某的法定代理人（父亲）", "许父"});
  child->set_signed_as(v1::SPECIAL_AGENT);
  child->set_signed_name("钱律");
  child->clear_signed_relation();
  ExpectAll(Html(facts, "8"), {"许某的法定代理人（母亲）", "委托代理人（特别授权）签名：钱律"});
  ExpectAll(Html(facts, "2"), {"甲方法定代理人：许母"});
  ExpectAll(Html(facts, "3"), {"许母（母亲）", "监护关系证明"});
  child->mutable_person()->set_id_number("37140320220309001X");  // four: the guardian alone
  ASSERT_FALSE(press::IsMistyped("37140320220309001X"));
  const std::string small = Html(facts, "1");
  EXPECT_EQ(small.find("申请人（签名或盖章）"), std::string::npos) << small;
  ExpectAll(small, {"申请人许某的法定代理人（母亲）"});
  EXPECT_EQ(Html(facts, "1").find("何某的法定代理人"), std::string::npos);
}

// A company was asked for its occupation and for its finger, and nobody was said to stand for it.
// spec: M1 M9 M14
TEST_F(DocumentsTest, AnOrganisationHasAHeadAndASeal) {
  Bind();
  CaseFacts facts = Facts();
  auto* company = facts.state.mutable_party(1);
  company->mutable_person()->set_is_organisation(true);
  company->mutable_person()->set_name("某商贸公司");
  company->mutable_head()->set_name("金某");
  company->mutable_head()->set_post("总经理");
  auto* came = facts.state.mutable_session(0)->mutable_attendance(1);
  came->set_present(false);
  came->set_by_agent(true);
  came->set_capacity(v1::SPECIAL_AGENT);
  came->set_came_name("钱律");
  came->set_came_post("律师");
  const std::string agreement = Html(facts, "8");
  ExpectAll(agreement, {"统一社会信用代码", "法定代表人（负责人）</th><td colspan=\"2\">金某", "总经理",
                        "乙方（盖章）：<span class=\"name\">某商贸公司", "法定代表人（负责人）或者委托代理人签名："});
  ExpectAll(Html(facts, "7"), {"某商贸公司（由委托代理人（特别授权）钱律（律师）到场）", "委托代理人（特别授权）签名：钱律"});
  company->set_signed_as(v1::HEAD_OF_ORGANISATION);
  company->set_signed_name("金某");
  ExpectAll(Html(facts, "8"), {"法定代表人（负责人）签名：金某"});
  ExpectAll(Html(facts, "3"), {"统一社会信用代码"});
  EXPECT_EQ(Html(facts, "11").find("签名：金某"), std::string::npos);  // who signs that one is not known yet
}

// 人民调解法 20: the form has 参加人, and the paper named the mediators only.
// spec: M9
TEST_F(DocumentsTest, WhoWasInvitedStandsInTheRecordAndSignsIt) {
  BringToSession();
  CaseFacts facts = Facts();
  auto* guest = facts.state.mutable_session(0)->add_invited();
  guest->set_name("孙大夫");
  guest->set_standing("医学专家");
  ExpectAll(Html(facts, "7"), {"医学专家：孙大夫（经当事人同意受邀参加）", "参加人（签名或盖章）：<span class=\"name\">孙大夫", "（以下空白）"});
}

// Without a number there was neither sex nor age, and a mistyped one was told by nothing.
// spec: M1
TEST_F(DocumentsTest, SexAndAgeWithoutANumberAndANumberThatIsWrong) {
  Bind();
  CaseFacts facts = Facts();
  facts.state.mutable_party(1)->set_sex("女");
  facts.state.mutable_party(1)->set_birth_date("1966-11-23");
  ExpectAll(Html(facts, "8"), {"<th>性别</th><td>女</td><th>民族</th><td></td><th>年龄</th><td colspan=\"2\">60</td>"});
  EXPECT_EQ(Html(facts, "8").find("校验码不符"), std::string::npos);
  facts.state.mutable_party(1)->mutable_person()->set_id_number("110105194912310021");
  for (const char* key : {"3", "8"}) ExpectAll(Html(facts, key), {"（与校验码不符，请核对证件）"});
}

// The authority had neither the agent who had come nor the powers that were told, and said nothing of its term (民法典
// 165); a third party's had no paper at all.
// spec: M9 M24
TEST_F(DocumentsTest, AnAuthorityNamesTheAgentWhoCameWithTheirPowers) {
  Bind();
  CaseFacts facts = Facts();
  ExpectAll(Html(facts, "4"), {"☐ 一般代理", "☐ 特别授权", "许某", "何某"});  // for the pen
  auto* who = facts.state.mutable_session(0)->mutable_attendance(1);
  who->set_by_agent(true);
  who->set_came_name("东方㛃");
  who->set_came_post("律师");
  who->set_capacity(v1::ORDINARY_AGENT);
  facts.state.add_session()->CopyFrom(facts.state.session(0));
  facts.state.mutable_session(1)->mutable_attendance(1)->set_capacity(v1::SPECIAL_AGENT);
  auto* third = facts.state.add_party();
  third->set_party_id("p3");
  third->mutable_person()->set_name("㛄保险公司");
  third->mutable_person()->set_side(common::v1::SIDE_THIRD);
  auto* clerk = facts.state.mutable_session(1)->add_attendance();
  clerk->set_party_id("p3");
  clerk->set_by_agent(true);
  ASSERT_EQ(documents_.One(facts, "4", 0)->sections.size(), 2u);  // the lawyer once, and the third party's
  const std::string of_the_lawyer = documents_.One(facts, "4", 0)->sections[0].html;
  ExpectAll(of_the_lawyer, {"<td colspan=\"3\">东方㛃</td>", "律师", "☐ 一般代理", "☑ 特别授权", "委托期限", "何某"});
  ExpectAll(documents_.One(facts, "4", 0)->sections[1].html, {"㛄保险公司", "委托人与许某、何某", "☐ 特别授权"});
}

// Of three who had provided evidence one was to sign for all.
// spec: M24
TEST_F(DocumentsTest, WhoeverProvidedEvidenceSignsForIt) {
  Bind();
  CaseFacts facts = Facts();
  for (const char* party : {"p2", "p2", ""}) {
    auto* filed = facts.state.add_document();
    filed->set_form(v1::F6_EVIDENCE);
    filed->set_title("照片");
    filed->set_party_id(party);
  }
  const std::string html = Html(facts, "6"), signatures = html.substr(html.find("class=\"sign\""));
  ExpectAll(signatures, {"提供人（签名或盖章）：<span class=\"name\">何某<", "提供人（签名或盖章）：<span class=\"name\"><"});
  EXPECT_EQ(signatures.find("许某"), std::string::npos) << "gave nothing";
}

// Two had received what was due to them, and there was one line without a name.
// spec: M18
TEST_F(DocumentsTest, EverybodyWhoReceivedSignsForIt) {
  Bind();
  Do("perform { clause_no: 1 amount_fen: 80000 receipt_sha256: '" + kDigest + "' }", Mediator());
  Do("perform { clause_no: 2 remark: '修好' receipt_sha256: '" + kDigest + "' }", Mediator());
  CaseFacts facts = Facts();
  const std::string line = "收款（受领）人（签名或盖章）：<span class=\"name\">";
  EXPECT_EQ(Html(facts, "9").find(line + "何某"), std::string::npos);
  facts.state.mutable_agreement()->mutable_clause(1)->set_obligee_party_id("p2");
  for (const char* name : {"许某", "何某"}) ExpectAll(Html(facts, "9"), {(line + name).c_str()});
}

// ---- the volume

// A case that was not taken had an empty number and a day of mediation "至".
// spec: M6 M24
TEST_F(DocumentsTest, ARefusedCaseSaysThatItHasNoVolume) {
  Do(ApplyText(), Registrar());
  Do("refuse { code: 'SPECIAL_ORGAN' where_to_go: '行政主管部门' notice_how: '书面' }", Registrar());
  ExpectAll(Html(Facts(), "0"), {"未受理，未编卷号（登记编号371403", "未调解"});
  ExpectAll(Html(Facts(), "0a"), {"卷号：未受理"});
}

// spec: M24
TEST_F(DocumentsTest, TheBackCoverCountsThePages) {
  Bind();
  ExpectAll(Html(Facts(), "13"), {"本卷页数", "立 卷 人", "检 查 人"});
  const auto file = documents_.File(Facts(), {{"f13", 23}});
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_NE(file->sections.back().html.find("共　23　页"), std::string::npos) << file->sections.back().html;
  EXPECT_TRUE(file->sections.back().plain);
}

// A third party's paper stood nowhere, and that none was asked for neither.
// spec: M24
TEST_F(DocumentsTest, OfAThirdPartyTheIdentityIsShownIfItWasGiven) {
  Do(ApplyText(kThird), Registrar());
  CaseFacts facts = Facts();
  facts.state.mutable_party(2)->mutable_person()->set_name("㛃旁听");
  ExpectAll(Html(facts, "3"), {"㛃旁听：未提交（不是必备材料）"});
  auto* filed = facts.state.add_document();
  filed->set_form(v1::F3_IDENTITY);
  filed->set_party_id("p3");
  filed->set_title("第三方证件");
  EXPECT_EQ(Html(facts, "3").find("未提交"), std::string::npos);
  ExpectAll(Html(facts, "3"), {"第三方证件"});
}

// What is not money had an empty place for a sum and "received" for a signature.
// spec: M18
TEST_F(DocumentsTest, AReceiptOfWhatIsNoMoneySaysSo) {
  BringToSession();
  Do(DraftText(kRepair), Mediator());
  Do("sign { party_id: 'p1' kind: FINGERPRINT }", Resident("ua"));
  Do("sign { party_id: 'p2' kind: SIGNATURE }", Resident("ub"));
  Do("sign { }", Mediator());
  Do("seal { copies: 3 }", Chair());
  Do("perform { clause_no: 1 remark: '修好' receipt_sha256: '" + kDigest + "' }", Mediator());
  ExpectAll(Html(Facts(), "9"), {"<td>—</td>", "受领（确认）人"});
}

// An archived volume said of a visit that it "waits for a signature", for ever.
// spec: M24
TEST_F(DocumentsTest, AnArchivedVolumeWaitsForNothing) {
  Bind();
  Do("follow_up { visit { mode: AT_HOME party_id: 'p1' finding: '已修好' satisfaction: 5 } }", Mediator());
  ExpectAll(Html(Facts(), "0a"), {"待签"});
  CaseFacts facts = Facts();
  facts.state.set_archived_at_ms(desk_.clock().NowMs());
  const std::string contents = Html(facts, "0a");
  EXPECT_EQ(contents.find("待签"), std::string::npos) << contents;
  ExpectAll(contents, {"人民调解回访记录", "未签名，见情况说明"});  // the application, which nobody signed
}

}  // namespace
}  // namespace mediation
