#pragma once
// A petition at each point of its life, made by commands of the people who make it so.

#include <string>
#include <utility>

#include "services/petition/domain/petition.h"
#include "services/petition/domain/rules.h"
#include "tests/support/learned.h"
#include "tests/support/scenario.h"

namespace petition {

using kernel::RefusalCode;
using kernel::v1::Actor;
using tests::ActorOf, tests::EndOf, tests::Local;
using namespace kernel::v1;  // NOLINT: roles by their names alone

inline const int64_t kMonday = Local("2026-11-23 09:00");  // an ordinary week: no holiday until the new year

// tests::Learned() and the line of petition offices, governments and departments above each other, up to the
// province, which is outside the platform.
reference::Reference City();

inline Actor Clerk() { return ActorOf(ROLE_PC, "c-petition", "371403", "pc1"); }
inline Actor Office() { return ActorOf(ROLE_PO, "c-petition", "371403", "po1"); }
inline Actor Handler(std::string user = "ph1") {
  return ActorOf(ROLE_PH, "c-hrss", "371403", std::move(user));
}
inline Actor Head() { return ActorOf(ROLE_DM, "c-hrss", "371403", "dm1"); }
inline Actor CityReviewer() { return ActorOf(ROLE_RV, "city-petition", "3714", "rv9"); }
// Who reviewed does not review again: the re-review is another's.
inline Actor Rechecker() { return ActorOf(ROLE_RV, "city-petition", "3714", "rv8"); }
inline Actor CountyReviewer() { return ActorOf(ROLE_RV, "c-petition", "371403", "rv1"); }
inline Actor CityOffice() { return ActorOf(ROLE_PO, "city-petition", "3714", "po9"); }
inline Actor Discipline() { return ActorOf(ROLE_DI, "c-discipline", "371403", "di1"); }
inline Actor Leader() { return ActorOf(ROLE_CL, "c-gov", "371403", "cl1"); }
inline Actor TownshipLeader() { return ActorOf(ROLE_TL, "t-gov", "371403001", "tl1"); }
inline Actor Resident(std::string user = "u1") { return ActorOf(ROLE_PUB, "", "", std::move(user)); }
inline Actor Platform() { return ActorOf(ROLE_SYS); }

inline const std::string kPetitioner =
    "petitioner { person { name: 'vault:a' address: 'vault:b' user_id: 'u1' } } ";
inline const std::string kScan = std::string(64, 'f');  // the digest of a paper that was uploaded
inline const std::string kUploaded = "hear_kept { kind: PAPER }";  // by media, on "doc/<sha256>"
inline const std::string kContent = "content { request: 'vault:r' facts: 'vault:f' } ";
// By letter, from the village, about work and pay, unless told otherwise.
std::string RegisterText(const std::string& more = "", const std::string& type = "REQUEST",
                         const std::string& channel = "LETTER");

inline const std::string kNotice = "notice { text: '已登记受理' contact: '0534-1234567' how: '当面' } ";
inline const std::string kForward = "forward { to_org: 'c-hrss' reason: '属于该单位职责' }";
inline const std::string kReceive = "confirm_receipt {}";
inline const std::string kAccept = "accept { route: 6 recusal_checked: true " + kNotice + "}";
inline const std::string kHeard =
    "record_progress { kind: HEARD_PETITIONER record: '听取陈述' recusal_checked: true }";
inline const std::string kLooked =
    "record_progress { kind: INVESTIGATED record: '调取台账' recusal_checked: true }";
std::string DraftText(const std::string& result = "NOT_SUPPORTED", const std::string& more = "");
inline const std::string kIssue = "issue_opinion { document_no: '陵人社信〔2026〕1号' sealed_by_unit: true }";
std::string DeliverText(int64_t received_at_ms);
inline const std::string kAskReview = "request_review { grounds: '事实没有查清' }";
inline const std::string kAskRecheck = "request_recheck { grounds: '仍然不服' }";
// By the body that was asked: then it may decide (山东 43, 44).
inline const std::string kTakeRequest = "decide_review_request { accepted: true " + kNotice + "}";
std::string ReviewText(const std::string& result = "UPHELD", const std::string& more = "");
std::string RecheckText(const std::string& result = "UPHELD", const std::string& more = "");
std::string CallText(int64_t from_ms);  // a hearing

enum class At {
  kRegistered,
  kForwarded,
  kReceived,
  kAccepted,
  kReady,
  kDrafted,
  kIssued,
  kDelivered,
  kReviewAsked,
  kReviewing,
  kReviewDelivered,
  kRecheckAsked,
  kRechecking,
};

class Matter : public tests::Scenario<PetitionDomain> {
 public:
  using tests::Scenario<PetitionDomain>::Scenario;
  // A petition brought to this point within one moment.
  explicit Matter(enum At point, int64_t at = kMonday, const std::string& more = "",
                  const char* file = __builtin_FILE(), int line = __builtin_LINE());
  const common::v1::Clock& ClockOf(std::string_view policy_id);
  int64_t DueOf(std::string_view policy_id) { return ClockOf(policy_id).due_at_ms(); }
  bool Runs(std::string_view policy_id);
  Matter& Upload(const std::string& sha256 = kScan);  // somebody has, and media tells of it
  common::v1::ClockOutcome OutcomeOf(std::string_view policy_id) { return ClockOf(policy_id).outcome(); }
  v1::Notice Payload(size_t at = 0);  // of the last command's notices
  std::vector<std::string> Mentioned(size_t at = 0);  // documents, by the same notice
};

}  // namespace petition
