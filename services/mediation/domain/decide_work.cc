// M7 who mediates, M9 sessions, M17 the end without an agreement.
#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "services/mediation/domain/capacity.h"
#include "services/mediation/domain/clocks.h"
#include "services/mediation/domain/decide.h"
#include "services/mediation/domain/limits.h"

namespace mediation {
namespace {

using kernel::RefusalCode;

// The mediator every side party has chosen; empty if they have not, or not the same.
std::string SharedChoice(const v1::State& state) {
  std::string choice;
  for (const auto& party : state.party()) {
    if (!IsSideParty(party)) continue;
    if (party.chosen_mediator_user_id().empty()) return "";
    if (!choice.empty() && choice != party.chosen_mediator_user_id()) return "";
    choice = party.chosen_mediator_user_id();
  }
  return choice;
}

bool IsPartyUser(const v1::State& state, std::string_view user_id) {
  return std::ranges::any_of(state.party(),
                             [&](const v1::Party& party) { return party.person().user_id() == user_id; });
}

std::optional<kernel::Refusal> CheckSession(const v1::Session& session, const Ask& ask) {
  const v1::State& state = ask.state;
  if (session.started_at_ms() < state.accepted_at_ms() || session.started_at_ms() > ask.ctx.now_ms) {
    return Why(RefusalCode::kInvalid, "BAD_TIME", "session.started_at_ms");
  }
  if (session.ended_at_ms() < session.started_at_ms() || session.ended_at_ms() > ask.ctx.now_ms) {
    return Why(RefusalCode::kInvalid, "BAD_TIME", "session.ended_at_ms");
  }
  if (session.place().empty() && session.mode() != v1::ONLINE) {
    return Why(RefusalCode::kInvalid, "CONTENT_NEEDED", "session.place");
  }
  if (session.mode() == v1::SESSION_MODE_UNSPECIFIED) {
    return Why(RefusalCode::kInvalid, "VALUE_NEEDED", "session.mode");
  }
  if (session.result() == v1::SESSION_RESULT_UNSPECIFIED) {
    return Why(RefusalCode::kInvalid, "VALUE_NEEDED", "session.result");
  }
  if (session.record().empty()) return Why(RefusalCode::kInvalid, "CONTENT_NEEDED", "session.record");
  if (session.record().size() > kRecordCharactersMax * 4) {
    return Why(RefusalCode::kLimit, "TOO_LONG", "session.record");
  }
  if (session.attachment_sha256_size() > kAttachmentsMax) {
    return Why(RefusalCode::kLimit, "TOO_LONG", "session.attachment_sha256");
  }
  if (session.attendance().empty()) return Why(RefusalCode::kInvalid, "VALUE_NEEDED", "session.attendance");
  std::set<std::string> named;
  for (int i = 0; i < session.attendance_size(); ++i) {
    const auto& id = session.attendance(i).party_id();
    if (FindParty(state, id) == nullptr || !named.insert(id).second) {
      return Why(RefusalCode::kInvalid, "UNKNOWN_PARTY",
                 absl::StrFormat("session.attendance[%d].party_id", i));
    }
  }
  if (std::ranges::none_of(session.attendance(), [](const v1::Attendance& who) {
        return who.present() || who.by_agent();
      })) {
    return Why(RefusalCode::kGuard, "NOBODY_CAME", "session.attendance");
  }
  return CheckWhoCame(session, state);
}

// Not public: medical disputes, violence at home, or a party objects (若干规定 29, 医疗纠纷条例 42).
bool MustNotBePublic(const v1::State& state) {
  return state.dispute_type() == "D15" || state.domestic_violence() ||
         std::ranges::any_of(state.party(), &v1::Party::objects_to_public);
}

bool CameInPerson(const v1::Session& session, std::string_view party_id) {
  return std::ranges::any_of(session.attendance(), [&](const v1::Attendance& who) {
    return who.present() && who.party_id() == party_id;
  });
}

// Follows from who came and where: nobody is asked to admit it.
bool MetFaceToFace(const v1::State& state, const v1::Session& session) {
  if (session.face_to_face()) return true;
  if (session.mode() != v1::ONSITE) return false;
  std::set<common::v1::PartySide> sides;
  for (const auto& party : state.party()) {
    if (CameInPerson(session, party.party_id())) sides.insert(party.person().side());
  }
  return sides.size() > 1;
}

// With violence at home, the protected person meets the other side only of their own free will.
std::optional<kernel::Refusal> CheckMeetingIsFree(const v1::State& state, const v1::Session& session) {
  if (!state.domestic_violence() || !MetFaceToFace(state, session)) return std::nullopt;
  const auto& free = session.face_to_face_consent_party_id();
  bool anybody_named = false;
  std::string missing;
  for (const auto& party : state.party()) {
    if (!party.needs_protection()) continue;
    anybody_named = true;
    const bool meets = session.face_to_face() || CameInPerson(session, party.party_id());
    if (!meets || std::ranges::find(free, party.party_id()) != free.end()) continue;
    absl::StrAppend(&missing, missing.empty() ? "" : " ", party.party_id());
  }
  if (!anybody_named) {  // who is to be protected must be known before anybody is brought together
    return Why(RefusalCode::kGuard, "PROTECTED_PERSON_UNKNOWN", "session.attendance");
  }
  if (missing.empty()) return std::nullopt;
  auto refusal = Why(RefusalCode::kGuard, "FACE_TO_FACE_NOT_FREE", "session.face_to_face_consent_party_id");
  refusal.metadata["party_id"] = missing;
  refusal.message_zh += "尚未同意：" + missing + "。";
  refusal.message_en += " Not agreed: " + missing + ".";
  return refusal;
}

// What staff must say with each reason; a party's own withdrawal needs nothing.
std::optional<kernel::Refusal> CheckEndByStaff(const v1::EndRequest& request, const Ask& ask) {
  const v1::State& state = ask.state;
  if (request.reason() < v1::E03_SETTLED_THEMSELVES || !v1::EndReason_IsValid(request.reason())) {
    return Why(RefusalCode::kInvalid, "UNKNOWN_CODE", "reason");
  }
  const bool names_party =
      request.reason() == v1::E04_PARTY_REFUSES || request.reason() == v1::E08_WILL_NOT_SIGN ||
      request.reason() == v1::E07_PARTY_UNREACHABLE || request.reason() == v1::E12_DIED_OR_GONE;
  if (names_party && request.party_id().empty())
    return Why(RefusalCode::kInvalid, "VALUE_NEEDED", "party_id");
  if (!request.party_id().empty() && FindParty(state, request.party_id()) == nullptr) {
    return Why(RefusalCode::kInvalid, "UNKNOWN_PARTY", "party_id");
  }
  if (request.reason() == v1::E05_TOO_FAR_APART && state.session().empty()) {
    return Why(RefusalCode::kGuard, "SESSION_NEEDED", "reason");
  }
  if (request.reason() == v1::E06_PERIOD_EXPIRED) {
    const auto* period = FindClock(state, "DM-04");
    if (period == nullptr || !reference::IsRunning(*period) ||
        ask.ctx.now_ms < reference::LateFromMs(*period)) {
      return Why(RefusalCode::kGuard, "PERIOD_NOT_OVER", "reason");
    }
  }
  if (request.reason() == v1::E08_WILL_NOT_SIGN && state.status() != v1::AGREED) {
    return Why(RefusalCode::kWrongStatus, "WRONG_STATUS", "reason");
  }
  if (request.reason() == v1::E13_HAND_OVER_LAPSED && state.hand_over_lapsed_at_ms() == 0) {
    return Why(RefusalCode::kGuard, "HAND_OVER_STANDS", "reason");
  }
  if (request.reason() == v1::E10_SHAM_OR_HARM && request.reported_to().empty()) {  // end, and report
    return Why(RefusalCode::kInvalid, "REPORT_NEEDED", "reported_to");
  }
  if (request.remedy().empty()) return Why(RefusalCode::kInvalid, "NOTICE_NEEDED", "remedy");
  if (auto refusal = CheckLabourWay(request.remedy(), state)) return refusal;
  if (request.where_to_go().empty()) return Why(RefusalCode::kInvalid, "CONTENT_NEEDED", "where_to_go");
  if (request.notice_how().empty()) return Why(RefusalCode::kInvalid, "NOTICE_NEEDED", "notice_how");
  return std::nullopt;
}

std::optional<kernel::Refusal> CheckUndisputed(const v1::EndRequest& request, const v1::State& state) {
  if (request.undisputed_facts().empty()) return std::nullopt;
  const auto& agreed = request.undisputed_consent_party_id();
  for (const auto& party : state.party()) {
    if (IsSideParty(party) && std::ranges::find(agreed, party.party_id()) == agreed.end()) {
      return Why(RefusalCode::kGuard, "UNDISPUTED_NEEDS_CONSENT", "undisputed_consent_party_id");
    }
  }
  return std::nullopt;
}

}  // namespace

Decision DecideChooseMediator(const v1::ChooseMediatorRequest& request, const Ask& ask) {
  const v1::Party* party = FindParty(ask.state, request.party_id());
  if (party == nullptr) return Refuse(RefusalCode::kInvalid, "UNKNOWN_PARTY", "party_id");
  if (ask.who.role == kernel::v1::ROLE_PUB && party != PartyOf(ask.state, *ask.ctx.actor)) {
    return Refuse(RefusalCode::kNotAllowed, "NOT_YOUR_PARTY", "party_id");
  }
  if (request.mediator_user_id().empty())
    return Refuse(RefusalCode::kInvalid, "VALUE_NEEDED", "mediator_user_id");
  if (IsPartyUser(ask.state, request.mediator_user_id())) {
    return Refuse(RefusalCode::kGuard, "MEDIATOR_IS_PARTY", "mediator_user_id");
  }
  if (party->chosen_mediator_user_id() == request.mediator_user_id()) {
    return Refuse(RefusalCode::kGuard, "ALREADY_CHOSEN", "mediator_user_id");
  }
  if (auto refusal = CheckIsMediator(request.mediator_user_id(), "mediator_user_id", ask)) {
    return Decision::Refuse(*std::move(refusal));
  }
  Decision decision;
  auto* chosen = decision.Emit()->mutable_mediator_chosen();
  chosen->set_party_id(request.party_id());
  chosen->set_mediator_user_id(request.mediator_user_id());
  return decision;
}

Decision DecideAssign(const v1::AssignRequest& request, const Ask& ask) {
  if (auto refusal = CheckMediators(request.chair_user_id(), request.other_user_id(),
                                    request.recusal_checked(), ask)) {
    return Decision::Refuse(*std::move(refusal));
  }
  const std::string choice = SharedChoice(ask.state);
  if (!choice.empty() && choice != request.chair_user_id()) {  // Art. 19, 23: theirs to choose
    return Refuse(RefusalCode::kGuard, "PARTIES_CHOSE_ANOTHER", "chair_user_id");
  }
  Decision decision;
  auto* event = decision.Emit();
  auto* assigned = event->mutable_assigned();
  assigned->set_chair_user_id(request.chair_user_id());
  *assigned->mutable_other_user_id() = request.other_user_id();
  assigned->set_chosen_by_parties(!choice.empty());
  assigned->set_difficult(request.difficult());
  ClockChanges clocks(ask.state, ask.reference, ask.ctx.now_ms);
  clocks.Stop("DM-03");
  clocks.WriteTo(event);
  return decision;
}

Decision DecideHoldSession(const v1::HoldSessionRequest& request, const Ask& ask) {
  if (auto refusal = CheckMayMediate(ask)) return Decision::Refuse(*std::move(refusal));
  if (ask.state.session_size() >= kSessionsMax) return Refuse(RefusalCode::kLimit, "SESSION_LIMIT");
  const v1::Session& session = request.session();
  if (auto refusal = CheckSession(session, ask)) return Decision::Refuse(*std::move(refusal));
  if (session.public_() && MustNotBePublic(ask.state)) {
    return Refuse(RefusalCode::kGuard, "PUBLIC_NOT_ALLOWED", "session.public");
  }
  if (auto refusal = CheckMeetingIsFree(ask.state, session)) return Decision::Refuse(*std::move(refusal));
  Decision decision;
  auto* held = decision.Emit()->mutable_session_held()->mutable_session();
  *held = session;
  held->set_no(ask.state.session_size() + 1);
  held->set_mediator_user_id(ask.ctx.actor->user_id());
  if (ask.state.domestic_violence()) held->set_face_to_face(MetFaceToFace(ask.state, session));
  return decision;
}

std::optional<kernel::Refusal> CheckLabourWay(const google::protobuf::RepeatedField<int>& remedy,
                                              const v1::State& state) {
  if (!IsLabour(state) || std::ranges::find(remedy, v1::ARBITRATION) != remedy.end()) return std::nullopt;
  return Why(RefusalCode::kInvalid, "ARBITRATION_COMES_FIRST", "remedy");
}

bool AgreementBinds(const v1::State& state, kernel::v1::Role asker) {
  return state.status() == v1::EFFECTIVE &&
         (asker == kernel::v1::ROLE_PUB || state.confirmation() != v1::REJECTED);
}

void StopForEnd(const Ask& ask, v1::Event* event) {
  ClockChanges clocks(ask.state, ask.reference, ask.ctx.now_ms);
  for (std::string_view id : {"DM-04", "DM-08"}) clocks.Stop(id);  // their end is what they waited for
  clocks.EndAll();
  clocks.WriteTo(event);
}

Decision DecideEnd(const v1::EndRequest& request, const Ask& ask) {
  if (AgreementBinds(ask.state, ask.who.role)) return Refuse(RefusalCode::kGuard, "AGREEMENT_BINDS");
  if (ask.who.role == kernel::v1::ROLE_MD) {
    if (auto refusal = CheckMayMediate(ask)) return Decision::Refuse(*std::move(refusal));
  }
  Decision decision;
  auto* event = decision.Emit();
  auto* ended = event->mutable_ended();
  ended->set_reason(request.reason());
  ended->set_party_id(request.party_id());
  if (ask.who.role == kernel::v1::ROLE_PUB) {
    if (request.reason() != v1::E03_SETTLED_THEMSELVES && request.reason() != v1::E04_PARTY_REFUSES) {
      return Refuse(RefusalCode::kInvalid, "REASON_NOT_FOR_YOU", "reason");
    }
    const v1::Party* self = PartyOf(ask.state, *ask.ctx.actor);
    if (self == nullptr || (!request.party_id().empty() && request.party_id() != self->party_id())) {
      return Refuse(RefusalCode::kNotAllowed, "NOT_YOUR_PARTY", "party_id");
    }
    if (!IsSideParty(*self)) return Refuse(RefusalCode::kNotAllowed, "THIRD_PARTY_CANNOT_END");  // Art. 17: 当事人一方
    ended->set_party_id(self->party_id());
    *ended->mutable_notice() = FullRemedyNotice(ask.ctx.now_ms, kByPlatform);
  } else {
    if (auto refusal = CheckEndByStaff(request, ask)) return Decision::Refuse(*std::move(refusal));
    if (auto refusal = CheckUndisputed(request, ask.state)) return Decision::Refuse(*std::move(refusal));
    auto* notice = ended->mutable_notice();
    *notice->mutable_remedy() = request.remedy();
    notice->set_where_to_go(request.where_to_go());
    notice->set_how(request.notice_how());
    notice->set_served_at_ms(ask.ctx.now_ms);
    ended->set_undisputed_facts(request.undisputed_facts());
    ended->set_reported_to(request.reported_to());
  }
  ended->set_remark(request.remark());
  StopForEnd(ask, event);
  return decision;
}

// ---- the period of mediation, by timer

Decision DecideWarnPeriod(const Ask& ask) {
  if (!Ticks(ask.state, "DM-04") || ask.state.period_warning_due_ms() == 0 ||
      ask.state.period_warning_due_ms() > ask.ctx.now_ms) {
    return {};  // the period ended or moved while this firing waited
  }
  const auto& calendar = ask.reference.calendar();
  const base::Day last = calendar.AddWorkingDays(base::LocalDay(ask.ctx.now_ms), kWarningWorkingDays);
  Decision decision;
  decision.Emit()->mutable_period_warned()->set_period_end_ms(
      std::max(FindClock(ask.state, "DM-04")->due_at_ms(), base::EndOfDayMs(last)));
  return decision;
}

Decision DecideEndPeriod(const Ask& ask) {
  if (!Ticks(ask.state, "DM-04") || ask.state.period_warned_at_ms() == 0 ||
      ask.state.period_end_ms() >= ask.ctx.now_ms) {
    return {};
  }
  Decision decision;
  auto* event = decision.Emit();
  auto* ended = event->mutable_ended();
  ended->set_reason(v1::E06_PERIOD_EXPIRED);
  *ended->mutable_notice() = FullRemedyNotice(ask.ctx.now_ms, kByPlatform);
  StopForEnd(ask, event);
  return decision;
}

}  // namespace mediation
