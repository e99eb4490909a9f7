// The file of a case: its order, what it leaves out, the gate and the checklist by one table.
#include <algorithm>

#include "services/mediation/domain/file_index.h"
#include "services/mediation/queries.h"
#include "tests/mediation/document_world.h"

namespace mediation {
namespace {

// Everybody had signed on Tuesday, on paper; entered the Monday after, form 8 had Monday under every name and the seal.
// spec: M14 M24
TEST_F(DocumentsTest, WhatWasSignedOnPaperBearsItsOwnDay) {
  BringToAgreement();
  const std::string on = " proof_sha256: '" + kDigest + "' signed_at_ms: " + std::to_string(desk_.clock().NowMs());
  const std::string sealed_on = std::to_string(desk_.clock().NowMs());
  desk_.clock().Advance(6 * base::kDayMs);
  Do("sign { party_id: 'p1' kind: FINGERPRINT" + on + " }", Mediator());
  Do("sign { party_id: 'p2' kind: SIGNATURE" + on + " }", Mediator());
  Do("sign {" + on + " }", Mediator());
  Do("seal { copies: 3 proof_sha256: '" + kDigest + "' sealed_at_ms: " + sealed_on + " }", Chair());
  const std::string html = Html(Facts(), "8");
  ExpectAll(html, {"2026年11月24日"});
  EXPECT_EQ(html.find("2026年11月30日"), std::string::npos) << html;
}

// The first agreement had bound, was broken, and could no longer be printed: every number gave the second one.
// spec: M20 M24
TEST_F(DocumentsTest, AnAgreementThatAnotherReplacedStaysInTheFile) {
  Bind();
  desk_.clock().Advance(34 * base::kDayMs);
  Do("report_breach { clause_no: 1 finding: '未付' persuasion: '已督促' way_told: LAWSUIT }", Mediator());
  Do("remediate { reason: '改为分期' " + kBothSign + "}", Mediator());
  ExpectAll(Html(Facts(), "8"), {"捌佰元整", "一式3份"});  // while nothing has taken its place yet
  desk_.clock().Advance(base::kDayMs);
  Do(SessionText(desk_.clock().NowMs()), Mediator());
  Do(DraftText("clause { obligor_party_id: 'p2' obligee_party_id: 'p1' kind: PAY content: '分期' amount_fen: 50000 "
               "place: '转账' due_at_ms: " + std::to_string(Local("2027-01-20 12:00")) + " } "),
     Mediator());
  Do("sign { party_id: 'p1' kind: FINGERPRINT }", Resident("ua"));
  Do("sign { party_id: 'p2' kind: SIGNATURE }", Resident("ub"));
  Do("sign { }", Mediator());
  Do("seal { copies: 4 }", Chair());
  const CaseFacts facts = Facts();
  const std::string first = Html(facts, "8", 1), second = Html(facts, "8", 2);
  ExpectAll(first, {"陵人调字第0001号", "捌佰元整", "一式3份", "2026年11月24日"});
  for (const char* later : {"第0001号-2", "伍佰元整", "2026年12月29日"}) {  // neither its words nor its signatures
    EXPECT_EQ(first.find(later), std::string::npos) << later;
  }
  ExpectAll(second, {"第0001号-2", "伍佰元整", "一式4份", "2026年12月29日"});
  EXPECT_TRUE(absl::IsNotFound(documents_.One(facts, "8", 3).status()));
  const auto index = FileIndexOf(facts.state, facts.HasCome());
  const auto line = std::ranges::find(index.line(), v1::F8_AGREEMENT, &v1::FileLine::form);
  EXPECT_EQ(line->count(), 2);
  ExpectAll(Html(facts, "8"), {"捌佰元整", "伍佰元整"});
}

TEST_F(DocumentsTest, NamesOfSixtyRareCharactersAndMarkupStayWhatTheyAre) {
  Bind();
  CaseFacts facts = Facts();
  facts.state.mutable_party(0)->mutable_person()->set_name(LongName());
  facts.state.mutable_party(1)->mutable_person()->set_name("<b>何</b>{{names}}");
  const std::string html = Html(facts, "8");
  ExpectAll(html, {LongName().c_str(), "&lt;b&gt;何&lt;/b&gt;{{names}}"});
  EXPECT_EQ(html.find("<b>何"), std::string::npos);
}

// Copies of most papers go to the other side.
TEST_F(DocumentsTest, WhereAProtectedPartyLivesIsOnNoPaper) {
  Bind();
  CaseFacts facts = Facts();
  facts.state.mutable_party(0)->set_needs_protection(true);
  const auto file = documents_.File(facts, {});
  ASSERT_TRUE(file.ok()) << file.status();
  for (const auto& section : file->sections) {
    EXPECT_EQ(section.html.find("一里社区1号楼"), std::string::npos) << section.anchor;
    EXPECT_EQ(section.html.find("13900000001"), std::string::npos) << section.anchor;
  }
  ExpectAll(Html(facts, "8"), {"依法保密", "一里社区2号楼"});
}

// spec: M24
TEST_F(DocumentsTest, TheFileStandsInItsOrderWithPagesInItsContents) {
  Bind();
  const CaseFacts facts = Facts();
  const auto file = documents_.File(facts, {});
  ASSERT_TRUE(file.ok()) << file.status();
  std::string order;
  for (const auto& section : file->sections) order += section.anchor + (section.plain ? "* " : " ");
  EXPECT_EQ(order, "f0* f0a f1 f1b f2 f3 f3n2 f7 f8 f13* ");
  const auto numbered = documents_.File(facts, {{"f7", 12}});
  ASSERT_TRUE(numbered.ok());
  ExpectAll(numbered->sections[1].html, {"<td class=\"c\">12</td>", "缺（许某、何某）"});
  EXPECT_EQ(press::CheckCode(*file), press::CheckCode(*documents_.File(facts, {})));
}

TEST_F(DocumentsTest, WhatACaseDoesNotHaveIsNotPrinted) {
  Do(ApplyText(), Registrar());
  const CaseFacts facts = Facts();
  EXPECT_TRUE(absl::IsNotFound(documents_.One(facts, "99", 0).status()));
  EXPECT_TRUE(absl::IsNotFound(documents_.One(facts, "7", 0).status()));  // no session yet
  EXPECT_TRUE(absl::IsNotFound(documents_.One(facts, "10", 3).status()));
}

std::string StateOf(const CaseFacts& facts, v1::FormKind form) {
  const auto index = FileIndexOf(facts.state, facts.HasCome());
  const auto line = std::ranges::find(index.line(), form, &v1::FileLine::form);
  return line == index.line().end() ? "none" : v1::PaperState_Name(line->state());
}

// spec: M24
TEST_F(DocumentsTest, TheChecklistSaysMissingThereToSignAndSigned) {
  BringToAgreement();
  EXPECT_EQ(StateOf(Facts(), v1::F3_IDENTITY), "PAPER_MISSING");
  EXPECT_EQ(StateOf(Facts(), v1::F5_INVESTIGATION), "PAPER_STATE_UNSPECIFIED");
  EXPECT_EQ(StateOf(Facts(), v1::F1_APPLICATION_OR_REGISTER), "PAPER_TO_SIGN");
  EXPECT_EQ(StateOf(Facts(), v1::F2_RIGHTS_NOTICE), "PAPER_TO_SIGN");  // given to both; neither has signed for it
  EXPECT_EQ(StateOf(Facts(), v1::F8_AGREEMENT), "PAPER_TO_SIGN");
  EXPECT_EQ(StateOf(Facts(), v1::F0_COVER), "PAPER_PRESENT");
  Do("file_document { form: F1_APPLICATION_OR_REGISTER title: '已签申请书' sha256: '" + kDigest + "' }", Registrar());
  EXPECT_EQ(StateOf(Facts(), v1::F1_APPLICATION_OR_REGISTER), "PAPER_SIGNED");
}

// spec: M24
TEST_F(DocumentsTest, TheContentsSayWhichScanNeverCame) {
  Bind();
  Do("file_document { form: F6_EVIDENCE title: '照片' sha256: '" + std::string(64, 'b') + "' }", Registrar());
  ExpectAll(Html(Facts(), "0a"), {"证据材料", "未收到"});
  ExpectAll(Html(Facts(), "12"), {"证据材料（扫描件未收到）", "人民调解申请书（未签名）"});
  desk_.Do("doc/" + std::string(64, 'b'), "hear_kept { kind: PHOTO }", Platform());
  EXPECT_EQ(Html(Facts(), "0a").find("未收到"), std::string::npos);
}

class PrintTest : public DocumentsTest {
 protected:
  rpc::Caller As(const Actor& actor) {
    rpc::Caller caller;
    caller.actor = actor;
    caller.note = &note_;
    return caller;
  }
  rpc::AuditNote note_;
};

// spec: M24
TEST_F(PrintTest, WithoutVaultOrRightNothingIsPrinted) {
  Bind();
  const Queries queries({[this] { return desk_.Read(); }, nullptr, nullptr, &documents_, nullptr});
  v1::PrintFileRequest request;
  request.set_id("c1");
  request.set_reason("归档打印");
  rpc::NextMessage<google::api::HttpBody> next;
  EXPECT_FALSE(queries.PrintFile(As(Registrar()), request, &next).ok());
  EXPECT_TRUE(note_.purpose.empty());
}

}  // namespace
}  // namespace mediation
