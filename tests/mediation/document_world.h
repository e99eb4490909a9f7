#pragma once
// A desk with a case whose papers are printed: what came before the papers, in a few words.
#include "services/mediation/documents.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "services/mediation/queries.h"
#include "tests/mediation/case_world.h"
#include "tests/support/driven.h"

namespace mediation {

inline const std::string kThird = "party { person { name: 'vault:c' side: SIDE_THIRD user_id: 'uc' } } ";

// Sixty characters, the longest name there may be, with rare ones.
inline std::string LongName() {
  std::string name = "𠮷䶮㛃";
  for (int i = 0; i < 57; ++i) name += "德";
  return name;
}

class DocumentsTest : public ::testing::Test {
 protected:
  DocumentsTest() : reference_(tests::Learned()), desk_(kMonday, tests::Learned()), documents_(*Documents::Make()) {
    desk_.Do("doc/" + kDigest, "hear_kept { kind: PAPER }", Platform());
  }

  void Do(const std::string& text, const Actor& actor) {
    const auto outcome = desk_.Do("c1", text, actor);
    ASSERT_FALSE(outcome.refusal) << text << ": " << outcome.refusal->reason;
  }
  void BringToSession() {
    std::string apply = ApplyText("claim: '修好漏水' claim: '赔偿修理费' amount_fen: 80000 dispute_detail: '漏水'");
    Do(apply, Registrar());
    Do("record_consent { party_id: 'p2' answer: AGREED_TO_MEDIATE how: '当面' }", Registrar());
    Do("serve_rights_notice { party_id: 'p1' party_id: 'p2' how: '当面' }", Registrar());
    Do(kAccept, Registrar());
    Do(kAssign, Chair());
    desk_.clock().Advance(base::kDayMs);
    Do(SessionText(desk_.clock().NowMs()), Mediator());
  }
  void BringToAgreement() {
    BringToSession();
    Do(DraftText(kPay + kRepair + kRefrain), Mediator());
  }
  void Bind() {
    BringToAgreement();
    Do("sign { party_id: 'p1' kind: FINGERPRINT }", Resident("ua"));
    Do("sign { party_id: 'p2' kind: SIGNATURE }", Resident("ub"));
    Do("sign { }", Mediator());
    Do("seal { copies: 3 }", Chair());
  }
  // The case in clear, as the service has it after the vault was asked.
  CaseFacts Facts() { return FactsOf("c1"); }
  CaseFacts FactsOf(const std::string& id) {
    const auto reader = desk_.Read();
    CaseFacts facts;
    facts.state = (*reader.Get(id))->state;
    const auto records = reader.History(id);
    for (const auto& record : *records) {
      CaseFacts::Step step{.event = {}, .at_ms = record.recorded_at_ms(), .actor_id = record.actor_id()};
      EXPECT_TRUE(step.event.ParseFromString(record.event()));
      facts.steps.push_back(std::move(step));
    }
    auto person = [&](int i, const char* name, const char* phone, const char* number, const char* address) {
      if (facts.state.party_size() <= i) return;
      auto* to = facts.state.mutable_party(i)->mutable_person();
      to->set_name(name);
      to->set_phone(phone);
      to->set_id_number(number);
      to->set_address(address);
    };
    person(0, "许某", "13900000001", "11010519491231002X", "一里社区1号楼");
    person(1, "何某", "13900000002", "", "一里社区2号楼");
    facts.reference = &reference_;
    facts.received = *ReceivedOf(reader, id, facts.state);
    facts.staff = {{"md1", "李调解"}, {"mr1", "王登记"}, {"mc1", "赵主任"}};
    return facts;
  }
  std::string Html(const CaseFacts& facts, std::string_view key, int no = 0) {
    const auto paper = documents_.One(facts, key, no);
    if (!paper.ok()) return paper.status().ToString();
    std::string all;
    for (const auto& section : paper->sections) all += section.html;
    return all;
  }
  void ExpectAll(const std::string& html, const std::vector<const char*>& parts) {
    for (const char* part : parts) EXPECT_NE(html.find(part), std::string::npos) << part << "\nin\n" << html;
  }

  reference::Reference reference_;
  tests::Driven<MediationDomain> desk_;
  Documents documents_;
};

}  // namespace mediation
