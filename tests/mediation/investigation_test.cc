// What a mediator asked of people outside the sessions: kept with the case, printed as form 5, read by its committee.
#include <gmock/gmock.h>

#include <algorithm>
#include <string>

#include "services/mediation/domain/file_index.h"
#include "services/mediation/domain/limits.h"
#include "services/mediation/domain/rules.h"
#include "services/mediation/shown_to_party.h"
#include "tests/mediation/document_world.h"

namespace mediation {
namespace {

using testing::Contains, testing::Not;

const std::string kNeighbour = "asked { name: 'vault:n' standing: '邻居' } ";

// Half an hour at the village office, ended when it is recorded.
std::string Investigate(int64_t now_ms, const std::string& more = kNeighbour) {
  return "investigate { investigation { started_at_ms: " + std::to_string(now_ms - base::kHourMs / 2) +
         " ended_at_ms: " + std::to_string(now_ms) + " place: '村委会' record: '看到楼上漏水' " + more + "} }";
}

// A case could only leave ASSIGNED by a session: who first went round and asked had nowhere to write it.
// spec: M9
TEST(Investigation, BeginsTheMediationAndIsKept) {
  Case c = AssignedCase();
  c.When(Investigate(kTuesdayMs, kNeighbour + "took_part { name: 'vault:g' standing: '网格员' } "), Mediator(), kTuesdayMs)
      .ThenPartly({"investigated { investigation { no: 1 place: '村委会' record: '看到楼上漏水' mediator_user_id: 'md1' "
                   "asked { name: 'vault:n' standing: '邻居' } took_part { name: 'vault:g' standing: '网格员' } } }"})
      .AndNotice("mediation.investigated")
      .AndState("status: MEDIATING");
  c.When(Investigate(kTuesdayMs, "asked { party_id: 'p2' } "), Mediator(), kTuesdayMs)
      .ThenPartly({"investigated { investigation { no: 2 asked { party_id: 'p2' } } }"});
  EXPECT_EQ(c.state().investigation_size(), 2);
  EXPECT_EQ(c.OutcomeOf("DM-04"), common::v1::CLOCK_RUNNING);
}

// Nobody has met by it: what needs a session still needs one.
// spec: M9 M13 M15 M17
TEST(Investigation, IsNoSession) {
  Case c = AssignedCase();
  c.When(Investigate(kTuesdayMs, "asked { party_id: 'p1' } asked { party_id: 'p2' } "), Mediator(), kTuesdayMs)
      .When(DraftText())
      .ThenRefused("JOINT_SESSION_NEEDED")
      .When("record_oral { facts: '漏水' manner: '上门' " + std::string(kClause) + " }")
      .ThenRefused("JOINT_SESSION_NEEDED")
      .When("end { reason: E05_TOO_FAR_APART remedy: JUDICIAL where_to_go: '法院' notice_how: '书面' }")
      .ThenRefused("SESSION_NEEDED");
}

// spec: M9
TEST(Investigation, SaysWhomWhereWhenAndWhat) {
  Case c = AssignedCase();
  const auto refused = [&](const std::string& command, const std::string& reason, const std::string& field) {
    c.When(command, Mediator(), kTuesdayMs).ThenRefused(reason);
    EXPECT_EQ(c.refusal()->field, field) << command;
  };
  const auto without = [](const std::string& part) {
    std::string text = Investigate(kTuesdayMs);
    return text.erase(text.find(part), part.size());
  };
  const std::string at = "investigation.";
  refused(Investigate(kTuesdayMs, ""), "ASKED_WHOM_NEEDED", at + "asked");
  refused(Investigate(kTuesdayMs, "asked { standing: '邻居' } "), "ASKED_WHOM_NEEDED", at + "asked[0].name");
  refused(Investigate(kTuesdayMs, kNeighbour + "asked { name: 'vault:m' } "), "ASKED_AS_WHAT_NEEDED",
          at + "asked[1].standing");
  refused(Investigate(kTuesdayMs, "asked { party_id: 'p9' } "), "UNKNOWN_PARTY", at + "asked[0].party_id");
  refused(Investigate(kTuesdayMs, kNeighbour + "took_part { standing: '网格员' } "), "CONTENT_NEEDED",
          at + "took_part[0].name");
  refused(without("place: '村委会' "), "CONTENT_NEEDED", at + "place");
  refused(without("record: '看到楼上漏水' "), "CONTENT_NEEDED", at + "record");
  refused(Investigate(kTuesdayMs + base::kDayMs), "BAD_TIME", at + "started_at_ms");
  refused(Investigate(kMonday), "BAD_TIME", at + "started_at_ms");  // before it was accepted
  refused(Investigate(kTuesdayMs + base::kHourMs / 4), "BAD_TIME", at + "ended_at_ms");
  refused(Investigate(kTuesdayMs, kNeighbour + "signed_sha256: 'zz' "), "BAD_DIGEST", at + "signed_sha256[0]");
  std::string crowd;
  for (int i = 0; i <= kAskedMax; ++i) crowd += kNeighbour;
  refused(Investigate(kTuesdayMs, crowd), "TOO_LONG", at + "asked");
}

// spec: M9
TEST(Investigation, HasALimitThatIsSaid) {
  Case c = AssignedCase();
  for (int i = 0; i < kInvestigationsMax; ++i) c.When(Investigate(kTuesdayMs), Mediator(), kTuesdayMs);
  ASSERT_FALSE(c.refusal()) << c.refusal()->reason;
  c.When(Investigate(kTuesdayMs)).ThenRefused(RefusalCode::kLimit, "INVESTIGATION_LIMIT");
}

// 若干规定 25: whoever was asked to stand aside goes round no more.
// spec: M8 M9
TEST(Investigation, IsNotMadeByWhoWasAskedToStandAside) {
  Case c = AssignedCase();
  EXPECT_THAT(AllowedCommands(c.state(), Mediator(), tests::Learned()), Contains("investigate"));
  c.When(Investigate(kTuesdayMs), Chair(), kTuesdayMs)
      .ThenRefused(RefusalCode::kNotAllowed)
      .When("request_recusal { party_id: 'p2' mediator_user_id: 'md1' ground: KINSHIP }", Resident("ub"), kTuesdayMs)
      .When(Investigate(kTuesdayMs), Mediator(), kTuesdayMs)
      .ThenRefused("RECUSAL_PENDING");
  EXPECT_THAT(AllowedCommands(c.state(), Mediator(), tests::Learned()), Not(Contains("investigate")));
}

// A neighbour spoke to the mediator alone: neither side reads it.
// spec: M9 R9
TEST(Investigation, IsReadByNoParty) {
  Case c = AssignedCase();
  c.When(Investigate(kTuesdayMs), Mediator(), kTuesdayMs);
  v1::Case shown;
  *shown.mutable_party() = c.state().party();
  *shown.mutable_investigation() = c.state().investigation();
  v1::Case to_staff = shown;
  HideOthers(Resident("ub"), &shown);
  EXPECT_TRUE(shown.investigation().empty());
  HideOthers(Mediator(), &to_staff);
  EXPECT_EQ(to_staff.investigation_size(), 1);
}

v1::PaperState StateOfForm5(const CaseFacts& facts) {
  const auto index = FileIndexOf(facts.state, facts.HasCome());
  const auto line = std::ranges::find(index.line(), v1::F5_INVESTIGATION, &v1::FileLine::form);
  EXPECT_TRUE(line != index.line().end());
  return line == index.line().end() ? v1::PAPER_STATE_UNSPECIFIED : line->state();
}

class InvestigationOnPaper : public DocumentsTest {
 protected:
  void Ask(const std::string& more) { Do(Investigate(desk_.clock().NowMs(), more), Mediator()); }
};

// Form 5 came with empty lines whatever had been found out.
// spec: M9 M24
TEST_F(InvestigationOnPaper, IsFilledFromWhatIsKnownOneFormEach) {
  BringToSession();
  ExpectAll(Html(Facts(), "5"), {"被调查人", "记录人", "ruled"});
  Ask(kNeighbour + "took_part { name: 'vault:g' standing: '网格员' } ");
  Ask("asked { party_id: 'p2' } ");
  CaseFacts facts = Facts();
  facts.state.mutable_investigation(0)->mutable_asked(0)->set_name("刘邻");
  facts.state.mutable_investigation(0)->mutable_took_part(0)->set_name("孙格");
  const std::string first = Html(facts, "5", 1);
  ExpectAll(first, {"2026年11月24日8时30分至9时00分", "村委会", "刘邻（邻居）", "孙格（网格员）", "看到楼上漏水", "李调解",
                    "（以下空白）"});
  EXPECT_EQ(first.find("ruled"), std::string::npos) << "no lines to write on";
  EXPECT_EQ(first.find("何某（乙方）"), std::string::npos);
  ExpectAll(Html(facts, "5", 2), {"何某（乙方）"});
  ExpectAll(Html(facts, "5"), {"刘邻（邻居）", "何某（乙方）"});
  EXPECT_TRUE(absl::IsNotFound(documents_.One(facts, "5", 3).status()));
}

// spec: M9 M24
TEST_F(InvestigationOnPaper, WaitsForItsSignaturesAndTheirScan) {
  BringToSession();
  EXPECT_EQ(StateOfForm5(Facts()), v1::PAPER_STATE_UNSPECIFIED);
  Ask(kNeighbour + "signed_sha256: '" + kDigest + "' ");
  EXPECT_EQ(StateOfForm5(Facts()), v1::PAPER_SIGNED);
  Ask(kNeighbour);
  EXPECT_EQ(StateOfForm5(Facts()), v1::PAPER_TO_SIGN);
  Ask(kNeighbour + "signed_sha256: '" + std::string(64, 'b') + "' ");
  EXPECT_EQ(StateOfForm5(Facts()), v1::PAPER_NOT_RECEIVED);
  const auto facts = Facts();
  const auto index = FileIndexOf(facts.state, facts.HasCome());
  const auto line = std::ranges::find(index.line(), v1::F5_INVESTIGATION, &v1::FileLine::form);
  ASSERT_TRUE(line != index.line().end());
  ASSERT_EQ(line->task_size(), 2);
  EXPECT_EQ(line->task(0).kind(), v1::UPLOAD_PAPER);
  EXPECT_EQ(line->task(0).user_id(), "md1");
  EXPECT_EQ(line->task(1).kind(), v1::SIGN_PAPER);
  EXPECT_EQ(line->count(), 3);
}

}  // namespace
}  // namespace mediation
