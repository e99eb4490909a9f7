// Withdrawal, case leaders, backlog, receptions, evaluation, suggestions for improvement.
#include <gmock/gmock.h>

#include <algorithm>

#include "tests/petition/petition_world.h"

namespace petition {
namespace {

// spec: P27
TEST(Withdrawal, IsInWritingAndEndsEveryClock) {
  Matter m(At::kAccepted);
  m.When("withdraw {}", Resident(), kMonday).ThenRefused("CONTENT_NEEDED");
  m.When("withdraw { statement: '不再反映' }", Resident("stranger"), kMonday)
      .ThenRefused(RefusalCode::kNotFound);
  m.When("withdraw { statement: '不再反映' }", Resident(), kMonday)
      .AndNotice("petition.withdrawn")
      .AndNoTimer();
  EXPECT_EQ(m.OutcomeOf("DP-05"), common::v1::CLOCK_CANCELLED);
  EXPECT_EQ(m.state().status(), v1::WITHDRAWN);
}

// What others ask too is theirs: one cannot give it up for them.
// spec: P27
TEST(Withdrawal, OfAJointPetitionIsSignedByAll) {
  const std::string withdraw = "withdraw { statement: '不再反映' }";
  Matter m(At::kAccepted, kMonday, "petitioner_count: 6");
  m.When(withdraw, Resident(), kMonday).ThenRefused("OTHERS_ASK_TOO");
  const std::string signed_by_all = "withdraw { statement: '不再反映' proof_sha256: '" + kScan + "' }";
  m.When(signed_by_all, Clerk(), kMonday).AndNotice("petition.withdrawn");  // who has seen what all of them signed
}

// A clerk wrote "he says he drops it", and the petition of somebody who had said nothing was over.
// spec: P27
TEST(Withdrawal, ByAClerkNeedsThePaperThePetitionerSigned) {
  Matter m(At::kAccepted);
  m.When("withdraw { statement: '他说不办了' }", Clerk(), kMonday).ThenRefused("WITHDRAWAL_PAPER_NEEDED");
  m.When("withdraw { statement: '他说不办了' proof_sha256: '有' }", Clerk(), kMonday).ThenRefused("BAD_DIGEST");
  m.When("withdraw { statement: '不再反映' proof_sha256: '" + kScan + "' }", Clerk(), kMonday);
  EXPECT_EQ(m.state().status(), v1::WITHDRAWN);
  EXPECT_EQ(m.state().withdrawal_proof_sha256(), kScan);
  EXPECT_EQ(m.Mentioned(), std::vector<std::string>{kScan});
}

// What was decided is theirs to give up, and theirs alone: a paper that staff bring might come from pressing them.
// spec: P27
TEST(Withdrawal, AfterTheOpinionIsOnlyThePetitioners) {
  const std::string paper = "withdraw { statement: '不再反映' proof_sha256: '" + kScan + "' }";
  for (const auto point : {At::kIssued, At::kDelivered, At::kReviewing, At::kReviewDelivered, At::kRechecking}) {
    Matter m(point);
    m.When(paper, Clerk(), kMonday).ThenRefused(RefusalCode::kGuard, "WITHDRAWAL_IS_THEIRS");
    m.When("withdraw { statement: '不再反映' }", Resident(), kMonday).AndNotice("petition.withdrawn");
  }
}

std::string Propose(int64_t target_at_ms) {
  return "propose_leader { leader_user_id: 'cl1' leader_org: 'c-gov' target_at_ms: " +
         std::to_string(target_at_ms) + " }";
}

// spec: P28 DP-16 DP-17
TEST(CaseLeader, PlansWithinAWeekAndMeetsMonthly) {
  Matter m(At::kAccepted);
  m.When(Propose(kMonday + 92 * base::kDayMs), Office(), kMonday).ThenRefused("TARGET_DAY");
  m.When(Propose(0)).ThenRefused("TARGET_DAY_NEEDED");
  m.When(Propose(kMonday - base::kDayMs)).ThenRefused(RefusalCode::kInvalid, "TARGET_DAY_PAST");
  EXPECT_EQ(m.refusal()->field, "target_at_ms");
  m.When("propose_leader { leader_user_id: 'cl1' leader_org: 'nobody' target_at_ms: " +
         std::to_string(EndOf("2027-02-19")) + " }").ThenRefused("UNKNOWN_ORG");
  m.When(Propose(EndOf("2027-02-19"))).AndNoNotice();
  m.When("accept_lead {}", ActorOf(ROLE_CL, "c-gov", "371403", "cl2"), kMonday)
      .ThenRefused(RefusalCode::kNotAllowed);
  m.When("accept_lead {}", Leader(), kMonday).AndNotice("petition.leader_assigned");
  EXPECT_EQ(m.DueOf("DP-16"), EndOf("2026-11-30"));
  EXPECT_EQ(m.ClockOf("DP-16").holder_org(), "c-gov");  // late is the unit of the leader
  EXPECT_THAT(m.ClockOf("DP-16").article(), testing::StartsWith("平台默认"));
  m.AndTimer("due/DP-16", EndOf("2026-11-30") + 1).AndTimer("due/DP-17", EndOf("2026-12-23") + 1);
  m.When("record_lead { work: PLAN text: '一案一策' }", Leader(), kMonday).AndNotice("petition.lead_recorded");
  EXPECT_EQ(m.OutcomeOf("DP-16"), common::v1::CLOCK_MET);
  m.When("record_lead { work: REPORT text: '进展' }").AndNoNotice();
  m.When("record_lead { work: CONTACT text: '见面' }", Leader(), Local("2026-12-20 09:00"))
      .AndNotice("petition.lead_recorded")
      .AndTimer("due/DP-17", EndOf("2027-01-20") + 1);
  m.WhenTimerFires("due/DP-17").AndNotice("petition.overdue");
  EXPECT_EQ(m.Payload().policy_id(), "DP-17");
  EXPECT_EQ(m.state().leader().missed(), 1);
  EXPECT_TRUE(m.Runs("DP-17"));  // red until they have spoken
  m.When("record_lead { work: CONTACT text: '见面' }", Leader(), Local("2027-01-25 09:00"));
  EXPECT_EQ(m.DueOf("DP-17"), EndOf("2027-02-25"));
  m.AndTimer("leader", EndOf("2027-02-19") + 1);
  m.WhenTimerFires("leader").AndNotice("petition.leader_overdue").AndNoTimer("leader");  // the target; the talks go on
  EXPECT_TRUE(MaySee(m.state(), ActorOf(ROLE_LD, "t-gov", "371403001", "cl1")));
}

struct Led : Matter {
  Led() : Matter(At::kAccepted) {
    When(Propose(EndOf("2027-02-19")), Office(), kMonday).When("accept_lead {}", Leader(), kMonday);
    EXPECT_FALSE(refusal());
  }
};
const std::string kSettle = "record_settlement { agreement: '补发' proof_sha256: '" + kScan + "' }";

// spec: P28 DP-16 DP-17
TEST(CaseLeader, OwesNothingOnceItHasEnded) {
  Led m;
  m.Upload();
  m.When(kSettle, Handler(), kMonday).AndNotice("petition.settled");
  EXPECT_EQ(m.OutcomeOf("DP-16"), common::v1::CLOCK_CANCELLED);
  EXPECT_EQ(m.OutcomeOf("DP-17"), common::v1::CLOCK_CANCELLED);
  Led late;
  late.Upload();
  late.When(kSettle, Handler(), EndOf("2026-11-30") + 1);
  EXPECT_EQ(late.OutcomeOf("DP-16"), common::v1::CLOCK_MISSED);  // and late it was
}

// Whoever asked another leader threw out the one who worked: plan and talks were gone, and for weeks nobody led.
// spec: P28 DP-16 DP-17 K-19
TEST(CaseLeader, LeadsUntilAnotherOneAccepts) {
  Led m;
  m.When("record_lead { work: PLAN text: '一案一策' }", Leader(), kMonday);
  const int64_t talk = m.DueOf("DP-17");
  const int64_t later = Local("2026-12-20 09:00");
  const std::string another =
      "propose_leader { leader_user_id: 'tl1' target_at_ms: " + std::to_string(EndOf("2027-02-19")) + " }";
  m.When(another, Office(), later).ThenPartly({"leader_proposed { user_id: 'tl1' beside: true }"});
  EXPECT_EQ(m.state().leader().user_id(), "cl1");
  EXPECT_EQ(m.state().leader().record_size(), 1);
  EXPECT_EQ(m.DueOf("DP-17"), talk);
  EXPECT_TRUE(m.Runs("DP-17")) << "what is owed is owed, whoever is asked beside";
  EXPECT_TRUE(MaySee(m.state(), TownshipLeader())) << "who is asked looks at what it is about";
  EXPECT_TRUE(MaySee(m.state(), Leader()));
  m.When("record_lead { work: CONTACT text: '见面' }", TownshipLeader(), later).ThenRefused(RefusalCode::kNotAllowed);
  m.When("accept_lead {}", Leader(), later).ThenRefused(RefusalCode::kNotAllowed);
  m.When("record_lead { work: CONTACT text: '见面' }", Leader(), later).AndNotice("petition.lead_recorded");
  m.When("accept_lead {}", TownshipLeader(), later).AndNotice("petition.leader_assigned");
  EXPECT_EQ(m.state().leader().user_id(), "tl1");
  EXPECT_TRUE(m.state().leader().record().empty());
  EXPECT_FALSE(m.state().has_proposed_leader());
  ASSERT_EQ(m.state().former_leader_size(), 1);
  EXPECT_EQ(m.state().former_leader(0).user_id(), "cl1");
  EXPECT_EQ(m.state().former_leader(0).record_size(), 2) << "what was planned and whom they met stays";
  EXPECT_TRUE(m.Runs("DP-16")) << "a plan of one's own, within one's own week";
  EXPECT_EQ(m.DueOf("DP-17"), EndOf("2027-01-20"));
  m.When("record_lead { work: REPORT text: '小结' }", Leader(), later);
  EXPECT_TRUE(m.refusal());
}

// spec: P28
TEST(CaseLeader, WhoIsAskedBesideMayBeAnotherStill) {
  Led m;
  const std::string target = " target_at_ms: " + std::to_string(EndOf("2027-02-19")) + " }";
  m.When("propose_leader { leader_user_id: 'tl1'" + target, Office(), kMonday);
  m.When("propose_leader { leader_user_id: 'tl1' leader_org: 't-gov'" + target, Office(), kMonday);
  EXPECT_EQ(m.state().proposed_leader().org(), "t-gov");
  EXPECT_EQ(m.state().former_leader_size(), 0);
  m.When("propose_leader { leader_user_id: 'cl1'" + target, Office(), kMonday).ThenRefused("ALREADY_LEADER");
}

// spec: P28 P11 DP-16 DP-17
TEST(CaseLeader, OwesNothingOfWhatIsSealed) {
  Matter m(At::kRegistered);
  m.When(Propose(EndOf("2027-02-19")), Office(), kMonday).When("accept_lead {}", Leader(), kMonday);
  m.When("retype { type: ACCUSATION reason: '反映干部' }", Office(), kMonday);
  EXPECT_EQ(m.OutcomeOf("DP-16"), common::v1::CLOCK_CANCELLED);
  EXPECT_EQ(m.OutcomeOf("DP-17"), common::v1::CLOCK_CANCELLED);
  EXPECT_TRUE(m.Runs("DP-01"));
}

// spec: P28 P29 DP-16 DP-17
TEST(CaseLeader, GoesOnWhileItIsOnTheBacklog) {
  Led m;
  m.Upload();
  m.When("list_backlog { cause: '政策原因' plan: '一案一策' }", Office(), kMonday).When(kSettle, Handler(), kMonday);
  EXPECT_TRUE(m.Runs("DP-16"));
  m.When("propose_write_off { ground: AGREEMENT evidence: '已履行' }", Office(), kMonday);
  EXPECT_TRUE(m.Runs("DP-17"));
  m.When("confirm_write_off { confirmed: true reason: '属实' }", CityOffice(), kMonday).AndNoTimer();
  EXPECT_EQ(m.OutcomeOf("DP-17"), common::v1::CLOCK_CANCELLED);
  Led again;  // listed after it had ended: whoever leads it works on it again
  again.Upload();
  again.When(kSettle, Handler(), kMonday).When("list_backlog { cause: '反复' plan: '一案一策' }", Office(), kMonday + 1);
  EXPECT_TRUE(again.Runs("DP-16"));
  EXPECT_TRUE(again.Runs("DP-17"));
}

// Whoever had accepted when there were no such clocks is still told of the days that were set then.
// spec: P28
TEST(CaseLeader, OfBeforeTheClocksKeepsTheDaysOfThen) {
  Matter m(At::kAccepted);
  m.When(Propose(EndOf("2027-02-19")), Office(), kMonday);
  const int64_t plan = EndOf("2026-11-30"), talk = EndOf("2026-12-23");
  const auto day = [](const char* of, int64_t at) { return std::string(of) + "_due_ms: " + std::to_string(at) + " "; };
  m.Given({"lead_accepted { " + day("plan", plan) + day("contact", talk) + "}"});
  m.AndTimer("leader", plan + 1);
  m.WhenTimerFires("leader").AndNotice("petition.leader_overdue").AndTimer("leader", talk + 1);
  m.When("record_lead { work: CONTACT text: '见面' }", Leader(), Local("2026-12-20 09:00"));
  EXPECT_EQ(m.DueOf("DP-17"), EndOf("2027-01-20"));  // from here on the clock counts
  m.AndTimer("leader", EndOf("2027-02-19") + 1);
}

// The target is a day, too.
// spec: P28
TEST(CaseLeader, HasUntilTheEndOfTheTargetDay) {
  Matter m(At::kAccepted);
  m.When(Propose(Local("2027-02-19 10:30")), Office(), kMonday);
  EXPECT_EQ(m.state().leader().target_due_ms(), EndOf("2027-02-19"));
}

// A clerk, and anybody at all, was case leader of a petition that nobody could then accept.
// spec: P28
TEST(CaseLeader, IsALeaderOverThePlaceOfThePetition) {
  Matter m(At::kAccepted);
  const auto propose = [&](const std::string& user, const std::string& more = "") -> Matter& {
    m.When("propose_leader { leader_user_id: '" + user + "' target_at_ms: " + std::to_string(EndOf("2027-02-19")) +
               more + " }",
           Office(), kMonday);
    return m;
  };
  const auto refused = [&](const std::string& user, const char* reason, const std::string& more = "") {
    propose(user, more).ThenRefused(RefusalCode::kGuard, reason);
    EXPECT_EQ(m.refusal()->field, "leader_user_id") << user;
  };
  refused("nobody", "NO_SUCH_STAFF");
  refused("md-gone", "STAFF_DISABLED");
  refused("pc1", "POST_MISSING");           // a clerk
  refused("cyl1", "POST_MISSING");          // a city leader has nothing to accept it by
  refused("cl-elsewhere", "POST_MISSING");  // of another county
  refused("cl1", "POST_MISSING", " leader_org: 'c-hrss'");
  propose("cl1", " leader_org: 'c-gov'");
  EXPECT_FALSE(m.refusal());
}

// Closing was proposed before anybody had said what would be done.
// spec: P28
TEST(CaseLeader, ProposesToCloseWhatWasPlanned) {
  const std::string close = "record_lead { work: CLOSE_PROPOSAL text: '已息诉' }";
  Matter m(At::kAccepted);
  m.When(Propose(EndOf("2027-02-19")), Office(), kMonday).When("accept_lead {}", Leader(), kMonday);
  EXPECT_FALSE(std::ranges::count(AllowedCommands(m.state(), Leader()), "acceptLead"));
  m.When(close).ThenRefused(RefusalCode::kGuard, "PLAN_NEEDED");
  m.When("record_lead { work: PLAN text: '一案一策' }").When(close);
  EXPECT_EQ(m.state().leader().record_size(), 2);
}

const std::string kList = "list_backlog { cause: '政策原因' plan: '一案一策' }";
const std::string kPropose = "propose_write_off { ground: COMMITMENT evidence: '息诉承诺' proof_sha256: '" + kScan + "' }";

// spec: P29
TEST(Backlog, IsListedByTheCountyAndWrittenOffByTheCity) {
  Matter m(At::kAccepted);
  m.When(kList, CityOffice(), kMonday).ThenRefused("COUNTY_LISTS");
  m.When(kPropose, Office(), kMonday).ThenRefused("NOT_LISTED");
  m.When("list_backlog { cause: '政策原因' }").ThenRefused("CONTENT_NEEDED");  // 一案一策
  m.When(kList).AndNotice("petition.backlog_listed").When(kList).ThenRefused("ALREADY_LISTED");
  m.When("confirm_write_off { confirmed: true reason: '属实' }", CityOffice(), kMonday)
      .ThenRefused("NOT_PROPOSED");
  m.When("propose_write_off { ground: AGREEMENT evidence: 'xx' }", Office(), kMonday)
      .ThenRefused("NO_AGREEMENT_YET");
  m.When("propose_write_off { ground: COMMITMENT }").ThenRefused("CONTENT_NEEDED");
  m.When("propose_write_off { ground: COMMITMENT evidence: '口头答应' }")
      .ThenRefused(RefusalCode::kInvalid, "COMMITMENT_PAPER_NEEDED");  // nobody had signed anything
  EXPECT_EQ(m.refusal()->field, "proof_sha256");
  m.When("propose_write_off { ground: COMMITMENT evidence: '承诺' proof_sha256: 'scan.jpg' }").ThenRefused("BAD_DIGEST");
  m.When(kPropose).AndNotice("petition.document_referred");  // media keeps the paper
  EXPECT_EQ(m.Mentioned(), std::vector<std::string>{kScan});
  EXPECT_EQ(m.state().backlog().proof_sha256(), kScan);
  m.When("confirm_write_off { confirmed: true reason: '属实' }", Office(), kMonday)
      .ThenRefused(RefusalCode::kNotAllowed);
  m.When("confirm_write_off { reason: '证据不足' }", CityOffice(), kMonday)
      .AndNotice("petition.backlog_kept");
  EXPECT_EQ(m.state().backlog().state(), v1::LISTED);
  m.When(kPropose, Office(), kMonday)
      .When("confirm_write_off { confirmed: true reason: '属实' }", CityOffice(), kMonday)
      .AndNotice("petition.written_off")
      .AndNotInIndex("backlog");
  EXPECT_EQ(m.state().backlog().state(), v1::WRITTEN_OFF);
}

// What had come to the city was on no county's list and could be on none.
// spec: P29
TEST(Backlog, OfWhatCameToTheCityIsListedByTheCity) {
  const std::string propose = "propose_write_off { ground: RELIEF evidence: '已救助' }";
  const std::string confirm = "confirm_write_off { confirmed: true reason: '属实' }";
  Matter m(City(), "p1");
  m.WithChance(7).When(RegisterText(), ActorOf(ROLE_PC, "city-petition", "3714", "pc9"), kMonday);
  m.When(kList, Office(), kMonday).ThenRefused(RefusalCode::kNotFound);  // of the county: not of its line
  m.When(kList, CityOffice(), kMonday).AndNotice("petition.backlog_listed");
  m.When(propose).AndNoNotice().When(confirm).ThenRefused("RECUSAL");
  m.When(confirm, ActorOf(ROLE_PO, "city-petition", "3714", "po8"), kMonday).AndNotice("petition.written_off");
}

// spec: P29
TEST(Backlog, IsNotWrittenOffByWhoProposedIt) {
  Matter m(At::kAccepted);
  Actor both = Office();
  *both.add_grant() = CityOffice().grant(0);
  m.When(kList, Office(), kMonday).When(kPropose, both, kMonday);
  m.When("confirm_write_off { confirmed: true reason: '属实' }").ThenRefused("RECUSAL");
}

std::string Reception(const std::string& more = "") {
  return "record_reception { kind: VISIT_DOWN leader_user_id: 'cl1' area_code: '371403001' place: '街道' "
         "held_at_ms: " +
         std::to_string(kMonday - 1) + " petitioner_count: 3 record: '接待3人' " + more + " }";
}

// spec: P30
TEST(Reception, IsRecordedWithThePetitionsOfTheDay) {
  Matter m(At::kRegistered);
  m.As(Leader()).WhenOn("r1", Reception("petition_id: 'p1'")).AndNotice("petition.reception_recorded");
  EXPECT_EQ(m.StateOf("r1").reception().petition_id(0), "p1");
  EXPECT_FALSE(PetitionDomain::Indexes("r1", m.StateOf("r1")).empty());
  m.WhenOn("r2", Reception("petition_id: 'none'")).ThenRefused("NO_SUCH_PETITION");
  EXPECT_EQ(m.refusal()->field, "petition_id");
  m.As(ActorOf(ROLE_CL, "x", "371482")).WhenOn("r3", Reception()).ThenRefused(RefusalCode::kNotAllowed);
}

// On a reception day somebody brings a matter that this leader does not lead and cannot open. Its number is written
// down; what has left the lists, or is not of the leader's line, is not there, as one that never was.
// spec: P30 P11
TEST(Reception, NamesWhatAPetitionerBroughtToALeaderWhoCannotOpenIt) {
  const Actor receives = ActorOf(ROLE_LD, "c-gov", "371403", "ld9");
  Matter m(At::kAccepted);
  EXPECT_FALSE(MaySee(m.state(), receives));
  m.As(receives).WhenOn("r1", Reception("petition_id: 'p1'")).AndNotice("petition.reception_recorded");
  EXPECT_EQ(m.StateOf("r1").reception().petition_id(0), "p1");
  EXPECT_FALSE(MaySee(m.state(), receives)) << "no right follows from it";
  m.As(ActorOf(ROLE_LD, "t-gov", "371403001", "ld8")).WhenOn("r2", Reception("petition_id: 'p1'"))
      .ThenRefused(RefusalCode::kInvalid, "NO_SUCH_PETITION");

  Matter copy(At::kRegistered);
  copy.As(Clerk()).WhenOn("p0", RegisterText()).When("merge_copy { primary_id: 'p0' }");
  Matter sealed(At::kRegistered);
  sealed.As(Office()).When("retype { type: ACCUSATION reason: '反映干部' }");
  for (Matter* left : {&copy, &sealed}) {
    left->As(receives).WhenOn("r1", Reception("petition_id: 'p1'"))
        .ThenRefused(RefusalCode::kInvalid, "NO_SUCH_PETITION");
  }
}

// Who receives is a leader of the place; a clerk only writes it down.
// spec: P30
TEST(Reception, IsHeldByALeaderOfThePlace) {
  Matter m(At::kRegistered);
  m.As(Clerk());
  const auto by = [&](const std::string& user) {
    std::string text = Reception();
    m.WhenOn("r1", text.replace(text.find("cl1"), 3, user));
    return m.refusal() ? m.refusal()->reason + " " + m.refusal()->field : "";
  };
  EXPECT_EQ(by("nobody"), "NO_SUCH_STAFF leader_user_id");
  EXPECT_EQ(by("pc1"), "POST_MISSING leader_user_id");
  EXPECT_EQ(by("cl-elsewhere"), "POST_MISSING leader_user_id");
  EXPECT_EQ(by("md-gone"), "STAFF_DISABLED leader_user_id");
  EXPECT_EQ(by("cyl1"), "");
}

// spec: P30
TEST(Reception, CountsThePostOfItsDay) {
  directory::v1::Notice until = tests::StaffNotice("ld1", ROLE_LD, "c-gov", "371403");
  until.mutable_staff_changed()->mutable_post(0)->set_valid_to_ms(kMonday);
  v1::Command learn;
  *learn.mutable_learn_reference()->mutable_notice() = until;
  Matter m(At::kRegistered);
  m.As(Platform()).WhenOn("ref/staff/ld1", learn.ShortDebugString());
  std::string text = Reception();  // held a millisecond before the post ended, entered after
  text.replace(text.find("cl1"), 3, "ld1");
  m.At(kMonday + base::kDayMs).As(Clerk()).WhenOn("r1", text);
  EXPECT_FALSE(m.refusal());
  const std::string held = std::to_string(kMonday - 1);
  m.WhenOn("r2", text.replace(text.find(held), held.size(), std::to_string(kMonday))).ThenRefused("POST_MISSING");
}

// A reception of 1970, and one of two thousand million people, went into the year's report.
// spec: P30
TEST(Reception, OfAnotherAgeOrOfMoreThanCanComeIsASlip) {
  const std::string held = "record_reception { kind: VISIT_DOWN leader_user_id: 'cl1' area_code: '371403001' "
                           "place: '街道' record: '接待' held_at_ms: ";
  Matter m(At::kRegistered);
  m.As(Leader()).WhenOn("r1", held + "1 }").ThenRefused("BAD_TIME");
  m.WhenOn("r1", held + std::to_string(kMonday - 1) + " petitioner_count: 100001 }").ThenRefused("TOO_MANY_PEOPLE");
  m.WhenOn("r1", held + std::to_string(kMonday - 300 * base::kDayMs) + " petitioner_count: 100000 }");
  EXPECT_FALSE(m.refusal());
}

// Art. 21: 方便信访人查询、评价信访事项办理情况.
// spec: P31
TEST(Evaluation, RatesUnitAndOfficeApartWithinAWeek) {
  const std::string rate = "evaluate { unit: 2 office: 5 text: '慢' }";
  Matter m(At::kAccepted);
  m.When(rate, Resident(), kMonday).ThenRefused(RefusalCode::kWrongStatus);
  Matter delivered(At::kDelivered);
  delivered.When("evaluate {}", Resident(), kMonday).ThenRefused("RATING");
  delivered.When("evaluate { unit: 6 }").ThenRefused("RATING");
  delivered.When(rate, Resident("stranger"), kMonday).ThenRefused(RefusalCode::kNotFound);
  delivered.When(rate, Resident(), EndOf("2026-11-30")).AndNotice("petition.evaluated");
  EXPECT_EQ(delivered.state().evaluation().unit(), 2);
  EXPECT_EQ(delivered.state().evaluation().office(), 5);
  delivered.When(rate).ThenRefused("ALREADY_EVALUATED");
  Matter late(At::kDelivered);
  late.When(rate, Resident(), EndOf("2026-11-30") + 1).ThenRefused("EVALUATION_OVER");
}

// One of thirty had rated it, and the others could not.
// spec: P31 K-08
TEST(Evaluation, IsEachPetitionersOwn) {
  const std::string neighbour = "petitioner { person { name: 'vault:c' address: 'vault:d' user_id: 'u2' } } ";
  const std::string agent =
      "agent { person { name: 'vault:l' user_id: 'l1' } kind: LAWYER mandate_sha256: '" + kScan + "' }";
  const std::string third = "petitioner { person { name: 'vault:e' address: 'vault:g' } } ";
  Matter m(At::kDelivered, kMonday, kPetitioner + neighbour + third + agent);
  m.When("evaluate { unit: 1 }", Resident("u1"), kMonday).AndNotice("petition.evaluated");
  m.When("evaluate { unit: 5 }", Resident("u1"), kMonday).ThenRefused("ALREADY_EVALUATED");
  m.When("evaluate { unit: 4 office: 5 }", Resident("u2"), kMonday).AndNotice("petition.evaluated");
  EXPECT_EQ(m.Payload().rated_unit(), 4);
  m.When("evaluate { unit: 3 }", Resident("l1"), kMonday).ThenRefused("VALUE_NEEDED");
  EXPECT_EQ(m.refusal()->field, "petitioner_id");
  m.When("evaluate { unit: 3 petitioner_id: 'p1' }", Resident("l1"), kMonday).ThenRefused("ALREADY_EVALUATED");
  m.When("evaluate { unit: 3 petitioner_id: 'p1' }", Resident("u2"), kMonday).ThenRefused("UNKNOWN_PETITIONER");
  m.When("evaluate { unit: 3 petitioner_id: 'p3' }", Resident("l1"), kMonday).AndNotice("petition.evaluated");
  ASSERT_EQ(m.state().given_size(), 3);
  EXPECT_EQ(m.state().given(2).petitioner_id(), "p3");
}

// Nobody had written down whose it was: it stands for all, as it was said then.
// spec: P31
TEST(Evaluation, OfBeforeStandsForAll) {
  Matter m(At::kDelivered, kMonday,
           kPetitioner + "petitioner { person { name: 'vault:c' address: 'vault:d' user_id: 'u2' } } ");
  m.Given({"evaluated { evaluation { unit: 2 at_ms: 1 } }"});
  m.When("evaluate { unit: 4 }", Resident("u2"), kMonday).ThenRefused("ALREADY_EVALUATED");
}

// Art. 40, 山东 59: 收到改进工作建议的国家机关应当在三十日内书面反馈情况.
// spec: DP-13
TEST(Improvement, IsAnsweredInThirtyDays) {
  Matter m(At::kAccepted);
  m.When("suggest { suggestion: '公开流程' }", Office(), kMonday).AndNotice("petition.improvement_suggested");
  EXPECT_EQ(m.DueOf("DP-13"), EndOf("2026-12-23"));
  EXPECT_EQ(m.ClockOf("DP-13").holder_org(), "c-hrss");
  m.When("suggest { suggestion: '又一条' }").ThenRefused("SUGGESTION_OPEN");
  m.When("answer_suggestion { answer: '已公开' }", Head(), kMonday).ThenRefused(RefusalCode::kInvalid);
  m.When("answer_suggestion { adoption: FULL answer: '已公开' }").AndNotice("petition.improvement_answered");
  EXPECT_EQ(m.OutcomeOf("DP-13"), common::v1::CLOCK_MET);
}

}  // namespace
}  // namespace petition
