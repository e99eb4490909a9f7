// Acceptance by one of six routes, refusal, redirection, suggestions.
#include "tests/petition/petition_world.h"

namespace petition {
namespace {

// Art. 34: 对本条例第三十一条第六项规定的信访事项应当自受理之日起60日内办结.
// spec: P8 P08 DP-05
TEST(Accept, StartsSixtyDaysOnRouteSix) {
  Matter m(At::kAccepted, Local("2026-09-18 10:00"));
  EXPECT_EQ(m.DueOf("DP-05"), EndOf("2026-11-17"));
  EXPECT_EQ(m.ClockOf("DP-05").article(), "信访工作条例第三十四条");
  EXPECT_EQ(m.OutcomeOf("DP-03"), common::v1::CLOCK_MET);
  EXPECT_EQ(m.OutcomeOf("DP-04"), common::v1::CLOCK_CANCELLED);
  // 2026-08-07 and 60 days is 10-06, in the holiday: 10-08.
  EXPECT_EQ(Matter(At::kAccepted, Local("2026-08-07 10:00")).DueOf("DP-05"), EndOf("2026-10-08"));
}

// Art. 31(1)–(5) follow the periods of their own procedures.
// spec: P8 DP-05
TEST(Accept, LeavesTheOtherRoutesToTheirOwnPeriods) {
  for (int route = 1; route <= 5; ++route) {
    Matter m(At::kReceived);
    m.When("accept { route: " + std::to_string(route) + " recusal_checked: true procedure: '行政裁决' " +
               kNotice + "}",
           Handler(), kMonday)
        .AndNotice("petition.accepted");
    EXPECT_FALSE(m.Runs("DP-05")) << route;
    EXPECT_EQ(m.Payload().route(), route);
    m.When(DraftText(), Handler(), kMonday).ThenRefused("ROUTE_SIX_ONLY");
    m.When("conclude_procedure { outcome: '已裁决' }", Head(), kMonday).AndNotice("petition.closed");
    EXPECT_EQ(m.state().status(), v1::CLOSED);
  }
  Matter named(At::kReceived);
  const int64_t due = EndOf("2027-01-15");
  named.When("accept { route: 5 recusal_checked: true procedure: '查处' procedure_due_at_ms: " +
                 std::to_string(due) + " " + kNotice + "}",
             Handler(), kMonday);
  EXPECT_EQ(named.DueOf("DP-05"), due);
  EXPECT_EQ(named.ClockOf("DP-05").article(), "查处");
}

// spec: P8 DP-05
TEST(Accept, GivesAnotherProcedureItsDayToTheEnd) {
  const auto accept = [](int64_t at) {
    return "accept { route: 5 recusal_checked: true procedure: '查处' procedure_due_at_ms: " + std::to_string(at) + " " +
           kNotice + "}";
  };
  Matter m(At::kReceived);
  m.When(accept(kMonday - base::kDayMs), Handler(), kMonday).ThenRefused(RefusalCode::kInvalid, "BAD_TIME");
  EXPECT_EQ(m.refusal()->field, "procedure_due_at_ms");
  m.When(accept(Local("2027-01-15 10:12")));
  EXPECT_EQ(m.DueOf("DP-05"), EndOf("2027-01-15"));
}

// Art. 23: 应当 …… 书面告知信访人接收情况以及处理途径和程序.
// spec: P8 DP-03
TEST(Accept, TellsThePetitionerInWriting) {
  Matter m(At::kReceived);
  m.When("accept { route: 6 recusal_checked: true }", Handler(), kMonday).ThenRefused("NOTICE_NEEDED");
  m.When("accept { route: 6 " + kNotice + "}").ThenRefused("RECUSAL_NOT_CHECKED");  // Art. 28
  m.When("accept { route: 7 recusal_checked: true " + kNotice + "}").ThenRefused("ROUTE_NEEDED");
  m.When(kAccept);
  EXPECT_EQ(m.state().notice().served_at_ms(), kMonday);
  Matter unclear(At::kReceived, kMonday, "name_or_address_unclear: true");
  EXPECT_FALSE(unclear.Runs("DP-03"));
  unclear.When("accept { route: 6 recusal_checked: true }", Handler(), kMonday)
      .AndNotice("petition.accepted");
}

// spec: P8 DP-01
TEST(Accept, ByTheOfficeItselfMakesItTheUnit) {
  Matter m(At::kRegistered);
  m.When(kAccept, Office(), kMonday).AndNotice("petition.accepted");
  EXPECT_EQ(m.state().unit_org(), "c-petition");
  EXPECT_EQ(m.OutcomeOf("DP-01"), common::v1::CLOCK_MET);
}

// spec: P8 DP-02
TEST(Accept, ByWhoReceivedItDirectlyMeetsItsFifteenDays) {
  Matter m(City(), "p1");
  m.WithChance(7).When(RegisterText(), Handler(), kMonday).When(kAccept, Handler(), kMonday);
  EXPECT_EQ(m.OutcomeOf("DP-02"), common::v1::CLOCK_MET);
}

// spec: P9 P09
TEST(Refusal, NamesItsCodeAndWhereToGo) {
  Matter m(At::kReceived);
  m.When("refuse_acceptance { code: 'NA07' }", Handler(), kMonday).ThenRefused("NOTICE_NEEDED");
  m.When("refuse_acceptance { code: 'NA11' " + kNotice + "}").ThenRefused("UNKNOWN_CODE");
  m.When("refuse_acceptance { code: 'NA08' " + kNotice + "}").ThenRefused("NOT_A_VISIT");
  m.When("refuse_acceptance { code: 'NA07' " + kNotice + "}").AndNotice("petition.not_accepted").AndNoTimer();
  EXPECT_EQ(m.state().status(), v1::NOT_ACCEPTED);
  EXPECT_EQ(m.Payload().refusal_code(), "NA07");
  EXPECT_EQ(m.OutcomeOf("DP-03"), common::v1::CLOCK_MET);
  Matter other(At::kReceived);
  other.When("refuse_acceptance { code: 'NA10' " + kNotice + "}", Handler(), kMonday)
      .AndNotice("petition.not_accepted");
}

// A visit to the county about what its township decides was turned away as one that skipped a level.
// spec: P9 NA08 信访工作条例20
TEST(Refusal, OfAVisitNamesTheLevelItSkipped) {
  const std::string plain = "refuse_acceptance { code: 'NA08' " + kNotice + "}";
  const auto naming = [](const std::string& org) {
    return "refuse_acceptance { code: 'NA08' competent_org: '" + org + "' " + kNotice + "}";
  };
  Matter m(City(), "p1");
  m.WithChance(7).When(RegisterText("competent_org: 't-gov'", "REQUEST", "VISIT"), Clerk(), kMonday);
  m.When(plain, Office(), kMonday).ThenRefused(RefusalCode::kGuard, "COMPETENT_BODY_NEEDED");
  EXPECT_EQ(m.refusal()->field, "competent_org");
  m.When(naming("nobody")).ThenRefused(RefusalCode::kInvalid, "UNKNOWN_ORG");
  m.When(naming("t-gov")).ThenRefused(RefusalCode::kGuard, "VISIT_IN_ORDER");  // the county is the next higher level
  m.When(naming("c-hrss")).ThenRefused("VISIT_IN_ORDER");
  EXPECT_EQ(m.refusal()->field, "competent_org");
  m.When(kAccept).AndNotice("petition.accepted");
  Matter city(City(), "p1");  // nobody said at the desk who may decide
  const Actor city_clerk = ActorOf(ROLE_PC, "city-petition", "3714", "pc9");
  city.WithChance(7).When(RegisterText("", "REQUEST", "VISIT"), city_clerk, kMonday);
  city.When(plain, CityOffice(), kMonday).ThenRefused("COMPETENT_BODY_NEEDED");
  city.When(naming("t-gov")).AndNotice("petition.not_accepted");
  EXPECT_EQ(city.state().refusal_code(), "NA08");
}

// 山东 33(3), 46(2): 在规定期限内未申请复查、复核，重复提出信访事项的; a person has seen that it is the same, and that silence ended it.
// spec: P9
TEST(Refusal, OfWhatNobodyAskedToReviewRestsOnAPetitionThatSilenceClosed) {
  const std::string refuse = "refuse_acceptance { code: 'NA09' " + kNotice + "}";
  Matter m(At::kDelivered);
  m.As(Clerk()).WhenOn("p2", RegisterText());
  m.As(Office()).WhenOn("p2", refuse).ThenRefused("LINK_EARLIER_FIRST");
  m.As(Clerk()).WhenOn("p2", "link_repeat { earlier_id: 'p1' repeat_class: REPEAT }");
  m.As(Office()).WhenOn("p2", refuse).ThenRefused("LINK_EARLIER_FIRST");  // the thirty days run still
  m.WhenTimerFires("due/DP-07");
  m.As(Office()).WhenOn("p2", refuse).AndNotice("petition.not_accepted");
  Matter withdrawn(At::kAccepted);  // that is no silence
  withdrawn.When("withdraw { statement: '不再反映' }", Resident(), kMonday);
  withdrawn.As(Clerk()).WhenOn("p2", RegisterText());
  withdrawn.WhenOn("p2", "link_repeat { earlier_id: 'p1' repeat_class: REPEAT }");
  withdrawn.As(Office()).WhenOn("p2", refuse).ThenRefused("LINK_EARLIER_FIRST");
}

// NA03–NA05 lead into a procedure: not a refusal. NA06 is sealed.
// spec: P9 P10
TEST(Refusal, IsNotARedirectionNorAnAccusation) {
  for (const char* code : {"NA03", "NA04", "NA05"}) {
    Matter m(At::kReceived);
    m.When("refuse_acceptance { code: '" + std::string(code) + "' " + kNotice + "}", Handler(), kMonday)
        .ThenRefused("REDIRECT_INSTEAD");
    m.When("redirect { code: '" + std::string(code) + "' procedure: '诉讼' organ: '人民法院' " + kNotice +
           "}")
        .AndNotice("petition.redirected")
        .AndNoTimer();
    EXPECT_EQ(m.state().status(), v1::REDIRECTED);
    EXPECT_EQ(m.Payload().refusal_code(), code);
  }
  Matter m(At::kReceived);
  m.When("refuse_acceptance { code: 'NA06' " + kNotice + "}", Handler(), kMonday).ThenRefused("SEAL_INSTEAD");
  m.When("redirect { code: 'NA07' procedure: 'xx' organ: 'xx' " + kNotice + "}").ThenRefused("UNKNOWN_CODE");
  m.When("redirect { code: 'NA03' procedure: '诉讼' organ: '人民法院' }").ThenRefused("NOTICE_NEEDED");
  m.When("redirect { code: 'NA03' organ: '人民法院' " + kNotice + "}").ThenRefused("CONTENT_NEEDED");
  m.When("redirect { code: 'NA03' procedure: '诉讼' organ: '人民法院' external_ref: '(2026)鲁1403民初1号' " + kNotice + "}")
      .ThenPartly({"redirected { organ: '人民法院' external_ref: '(2026)鲁1403民初1号' }"});
}

// Art. 19(3): 信访事项已经受理或者正在办理的 …… 上级机关、单位不予受理.
// spec: P3 P9
TEST(Refusal, OfTheSameMatterInProcessNeedsAPersonWhoCompared) {
  Matter m(At::kAccepted);
  m.As(Clerk()).WhenOn("p2", RegisterText());
  m.As(Office())
      .WhenOn("p2", "refuse_acceptance { code: 'NA01' " + kNotice + "}")
      .ThenRefused("LINK_EARLIER_FIRST");
  m.WhenOn("p2", "refuse_acceptance { code: 'NA02' " + kNotice + "}").ThenRefused("LINK_EARLIER_FIRST");
  m.As(Clerk()).WhenOn("p2", "link_repeat { earlier_id: 'p1' repeat_class: SAME_IN_PROCESS }");
  m.As(Office()).WhenOn("p2", kAccept).ThenRefused("IN_PROCESS_ELSEWHERE");
  m.WhenOn("p2", "refuse_acceptance { code: 'NA01' " + kNotice + "}").AndNotice("petition.not_accepted");
}

// Whoever had taken the earlier one back had neither: it was refused as in process, and nothing was in process.
// spec: P3 P9 NA01
TEST(Refusal, OfTheSameMatterLooksAgainWhetherItIsStillInProcess) {
  const std::string refuse = "refuse_acceptance { code: 'NA01' " + kNotice + "}";
  const std::string link = "link_repeat { earlier_id: 'p1' repeat_class: SAME_IN_PROCESS }";
  Matter m(At::kAccepted);
  m.As(Clerk()).WhenOn("p2", RegisterText()).WhenOn("p2", link);
  m.When("withdraw { statement: '不再反映' }", Resident(), kMonday);
  ASSERT_EQ(m.state().status(), v1::WITHDRAWN);
  m.As(Office()).WhenOn("p2", refuse).ThenRefused(RefusalCode::kGuard, "EARLIER_NOT_OPEN");
  EXPECT_EQ(m.refusal()->field, "code");
  m.WhenOn("p2", kAccept).AndNotice("petition.accepted");
  // What has left the lists looks the same, whatever it left as.
  for (const char* leaves : {"retype { type: ACCUSATION reason: '反映干部' }", "merge_copy { primary_id: 'p0' }"}) {
    Matter left(At::kRegistered);
    left.As(Clerk()).WhenOn("p0", RegisterText()).WhenOn("p2", RegisterText()).WhenOn("p2", link).When(leaves);
    ASSERT_FALSE(left.refusal()) << leaves;
    left.As(Office()).WhenOn("p2", refuse).ThenRefused(RefusalCode::kGuard, "EARLIER_NOT_OPEN");
  }
}

// Art. 29; the platform's own 60 days.
// spec: P8 P12 DP-14
TEST(Suggestion, IsStudiedAndAnswered) {
  Matter m(City(), "p1");
  m.WithChance(7).When(RegisterText("", "SUGGESTION"), Clerk(), kMonday);
  m.When(kAccept, Office(), kMonday).ThenRefused("OTHER_TYPE");
  m.When("study {}").ThenRefused("NOTICE_NEEDED");
  m.When("study { " + kNotice + "}").AndNotice("petition.accepted");
  EXPECT_EQ(m.state().status(), v1::SUGGESTION_HANDLING);
  EXPECT_EQ(m.DueOf("DP-14"), EndOf("2027-01-22"));
  m.When("reply_suggestion { reply: '采纳' }").ThenRefused(RefusalCode::kInvalid);
  m.When("reply_suggestion { adoption: FULL }").ThenRefused("CONTENT_NEEDED");
  m.When("reply_suggestion { adoption: PART reply: '部分采纳' }")
      .AndNotice("petition.suggestion_replied")
      .AndNoTimer();
  EXPECT_EQ(m.state().status(), v1::REPLIED);
  EXPECT_EQ(m.OutcomeOf("DP-14"), common::v1::CLOCK_MET);
  Matter request(At::kReceived);  // a request has its sixty days and its opinion
  request.When("study { " + kNotice + "}", Handler(), kMonday).ThenRefused("OTHER_TYPE");
}

// Art. 23: the day a notice was given is the day it was entered, whatever a client says of it.
// spec: P8
TEST(Notice, IsServedWhenItIsEntered) {
  Matter m(At::kReceived);
  std::string accept = kAccept;
  const size_t at = accept.find("text:");
  accept.insert(at, "served_at_ms: " + std::to_string(kMonday + 2 * base::kDayMs) + " ");
  m.When(accept, Handler(), kMonday);
  EXPECT_EQ(m.state().notice().served_at_ms(), kMonday);
}

}  // namespace
}  // namespace petition
