// The register of a petition: what it asks of each, and who signs it.
#include "tests/petition/document_world.h"

namespace petition {
namespace {

// A letter's register had a square for the finger of somebody who was not there; of several representatives only the
// first had a line.
// spec: P1
TEST_F(DocumentsTest, WhoIsThereSignsTheRegister) {
  PetitionFacts facts = Facts();
  const auto html = [&] { return documents_.One(facts, "register", 0)->sections[0].html; };
  EXPECT_EQ(html().find("指印"), std::string::npos) << "it came by letter";
  facts.state.set_channel(v1::VISIT);
  facts.state.mutable_petitioner(0)->set_representative(true);
  auto* second = facts.state.add_petitioner();
  second->mutable_person()->set_name("㛄代表");
  second->set_representative(true);
  facts.state.add_petitioner()->mutable_person()->set_name("㛅同往");
  const std::string signatures = html().substr(html().find("class=\"sign\""));
  for (const char* part : {"信访人代表（签名或盖章）：<span class=\"name\">㛃某", "㛄代表", "指印", "登记人"}) {
    EXPECT_NE(signatures.find(part), std::string::npos) << part << signatures;
  }
  EXPECT_EQ(signatures.find("㛅同往"), std::string::npos) << "represented";
  facts.state.mutable_petitioner(0)->mutable_person()->set_is_organisation(true);
  EXPECT_NE(html().find("信访人代表（盖章）"), std::string::npos);
}

// A company was asked for its sex and age, a guardian stood as any agent and signed nothing, and of the papers that
// agents have to show (山东 28) nothing was said.
// spec: P1 山东28
TEST_F(DocumentsTest, TheRegisterAsksOfEachWhatTheyHave) {
  PetitionFacts facts = Facts();
  const auto html = [&] { return documents_.One(facts, "register", 0)->sections[0].html; };
  auto* person = facts.state.mutable_petitioner(0)->mutable_person();
  person->set_id_number("110105194912310021");
  EXPECT_NE(html().find("与校验码不符"), std::string::npos);
  person->set_id_number("");
  person->set_minor(true);
  facts.state.set_channel(v1::VISIT);
  EXPECT_NE(html().find("监护人（签名或盖章）"), std::string::npos) << "for the pen";
  auto* guardian = facts.state.add_agent();
  guardian->set_kind(v1::GUARDIAN);
  guardian->mutable_person()->set_name("㛃母");
  guardian->set_mandate_sha256(kScan);
  facts.state.add_agent()->set_kind(v1::LAWYER);
  for (const char* part : {"监护人；监护关系证明已提交", "律师、基层法律服务工作者；授权委托书未提交",
                           "监护人（签名或盖章）：<span class=\"name\">㛃母"}) {
    EXPECT_NE(html().find(part), std::string::npos) << part << html();
  }
  facts.state.clear_agent();
  person->set_is_organisation(true);
  EXPECT_NE(html().find("法定代表人（负责人）"), std::string::npos);
  EXPECT_EQ(html().find("性别"), std::string::npos);
}

}  // namespace
}  // namespace petition
