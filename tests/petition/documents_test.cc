// The papers of a petition: what Art. 32 wants on an opinion, the remedies, the letters between offices; and that a
// sealed petition has none.
#include <google/protobuf/text_format.h>

#include "tests/petition/document_world.h"

namespace petition {
namespace {

// spec: P1
TEST_F(DocumentsTest, TheRegistrationFormSaysWhoAsksWhat) {
  ExpectAll("register", {"信访事项登记表", "㛃某", "女", "76", "11010519491231002X", "一里社区1号楼", "来信", "申诉求决", "劳动和社会保障",
                         "投诉请求", "请求支付拖欠的工资", "工作三个月未付工资", "2026年11月23日", "登记人"});
  EXPECT_EQ(Keys(), "register ");
}

// spec: P4 P8
TEST_F(DocumentsTest, ForwardingAndAcceptanceHaveTheirLetters) {
  BringToAcceptance();
  ExpectAll("forward", {"信访事项转送函", "陵信转〔2026〕7号", "c-hrss", "属于该单位职责", "十五日内", "五个工作日"});
  ExpectAll("acceptance", {"受理告知书", "㛃某", "第二十三条", "处理意见书", "已登记受理", "0534-1234567", "查询码", "c-hrss"});
}

// spec: P3 P8
TEST_F(DocumentsTest, PapersNameThoseWhoCameWithACopy) {
  const std::string other = "petitioner { person { name: '李四' address: '村里' user_id: 'u2' } }";
  ASSERT_FALSE(desk_.Do("p2", RegisterText(other), Clerk()).refusal);
  ASSERT_FALSE(desk_.Do("p2", "merge_copy { primary_id: 'p1' }", Clerk()).refusal);
  BringToAcceptance();
  ExpectAll("acceptance", {"㛃某、李四"});
}

// Art. 23: the petitioner is told in writing where it went.
// spec: P4
TEST_F(DocumentsTest, WhoSendsOnWhatCameDirectlyHasANoticeForIt) {
  const Actor handler = ActorOf(ROLE_PH, "city-hrss", "3714", "ph9");
  const auto outcome = desk_.Do("d1", RegisterText(), handler);
  ASSERT_FALSE(outcome.refusal);
  ASSERT_FALSE(desk_.Do("d1", "forward { to_org: 'c-hrss' reason: '属于县级部门职责' " + kNotice + "}", handler).refusal);
  const auto html = documents_.One(FactsOf("d1"), "forwardnotice", 0);
  ASSERT_TRUE(html.ok()) << html.status();
  for (const char* part : {"转送告知书", "㛃某", "第二十三条", "c-hrss", "已登记受理", "0534-1234567", "查询码"}) {
    EXPECT_NE(html->sections[0].html.find(part), std::string::npos) << part << html->sections[0].html;
  }
  Do(kForward, Office());  // a petition office need not write one: the unit tells the petitioner
  EXPECT_EQ(Keys(), "register forward ");
  ASSERT_FALSE(desk_.Do("o1", RegisterText(), Clerk()).refusal);
  ASSERT_FALSE(desk_.Do("o1", "forward { to_org: 'c-hrss' reason: '属于该单位职责' " + kNotice + "}", Office()).refusal);
  const std::string own = documents_.One(FactsOf("o1"), "forwardnotice", 0)->sections[0].html;
  EXPECT_NE(own.find("第二十二条"), std::string::npos) << own;  // and does so by an article of its own
  EXPECT_EQ(own.find("本系统下级"), std::string::npos) << own;
}

// Art. 33: 经调解……达成一致意见的，应当制作调解协议书. The form is there to be written on and signed before it settles anything.
// spec: P17
TEST_F(DocumentsTest, AnOralAgreementHasAPaperToWriteOn) {
  BringToAcceptance();
  Do("refer_to_mediation { bridge_code: 'BR1' both_consent: true consent_proof_sha256: '" + kScan +
         "' dispute_type: 'D10' party_count: 2 }",
     Handler());
  EXPECT_EQ(Keys(), "register forward acceptance ");
  Do("hear_mediation { topic: 'mediation.effective' subject_id: 'c1' version: 9 notice { form: ORAL origin { service: "
     "'petition' aggregate_id: 'p1' referral_id: '" + Facts().state.mediation_referral_id() + "' } } }",
     Platform());
  ExpectAll("settlement", {"信访事项调解协议书", "第三十三条", "㛃某", "ruled", "乙方"});
  Do("record_settlement { agreement: '补发工资' by_mediation: true proof_sha256: '" + kScan + "' }", Handler());
  ExpectAll("settlement", {"信访事项调解协议书", "补发工资", "办理单位："});  // which owes nothing
  ExpectAll("closing", {"和解、调解结案", "补发工资"});
  EXPECT_EQ(documents_.One(Facts(), "settlement", 0)->sections.size(), 1u);
}

// 山东 46
TEST_F(DocumentsTest, WhatEndsWithAPetitionersDeathIsReported) {
  BringToAcceptance();
  const std::string died = "record_death { petitioner_id: 'p1' died_at_ms: " + std::to_string(kMonday);
  Do(died + " proof_sha256: '" + kScan + "' }", Clerk());
  ASSERT_FALSE(desk_.Do("doc/" + kScan, kUploaded, Platform()).refusal);
  Do("terminate { proof_sha256: '" + kScan + "' }", Office());
  ExpectAll("termination", {"信访事项终结报告", "㛃某", "2026年11月23日", "第四十六条", "无权利义务承受人"});
  ExpectAll("closing", {"信访人死亡（终止）终结", "信访人死亡（终止）"});
}

// spec: P6 P7
TEST_F(DocumentsTest, AnObjectionAndItsDecisionAreOnOneLetter) {
  Do(kForward, Office());
  Do(kReceive, Handler());
  Do("object { reason: '不属于本单位职权范围' suggested_org: 'c-housing' }", Head());
  ExpectAll("objection", {"异议函", "日转送的㛃某信访事项", "第二十三条第三款", "不属于本单位职权范围。</p>", "c-housing"});
  Do("decide_objection { agreed: false reason: '属于你单位职责' }", Office());
  ExpectAll("objection", {"不同意", "属于你单位职责"});
}

// Art. 32: request, facts and reasons, opinion, legal basis; thirty days to ask for review (Art. 35).
// spec: P18
TEST_F(DocumentsTest, TheOpinionHoldsWhatTheLawWants) {
  BringToOpinion();
  ExpectAll("opinion", {"信访事项处理意见书", "陵人社信〔2026〕1号", "第三十二条", "投诉请求", "事实和理由", "处理意见", "不予支持",
                        "法律法规依据", "有关规定。</p>", "30日内", "请求复查", "c-hrss", "印章"});
  Deliver(Handler());
  ExpectAll("opinion", {"30日内（至2026年12月25日）向city-hrss请求复查；逾期"});
}

// spec: P19 P21 P22 P23 P25
TEST_F(DocumentsTest, ReviewAndReReviewHaveApplicationsOpinionsAndReceipts) {
  BringToOpinion();
  Deliver(Handler());
  ExpectAll("receipt", {"送 达 回 证", "信访事项处理意见书", "㛃某", "送达方式", "30日内", "受送达人", "见证人"});
  Do(kAskReview, Resident());
  ExpectAll("reviewrequest", {"复查申请书", "11010519491231002X", "c-hrss", "事实没有查清"});
  EXPECT_NE(Keys().find("reviewrequest"), std::string::npos);
  EXPECT_EQ(Keys().find("reviewopinion"), std::string::npos);
}

// A paper once named what it did not know of the applicant: "证件号码：，".
TEST_F(DocumentsTest, LeaveOutWhatIsNotKnownOfTheApplicant) {
  BringToOpinion();
  Deliver(Handler());
  Do(kAskReview, Resident());
  ExpectAll("reviewrequest", {"㛃某，证件号码：11010519491231002X，住址：一里社区1号楼。"});
  PetitionFacts facts = Facts();
  facts.state.mutable_petitioner(0)->mutable_person()->set_is_organisation(true);
  const std::string html = documents_.One(facts, "reviewrequest", 0)->sections[0].html;
  EXPECT_NE(html.find("㛃某，统一社会信用代码：11010519491231002X，住所：一里社区1号楼。"), std::string::npos) << html;
}

// What the province decided is entered here, and its paper asked for the province's seal.
// spec: P25
TEST_F(DocumentsTest, APaperThatWasCopiedIsNotSealed) {
  BringToOpinion();
  Deliver(Handler());
  Do(kAskReview, Resident());
  Do(kTakeRequest, CityReviewer());
  Do(ReviewText(), CityReviewer());
  PetitionFacts facts = Facts();
  const auto html = [&] { return documents_.One(facts, "reviewopinion", 0)->sections[0].html; };
  EXPECT_NE(html().find("（印章）"), std::string::npos) << html();
  facts.state.mutable_stage(1)->set_body_external(true);
  EXPECT_EQ(html().find("（印章）"), std::string::npos) << html();
  EXPECT_NE(html().find("以原件为准"), std::string::npos) << html();
}

// spec: P9 P10
TEST_F(DocumentsTest, ARefusalSaysWhyAndWhereToGo) {
  Do("redirect { code: 'NA04' procedure: '劳动争议仲裁' organ: '陵城区劳动人事争议仲裁委员会' " + kNotice + "}", Office());
  ExpectAll("closing", {"导入法定程序", "应当适用的程序：劳动争议仲裁"});
  ExpectAll("refusal", {"导入法定程序告知书", "仲裁", "劳动争议仲裁", "陵城区劳动人事争议仲裁委员会", "第三十一条", "0534-1234567"});
}

// 山东 33(3), 46: a refusal names the article it rests on.
// spec: P9
TEST_F(DocumentsTest, ARefusalRestsOnItsArticle) {
  PetitionFacts facts = Facts();
  const std::pair<const char*, const char*> articles[] = {{"NA01", "《信访工作条例》第十九条第三款"},
                                                          {"NA02", "《信访工作条例》第三十六条第三款"},
                                                          {"NA07", "《信访工作条例》第二十三条"},
                                                          {"NA08", "《信访工作条例》第二十条第一款"},
                                                          {"NA09", "《山东省信访条例》第三十三条第三款"},
                                                          {"NA10", "依照下列规定，决定不予受理："}};
  for (const auto& [code, article] : articles) {
    PetitionFacts refused = facts;
    refused.steps.emplace_back().event.mutable_not_accepted()->set_code(code);
    const auto paper = documents_.One(refused, "refusal", 0);
    ASSERT_TRUE(paper.ok()) << paper.status();
    EXPECT_NE(paper->sections[0].html.find(article), std::string::npos) << code << paper->sections[0].html;
    EXPECT_EQ(paper->sections[0].html.find("涉外"), std::string::npos);  // Art. 48: foreigners petition as others do
  }
}

// 山东 27, 28: papers go to a representative, and a guardian signs with whom they guard; none to the dead.
// spec: P19 山东28
TEST_F(DocumentsTest, PapersGoToWhoMayTakeThem) {
  BringToOpinion();
  Deliver(Handler());
  PetitionFacts facts = Facts();
  auto* second = facts.state.add_petitioner();
  second->set_petitioner_id("p2");
  second->mutable_person()->set_name("㛄代表");
  second->mutable_person()->set_address("二里社区2号楼");
  const auto receipt = [&] {
    const auto paper = documents_.One(facts, "receipt", 0);
    EXPECT_TRUE(paper.ok()) << paper.status();
    return paper->sections[0].html;
  };
  EXPECT_NE(receipt().find("一里社区1号楼"), std::string::npos);
  second->set_representative(true);
  EXPECT_NE(receipt().find("二里社区2号楼"), std::string::npos);
  EXPECT_NE(receipt().find("㛃某、㛄代表"), std::string::npos);
  facts.state.mutable_petitioner(0)->set_died_at_ms(1);
  EXPECT_EQ(receipt().find("㛃某"), std::string::npos) << "nobody writes to the dead";
  auto* guardian = facts.state.add_agent();
  guardian->set_kind(v1::GUARDIAN);
  guardian->mutable_person()->set_name("㛅监护");
  EXPECT_NE(receipt().find("㛅监护"), std::string::npos);
}

// A unit to which a petition was sent said that it had it on the day the petition office got it.
// spec: P8
TEST_F(DocumentsTest, AUnitReceivesOnItsOwnDay) {
  Do(kForward, Office());
  desk_.clock().Advance(2 * base::kDayMs);
  Do(kReceive, Handler());
  Do(kAccept, Handler());
  ExpectAll("acceptance", {"本机关于2026年11月25日收到"});
}

// "属于该单位职责。。" or no stop at all: what people type ends as it ends.
// spec: P4 P6
TEST_F(DocumentsTest, EverySentenceEndsOnce) {
  Do("forward { to_org: 'c-hrss' reason: '属于该单位职责。' }", Office());
  ExpectAll("forward", {"转送理由：属于该单位职责。</p>"});
  Do(kReceive, Handler());
  Do("object { reason: '不属于本单位职权范围' }", Head());
  Do("decide_objection { agreed: false reason: '属于你单位职责' }", Office());
  ExpectAll("objection", {"不同意，请依法办理。属于你单位职责。</p>"});
  Do("accept { route: 6 recusal_checked: true notice { text: '已受理' contact: '0534-1234567。' how: '当面' } }", Handler());
  ExpectAll("acceptance", {"联系方式：0534-1234567。查询码"});
}

// One petitioner was called "您（们）", and so were five.
// spec: P8
TEST_F(DocumentsTest, OneIsAddressedAsOneAndSeveralAsSeveral) {
  BringToAcceptance();
  ExpectAll("acceptance", {"<p class=\"in\">您提出的信访事项"});
  PetitionFacts facts = Facts();
  facts.state.set_petitioner_count(5);
  EXPECT_NE(documents_.One(facts, "acceptance", 0)->sections[0].html.find("你们提出的信访事项"), std::string::npos);
}

// Who made a suggestion was told in writing that it is studied, and the paper did not exist (Art. 23, 29).
// spec: P12
TEST_F(DocumentsTest, ASuggestionThatIsStudiedHasItsNotice) {
  ASSERT_FALSE(desk_.Do("s1", RegisterText("", "SUGGESTION"), Clerk()).refusal);
  ASSERT_FALSE(desk_.Do("s1", "study { " + kNotice + "}", Office()).refusal);
  const auto paper = documents_.One(FactsOf("s1"), "acceptance", 0);
  ASSERT_TRUE(paper.ok()) << paper.status();
  const std::string& html = paper->sections[0].html;
  for (const char* part : {"您提出的建议意见，本机关于2026年11月23日收到", "第二十三条、第二十九条", "已于2026年11月23日开始研究论证", "0534"}) {
    EXPECT_NE(html.find(part), std::string::npos) << part << html;
  }
  EXPECT_EQ(html.find("处理方式"), std::string::npos) << html;
}

// Art. 29: what was adopted is told in writing; there was no paper for it, and the register called it a complaint.
// spec: P12
TEST_F(DocumentsTest, ASuggestionIsRepliedToInWriting) {
  ASSERT_FALSE(desk_.Do("s1", RegisterText("", "SUGGESTION"), Clerk()).refusal);
  ASSERT_FALSE(desk_.Do("s1", "study { " + kNotice + "}", Office()).refusal);
  EXPECT_TRUE(absl::IsNotFound(documents_.One(FactsOf("s1"), "reply", 0).status()));
  ASSERT_FALSE(desk_.Do("s1", "reply_suggestion { adoption: PART reply: '年内增设两处路灯' }", Office()).refusal);
  const PetitionFacts facts = FactsOf("s1");
  const auto paper = documents_.One(facts, "reply", 0);
  ASSERT_TRUE(paper.ok()) << paper.status();
  for (const char* part : {"信访建议意见回复书", "㛃某", "第二十九条", "部分采纳", "年内增设两处路灯", "查询码", "（印章）<br>2026年11月23日"}) {
    EXPECT_NE(paper->sections[0].html.find(part), std::string::npos) << part << paper->sections[0].html;
  }
  for (const char* key : {"register", "closing"}) {
    const std::string html = documents_.One(facts, key, 0)->sections[0].html;
    EXPECT_NE(html.find("建议意见："), std::string::npos) << key << html;
    EXPECT_EQ(html.find("投诉请求"), std::string::npos) << key << html;
  }
}

// The file had both applications before both opinions, the hearing of the re-review before the first opinion, and the
// receipts behind them all.
// spec: P25 P29
TEST_F(DocumentsTest, TheFileStandsInTheOrderInWhichThingsWent) {
  BringToOpinion();
  Deliver(Handler());
  desk_.clock().Advance(base::kDayMs);
  Do(kAskReview, Resident());
  desk_.clock().Advance(base::kDayMs);
  Do(kTakeRequest, CityReviewer());
  Do(ReviewText(), CityReviewer());
  Deliver(CityReviewer());
  desk_.clock().Advance(base::kDayMs);
  Do(kAskRecheck, Resident());
  const auto file = documents_.File(Facts(), {});
  ASSERT_TRUE(file.ok()) << file.status();
  std::string order;
  for (const auto& section : file->sections) order += section.anchor + " ";
  EXPECT_EQ(order,
            "contents register1 forward1 acceptance1 opinion1 receipt1 reviewrequest1 reviewopinion1 receipt2 "
            "reviewrequest2 ");
  const auto numbered = documents_.File(Facts(), {{"opinion1", 7}});
  ASSERT_TRUE(numbered.ok()) << numbered.status();
  const std::string& contents = numbered->sections[0].html;
  EXPECT_NE(contents.find(">4</td><td>信访事项处理意见书</td><td class=\"c\">7<"), std::string::npos) << contents;
  for (const char* title : {"信访事项转送函", "送达回证（信访事项复查意见书）", "信访事项复核申请书"}) {  // what each is, not what it may be
    EXPECT_NE(contents.find(std::string(">") + title + "<"), std::string::npos) << title << contents;
  }
}

// What a notice said stays what it said when a later step moves the day.
// spec: P8 P15
TEST_F(DocumentsTest, AnExtensionDoesNotRewriteTheAcceptance) {
  BringToAcceptance();
  ExpectAll("acceptance", {"2027年1月22日"});
  Do("extend { days: 30 reason: '情况复杂' " + kNotice + "}", Head());
  ExpectAll("acceptance", {"2027年1月22日"});
  ExpectAll("extension", {"延长办理期限30日", "2027年2月22日"});  // 02-21 is a Sunday
}

// spec: P14
TEST_F(DocumentsTest, AHearingIsCalledOnPaperBeforeItIsHeld) {
  BringToAcceptance();
  EXPECT_EQ(Keys().find("hearingnotice"), std::string::npos);
  Do("call_hearing { how: '邮寄' hearing { presider: '钱主持' member: '孙听' place: '第一会议室' from_ms: " +
         std::to_string(Local("2026-12-07 09:30")) + " } }",
     Head());
  ExpectAll("hearingnotice", {"定于2026年12月7日", "在第一会议室举行听证", "钱主持", "孙听", "2026年11月23日"});
  EXPECT_EQ(Keys().find("hearingrecord"), std::string::npos);
}

// spec: P21
TEST_F(DocumentsTest, AReviewThatIsNotTakenUpHasItsPaper) {
  BringToOpinion();
  Deliver(Handler());
  Do(kAskReview, Resident());
  Do("decide_review_request { " + kNotice + "}", CityReviewer());
  // 山东 43: in writing, with the reason; there was no paper for it.
  ExpectAll("refusal", {"<h1>信访事项复查请求不予受理告知书</h1>", "您提出的复查请求，本机关于2026年11月25日收到", "第四十三条",
                        "决定不予受理", "已登记受理", "city-hrss（印章）"});
  // Art. 35: the thirty days since the opinion came run on, and the letter had not said so.
  ExpectAll("refusal", {"您请求复查的期限至2026年12月25日（含当日）止", "仍可以再次请求复查"});
  Do(kAskReview, Resident());
  desk_.clock().AdvanceTo(EndOf("2026-12-25") + 1);
  Do("decide_review_request { " + kNotice + "}", CityReviewer());
  const auto late = documents_.One(Facts(), "refusal", 2);
  ASSERT_TRUE(late.ok()) << late.status();
  EXPECT_NE(late->sections[0].html.find("请求复查的期限已经届满"), std::string::npos) << late->sections[0].html;
  EXPECT_EQ(late->sections[0].html.find("仍可以再次请求"), std::string::npos);
}

// 山东 45: what was revoked is decided anew, and that may be reviewed; nothing is asked of the re-review meanwhile.
// spec: P22
TEST_F(DocumentsTest, ARevocationSaysWhoDecidesAnew) {
  BringToOpinion();
  Deliver(Handler());
  Do(kAskReview, Resident());
  Do(kTakeRequest, CityReviewer());
  Do(ReviewText("REVOKED", "redo_days: 20"), CityReviewer());
  ExpectAll("reviewopinion", {"由c-hrss在20日内重新作出处理意见", "事实没有查清"});
  EXPECT_EQ(documents_.One(Facts(), "reviewopinion", 0)->sections[0].html.find("ruled"), std::string::npos)
      << "nothing is written above a seal afterwards";
  EXPECT_EQ(documents_.One(Facts(), "reviewopinion", 0)->sections[0].html.find("请求复核"), std::string::npos);
}

// spec: P29
TEST_F(DocumentsTest, WhatWasNotDoneHasNoPaper) {
  const PetitionFacts facts = Facts();
  for (const char* key : {"opinion", "backlog", "settlement", "closing", "hearingrecord", "nothing"}) {
    EXPECT_TRUE(absl::IsNotFound(documents_.One(facts, key, 0).status())) << key;
  }
}

// Two of the papers of the procedure had no page: whoever supervised wrote the letter by hand, and what petitioners
// promised was nowhere to be signed.
// spec: P29 O3
TEST_F(DocumentsTest, SupervisionAndThePromiseHaveTheirPages) {
  BringToAcceptance();
  Do("hear_oversight { topic: 'oversight.order_issued' order { order_id: 'or-7' card: CARD_YELLOW issuer_org: 'c-gov' "
     "to_org: 'c-hrss' due_at_ms: " +
         std::to_string(EndOf("2026-11-26")) + " } }",
     Platform());
  ExpectAll("supervision", {"信访事项督办函", "第四十条", "黄牌督办", "督办单编号or-7", "2026年11月26日（含当日）",
                            "请求支付拖欠的工资"});
  EXPECT_TRUE(absl::IsNotFound(documents_.One(Facts(), "commitment", 0).status()));
  Do("list_backlog { cause: '历史遗留' plan: '一案一策' }", Office());
  ExpectAll("commitment", {"息诉罢访承诺书", "㛃某", "一案一策", "承诺人（签名", "诉讼等权利"});
  Do("propose_write_off { ground: RELIEF evidence: '已救助' }", Office());
  EXPECT_TRUE(absl::IsNotFound(documents_.One(Facts(), "commitment", 0).status())) << "nobody promised anything";
  Do("hear_oversight { topic: 'oversight.order_closed' order { order_id: 'or-7' } }", Platform());
  EXPECT_EQ(documents_.One(Facts(), "supervision", 0)->sections.size(), 1u);
}

// The report of a petition whose opinion was upheld said "处理意见：维持" and not what was upheld; the receipt of the last
// opinion did not say that it is the last.
// spec: P25 P29
TEST_F(DocumentsTest, TheClosingReportSaysWhatEveryStageSaid) {
  PetitionFacts facts = Facts();
  ASSERT_TRUE(google::protobuf::TextFormat::MergeFromString(
      "status: FINAL ended_at_ms: 3 stage { kind: HANDLE issued_at_ms: 1 opinion { opinion: '不予支持。' } } "
      "stage { kind: REVIEW issued_at_ms: 2 review_result: UPHELD opinion { opinion: '理由不足。' } } "
      "stage { kind: RECHECK issued_at_ms: 3 review_result: UPHELD opinion { opinion: '同意复查意见。' } "
      "  delivery { method: IN_PERSON received_at_ms: 3 } } ",
      &facts.state));
  const auto closing = documents_.One(facts, "closing", 0), receipt = documents_.One(facts, "receipt", 0);
  ASSERT_TRUE(closing.ok() && receipt.ok()) << closing.status() << receipt.status();
  for (const char* part :
       {"处理意见：不予支持。", "复查意见：维持原意见。理由不足。", "复核意见：维持原意见。同意复查意见。"}) {
    EXPECT_NE(closing->sections[0].html.find(part), std::string::npos) << part << closing->sections[0].html;
  }
  EXPECT_NE(receipt->sections[0].html.find("本复核意见为信访事项终结意见"), std::string::npos);
}

// Every paper of 信访工作条例's procedure, from one long record.
// spec: P9 P14 P15 P17 P22 P24 P25 P29
TEST_F(DocumentsTest, EveryPaperHasItsFieldsFromTheRecord) {
  PetitionFacts facts = Facts();
  ASSERT_TRUE(google::protobuf::TextFormat::MergeFromString(
      "status: FINAL unit_org: 'c-hrss' accepted_at_ms: 1795395600000 ended_at_ms: 1795995600000 "
      "result: NOT_SUPPORTED "
      "stage { kind: HANDLE body_org: 'c-hrss' accepted_at_ms: 1795395600000 issued_at_ms: 1795495600000 "
      "  document_no: '1号' "
      "  opinion { request: '求' facts: '实' opinion: '意见一' basis: '法条' result: EXPLAINED other_grounds: '新理由' } "
      "  delivery { method: POST proof: '挂号77' received_at_ms: 1795495600000 } remedy: '可请求复查' "
      "  hearing { presider: '钱主持' member: '孙听' from_ms: 1795495600000 to_ms: 1795499600000 "
      "    notice_at_ms: 1795395600000 "
      "    participant: '王经理' record: '听证经过' conclusion: '听证结论' } } "
      "stage { kind: REVIEW body_org: 'c-petition' requested_at_ms: 1795595600000 issued_at_ms: 1795695600000 "
      "  document_no: '2号' review_result: REVOKED redo_days: 30 opinion { opinion: '意见二' basis: '法' } "
      "  delivery { method: IN_PERSON received_at_ms: 1795695600000 } } "
      "stage { kind: RECHECK body_org: 'city-petition' requested_at_ms: 1795795600000 issued_at_ms: 1795895600000 "
      "  document_no: '3号' review_result: CHANGED opinion { opinion: '意见三' basis: '法' result: SUPPORTED } } "
      "backlog { state: LISTED cause: '成因' plan: '方案' listed_at_ms: 1795895600000 } evaluation { unit: 4 office: 5 } ",
      &facts.state));
  for (const char* text :
       {"not_accepted { code: 'NA07' notice { text: '不属于' contact: '窗口' } }",
        "extended { days: 20 reason: '情况复杂' notice { contact: '电话' } }", "settled { agreement: '协议内容' }",
        "improvement_suggested { suggestion: '改进窗口服务' }", "improvement_answered { adoption: PART answer: '已改' }",
        "review_requested { grounds: '复查理由' }", "recheck_requested { grounds: '复核理由' }", "closed {}"}) {
    auto& step = facts.steps.emplace_back();
    ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &step.event)) << text;
    step.at_ms = kMonday;
    step.actor_org = "c-petition";
  }
  const std::pair<const char*, std::vector<const char*>> papers[] = {
      {"refusal", {"不予受理告知书", "不属于本机关、单位职权范围", "窗口"}},
      {"extension", {"延期办理告知书", "20日", "情况复杂", "第三十四条", "负责人批准"}},
      {"hearingnotice", {"听证通知书", "由钱主持主持，听证员为孙听"}},
      {"hearingrecord", {"听证笔录", "地点", "钱主持", "孙听", "听证经过", "记录人", "信访人（签名", "参加人（签名或盖章）：<span class=\"name\">王经理"}},
      {"hearingconclusion", {"听证结论", "听证员（签名"}},
      {"settlement", {"和解协议书", "协议内容", "第三十三条", "甲方", "乙方", "办理单位"}},
      {"opinion", {"1号", "意见一", "法条", "予以解释说明", "新理由", "30日内"}},
      {"reviewrequest", {"复查申请书", "复查理由", "复核申请书", "复核理由", "1号", "2号"}},
      {"reviewopinion", {"复查意见书", "第三十五条", "撤销原意见", "重新办理期限30日", "复核意见书", "第三十六条", "变更原意见",
                         "终结意见"}},
      {"receipt", {"挂号77", "邮寄送达", "直接送达", "可请求复查"}},
      {"improvement", {"改进窗口服务", "部分采纳", "已改"}},
      {"backlog", {"积案化解方案", "成因", "方案", "化解中", "包案领导"}},
      {"closing", {"结案报告", "复核终结", "意见三", "办理单位4分，信访部门5分", "结案"}},
  };
  for (const auto& [key, parts] : papers) {
    const auto paper = documents_.One(facts, key, 0);
    ASSERT_TRUE(paper.ok()) << key << paper.status();
    std::string html;
    for (const auto& section : paper->sections) html += section.html;
    for (const char* part : parts) EXPECT_NE(html.find(part), std::string::npos) << part << "\nin\n" << html;
  }
  // What the panel concludes is not the petitioner's to sign.
  const auto conclusion = documents_.One(facts, "hearingconclusion", 0);
  ASSERT_TRUE(conclusion.ok()) << conclusion.status();
  EXPECT_EQ(conclusion->sections[0].html.find("信访人（签名"), std::string::npos);
  const auto file = documents_.File(facts, {});
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(press::CheckCode(*file), press::CheckCode(*documents_.File(facts, {})));
  EXPECT_FALSE(press::Typeset(*file, press::CheckCode(*file)).empty());
}

