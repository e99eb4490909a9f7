// How a petition comes to be, who may make it, and what may still be corrected.
#include "tests/petition/petition_world.h"

namespace petition {
namespace {

Matter Fresh(const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
  return Matter(City(), "p1", file, line);
}

// spec: P01 P1
TEST(Register, MakesAPetitionOfWhatTheClerkWroteDown) {
  Matter m = Fresh();
  m.WithChance(7).When(RegisterText(), Clerk(), kMonday).AndNotice("petition.registered").AndActedAs(ROLE_PC);
  EXPECT_EQ(m.state().status(), v1::REGISTERED);
  EXPECT_EQ(m.state().matter_code(), "37140320261123P000001");
  EXPECT_EQ(m.state().query_code().size(), 9u);
  kernel::v1::Receipt brought, later;  // told to who brings it, not with each step of whoever works on it
  brought.set_recorded_at_ms(m.state().registered_at_ms());
  PetitionDomain::Answer(m.state(), &brought);
  EXPECT_EQ(brought.query_code(), m.state().query_code());
  later.set_recorded_at_ms(m.state().registered_at_ms() + 1);
  PetitionDomain::Answer(m.state(), &later);
  EXPECT_EQ(later.query_code(), "");
  EXPECT_EQ(m.state().office_org(), "c-petition");
  EXPECT_EQ(m.state().first_receiver_org(), "c-petition");
  EXPECT_EQ(m.state().petitioner(0).petitioner_id(), "p1");
  EXPECT_EQ(m.Payload().petition_type(), "REQUEST");
  EXPECT_EQ(m.Payload().holder_org(), "c-petition");
}

// Art. 22: 各级党委和政府信访部门收到信访事项，应当予以登记，并区分情况，在15日内分别按照下列方式处理.
// spec: P1 DP-01
TEST(Register, GivesThePetitionOfficeFifteenDaysFromReceipt) {
  Matter(At::kRegistered, Local("2026-11-02 09:00")).AndTimer("due/DP-01", EndOf("2026-11-17") + 1);
  // 2026-09-18 and 15 days is 10-03, in the National Day holiday: the next working day is 10-08 (民法典 203).
  Matter(At::kRegistered, Local("2026-09-18 16:00")).AndTimer("due/DP-01", EndOf("2026-10-08") + 1);
  // 收到: from the day the letter came, not from the day somebody typed it in.
  Matter m(At::kRegistered, Local("2026-11-04 09:00"),
           "received_at_ms: " + std::to_string(Local("2026-11-02 15:00")));
  EXPECT_EQ(m.DueOf("DP-01"), EndOf("2026-11-17"));
  EXPECT_EQ(m.ClockOf("DP-01").article(), "信访工作条例第二十二条");
  EXPECT_EQ(m.ClockOf("DP-01").holder_org(), "c-petition");
}

// Art. 23: 不能当场告知的，应当自收到信访事项之日起15日内书面告知信访人，但信访人的姓名（名称）、住址不清的除外.
// spec: P1 DP-02
TEST(Register, GivesAUnitThatReceivedItDirectlyFifteenDaysToTellThePetitioner) {
  Matter m = Fresh();
  m.WithChance(7).When(RegisterText(), Handler(), Local("2026-11-02 09:00"));
  EXPECT_EQ(m.DueOf("DP-02"), EndOf("2026-11-17"));
  EXPECT_FALSE(m.Runs("DP-01"));  // that is the petition offices'
  EXPECT_EQ(m.state().first_receiver_org(), "c-hrss");
  Matter unclear = Fresh();
  unclear.WithChance(7).When(RegisterText("name_or_address_unclear: true"), Handler(),
                             Local("2026-11-02 09:00"));
  EXPECT_TRUE(unclear.state().clock().empty());
}

TEST(Register, IsTakenByTheNearestOfficeWhenAResidentAsks) {
  Matter m = Fresh();
  m.WithChance(7).When(RegisterText("", "REQUEST", "NET"), Resident("u7"), kMonday).AndActedAs(ROLE_PUB);
  EXPECT_EQ(m.state().office_org(), "t-petition");
  EXPECT_EQ(m.state().petitioner(0).person().user_id(), "u7");  // nobody petitions in another's account
  // A resident's own entry was counted as a reception by a leader, as a letter, as a call of the hotline.
  for (const char* channel : {"VISIT", "LETTER", "RECEPTION", "LEADER_MAILBOX", "HOTLINE_TRANSFER"}) {
    Fresh().When(RegisterText("", "REQUEST", channel), Resident("u7"), kMonday).ThenRefused("CHANNEL_NOT_ONLINE");
  }
}

// Art. 19: 载明其姓名（名称）、住址和请求、事实、理由.
// spec: P1
TEST(Register, NeedsNameAddressRequestAndFacts) {
  Fresh()
      .When(RegisterText("petitioner { person { name: 'vault:a' } }"), Clerk(), kMonday)
      .ThenRefused(RefusalCode::kInvalid, "NAME_AND_ADDRESS_NEEDED");
  Fresh()
      .When(RegisterText("petitioner { person { address: 'vault:b' } }"), Clerk(), kMonday)
      .ThenRefused(RefusalCode::kInvalid, "NAME_AND_ADDRESS_NEEDED");
  Fresh()
      .When("register { area_code: '371403001002' content_code: 'Q05' type: REQUEST channel: LETTER " +
                kPetitioner + " content { request: 'x' } }",
            Clerk(), kMonday)
      .ThenRefused("CONTENT_NEEDED");
  Fresh()
      .When(RegisterText("name_or_address_unclear: true petitioner { person { name: '' } }"), Clerk(),
            kMonday)
      .AndState("name_or_address_unclear: true");
  Fresh()
      .When("register { area_code: '371403001002' content_code: 'Q77' type: REQUEST channel: LETTER " +
                kPetitioner + kContent + " }",
            Clerk(), kMonday)
      .ThenRefused("UNKNOWN_CODE");
}

std::string People(int count, int representatives) {
  std::string text;
  for (int i = 0; i < count; ++i) {
    text += "petitioner { person { name: 'n' address: 'a' } ";
    text += i < representatives ? "representative: true } " : "} ";
  }
  return text;
}

// Art. 20: 多人采用走访形式提出共同的信访事项的，应当推选代表，代表人数不得超过5人.
// spec: P1
TEST(JointPetition, HasAtMostFiveRepresentatives) {
  Fresh()
      .When(RegisterText(People(8, 6), "REQUEST", "VISIT"), Clerk(), kMonday)
      .ThenRefused(RefusalCode::kLimit, "REPRESENTATIVES_AT_MOST_FIVE");
  Fresh()
      .When(RegisterText(People(6, 0), "REQUEST", "VISIT"), Clerk(), kMonday)
      .ThenRefused("REPRESENTATIVES_NEEDED");
  Matter m = Fresh();
  m.WithChance(7).When(RegisterText(People(8, 5) + "petitioner_count: 60", "REQUEST", "VISIT"), Clerk(),
                       kMonday);
  EXPECT_EQ(m.state().petitioner_count(), 60);
  EXPECT_EQ(m.Payload().scale(), common::v1::S5_50_OR_MORE);
}

// Two thousand million people in one line ruined the yearly report, five named people were counted as three, and one
// account stood for two.
// spec: P1 P3
TEST(JointPetition, IsOfAsManyAsCanBe) {
  const auto one = [](const std::string& user) {
    return "petitioner { person { name: 'vault:a' address: 'vault:b' user_id: '" + user + "' } } ";
  };
  const auto ask = [](const std::string& people) { return RegisterText(people, "REQUEST", "LETTER"); };
  Fresh().When(ask(People(1, 0) + "petitioner_count: 2000000000"), Clerk(), kMonday)
      .ThenRefused(RefusalCode::kLimit, "TOO_MANY_PEOPLE");
  Fresh().When(ask(People(5, 0) + "petitioner_count: 3"), Clerk(), kMonday).ThenRefused("FEWER_THAN_NAMED");
  Fresh().When(ask(one("u1") + one("u1")), Clerk(), kMonday).ThenRefused("NAMED_TWICE");
  Matter m = Fresh();
  m.WithChance(7).When(ask(one("u1") + one("u2") + "petitioner_count: 30"), Clerk(), kMonday);
  EXPECT_EQ(m.state().petitioner_count(), 30);
  m.As(Clerk()).WhenOn("p2", ask(one("u2")));  // a representative came once more, alone
  m.WhenOn("p2", "merge_copy { primary_id: 'p1' }");
  EXPECT_EQ(m.state().petitioner_count(), 30);
  m.WhenOn("p3", ask(one("u3") + "petitioner_count: 99990")).WhenOn("p3", "merge_copy { primary_id: 'p1' }")
      .ThenRefused("TOO_MANY_PEOPLE");
}

// A letter was entered as received in 1980, and its fifteen days were over for decades.
// spec: P1 P2
TEST(Intake, IsOfOurDays) {
  const auto came = [](const char* day) { return RegisterText("received_at_ms: " + std::to_string(Local(day))); };
  Fresh().When(came("1980-01-01 09:00"), Clerk(), kMonday).ThenRefused(RefusalCode::kInvalid, "BAD_TIME");
  Fresh().When(RegisterText("competent_org: 'nobody'", "REQUEST", "VISIT"), Clerk(), kMonday)
      .ThenRefused("UNKNOWN_ORG");
  Matter m = Fresh();
  m.WithChance(7).When(came("2026-11-10 09:00"), Clerk(), kMonday);
  const auto urgent = [](const char* day) {
    return "mark_urgent { facts: '聚集' measures: '到场' known_at_ms: " + std::to_string(Local(day)) + " }";
  };
  m.When(urgent("2020-01-01 09:00"), Clerk(), kMonday).ThenRefused(RefusalCode::kInvalid, "BAD_TIME");
  m.When(urgent("2026-11-10 08:00"), Clerk(), kMonday);
  EXPECT_FALSE(m.refusal());
}

// The digests of papers are what links them to the petition: what is none would be linked to nothing.
// spec: P1
TEST(Papers, AreNamedByTheDigestOfWhatWasUploaded) {
  const auto with = [](const std::string& sha256) {
    std::string text = RegisterText();
    return text.insert(text.find("facts:"), "attachment_sha256: '" + sha256 + "' ");
  };
  Fresh()
      .When(with("letter.pdf"), Clerk(), kMonday)
      .ThenRefused(RefusalCode::kInvalid, "BAD_DIGEST");
  Fresh()
      .When(RegisterText("agent { person { name: 'n' } kind: LAWYER mandate_sha256: 'ff' }"), Clerk(), kMonday)
      .ThenRefused(RefusalCode::kInvalid, "BAD_DIGEST");
  Matter m = Fresh();
  m.WithChance(7).When(with(kScan), Clerk(), kMonday).AndNotice("petition.registered");
  ASSERT_EQ(m.state().content().attachment_sha256_size(), 1);
  EXPECT_EQ(m.Mentioned(), std::vector<std::string>{kScan});
}

// 山东 28: 信访人可以书面委托一至两名代理人.
// spec: P1
TEST(Agents, AreAtMostTwoAndShowTheirMandate) {
  const std::string agent = "agent { person { name: 'n' } kind: LAWYER mandate_sha256: '" + kScan + "' } ";
  Fresh()
      .When(RegisterText(agent + agent + agent), Clerk(), kMonday)
      .ThenRefused(RefusalCode::kLimit, "AGENTS_AT_MOST_TWO");
  Fresh()
      .When(RegisterText("agent { person { name: 'n' } kind: LAWYER }"), Clerk(), kMonday)
      .ThenRefused("MANDATE_NEEDED");
  Fresh().WithChance(7).When(RegisterText(agent + agent), Clerk(), kMonday).AndNotice("petition.registered");
  const std::string account =
      "agent { person { name: 'n' user_id: 'u9' } kind: LAWYER mandate_sha256: '" + kScan + "' } ";
  Fresh().When(RegisterText(account + account), Clerk(), kMonday).ThenRefused(RefusalCode::kInvalid, "NAMED_TWICE");
}

const std::string kNewAddress = "petitioner { petitioner_id: 'p1' person { name: 'vault:a2' address: 'vault:b2' } } ";

// One account came to stand for two of those who petition.
// spec: P1
TEST(Correction, GivesNobodyTheAccountOfAnother) {
  Matter m(At::kRegistered, kMonday,
           "petitioner { person { name: 'vault:a' address: 'vault:b' user_id: 'u1' } } petitioner { person { name: "
           "'vault:c' address: 'vault:d' user_id: 'u2' } } ");
  const auto to = [](const std::string& user) {
    return "correct_people { reason: '更正' petitioner { petitioner_id: 'p1' person { name: 'vault:a' address: 'vault:b' "
           "user_id: '" + user + "' } } }";
  };
  m.When(to("u2"), Clerk(), kMonday).ThenRefused(RefusalCode::kInvalid, "NAMED_TWICE");
  m.When(to("u3"));
  EXPECT_EQ(m.state().petitioner(0).person().user_id(), "u3");
}

// 山东 12(2), 28: an agent may come later, and an address may change.
// spec: 山东28
TEST(Correction, ChangesWhoPetitionsAndWhoActsForThem) {
  Matter m(At::kAccepted);
  m.When("correct_people { reason: '更正' }", Clerk(), kMonday).ThenRefused("NOTHING_CHANGES");
  m.When("correct_people { " + kNewAddress + " }").ThenRefused("CONTENT_NEEDED");
  m.When("correct_people { reason: '更正' petitioner { petitioner_id: 'p7' person { name: 'n' address: 'a' } } }")
      .ThenRefused("UNKNOWN_PETITIONER");
  m.When("correct_people { reason: '更正' petitioner { petitioner_id: 'p1' person { name: 'n' } } }")
      .ThenRefused("NAME_AND_ADDRESS_NEEDED");
  m.When("correct_people { reason: '委托' agents_change: true agent { person { name: 'n' } kind: LAWYER } }")
      .ThenRefused("MANDATE_NEEDED");
  const std::string lawyer =
      "agent { person { name: 'n' user_id: 'u3' } kind: LAWYER mandate_sha256: '" + kScan + "' }";
  m.When("correct_people { reason: '搬家、委托律师' " + kNewAddress + "agents_change: true " + lawyer + " }");
  EXPECT_EQ(m.state().petitioner(0).person().address(), "vault:b2");
  EXPECT_TRUE(IsPetitioner(m.state(), Resident("u1"))) << "the account stays";
  EXPECT_TRUE(IsPetitioner(m.state(), Resident("u3")));
  EXPECT_EQ(m.Mentioned(), std::vector<std::string>{kScan});
  m.When("correct_people { reason: '解除委托' agents_change: true }", Handler(), kMonday);
  EXPECT_FALSE(IsPetitioner(m.state(), Resident("u3")));
  m.When("correct_people { reason: '更正' " + kNewAddress + " }", Resident(), kMonday)
      .ThenRefused(RefusalCode::kNotAllowed);
}

// A handler put somebody else in the petitioner's place, and settled with them.
// spec: 3.2 V12
TEST(Correction, OfWhoPetitionsIsNotTheUnitsOnceTheyAreKnown) {
  Matter m(At::kAccepted);
  const std::string other = "correct_people { reason: '更正' " + kNewAddress + " }";
  m.When(other, Handler(), kMonday).ThenRefused(RefusalCode::kNotAllowed, "PETITIONERS_BY_CLERK");
  EXPECT_EQ(m.refusal()->field, "petitioner");
  m.When(other, Clerk(), kMonday).AndNotice("petition.document_referred");
}

// Art. 23(2), (3): 姓名（名称）、住址不清的除外; once they are known the petitioner can be told, and is.
// spec: DP-02 DP-03 信访工作条例23
TEST(Correction, OfAnUnclearAddressBringsTheDutyToTell) {
  const std::string unclear = "name_or_address_unclear: true petitioner { person { name: 'vault:a' } } ";
  const std::string known = "correct_people { reason: '来电补充' " + kNewAddress + " }";
  Matter unit(At::kReceived, kMonday, unclear);
  ASSERT_FALSE(unit.Runs("DP-03"));
  unit.When(known, Handler(), Local("2026-11-25 09:00"));
  EXPECT_EQ(unit.DueOf("DP-03"), EndOf("2026-12-10"));
  unit.When("accept { route: 6 recusal_checked: true }", Handler(), Local("2026-11-26 09:00"))
      .ThenRefused("NOTICE_NEEDED");
  Matter direct = Fresh();
  direct.WithChance(7).When(RegisterText(unclear), Handler(), kMonday);
  direct.When(known, Handler(), Local("2026-11-25 09:00"));
  EXPECT_EQ(direct.DueOf("DP-02"), EndOf("2026-12-10"));
  Matter other(At::kReceived, kMonday, unclear + "petitioner { person { name: 'vault:z' } } ");
  other.When(known, Handler(), kMonday);
  EXPECT_FALSE(other.Runs("DP-03")) << "where the second one lives nobody knows";
}

// Art. 20: 走访应当到有权处理的本级或者上一级机关. A visit too high is registered all the same (Art. 21), and led back.
// spec: P1 P9
TEST(Visit, AboveTheNextHigherLevelCannotBeAcceptedThere) {
  Matter m = Fresh();
  const Actor city_clerk = ActorOf(ROLE_PC, "city-petition", "3714", "pc9");
  m.WithChance(7).When(RegisterText("competent_org: 't-gov'", "REQUEST", "VISIT"), city_clerk, kMonday);
  EXPECT_TRUE(m.state().visit_above_level());
  m.When(kAccept, CityOffice(), kMonday).ThenRefused("VISIT_ABOVE_LEVEL");
  m.When("refuse_acceptance { code: 'NA08' " + kNotice + "}", CityOffice(), kMonday)
      .AndNotice("petition.not_accepted");
  EXPECT_EQ(m.state().status(), v1::NOT_ACCEPTED);
  Matter county = Fresh();
  county.WithChance(7).When(RegisterText("competent_org: 't-gov'", "REQUEST", "VISIT"), Clerk(), kMonday);
  EXPECT_FALSE(county.state().visit_above_level());  // the next higher level
}

TEST(FirstReceiver, StaysWhateverHappens) {  // 首接首办
  Matter m(At::kAccepted);
  EXPECT_EQ(m.state().unit_org(), "c-hrss");
  EXPECT_EQ(m.state().first_receiver_org(), "c-petition");
}

// Art. 25: 及时报告本级党委和政府，通报相关主管部门和本级信访工作联席会议办公室; 地方各级信访部门向上一级信访部门报告， 同时报告国家信访局. The platform's own hour for
// 及时.
// spec: P2 DP-15
TEST(Urgent, IsReportedToAllWithinAnHour) {
  Matter m(At::kRegistered);
  m.When("mark_urgent { facts: '聚集' measures: '到场' known_at_ms: " + std::to_string(kMonday - 600'000) +
             " reported: OWN_LEADERS reported: DEPARTMENT }",
         Clerk(), kMonday)
      .AndNotice("petition.urgent_reported");
  EXPECT_EQ(m.DueOf("DP-15"), kMonday - 600'000 + 3'600'000);  // from when it was known
  EXPECT_TRUE(m.Runs("DP-15"));
  m.When("mark_urgent { reported: JOINT_CONFERENCE }");
  EXPECT_TRUE(m.Runs("DP-15"));  // a petition office reports upward besides
  m.When("mark_urgent { reported: NEXT_LEVEL reported: NATIONAL_BUREAU }");
  EXPECT_EQ(m.OutcomeOf("DP-15"), common::v1::CLOCK_MET);
  m.When("mark_urgent { reported: NEXT_LEVEL }").ThenRefused("ALREADY_REPORTED");
}

// Whoever of them has not been told keeps the hour running.
// spec: P2 DP-15
TEST(Urgent, EndsWhenNobodyIsLeftOut) {
  const std::vector<std::string> all = {"OWN_LEADERS", "DEPARTMENT", "JOINT_CONFERENCE", "NEXT_LEVEL",
                                        "NATIONAL_BUREAU"};
  for (const std::string& last : all) {
    std::string others;
    for (const std::string& one : all) others += one == last ? "" : "reported: " + one + " ";
    Matter m(At::kRegistered);
    m.When("mark_urgent { facts: '聚集' measures: '到场' " + others + "}", Clerk(), kMonday);
    EXPECT_TRUE(m.Runs("DP-15")) << last;
    m.When("mark_urgent { reported: " + last + " }");
    EXPECT_EQ(m.OutcomeOf("DP-15"), common::v1::CLOCK_MET) << last;
  }
}

TEST(Urgent, OfAUnitEndsWithItsOwnLevel) {
  Matter m = Fresh();
  m.WithChance(7).When(RegisterText(), Handler(), kMonday);
  m.When(
      "mark_urgent { facts: '聚集' measures: '到场' reported: OWN_LEADERS reported: DEPARTMENT reported: "
      "JOINT_CONFERENCE }");
  EXPECT_EQ(m.OutcomeOf("DP-15"), common::v1::CLOCK_MET);
}

// A second petition of the same scenario, registered and known as "p2".
void Another(Matter& m, const std::string& more = "") {
  m.As(Clerk()).WhenOn("p2", RegisterText(more));
  ASSERT_FALSE(m.refusal());
}

// spec: P3
TEST(Repeat, IsWhatAPersonSaysItIs) {
  Matter m(At::kAccepted);
  Another(m);
  m.WhenOn("p2", "link_repeat { earlier_id: 'p1' repeat_class: SAME_IN_PROCESS }")
      .AndNotice("petition.repeat_detected");
  EXPECT_EQ(m.StateOf("p2").repeat_class(), v1::SAME_IN_PROCESS);
  m.WhenOn("p2", "link_repeat { earlier_id: 'p1' repeat_class: SAME_AFTER_FINAL }")
      .ThenRefused("EARLIER_NOT_FINAL");
  m.WhenOn("p2", "link_repeat { earlier_id: 'none' repeat_class: REPEAT }").ThenRefused("NO_SUCH_EARLIER");
  m.WhenOn("p2", "link_repeat { earlier_id: 'p2' repeat_class: REPEAT }").ThenRefused("NO_SUCH_EARLIER");
  m.WhenOn("p2", "link_repeat { earlier_id: 'p1' repeat_class: NEW_FACTS }").ThenRefused("CONTENT_NEEDED");
}

// Each of two was the other's repeat, and both were counted as one.
// spec: P3 K-07
TEST(Repeat, IsNotOfWhatRepeatsItself) {
  Matter m(At::kRegistered);
  Another(m);
  m.As(Clerk()).WhenOn("p3", RegisterText());
  m.WhenOn("p2", "link_repeat { earlier_id: 'p1' repeat_class: REPEAT }");
  m.WhenOn("p3", "link_repeat { earlier_id: 'p2' repeat_class: REPEAT }");
  ASSERT_FALSE(m.refusal());
  for (const char* repeat : {"p2", "p3"}) {
    m.WhenOn("p1", "link_repeat { earlier_id: '" + std::string(repeat) + "' repeat_class: REPEAT }")
        .ThenRefused(RefusalCode::kGuard, "EARLIER_REPEATS_THIS");
    EXPECT_EQ(m.refusal()->field, "earlier_id");
  }
}

// spec: K-06 K-07
TEST(Repeat, IsToldWithTheMatterItRepeats) {
  Matter m(At::kAccepted);
  Another(m);
  m.WhenOn("p2", "link_repeat { earlier_id: 'p1' repeat_class: REPEAT }");
  v1::Notice notice;
  ASSERT_FALSE(m.notices().empty());
  ASSERT_TRUE(notice.ParseFromString(m.notices().back().payload()));
  EXPECT_TRUE(notice.repeat());
  EXPECT_FALSE(notice.earlier_code().empty());
  EXPECT_EQ(notice.earlier_code(), m.state().matter_code());
  EXPECT_EQ(notice.petitioner_count(), m.StateOf("p2").petitioner_count());
}

// spec: P3
TEST(Copies, OfOneJointPetitionCountAsOne) {
  Matter m(At::kRegistered);
  Another(m, "petitioner_count: 3");
  m.WhenOn("p2", "merge_copy { primary_id: 'p1' }").AndNotice("petition.removed");
  EXPECT_EQ(m.StateOf("p2").status(), v1::MERGED);
  EXPECT_EQ(m.state().petitioner_count(), 3);  // who brought the copy had brought the original
  EXPECT_TRUE(PetitionDomain::Timers(m.StateOf("p2")).empty());
  EXPECT_FALSE(PetitionDomain::Timers(m.state()).empty());
}

// Whoever follows neither under an account was counted in both; who they are only a clerk sees.
// spec: P3
TEST(Copies, CountNobodyTwiceWhomTheClerkKnows) {
  Matter m(At::kRegistered);
  const auto merge = [](int known) {
    return "merge_copy { primary_id: 'p1' counted_already: " + std::to_string(known) + " }";
  };
  Another(m, "petitioner_count: 3");  // one of them by an account that the original knows
  m.WhenOn("p2", merge(3)).ThenRefused(RefusalCode::kInvalid, "COUNTED_ALREADY");
  EXPECT_EQ(m.refusal()->field, "counted_already");
  m.WhenOn("p2", merge(-1)).ThenRefused("COUNTED_ALREADY");
  m.WhenOn("p2", merge(2)).AndNotice("petition.removed");
  EXPECT_EQ(m.state().petitioner_count(), 1);
}

// The unit's time to answer a suggestion ran on, and its notice brought a copy back into the lists of those above.
// spec: P3 DP-13
TEST(Copies, SayNothingMoreWhenTheyHaveLeft) {
  Matter m(City(), "p1");
  m.WithChance(7).When(RegisterText(), Handler(), kMonday);
  m.When("suggest { suggestion: '公开流程' }", Office(), kMonday);
  ASSERT_TRUE(m.Runs("DP-13"));
  m.As(Handler()).WhenOn("p2", RegisterText());
  m.When("merge_copy { primary_id: 'p2' }", Office(), kMonday).AndNotice("petition.removed");
  m.WhenTimerFires("due/DP-13");
  EXPECT_TRUE(m.notices().empty());
}

constexpr char kReferral[] =
    "take_referral { origin { service: 'incident' aggregate_id: 'i1' matter_code: '37140320261123I000009' "
    "referral_id: 'r1' } area_code: '371403001002' }";

// spec: P1
TEST(HandOver, KeepsTheCodeAndWaitsForItsPeople) {
  Matter m(City(), "pt-r1");
  m.WithChance(7).When(kReferral, Platform(), kMonday).AndNotice("petition.registered");
  EXPECT_EQ(m.state().matter_code(), "37140320261123I000009");
  EXPECT_EQ(m.Payload().origin().referral_id(), "r1");
  EXPECT_TRUE(m.Runs("DP-01"));
  m.When(kReferral, Platform(), kMonday + 1).ThenNothing();  // told twice, done once
  m.When("forward { to_org: 't-gov' reason: '属地' }", ActorOf(ROLE_PO, "t-petition", "371403001", "po3"),
         kMonday)
      .ThenRefused("INTAKE_INCOMPLETE");
  m.When("complete_intake { type: REQUEST content_code: 'Q05' " + kPetitioner + kContent + "}", Clerk(),
         kMonday);
  EXPECT_TRUE(m.state().intake_complete());
  m.When("complete_intake { type: REQUEST content_code: 'Q05' " + kPetitioner + kContent + "}")
      .ThenRefused("INTAKE_ALREADY_COMPLETE");
}

// What was merged left the lists without a word to the incident it had come from, which waited for ever.
// spec: P3 I20
TEST(HandOver, TellsWhoeverHandedItOverThatACopyWasTaken) {
  Matter m(City(), "pt-r1");
  m.WithChance(7).When(kReferral, Platform(), kMonday);
  const auto clerk = ActorOf(ROLE_PC, "t-petition", "371403001", "pc3");
  m.As(clerk).WhenOn("p2", RegisterText());
  m.When("merge_copy { primary_id: 'p2' }", clerk, kMonday).AndNotice("petition.accepted");
  EXPECT_EQ(m.state().status(), v1::MERGED);
  EXPECT_EQ(m.Payload().origin().referral_id(), "r1");
}

TEST(HandOver, IsParkedUntilTheCityIsKnown) {
  Matter m(reference::Reference(), "pt-r1");
  m.When(kReferral, Platform(), kMonday).AndTimer("retry_referral", kMonday + 10'000);
  m.WhenTimerFires("retry_referral").AndTimer("retry_referral", kMonday + 30'000);
  EXPECT_EQ(m.state().status(), v1::PETITION_STATUS_UNSPECIFIED);
}

// The dispatcher names the unit; whom the petition is about is what a clerk writes down.
// spec: P1 I20
TEST(HandOver, SuggestsWhomItIsAboutUntilAClerkHasSaidSo) {
  Matter m(City(), "pt-r1");
  const std::string referral(kReferral);
  m.WithChance(7).When(referral.substr(0, referral.size() - 1) + "against_org: 'c-hrss' }", Platform(), kMonday);
  EXPECT_EQ(m.state().suggested_respondent_org(), "c-hrss");
  EXPECT_TRUE(m.state().content().respondent().empty());
  m.When("complete_intake { type: REQUEST content_code: 'Q05' " + kPetitioner + kContent + "}", Clerk(), kMonday);
  EXPECT_TRUE(m.state().suggested_respondent_org().empty());
  EXPECT_TRUE(m.state().content().respondent().empty()) << "nobody confirmed it";
}

// Whoever wrote the notice may know a unit that the directory has closed or never had.
TEST(HandOver, SuggestsOnlyAUnitThatThereIs) {
  Matter m(City(), "pt-r1");
  const std::string referral(kReferral);
  m.WithChance(7).When(referral.substr(0, referral.size() - 1) + "against_org: 'nobody' }", Platform(), kMonday);
  EXPECT_TRUE(m.state().suggested_respondent_org().empty());
}

// Art. 28: 与信访事项 …… 有直接利害关系的，应当回避.
// spec: P1 I20
TEST(HandOver, GoesAboveTheOfficeItIsAbout) {
  Matter m(City(), "pt-r1");
  const std::string referral(kReferral);
  m.WithChance(7).When(referral.substr(0, referral.size() - 1) + "against_org: 't-petition' }", Platform(), kMonday);
  EXPECT_EQ(m.state().office_org(), "c-petition");
}

}  // namespace
}  // namespace petition
