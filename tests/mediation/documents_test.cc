// The papers of a case: official fields, nothing typed twice.
#include <gmock/gmock.h>

#include <algorithm>

#include "services/mediation/domain/file_index.h"
#include "tests/mediation/document_world.h"

namespace mediation {
namespace {

// spec: M24
TEST_F(DocumentsTest, EveryFormHasItsOfficialFields) {
  Bind();
  Do("file_document { form: F3_IDENTITY party_id: 'p1' title: '身份证复印件' pages: 1 sha256: '" + kDigest + "' }",
     Registrar());
  Do("file_document { form: F6_EVIDENCE title: '漏水照片' pages: 2 sha256: '" + kDigest + "' }", Registrar());
  Do("perform { clause_no: 1 amount_fen: 30000 receipt_sha256: '" + kDigest + "' remark: '先付三百元' }", Mediator());
  desk_.clock().Advance(base::kDayMs);
  Do("follow_up { visit { mode: AT_HOME party_id: 'p1' finding: '已修好' satisfaction: 5 } }", Mediator());
  Do(ApplicationText(kBothSign), Registrar());
  const CaseFacts facts = Facts();
  const std::pair<const char*, std::vector<const char*>> forms[] = {
      {"0", {"v-committee", "卷　　名", "许某与何某邻里纠纷", "卷　　号", "人民调解员", "李调解", "调解日期", "2026年11月23日",
             "立 卷 人", "立卷日期", "保管期限", "备　　注"}},
      {"0a", {"序号", "文书名称", "页号", "备注", "人民调解申请书", "人民调解记录", "人民调解协议书"}},
      {"1", {"申请人", "被申请人", "姓名", "性别", "女", "民族", "年龄", "76", "职业或职务", "联系方式", "13900000001",
             "单位或住址", "一里社区1号楼", "纠纷简要情况", "楼上漏水", "当事人申请事项", "修好漏水", "赔偿修理费",
             "已将申请人民调解的相关规定告知我，现自愿申请", "捌佰元整", "申请日期"}},
      {"1b", {"登记时间", "当事人", "纠纷类型", "邻里（漏水）", "案件来源", "☑ 当事人申请", "☐ 人民法院委托移送",
              "纠纷简要情况", "登记人", "王登记", "印章", "备注"}},
      {"2", {"性质", "选择或者接受人民调解员", "接受调解、拒绝调解或者要求终止调解", "如实陈述纠纷事实", "三十日内共同",
             "不收取任何费用", "2026年11月23日"}},
      {"3", {"许某", "11010519491231002X", "身份证复印件", "尚未收到"}},
      {"4", {"委托人", "受委托人", "委托权限", "特别授权", "许某", "何某"}},
      {"5", {"时间", "地点", "参加人", "被调查人", "调查人", "记录人", "许某、何某邻里（漏水）纠纷"}},
      {"6", {"材料名称", "漏水照片", "提供人", "页数"}},
      {"7", {"时间", "2026年11月24日8时30分至9时00分", "地点", "社区调解室", "事由", "当事人", "参加人", "调解记录", "双方陈述", "调解结果", "（以下空白）",
              "以上第1次调解的记录经核对无误", "记录人", "李调解"}},
      {"8", {"编号", "纠纷主要事实、争议事项", "楼上漏水", "各方当事人的责任", "楼上修理", "自愿达成如下协议", "履行方式、时限",
             "一式3份", "指印", "人民调解员", "记录人", "印章", "三十日内"}},
      {"9", {"（一）", "300.00", "叁佰元整", "先付三百元", "许某"}},
      {"10", {"当事人", "许某", "调解协议编号", "回访事由", "回访情况", "已修好", "是否起诉", "激化苗头", "回访人", "上门回访"}},
      {"11", {"司法确认申请书", "申请人", "请求事项", "陵城区人民法院", "身份证明", "第二百零五条", "裁定文书号"}},
      {"12", {"所缺材料", "当事人身份证明（何某）", "原因说明", "立卷人", "检查人"}},
      {"13", {"卷宗终"}},
      {"closing", {"卷号", "受案时间", "结案时间", "案件来源", "当事人申请", "结果", "达成书面调解协议", "履行情况",
                   "捌佰元整", "承办人"}},
  };
  for (const auto& [key, parts] : forms) ExpectAll(Html(facts, key), parts);
}

// A name is typed once, at the application, and corrected once: every paper that asks for it has it from there.
// spec: R4
TEST_F(DocumentsTest, WhatWasTypedAtTheApplicationStandsInEveryPaperThatAsksForIt) {
  Bind();
  CaseFacts facts = Facts();
  const char* papers[] = {"0", "4", "5"};
  for (const char* paper : papers) ExpectAll(Html(facts, paper), {"许某", "何某"});
  for (const char* paper : {"1", "1b"}) ExpectAll(Html(facts, paper), {"楼上漏水"});
  facts.state.mutable_party(0)->mutable_person()->set_name("许三多");
  for (const char* paper : papers) {
    const std::string html = Html(facts, paper);
    ExpectAll(html, {"许三多", "何某"});
    EXPECT_EQ(html.find("许某"), std::string::npos) << paper << " keeps a copy of its own";
  }
}

// What a party said of itself was dropped at the intake, so the form had nothing to print.
// spec: M1
TEST_F(DocumentsTest, OccupationAndEthnicGroupReachTheForm) {
  std::string apply = ApplyText();
  apply.replace(apply.find("party { applicant: true"), 7, "party { occupation: '教师' ethnic_group: '汉族' ");
  Do(apply, Registrar());
  ExpectAll(Html(Facts(), "1"), {"教师", "汉族"});
}

// spec: M13 M14
TEST_F(DocumentsTest, AClauseSaysWhoDoesWhatHowMuchByWhenAndWhere) {
  BringToAgreement();
  ExpectAll(Html(Facts(), "8"),
            {"（一）乙方何某于2026年12月24日（含当日）之前向甲方许某支付：赔偿修理费，人民币800.00元（大写：捌佰元整），"
             "给付方式、地点：转入甲方账户。",
             "（二）乙方何某于2026年12月10日（含当日）之前向甲方许某履行：修好漏水，履行地点：甲方家中。",
             "（三）乙方何某向甲方许某承诺：不再喧哗。"});
}

// A mediator types sentences: the clause once read "修好漏水。。" and "赔偿修理费。，人民币800.00元".
// spec: M13
TEST_F(DocumentsTest, AClauseTypedWithItsStopHasNoneTwice) {
  BringToSession();
  auto typed = [](std::string clause, const std::string& from, const std::string& to) {
    return clause.replace(clause.find(from), from.size(), to);
  };
  Do(DraftText(typed(kPay, "赔偿修理费", "赔偿修理费。") + typed(kRepair, "修好漏水", "修好漏水；") +
               typed(kRefrain, "不再喧哗", "答应“不再喧哗。”")), Mediator());
  ExpectAll(Html(Facts(), "8"), {"支付：赔偿修理费，人民币800.00元（大写：捌佰元整），给付", "履行：修好漏水，履行地点：甲方家中。</p>",
                                 "承诺：答应“不再喧哗。”</p>"});
}

// A sentence quoted to its stop went on with a comma: "……我们的环境和健康。”，人民币200,000.00元".
// spec: M13
TEST_F(DocumentsTest, NoCommaComesAfterASentenceThatIsOver) {
  BringToSession();
  std::string pay = kPay;
  pay.replace(pay.find("赔偿修理费"), std::string("赔偿修理费").size(), "双方约定：“赔偿修理费。”");
  Do(DraftText(pay), Mediator());
  ExpectAll(Html(Facts(), "8"), {"“赔偿修理费。”人民币800.00元（大写：捌佰元整），给付方式、地点：转入甲方账户。"});
}

// Papers said "你们因其他劳动争议纠纷" and "其他纠纷", as the statistics call them.
// spec: M24
TEST_F(DocumentsTest, ADisputeIsNamedAsASentenceNamesIt) {
  Do(ApplyText(), Registrar());
  CaseFacts facts = Facts();
  const std::pair<const char*, const char*> names[] = {
      {"D11", "你们因劳动争议，由"}, {"D14", "你们因消费纠纷，由"}, {"D99", "你们因民间纠纷，由"}, {"D02", "你们因邻里纠纷，由"}};
  for (const auto& [type, name] : names) {
    facts.state.set_dispute_type(type);
    ExpectAll(Html(facts, "2"), {name});
  }
  facts.state.set_dispute_type("D11");
  facts.state.set_dispute_detail("工伤");
  ExpectAll(Html(facts, "2"), {"你们因劳动争议（工伤），由"});
  ExpectAll(Html(facts, "0"), {"许某与何某劳动争议<"});
  ExpectAll(Html(facts, "1b"), {"其他劳动争议（工伤）"});  // the register keeps the name of the statistics
  ExpectAll(Html(facts, "2"), {"<p>许某、何某：</p>"});   // whom a letter addresses stands at the margin
}

// The cover said that a mediation of two days had lasted until everything was paid.
// spec: M24
TEST_F(DocumentsTest, MediationLastsUntilTheAgreement) {
  Bind();
  desk_.clock().Advance(9 * base::kDayMs);
  Do("perform { clause_no: 1 amount_fen: 80000 receipt_sha256: '" + kDigest + "' }", Mediator());
  Do("perform { clause_no: 2 remark: '修好' }", Mediator());
  Do("complete { outcome: ALL_PERFORMED }", Chair());
  ExpectAll(Html(Facts(), "0"), {"2026年11月23日　至　2026年11月24日"});
}

// "sha256:aaaaaaaaaaaaaaaa…" is no word for an official paper; its foot says 校验码.
// spec: M24
TEST_F(DocumentsTest, AFiledPaperIsToldByItsCheckCode) {
  Bind();
  Do("file_document { form: F3_IDENTITY party_id: 'p1' title: '身份证复印件' pages: 1 sha256: '" + kDigest + "' }",
     Registrar());
  ExpectAll(Html(Facts(), "3"), {"校验码 aaaa aaaa aaaa aaaa"});
  EXPECT_EQ(Html(Facts(), "3").find("sha256"), std::string::npos);
}

// The record of the first session named the mediator who took over after it.
// spec: M8 M24
TEST_F(DocumentsTest, ARecordNamesTheMediatorWhoWasThere) {
  BringToSession();
  Do("request_recusal { party_id: 'p2' mediator_user_id: 'md1' ground: KINSHIP }", Resident("ub"));
  Do("replace_mediator { chair_user_id: 'md2' recusal_checked: true reason: '当事人申请回避' }", Chair());
  desk_.clock().Advance(base::kDayMs);
  Do(SessionText(desk_.clock().NowMs()), Mediator("md2"));
  CaseFacts facts = Facts();
  facts.staff.insert({"md2", "周调解"});
  ExpectAll(Html(facts, "7", 1), {"人民调解员：李调解<"});
  EXPECT_EQ(Html(facts, "7", 1).find("周调解"), std::string::npos);
  ExpectAll(Html(facts, "7", 2), {"人民调解员：周调解<"});
}

// spec: M15
TEST_F(DocumentsTest, AnOralAgreementHasItsRegister) {
  BringToSession();
  Do("record_oral { facts: '楼上漏水' manner: '当面' why_oral: '双方不需要书面' " + kRepair + " }", Mediator());
  ExpectAll(Html(Facts(), "8b"), {"编号", "协议内容", "修好漏水", "履行方式、时限", "双方不需要书面", "达成协议之日（2026年11月24日）",
                                  "人民调解员", "李调解", "印章"});
  // What was agreed in words was also printed as a written agreement, under the same number.
  EXPECT_TRUE(absl::IsNotFound(documents_.One(Facts(), "8", 0).status()));
}

// A notice that mediation was ended without a reason or a day, and an agreement nobody had made, could be printed of
// any case, with a check code.
// spec: M11 M15 M17
TEST_F(DocumentsTest, NothingIsPrintedOfWhatHasNotComeAbout) {
  BringToSession();
  for (const char* key : {"8", "8b", "10", "end", "court", "closing"}) {
    EXPECT_TRUE(absl::IsNotFound(documents_.One(Facts(), key, 0).status())) << key;
    EXPECT_THAT(Documents::KeysOf(Facts()), ::testing::Not(::testing::Contains(key)));
  }
  EXPECT_THAT(Documents::KeysOf(Facts()), ::testing::IsSupersetOf({"1", "2", "7", "13"}));
}

// spec: M17
TEST_F(DocumentsTest, TheEndNamesTheOtherWaysAndWhatIsUndisputed) {
  BringToSession();
  Do("end { reason: E05_TOO_FAR_APART remedy: ADMINISTRATIVE_WAY remedy: JUDICIAL where_to_go: '陵城区人民法院立案庭' "
     "notice_how: '当面' undisputed_facts: '漏水属实' undisputed_consent_party_id: 'p1' undisputed_consent_party_id: 'p2' }",
     Chair());
  ExpectAll(Html(Facts(), "end"),
            {"终止调解告知书", "许某、何某", "由本调委会调解。因双方意见分歧较大，难以达成协议，依照", "第二十六条", "行政途径", "司法途径", "陵城区人民法院立案庭",
             "漏水属实", "2026年11月23日至2026年11月24日", "签收人", "提起诉讼。</p>",
             "双方当事人签字确认：<span class=\"nowrap\">许某", "何某 <span"});  // 山东条例 24: 由双方当事人签字确认
  // The register of a case that was accepted and ended later bore the day of its end under the seal.
  ExpectAll(Html(Facts(), "1b"), {"（印章）<br>2026年11月23日"});
}

// A notice was addressed to the dead and had a line for them to sign.
// spec: M17
TEST_F(DocumentsTest, NobodyIsToldOfAnEndByTheirOwnDeath) {
  BringToSession();
  Do("end { reason: E12_DIED_OR_GONE party_id: 'p2' remedy: JUDICIAL where_to_go: '区人民法院' notice_how: '书面' }", Chair());
  const std::string html = Html(Facts(), "end");
  ExpectAll(html, {"<p>许某：</p>", "签收人（签名或盖章）：<span class=\"name\">许某"});
  EXPECT_EQ(html.find("何某"), std::string::npos) << html;
}

// Who had sued, and whose case the court had entrusted, was told to sue.
// spec: M17
TEST_F(DocumentsTest, AnEntrustedCaseGoesBackToItsCourt) {
  BringToSession();
  Do("end { reason: E05_TOO_FAR_APART remedy: JUDICIAL where_to_go: '区人民法院' notice_how: '书面' }", Chair());
  CaseFacts facts = Facts();
  facts.state.set_kind(v1::COURT_ENTRUSTED);
  const std::string html = Html(facts, "end");
  ExpectAll(html, {"案件退回委托的人民法院，由其依法继续审理。"});
  EXPECT_EQ(html.find("提起诉讼"), std::string::npos) << html;
}

// "Result of the confirmation" stood twice in the report, for the filing and for the ruling; a notary confirms nothing.
// spec: M22
TEST_F(DocumentsTest, TheReportSaysWhatCameOfEachStepOfAConfirmation) {
  Bind();
  CaseFacts facts = Facts();
  const auto recorded = [&facts](v1::ConfirmationState state, v1::ConfirmationKind kind) {
    auto* result = facts.steps.emplace_back().event.mutable_confirmation_recorded();
    result->set_state(state);
    result->mutable_confirmation()->set_kind(kind);
  };
  recorded(v1::FILED, v1::COURT);
  recorded(v1::CONFIRMED, v1::COURT);
  recorded(v1::CONFIRMED, v1::NOTARY);
  const std::string html = Html(facts, "closing");
  ExpectAll(html, {"已受理", "确认有效", "已出具公证书"});
}

// The report gave each step the day on which somebody wrote it down, said of a day that went by that a breach had been
// found, and never that all was made good.
// spec: M23
TEST_F(DocumentsTest, AMilestoneHasTheDayOnWhichItHappened) {
  Bind();
  CaseFacts facts = Facts();
  for (auto& step : facts.steps) {
    if (!step.event.has_session_held()) continue;
    step.at_ms += 3 * base::kDayMs;  // entered three days later
  }
  ExpectAll(Html(facts, "closing"), {"<div>2026年11月24日　调解</div>"});
  facts.steps.push_back({.event = {}, .at_ms = desk_.clock().NowMs(), .actor_id = "sys"});
  facts.steps.back().event.mutable_breached()->mutable_promise()->set_no(1);
  ExpectAll(Html(facts, "closing"), {"条款到期，未见履行登记"});
  EXPECT_EQ(Html(facts, "closing").find("发现未履行"), std::string::npos);
  facts.steps.back().event.mutable_breached()->mutable_breach()->set_finding("拒绝");
  ExpectAll(Html(facts, "closing"), {"发现未履行"});
  EXPECT_EQ(Html(facts, "closing").find("履行完毕"), std::string::npos);
  Do("perform { clause_no: 1 amount_fen: 80000 receipt_sha256: '" + kDigest + "' }", Mediator());
  Do("perform { clause_no: 2 remark: '修好' receipt_sha256: '" + kDigest + "' }", Mediator());
  Do("follow_up { visit { mode: AT_HOME party_id: 'p1' finding: '已修好' satisfaction: 5 } }", Mediator());
  ExpectAll(Html(Facts(), "closing"), {"履行完毕", "　回访"});
}

// The report of a case that ended without agreement left five fields empty and did not say that it had ended.
// spec: M23
TEST_F(DocumentsTest, WhatNeverWasIsSaidNotToBe) {
  BringToSession();
  Do("end { reason: E05_TOO_FAR_APART remedy: JUDICIAL where_to_go: '区人民法院' notice_how: '书面' }", Chair());
  ExpectAll(Html(Facts(), "closing"),
            {"终止调解：双方意见分歧较大", "<th>协议编号</th><td>无</td>", "<td colspan=\"3\">无</td>"});
}

// spec: M6
TEST_F(DocumentsTest, ARefusalHasItsOwnNotice) {
  Do(ApplyText(), Registrar());
  Do("refuse { code: 'SPECIAL_ORGAN' where_to_go: '行政主管部门' notice_how: '书面' }", Registrar());
  ExpectAll(Html(Facts(), "end"), {"不予受理告知书", "专门机关", "第二十二条", "不予受理", "行政主管部门", "仲裁、行政、司法等途径维护自己的权利。"});
  // It once told when a mediation had begun and ended that never was.
  EXPECT_EQ(Html(Facts(), "end").find("起止时间"), std::string::npos);
  ExpectAll(Html(Facts(), "0"), {"未调解"});  // nor has its cover a day on which it ended
}

// The notice once said "送达方式：platform", as if everybody had been handed it.
// spec: M6 M17
TEST_F(DocumentsTest, ANoticeThePlatformWroteIsNotServedByItself) {
  Do(ApplyText(), Registrar());
  Do("record_consent { party_id: 'p2' answer: REFUSED_TO_MEDIATE how: '当面' }", Registrar());
  const std::string html = Html(Facts(), "end");
  ExpectAll(html, {"2026年11月23日在网络平台告知", "另行送达", "签收人", "第十七条", "（三）司法途径"});
  EXPECT_EQ(html.find("platform"), std::string::npos);
}

// What came from others was called an application, and what a court has entrusted was promised a confirmation that it
// never gets (特邀调解规定 20).
// spec: M3 M6 M14
TEST_F(DocumentsTest, ACourtsCaseIsToldWhatTheCourtDoesWithIt) {
  Do("receive_referral { sender: FROM_COURT sender_org: 'c-court' document: '委托函' court_entrusted: true "
     "court_case_no: '诉12' " + kDispute + kParties + "}", Registrar());
  ExpectAll(Html(Facts(), "2"), {"由人民法院审查并制作调解书", "五、虚假调解的法律后果"});
  EXPECT_EQ(Html(Facts(), "2").find("申请司法确认"), std::string::npos);
  CaseFacts agreed = Facts();
  agreed.state.mutable_agreement()->set_form(v1::WRITTEN);
  EXPECT_EQ(Html(agreed, "8").find("申请司法确认"), std::string::npos);
  Do("refuse { code: 'NOT_CIVIL' where_to_go: '法院' notice_how: '书面' }", Registrar());
  ExpectAll(Html(Facts(), "end"), {"由人民法院委托移送本调委会调解。经审查，该事项不属于民间纠纷"});
}

// Who said yes for a child stood nowhere on paper.
// spec: M1 M5
TEST_F(DocumentsTest, TheRegisterSaysWhoAgreed) {
  Do(ApplyText(), Registrar());
  CaseFacts facts = Facts();
  auto* child = facts.state.mutable_party(1);
  EXPECT_EQ(Html(facts, "1b").find("何某（"), std::string::npos);  // not asked yet
  child->set_consent(v1::AGREED_TO_MEDIATE);
  child->set_consent_at_ms(kMonday);
  child->set_consent_how("在其姐姐家当面");
  ExpectAll(Html(facts, "1b"), {"何某（2026年11月23日同意调解）"});
  child->set_consent_as(v1::GUARDIAN_OF_PARTY);
  child->mutable_guardian()->set_name("何母");
  child->mutable_guardian()->set_relation("母亲");
  ExpectAll(Html(facts, "1b"), {"何某（2026年11月23日由法定代理人何母（母亲）同意调解）"});
  child->set_consent_as(v1::SPECIAL_AGENT);
  child->set_consent_name("李律师");
  ExpectAll(Html(facts, "1b"), {"由委托代理人（特别授权）李律师同意调解）"});
  EXPECT_EQ(Html(facts, "1b").find("姐姐家"), std::string::npos);
}

// spec: M3
TEST_F(DocumentsTest, TheRegisterNamesThePetitionThatIsKeptElsewhere) {
  Do("receive_referral { sender: FROM_PETITION_OFFICE document: '移送函' bridge_code: 'BR1' petition_no: '省访2026-77' "
     "consent_proof_sha256: '" + kDigest + "' received_at_ms: " + std::to_string(kMonday - base::kDayMs) + " " +
         kDispute + kParties + "}", Registrar());
  ExpectAll(Html(Facts(), "1b"), {"移送文书：移送函", "信访事项编号：省访2026-77（BR1）"});
}

// 特邀调解规定 19, 21, 26.
// spec: M3 M17
TEST_F(DocumentsTest, ACourtHearsInWritingHowItsCaseEnded) {
  Do("receive_referral { sender: FROM_COURT sender_org: 'c-court' document: '委派函' court_case_no: '诉前调12号' " +
         kDispute + kParties + "}", Registrar());
  EXPECT_TRUE(absl::IsNotFound(documents_.One(Facts(), "court", 0).status())) << "while it is open";
  Do("record_consent { party_id: 'p2' answer: REFUSED_TO_MEDIATE how: '当面' }", Registrar());
  ExpectAll(Html(Facts(), "court"), {"调解情况报告", "c-court", "贵院委派本调委会调解的许某、何某", "诉前调12号", "2026年11月23日接收材料",
                                     "第二十六条", "法院签收人", "起诉状"});
}

// 特邀调解规定 21: what was not agreed upon is filed, or tried on, as the court had it; the court itself was told that the
// parties "may go to court".
// spec: M3 M17
TEST_F(DocumentsTest, ACourtGetsBackWhatWasNotAgreedUpon) {
  for (const bool entrusted : {false, true}) {
    const std::string id = entrusted ? "entrusted" : "delegated";
    const std::string from = "receive_referral { sender: FROM_COURT sender_org: 'c-court' document: '函' ";
    const std::string kind = entrusted ? "court_entrusted: true court_case_no: '诉12' " : "";
    ASSERT_FALSE(desk_.Do(id, from + kind + kDispute + kParties + "}", Registrar()).refusal);
    ASSERT_FALSE(desk_.Do(id, "record_consent { party_id: 'p2' answer: REFUSED_TO_MEDIATE how: '当面' }", Registrar())
                     .refusal);
    const std::string html = Html(FactsOf(id), "court");
    ExpectAll(html, {entrusted ? "请贵院转入审判程序审理" : "请贵院依法登记立案"});
    EXPECT_EQ(html.find("诉讼等途径"), std::string::npos);
  }
}

// Whatever forum was asked, the paper was an application to a court, by the law of courts.
// spec: M21
TEST_F(DocumentsTest, AnApplicationIsToTheForumThatIsAsked) {
  Bind();
  CaseFacts facts = Facts();
  auto* record = facts.state.mutable_confirmation_record();
  record->set_kind(v1::NOTARY);
  record->set_forum("陵城公证处");
  ExpectAll(Html(facts, "11"), {"<h1>公证申请书</h1>", "请求依法对申请人于", "办理具有强制执行效力的债权文书公证。", "第四十条", "公证文书号"});
  EXPECT_EQ(Html(facts, "11").find("民事诉讼法"), std::string::npos);
  record->set_kind(v1::LABOUR_ARBITRATION);
  ExpectAll(Html(facts, "11"), {"<h1>调解协议效力确认申请书</h1>", "的效力。", "第四十一条第二款"});
  record->set_kind(v1::ARBITRATION_CONFIRMED);
  ExpectAll(Html(facts, "11"), {"<h1>仲裁确认申请书</h1>", "第四十一条第一款"});
}

// 劳动争议调解仲裁法 14, 15.
// spec: M5
TEST_F(DocumentsTest, TheRightsOfALabourDisputeNameArbitration) {
  std::string apply = ApplyText();
  Do(apply.replace(apply.find("'D02'"), 5, "'D10'"), Registrar());
  ExpectAll(Html(Facts(), "2"), {"依法申请劳动仲裁", "十五日内未达成调解协议"});
}

// The application asked the court to confirm what was "reached" on the day it took effect, and named a third party who
// does not sign it among the applicants. The note of what became of it stood on the court's own copy.
// spec: M21
TEST_F(DocumentsTest, TheJointApplicationIsOfTheTwoSidesAndOfTheDayItWasReached) {
  Do(ApplyText(kThird), Registrar());
  Do("record_consent { party_id: 'p2' answer: AGREED_TO_MEDIATE how: '当面' }", Registrar());
  Do("serve_rights_notice { party_id: 'p1' party_id: 'p2' how: '当面' }", Registrar());
  Do(kAccept, Registrar());
  Do(kAssign, Chair());
  desk_.clock().Advance(base::kDayMs);
  Do(SessionText(desk_.clock().NowMs()), Mediator());
  Do(DraftText(kRepair), Mediator());
  Do("sign { party_id: 'p1' kind: FINGERPRINT }", Resident("ua"));
  desk_.clock().Advance(2 * base::kDayMs);
  Do("sign { party_id: 'p2' kind: SIGNATURE }", Resident("ub"));
  Do("sign { }", Mediator());
  Do("seal { copies: 3 }", Chair());
  Do(ApplicationText(kBothSign), Registrar());
  CaseFacts facts = Facts();
  facts.state.mutable_party(2)->mutable_person()->set_name("㛃旁听");
  // The agreement once had a place for the signature of somebody it binds to nothing.
  const std::string agreement = Html(facts, "8");
  EXPECT_EQ(agreement.find("㛃旁听", agreement.find("履行方式")), std::string::npos) << agreement;
  ExpectAll(Html(Facts(), "11"), {"确认申请人于2026年11月24日达成的人民调解协议（编号：（2026）陵人调字第0001号）有效",
                                  "协议自2026年11月26日起生效", "协议的其他当事人", "卷内登记（不随申请书提交）"});
}

// A case that was over had a window for confirmation that was "open".
// spec: M23
TEST_F(DocumentsTest, ARightNobodyUsedIsNotOpenOnceTheCaseIsOver) {
  Bind();
  ExpectAll(Html(Facts(), "closing"), {"可以申请"});
  Do("perform { clause_no: 1 amount_fen: 80000 receipt_sha256: '" + kDigest + "' }", Mediator());
  Do("perform { clause_no: 2 remark: '修好' }", Mediator());
  Do("complete { outcome: ALL_PERFORMED }", Chair());
  ExpectAll(Html(Facts(), "closing"), {"未申请"});
}

}  // namespace
}  // namespace mediation