// spec: P11
TEST_F(DocumentsTest, ASealedPetitionHasNoPaperAndCannotBeToldFromNone) {
  std::string before;
  ASSERT_TRUE(Print("p1", Office(), &before).ok());
  EXPECT_NE(before.find("信访事项登记表"), std::string::npos);
  EXPECT_EQ(note_.aggregate_id, "p1");
  EXPECT_EQ(note_.purpose, "核对登记内容");
  EXPECT_TRUE(note_.field.starts_with("register html sha256:")) << note_.field;
  Do("retype { type: ACCUSATION reason: '反映干部' }", Office());
  for (const Actor& actor : {Office(), Clerk(), Handler(), CityOffice()}) {
    note_ = {};
    std::string bytes;
    const auto sealed = Print("p1", actor, &bytes), none = Print("p-none", actor, &bytes);
    ASSERT_TRUE(sealed.refusal() && none.refusal());
    EXPECT_EQ(sealed.refusal()->reason, none.refusal()->reason);
    EXPECT_EQ(sealed.refusal()->message_zh, none.refusal()->message_zh);
    EXPECT_TRUE(bytes.empty());
    EXPECT_TRUE(note_.purpose.empty());
    v1::ListDocumentsRequest list;
    list.set_id("p1");
    v1::ListDocumentsResponse lines;
    EXPECT_EQ(queries_.ListDocuments(As(actor), list, &lines).refusal()->reason, none.refusal()->reason);
    EXPECT_EQ(lines.line_size(), 0);
  }
}

}  // namespace
}  // namespace petition
