// Accusations 检举控告. Art. 30: 不得将信访人的检举、揭发材料以及有关情况透露或者转给被检举、揭发的人员或者单位. flow-5 attacked: every way into the
// service by everybody who has no right, each answer beside that of nothing at all.
#include <memory>

#include "services/kernel/refusals.h"
#include "tests/petition/petition_world.h"

namespace petition {
namespace {

const std::string kRetype = "retype { type: ACCUSATION reason: '反映干部问题' }";
const std::string kHand = "transfer_to_discipline { discipline_org: 'c-discipline' }";

struct Retyped : Matter {
  Retyped() : Matter(At::kRegistered) {
    When(kRetype, Office(), kMonday);
    EXPECT_FALSE(refusal());
  }
};
struct SealedMatter : Retyped {
  SealedMatter() {
    When(kHand, Office(), kMonday);
    EXPECT_FALSE(refusal());
  }
};

// Everybody who could stand near it, in every role: of the office, of the accused unit, above both, the
// petitioner.
std::vector<Actor> WithoutRight(bool transferred) {
  std::vector<Actor> actors;
  for (int r = ROLE_PUB; r < ROLE_SYS; ++r) {
    const auto role = static_cast<Role>(r);
    for (const char* org :
         {"c-petition", "c-hrss", "c-discipline", "city-discipline", "c-gov", "city-petition"}) {
      for (const char* area : {"371403", "3714", "37", "371403001"}) {
        const bool has = transferred ? role == ROLE_DI && std::string_view(org) == "c-discipline"
                                     : role == ROLE_PO && std::string_view(org) == "c-petition";
        if (!has) actors.push_back(ActorOf(role, org, area, role == ROLE_PUB ? "u1" : "x1"));
      }
    }
  }
  return actors;
}

bool Same(const kernel::Refusal& a, const kernel::Refusal& b) {
  return a.code == b.code && a.reason == b.reason && a.field == b.field && a.message_zh == b.message_zh &&
         a.message_en == b.message_en && a.metadata == b.metadata;
}

// spec: P11
TEST(Sealed, AnswersEveryCommandAsIfItWereNotThere) {
  for (const bool transferred : {false, true}) {
    std::unique_ptr<Matter> m;
    if (transferred) {
      m = std::make_unique<SealedMatter>();
    } else {
      m = std::make_unique<Retyped>();
    }
    const auto reference = City();
    const v1::State nothing;
    for (const Actor& actor : WithoutRight(transferred)) {
      for (const Rule& rule : Rules()) {
        if (rule.in == 1) continue;  // creating ones name no petition
        v1::Command command;
        const auto* field = v1::Command::descriptor()->FindFieldByNumber(static_cast<int>(rule.command));
        auto* body = command.GetReflection()->MutableMessage(&command, field);
        if (const auto* version = body->GetDescriptor()->FindFieldByName("expected_version")) {
          body->GetReflection()->SetUInt64(body, version, 99);  // nor by a stale version
        }
        kernel::CommandContext<v1::State> ctx;
        ctx.actor = &actor;
        ctx.version = 2;
        const auto sealed = PetitionDomain::Decide(m->state(), command, ctx, reference);
        ASSERT_TRUE(sealed.refusal && sealed.events.empty()) << CommandName(rule.command);
        if (rule.askers[0].where == Where::kService) continue;  // nobody but the platform sends these
        ctx.version = 0;
        EXPECT_TRUE(Same(*sealed.refusal, kernel::NoSuchMatter()))
            << CommandName(rule.command) << sealed.refusal->reason;
        EXPECT_TRUE(Same(*PetitionDomain::Decide(nothing, command, ctx, reference).refusal, *sealed.refusal));
        EXPECT_EQ(sealed.acted_as, ROLE_UNSPECIFIED);
      }
      EXPECT_FALSE(MaySee(m->state(), actor)) << actor.ShortDebugString();
    }
  }
}

// spec: P11
TEST(Sealed, IsInNoListAndNoCount) {
  Retyped retyped;
  SealedMatter sealed;
  for (const v1::State* state : {&retyped.state(), &sealed.state()}) {
    for (const auto& entry : PetitionDomain::Indexes("p1", *state)) {
      EXPECT_TRUE(entry.index == "sealed" || entry.index == "provisional") << entry.index;
    }
    EXPECT_TRUE(PetitionDomain::Tallies(*state).empty());
  }
  Matter was(At::kRegistered);  // counted before it was known for what it is, and no more after
  was.AndTally("status/371403001/4/REGISTERED", 1).AndTally("content/371403001/4/Q05", 1);
  was.When(kRetype, Office(), kMonday)
      .AndTally("status/371403001/4/REGISTERED", 0)
      .AndTally("content/371403001/4/Q05", 0);
}

// Of an accusation others hear of its level and no more; of one known as something else, what they hear of a
// merged copy.
// spec: P11
TEST(Sealed, IsToldWithTypeAndLevelOnly) {
  Matter copies(At::kRegistered);
  copies.As(Clerk()).WhenOn("p0", RegisterText());
  copies.When("merge_copy { primary_id: 'p0' }", Clerk(), kMonday);
  ASSERT_EQ(copies.notices().size(), 1u);
  Matter m(At::kRegistered);
  m.When(kRetype, Office(), kMonday);
  ASSERT_EQ(m.notices().size(), 1u);
  EXPECT_EQ(m.notices()[0].SerializeAsString(), copies.notices()[0].SerializeAsString());
  m.When(kHand);
  ASSERT_EQ(m.notices().size(), 1u);
  kernel::v1::Notice only;
  only.set_topic("petition.sealed");
  only.set_level(4);
  only.set_classification(SEALED);
  EXPECT_EQ(m.notices()[0].SerializeAsString(), only.SerializeAsString());
  m.When("receive_sealed { external_ref: '纪收1号' }", Discipline(), kMonday).AndNoNotice();
}

TEST(Sealed, FromTheBeginningIsNeverTold) {
  Matter m(City(), "p1");
  m.WithChance(7).When(RegisterText("", "ACCUSATION"), Clerk(), kMonday).AndNoNotice();
  EXPECT_EQ(m.state().office_org(), "c-petition");
  m.WhenOn("p2", RegisterText());
  EXPECT_EQ(m.StateOf("p2").matter_code(), "37140320261123P000001");  // no gap in the numbers
  m.WhenTimerFires("due/DP-01").AndNoNotice();                        // not even that it is late
  kernel::v1::Receipt receipt;
  receipt.set_recorded_at_ms(m.state().registered_at_ms());
  PetitionDomain::Answer(m.state(), &receipt);
  EXPECT_TRUE(receipt.query_code().empty());
}

// Art. 22: 对属于纪检监察机关受理的检举控告类信访事项，应当按照管理权限转送有关纪检监察机关.
// spec: P11 DP-01
TEST(Sealed, GoesToTheDisciplineOrganWithinFifteenDays) {
  Retyped m;
  m.When("transfer_to_discipline { discipline_org: 'c-hrss' }", Office(), kMonday).ThenRefused("UNKNOWN_ORG");
  m.When(kAccept).ThenRefused("SEALED_GOES_TO_DISCIPLINE");
  m.When(kForward).ThenRefused("SEALED_GOES_TO_DISCIPLINE");
  m.When(kHand);
  EXPECT_EQ(m.OutcomeOf("DP-01"), common::v1::CLOCK_MET);
  EXPECT_EQ(m.state().status(), v1::SEALED);
  m.AndNoTimer();
  m.When(kHand).ThenRefused(RefusalCode::kNotFound, "NO_SUCH_MATTER");  // this office keeps nothing of it
  m.When("receive_sealed {}", ActorOf(ROLE_DI, "city-discipline", "3714", "di9"), kMonday)
      .ThenRefused("NO_SUCH_MATTER");
  EXPECT_EQ(AllowedCommands(m.state(), Discipline()), std::vector<std::string>{"receiveSealed"});
  m.When("receive_sealed {}", Discipline(), kMonday);
  EXPECT_FALSE(m.refusal());
  EXPECT_TRUE(AllowedCommands(m.state(), Discipline()).empty());
  m.When("receive_sealed { external_ref: '2' }", Discipline(), kMonday).ThenRefused("ALREADY_RECEIVED");
}

// The period of the unit it may be about ran on in its name, and nobody's did for the office that had it now.
// spec: P11 DP-01 DP-02
TEST(Sealed, RunsOnTheClockOfTheOfficeThatKeepsIt) {
  Matter m(City(), "p1");
  m.WithChance(7).When(RegisterText("", "REQUEST", "VISIT"), Handler(), kMonday);
  ASSERT_TRUE(m.Runs("DP-02"));
  const int64_t later = kMonday + 3 * base::kDayMs;
  m.When(kRetype, Office(), later);
  EXPECT_EQ(m.OutcomeOf("DP-02"), common::v1::CLOCK_CANCELLED);
  EXPECT_EQ(m.ClockOf("DP-01").holder_org(), "c-petition");
  EXPECT_EQ(m.ClockOf("DP-01").started_at_ms(), later);
  m.When(kHand, Office(), later).AndNoTimer();

  Matter own(At::kRegistered);  // what the office had from the beginning goes on as it was
  own.When(kRetype, Office(), later);
  EXPECT_EQ(own.ClockOf("DP-01").started_at_ms(), kMonday);
}

// What it accused the head of was read after it had been forwarded to that very head, and it stayed there.
// spec: P11 DP-01
TEST(Sealed, IsTakenFromTheUnitWheneverItComesToLight) {
  const enum At kPoints[] = {At::kForwarded, At::kReceived,  At::kAccepted,  At::kReady,           At::kDrafted,
                             At::kIssued,    At::kDelivered, At::kReviewing, At::kReviewDelivered, At::kRechecking};
  const int64_t later = kMonday + 2 * base::kDayMs;
  for (const auto point : kPoints) {
    for (const Actor& who : {Clerk(), Office(), Handler("ph9")}) {
      Matter m(point);
      m.When("retype { type: SUGGESTION reason: '类型有误' }", who, later);
      EXPECT_TRUE(m.refusal());  // only what it accuses of may still come to light
      m.When(kRetype, who, later);
      ASSERT_FALSE(m.refusal()) << static_cast<int>(point) << m.refusal()->reason;
      ASSERT_EQ(m.notices().size(), 1u);
      EXPECT_EQ(m.notices()[0].topic(), "petition.removed");
      EXPECT_TRUE(m.Payload().clock().empty());
      EXPECT_TRUE(m.Payload().holder_org().empty());
      EXPECT_EQ(m.state().status(), v1::REGISTERED);
      EXPECT_TRUE(m.state().unit_org().empty());
      EXPECT_EQ(m.ClockOf("DP-01").started_at_ms(), later);
      for (const auto& clock : m.state().clock()) {
        EXPECT_EQ(reference::IsRunning(clock), clock.policy_id() == "DP-01") << clock.policy_id();
      }
      for (const Actor& nobody : {Handler(), Head(), Resident(), CityReviewer(), Leader()}) {
        EXPECT_FALSE(MaySee(m.state(), nobody));
        m.When(kRetype, nobody, later).ThenRefused(RefusalCode::kNotFound, "NO_SUCH_MATTER");
      }
      for (const auto& entry : PetitionDomain::Indexes("p1", m.state())) {
        EXPECT_TRUE(entry.index == "sealed" || entry.index == "provisional") << entry.index;
      }
      m.When(kHand, Office(), later).AndNotice("petition.sealed").AndNoTimer();
    }
  }
}

// The unit itself had received it: its handler may not keep what is no longer for them, and names no office.
// spec: P11
TEST(Sealed, ByTheHandlerGoesToTheNearestOfficeOfACounty) {
  Matter m(City(), "p1");
  m.WithChance(7).When(RegisterText("", "REQUEST", "VISIT"), Handler(), kMonday);
  m.When("retype { type: SUGGESTION reason: '类型有误' }", Handler(), kMonday).ThenRefused(RefusalCode::kNotAllowed);
  m.When(kRetype, Handler(), kMonday);
  EXPECT_EQ(m.state().office_org(), "c-petition");
  EXPECT_FALSE(MaySee(m.state(), Handler()));
  Matter town(City(), "p1");  // a township's office has no discipline organ at its side
  town.WithChance(7).When(RegisterText("to_org: 't-petition'"), Clerk(), kMonday);
  town.When(kRetype, ActorOf(ROLE_PC, "t-petition", "371403001", "pc9"), kMonday);
  EXPECT_EQ(town.state().office_org(), "c-petition");
}

// spec: P11 P17
TEST(Sealed, HearsNothingOfAMediation) {
  Matter m(At::kAccepted);
  m.When("refer_to_mediation { bridge_code: 'BR1' both_consent: true dispute_type: 'D10' party_count: 2 "
         "consent_proof_sha256: '" + kScan + "' }", Handler(), kMonday);
  const std::string heard = "hear_mediation { topic: 'mediation.effective' subject_id: 'm1' version: 3 "
                            "notice { origin { service: 'petition' aggregate_id: 'p1' referral_id: '" +
                            m.state().mediation_referral_id() + "' } } }";
  m.When(kRetype, Office(), kMonday).When(heard, Platform(), kMonday);
  EXPECT_TRUE(m.events().empty());
  EXPECT_EQ(m.state().mediation(), v1::HAND_OVER_LAPSED);
}

TEST(Sealed, NeedsAnOfficeBesideADisciplineOrgan) {
  Matter(City(), "p1")
      .When(RegisterText("", "ACCUSATION"), Handler(), kMonday)
      .ThenRefused("ACCUSATION_NEEDS_OFFICE");
  Matter(City(), "p1")
      .When(RegisterText("to_org: 't-petition'", "ACCUSATION", "NET"), Resident(), kMonday)
      .ThenRefused("ACCUSATION_NEEDS_OFFICE");
  Matter m(City(), "p1");
  m.WithChance(7).When(RegisterText("", "ACCUSATION", "NET"), Resident(), kMonday);
  EXPECT_EQ(m.state().office_org(), "c-petition");
  Matter direct(City(), "p1");  // a unit received it, about itself perhaps: the office takes it away
  direct.WithChance(7).When(RegisterText(), Handler(), kMonday).When(kRetype, Office(), kMonday);
  EXPECT_TRUE(direct.state().unit_org().empty());
  EXPECT_EQ(direct.state().office_org(), "c-petition");
  EXPECT_FALSE(MaySee(direct.state(), Handler()));
  direct.When(kHand, Office(), kMonday).AndNotice("petition.sealed");
}

// Other petitions, receptions and links must not tell either.
// spec: P3 P30
TEST(Sealed, CannotBeReachedThroughAnother) {
  for (const char* id : {"p1", "nothing"}) {
    SealedMatter m;
    m.As(Clerk()).WhenOn("p2", RegisterText());
    m.WhenOn("p2", "link_repeat { earlier_id: '" + std::string(id) + "' repeat_class: REPEAT }")
        .ThenRefused(RefusalCode::kInvalid, "NO_SUCH_EARLIER");
    m.WhenOn("p2", "merge_copy { primary_id: '" + std::string(id) + "' }").ThenRefused("NO_SUCH_EARLIER");
    m.As(Leader())
        .WhenOn(
            "r1",
            "record_reception { kind: RECEPTION_DAY leader_user_id: 'cl1' area_code: '371403' place: '大厅' "
            "held_at_ms: 1795395600000 record: '接待' petition_id: '" +
                std::string(id) + "' }")
        .ThenRefused("NO_SUCH_PETITION");
  }
}

// Who handed it over hears that it was taken, as of any other.
TEST(Sealed, HandedOverByAnotherServiceIsAnsweredLikeAnyOther) {
  Matter m(City(), "pt-r1");
  m.WithChance(7).When(
      "take_referral { origin { service: 'incident' aggregate_id: 'i1' matter_code: 'X' referral_id: 'r1' } "
      "area_code: '371403' }",
      Platform(), kMonday);
  m.When("complete_intake { type: ACCUSATION content_code: 'Q16' " + kPetitioner + kContent + "}", Clerk(),
         kMonday)
      .AndNotice("petition.accepted");
  EXPECT_EQ(m.Payload().origin().aggregate_id(), "i1");
  EXPECT_TRUE(m.Payload().petition_type().empty());
  EXPECT_TRUE(m.Payload().content().empty());
  EXPECT_TRUE(m.Payload().holder_org().empty());
}

TEST(Sealed, StaysSealed) {
  Retyped m;
  m.When("retype { type: REQUEST reason: 'xx' }", Office(), kMonday).ThenRefused("SEALED_GOES_TO_DISCIPLINE");
}

}  // namespace
}  // namespace petition
