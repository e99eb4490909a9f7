#include "tests/petition/petition_world.h"

#include <algorithm>

#include "media/v1/notices.pb.h"

namespace petition {

reference::Reference City() {
  namespace dir = directory::v1;
  reference::Reference reference = tests::Learned();
  auto learn = [&](const char* id, dir::OrgKind kind, const char* area, const char* superior,
                   const char* duty = "") {
    dir::Notice notice = tests::OrgNotice(id, kind, area, duty);
    notice.mutable_org_changed()->set_superior_for_review(superior);
    CHECK(reference.Learn(notice).ok());
  };
  learn("37-gov", dir::EXTERNAL, "37", "");
  learn("37-petition", dir::EXTERNAL, "37", "");
  learn("city-gov", dir::GOV, "3714", "37-gov");
  learn("city-petition", dir::PETITION_OFFICE, "3714", "37-petition");
  learn("city-hrss", dir::DEPARTMENT, "3714", "37-gov", "hrss");
  learn("city-discipline", dir::DISCIPLINE, "3714", "37-gov");
  learn("c-gov", dir::GOV, "371403", "city-gov");
  learn("c-petition", dir::PETITION_OFFICE, "371403", "city-petition");
  learn("c-discipline", dir::DISCIPLINE, "371403", "city-discipline");
  learn("c-hrss", dir::DEPARTMENT, "371403", "city-hrss", "hrss");
  learn("t-gov", dir::GOV, "371403001", "c-gov");
  learn("t-petition", dir::PETITION_OFFICE, "371403001", "c-petition");
  learn("other-petition", dir::PETITION_OFFICE, "371482", "city-petition");
  return reference;
}

std::string RegisterText(const std::string& more, const std::string& type, const std::string& channel) {
  std::string people = more.find("petitioner {") == std::string::npos ? kPetitioner : "";
  return "register { area_code: '371403001002' content_code: 'Q05' type: " + type + " channel: " + channel +
         " " + people + kContent + more + " }";
}

std::string DraftText(const std::string& result, const std::string& more) {
  return "draft_opinion { opinion { request: '补发工资' facts: '已查明' opinion: '不予支持' basis: "
         "'有关规定' result: " +
         result + " " + more + " } }";
}

std::string DeliverText(int64_t received_at_ms) {
  return "deliver { delivery { method: IN_PERSON proof: '送达回证1号' received_at_ms: " +
         std::to_string(received_at_ms) + " } }";
}

std::string ReviewText(const std::string& result, const std::string& more) {
  return "issue_review { review_result: " + result +
         " document_no: '复查1号' opinion { opinion: '复查' facts: '查明' basis: '规定' " +
         (result == "CHANGED" ? "result: SUPPORTED " : "") + "} " + more + " }";
}

std::string RecheckText(const std::string& result, const std::string& more) {
  return "issue_recheck { review_result: " + result +
         " document_no: '复核1号' opinion { opinion: '复核' facts: '查明' basis: '规定' " +
         (result == "CHANGED" ? "result: SUPPORTED " : "") + "} " + more + " }";
}

std::string CallText(int64_t from_ms) {
  return "call_hearing { how: '邮寄' hearing { presider: 'vault:p' member: 'vault:m' place: '会议室' from_ms: " +
         std::to_string(from_ms) + " } }";
}

Matter::Matter(enum At point, int64_t at, const std::string& more, const char* file, int line)
    : Scenario(City(), "p1", file, line) {
  struct Step {
    std::string command;
    Actor actor;
    enum At leads_to;
  };
  const Step steps[] = {
      {RegisterText(more), Clerk(), At::kRegistered},
      {kForward, Office(), At::kForwarded},
      {kReceive, Handler(), At::kReceived},
      {kAccept, Handler(), At::kAccepted},
      {kHeard, Handler(), At::kReady},
      {kLooked, Handler(), At::kReady},
      {DraftText(), Handler(), At::kDrafted},
      {kIssue, Head(), At::kIssued},
      {DeliverText(at), Clerk(), At::kDelivered},
      {kAskReview, Resident(), At::kReviewAsked},
      {kTakeRequest, CityReviewer(), At::kReviewing},
      {ReviewText(), CityReviewer(), At::kReviewDelivered},
      {DeliverText(at), CityReviewer(), At::kReviewDelivered},
      {kAskRecheck, Resident(), At::kRecheckAsked},
      {kTakeRequest, Rechecker(), At::kRechecking},
  };
  WithChance(7);
  for (const Step& step : steps) {
    if (step.leads_to > point) return;
    When(step.command, step.actor, at);
    EXPECT_FALSE(refusal()) << step.command << ": " << refusal()->reason << " " << refusal()->field;
  }
}

const common::v1::Clock& Matter::ClockOf(std::string_view policy_id) {
  static const common::v1::Clock kNone;
  for (const auto& clock : state().clock()) {
    if (clock.policy_id() == policy_id) return clock;
  }
  ADD_FAILURE() << "the petition has no clock " << policy_id;
  return kNone;
}

bool Matter::Runs(std::string_view policy_id) {
  return std::ranges::any_of(state().clock(), [&](const common::v1::Clock& clock) {
    return clock.policy_id() == policy_id && reference::IsRunning(clock);
  });
}

Matter& Matter::Upload(const std::string& sha256) {
  As(Platform()).At(now_ms() == 0 ? kMonday : now_ms());
  WhenOn("doc/" + sha256, kUploaded);
  return *this;
}

v1::Notice Matter::Payload(size_t at) {
  v1::Notice notice;
  EXPECT_LT(at, notices().size());
  if (at < notices().size()) {
    EXPECT_TRUE(notice.ParseFromString(notices()[at].payload()));
  }
  return notice;
}

std::vector<std::string> Matter::Mentioned(size_t at) {
  media::v1::Mentions mentions;
  EXPECT_LT(at, notices().size());
  if (at < notices().size()) {
    EXPECT_TRUE(mentions.ParseFromString(notices()[at].payload()));
  }
  return {mentions.sha256().begin(), mentions.sha256().end()};
}

}  // namespace petition
