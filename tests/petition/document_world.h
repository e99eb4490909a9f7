#pragma once
// A desk with a petition whose papers are printed: what came before the papers, in a few words.
#include "services/petition/documents.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "services/petition/queries.h"
#include "services/rpc/id_source.h"
#include "tests/petition/petition_world.h"
#include "tests/support/driven.h"
#include "tests/support/mem_kv.h"
#include "tests/support/test_sealer.h"

namespace petition {

class DocumentsTest : public ::testing::Test {
 protected:
  DocumentsTest()
      : desk_(kMonday, City(), &sealer_),
        reference_(City()),
        documents_(*Documents::Make()),
        vault_(rpc::CipherProfile::kAesGcm, std::string(32, 'k')),
        queries_({[this] { return desk_.Read(); }, &vault_, &kept_, &documents_, nullptr}) {
    Do(RegisterText(), Clerk());
  }
  void Do(const std::string& command, const Actor& actor) {
    const auto outcome = desk_.Do("p1", command, actor);
    ASSERT_FALSE(outcome.refusal) << command << outcome.refusal->reason << outcome.refusal->field;
  }
  void BringToAcceptance() {
    Do("forward { to_org: 'c-hrss' reason: '属于该单位职责' letter_no: '陵信转〔2026〕7号' }", Office());
    Do(kReceive, Handler());
    Do(kAccept, Handler());
  }
  void BringToOpinion() {
    BringToAcceptance();
    desk_.clock().Advance(base::kDayMs);
    Do(kHeard, Handler());
    Do(kLooked, Handler());
    Do(DraftText(), Handler());
    Do(kIssue, Head());
  }
  void Deliver(const Actor& who) {
    desk_.clock().Advance(base::kDayMs);
    Do(DeliverText(desk_.clock().NowMs()), who);
  }
  PetitionFacts Facts() { return FactsOf("p1"); }
  PetitionFacts FactsOf(const std::string& id) {
    const auto reader = desk_.Read();
    PetitionFacts facts;
    facts.state = (*reader.Get(id))->state;
    const auto records = reader.History(id);
    for (const auto& record : *records) {
      PetitionFacts::Step step{.event = {}, .at_ms = record.recorded_at_ms(), .actor_id = record.actor_id(),
                               .actor_org = record.actor_org()};
      EXPECT_TRUE(step.event.ParseFromString(record.event()));
      facts.steps.push_back(std::move(step));
    }
    auto* person = facts.state.mutable_petitioner(0)->mutable_person();
    person->set_name("㛃某");
    person->set_address("一里社区1号楼");
    person->set_id_number("11010519491231002X");
    facts.state.mutable_content()->set_request("请求支付拖欠的工资");
    facts.state.mutable_content()->set_facts("工作三个月未付工资");
    facts.reference = &reference_;
    return facts;
  }
  void ExpectAll(std::string_view key, const std::vector<const char*>& parts) {
    const auto paper = documents_.One(Facts(), key, 0);
    ASSERT_TRUE(paper.ok()) << key << paper.status();
    std::string html;
    for (const auto& section : paper->sections) html += section.html;
    for (const char* part : parts) EXPECT_NE(html.find(part), std::string::npos) << part << "\nin\n" << html;
  }
  std::string Keys() {
    std::string keys;
    for (const auto& entry : documents_.List(Facts())) keys += std::string(entry.key) + " ";
    return keys;
  }
  rpc::Caller As(const Actor& actor) {
    rpc::Caller caller;
    caller.actor = actor;
    caller.now_ms = desk_.clock().NowMs();
    caller.note = &note_;
    return caller;
  }
  rpc::Answer Print(const std::string& id, const Actor& actor, std::string* bytes) {
    v1::PrintDocumentRequest request;
    request.set_id(id);
    request.set_form("register");
    request.set_reason("核对登记内容");
    rpc::NextMessage<google::api::HttpBody> next;
    const auto answer = queries_.PrintDocument(As(actor), request, &next);
    google::api::HttpBody piece;
    while (next && *next(&piece)) *bytes += piece.data();
    return answer;
  }

  tests::TestSealer sealer_;
  tests::Driven<PetitionDomain> desk_;
  reference::Reference reference_;
  Documents documents_;
  tests::MemKv kept_;  // nothing is in it: what is asked for was erased
  rpc::Vault vault_;
  rpc::AuditNote note_;
  Queries queries_;
};

}  // namespace petition
