// P1 registration and what may still be corrected.
#include <absl/strings/str_format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "base/area_code.h"
#include "base/calendar.h"
#include "base/ids.h"
#include "base/random.h"
#include "services/petition/domain/decide.h"
#include "services/petition/domain/limits.h"

namespace petition {
namespace {

using directory::v1::Organisation;
using kernel::Refusal, kernel::RefusalCode;

std::string Path(const char* list, int at, const char* field) {
  return absl::StrFormat("%s[%d].%s", list, at, field);
}

// Who acts for them, and by which paper (山东 28).
std::optional<Refusal> CheckAgents(const google::protobuf::RepeatedPtrField<v1::Agent>& agents) {
  if (agents.size() > kAgentsMax) return Why(RefusalCode::kLimit, "AGENTS_AT_MOST_TWO", "agent");
  std::set<std::string_view> accounts;
  for (int i = 0; i < agents.size(); ++i) {
    if (agents[i].person().name().empty()) {
      return Why(RefusalCode::kInvalid, "VALUE_NEEDED", Path("agent", i, "person.name"));
    }
    if (agents[i].kind() == v1::AGENT_KIND_UNSPECIFIED) {
      return Why(RefusalCode::kInvalid, "VALUE_NEEDED", Path("agent", i, "kind"));
    }
    if (agents[i].mandate_sha256().empty()) {
      return Why(RefusalCode::kInvalid, "MANDATE_NEEDED", Path("agent", i, "mandate_sha256"));
    }
    if (auto bad = CheckDigest(agents[i].mandate_sha256(), Path("agent", i, "mandate_sha256"))) return bad;
    const std::string& account = agents[i].person().user_id();
    if (!account.empty() && !accounts.insert(account).second) {
      return Why(RefusalCode::kInvalid, "NAMED_TWICE", Path("agent", i, "person.user_id"));
    }
  }
  return std::nullopt;
}

// Who asks, for whom and how many (Art. 19, 20; 山东 27, 28).
template <class Request>
std::optional<Refusal> CheckPeople(const Request& request, v1::Channel channel, bool unclear) {
  if (request.petitioner_size() > kPetitionersMax) return Why(RefusalCode::kLimit, "TOO_LONG", "petitioner");
  if (request.petitioner().empty() && !unclear) {
    return Why(RefusalCode::kInvalid, "PETITIONER_NEEDED", "petitioner");
  }
  int representatives = 0;
  std::set<std::string_view> accounts;
  for (int i = 0; i < request.petitioner_size(); ++i) {
    const auto& person = request.petitioner(i).person();
    if (person.name().empty() && !unclear) {
      return Why(RefusalCode::kInvalid, "NAME_AND_ADDRESS_NEEDED", Path("petitioner", i, "person.name"));
    }
    if (person.address().empty() && !unclear) {
      return Why(RefusalCode::kInvalid, "NAME_AND_ADDRESS_NEEDED", Path("petitioner", i, "person.address"));
    }
    if (!person.user_id().empty() && !accounts.insert(person.user_id()).second) {
      return Why(RefusalCode::kInvalid, "NAMED_TWICE", Path("petitioner", i, "person.user_id"));
    }
    representatives += request.petitioner(i).representative();
  }
  const int count = std::max(request.petitioner_count(), request.petitioner_size());
  if (request.petitioner_count() < 0) return Why(RefusalCode::kInvalid, "VALUE_NEEDED", "petitioner_count");
  if (count > kPeopleMax) return Why(RefusalCode::kLimit, "TOO_MANY_PEOPLE", "petitioner_count");
  if (request.petitioner_count() != 0 && request.petitioner_count() < request.petitioner_size()) {
    return Why(RefusalCode::kInvalid, "FEWER_THAN_NAMED", "petitioner_count");
  }
  if (representatives > kRepresentativesMax) {
    return Why(RefusalCode::kLimit, "REPRESENTATIVES_AT_MOST_FIVE", "petitioner");
  }
  // Many who visit for one matter choose representatives; up to five may all come as their own.
  if (channel == v1::VISIT && count > kRepresentativesMax && representatives == 0) {
    return Why(RefusalCode::kGuard, "REPRESENTATIVES_NEEDED", "petitioner");
  }
  return CheckAgents(request.agent());
}

bool IsContentCode(std::string_view code) {  // "Q05": the first level of the content list
  return code.size() == 3 && code[0] == 'Q' && code[1] >= '0' && code[1] <= '9' && code[2] >= '0' &&
         code[2] <= '9' && (code <= "Q19" || code == "Q99") && code != "Q00";
}

template <class Request>
std::optional<Refusal> CheckContent(const Request& request) {
  if (request.type() == v1::PETITION_TYPE_UNSPECIFIED)
    return Why(RefusalCode::kInvalid, "VALUE_NEEDED", "type");
  if (!IsContentCode(request.content_code()))
    return Why(RefusalCode::kInvalid, "UNKNOWN_CODE", "content_code");
  if (request.content().request().empty()) {
    return Why(RefusalCode::kInvalid, "CONTENT_NEEDED", "content.request");
  }
  if (request.content().facts().empty()) return Why(RefusalCode::kInvalid, "CONTENT_NEEDED", "content.facts");
  for (const std::string& sha256 : request.content().attachment_sha256()) {
    if (auto refusal = CheckDigest(sha256, "content.attachment_sha256")) return refusal;
  }
  return std::nullopt;
}

// Art. 30: what staff register under discipline and is no accusation, they say why.
std::optional<Refusal> CheckNotAccusation(std::string_view content_code, v1::PetitionType type,
                                          std::string_view reason) {
  if (content_code != kDisciplineContent || type == v1::ACCUSATION || Says(reason)) return std::nullopt;
  return Why(RefusalCode::kInvalid, "NOT_ACCUSATION_REASON", "not_accusation_reason");
}

template <class Request, class Event>
void TakePeople(const Request& request, Event* event) {
  for (const auto& petitioner : request.petitioner()) {
    auto* taken = event->add_petitioner();
    *taken = petitioner;
    taken->set_petitioner_id("p" + std::to_string(event->petitioner_size()));
  }
  event->set_petitioner_count(std::max({1, request.petitioner_count(), request.petitioner_size()}));
  *event->mutable_agent() = request.agent();
}

// Who came with copies while the people of a hand-over were not known yet stays, behind those who are entered now. The
// hand-over itself counted as one.
void KeepCopies(const v1::State& state, v1::IntakeCompleted* completed) {
  int count = completed->petitioner_count() + std::max(0, state.petitioner_count() - 1);
  for (const auto& petitioner : state.petitioner()) {
    const std::string& user = petitioner.person().user_id();
    const bool entered = !user.empty() && std::ranges::any_of(completed->petitioner(), [&](const auto& one) {
      return one.person().user_id() == user;
    });
    count -= entered;
    if (entered || petitioner.copy_id().empty()) continue;
    auto* kept = completed->add_petitioner();
    *kept = petitioner;
    kept->set_petitioner_id("p" + std::to_string(completed->petitioner_size()));
  }
  for (const auto& agent : state.agent()) {
    if (!agent.copy_id().empty()) *completed->add_agent() = agent;
  }
  completed->set_petitioner_count(count);
}

// Accusations have serial numbers of their own: no gap in the others tells that there is one.
std::string NewMatterCode(std::string_view area, bool accusation, const Ask& ask) {
  const base::Date date = base::DateOf(base::LocalDay(ask.ctx.now_ms));
  std::string county = base::CutTo(area, common::v1::COUNTY);
  if (county.empty()) county = base::CutTo(area, common::v1::CITY) + "00";
  const std::string day =
      absl::StrFormat("%s%04d%02d%02d%c", county, date.year, date.month, date.day, accusation ? 'J' : 'P');
  return absl::StrFormat("%s%06d", day, ask.ctx.lookup->Next("matter/" + day));
}

std::string NewQueryCode(const Ask& ask) {
  base::Random random(ask.ctx.chance);
  std::string code = base::NewQueryCode(random);
  for (int i = 1; i < kQueryCodeTries && !ask.ctx.lookup->Scan("query_code", code, 1).empty(); ++i) {
    code = base::NewQueryCode(random);
  }
  return code;
}

v1::Registered* Register(Decision* decision, const Ask& ask, const Organisation& receiver,
                         std::string_view area_code) {
  auto* registered = decision->Emit()->mutable_registered();
  const int level = base::LevelOf(area_code);
  registered->set_area_code(level == common::v1::GRID ? base::CutTo(area_code, common::v1::VILLAGE)
                                                      : std::string(area_code));
  registered->set_query_code(NewQueryCode(ask));
  registered->set_office_org(receiver.id());
  registered->set_office_area(receiver.area_code());
  registered->set_office_level(receiver.level());
  registered->set_direct(receiver.kind() != directory::v1::PETITION_OFFICE);
  registered->set_registered_by(ask.ctx.actor->user_id());
  return registered;
}

// A petition office has 15 days to decide (Art. 22); who receives one directly has 15 days to tell the
// petitioner in writing, if anybody knows where they live (Art. 23).
Decision WithFirstClock(Decision decision, const Ask& ask) {
  const auto& registered = decision.events.back().event.registered();
  ClockChanges clocks(ask.state, ask.reference, ask.ctx.now_ms);
  const auto start = From("received", registered.office_org(), registered.received_at_ms());
  if (!registered.direct()) {
    clocks.Start("DP-01", start);
  } else if (!registered.name_or_address_unclear()) {
    clocks.Start("DP-02", start);
  }
  return With(std::move(decision), clocks);
}

// A notice is told once and cannot be sent back: what cannot be registered yet waits, and is tried again.
Decision Park(const v1::TakeReferral& referral, std::string_view reason, const Ask& ask) {
  const int64_t waited = ask.state.has_parked() ? 2 * ask.state.parked().wait_ms() : kParkedFirstMs;
  Decision decision;
  auto* parked = decision.Emit()->mutable_referral_parked();
  *parked->mutable_referral() = referral;
  parked->set_reason(std::string(reason));
  parked->set_wait_ms(std::min(waited, kParkedLongestMs));
  parked->set_retry_at_ms(ask.ctx.now_ms + parked->wait_ms());
  return decision;
}

Decision RegisterOrPark(const v1::TakeReferral& referral, const Ask& ask) {
  if (const auto not_ready = NotReady(ask.reference)) return Park(referral, not_ready->reason, ask);
  Receiver receiver = FindReceiver("", referral.area_code(), false, ask.reference);
  if (receiver.org != nullptr && receiver.org->id() == referral.against_org()) {  // Art. 28: not the office it is about
    Receiver above = FindReceiver("", base::ParentOf(receiver.org->area_code()), false, ask.reference);
    if (above.org != nullptr) receiver = std::move(above);
  }
  if (receiver.refusal) return Park(referral, receiver.refusal->reason, ask);
  Decision decision;
  auto* registered = Register(&decision, ask, *receiver.org, referral.area_code());
  registered->set_matter_code(referral.origin().matter_code());
  registered->set_channel(v1::HANDED_OVER);
  registered->set_petitioner_count(1);
  *registered->mutable_origin() = referral.origin();
  *registered->mutable_handed_sha256() = referral.handed_document();
  if (LiveOrg(referral.against_org(), ask.reference) != nullptr) {
    registered->set_suggested_respondent_org(referral.against_org());
  }
  registered->set_received_at_ms(ask.ctx.now_ms);
  return WithFirstClock(std::move(decision), ask);
}

// Whether name and address of everybody who petitions are there once this is corrected.
bool EverybodyKnown(const v1::State& state, const v1::PeopleCorrected& corrected) {
  return !state.petitioner().empty() && std::ranges::all_of(state.petitioner(), [&](const v1::Petitioner& one) {
    const auto& now = corrected.petitioner();
    const bool named = !one.person().name().empty() && !one.person().address().empty();
    return named || std::ranges::find(now, one.petitioner_id(), &v1::PersonCorrection::petitioner_id) != now.end();
  });
}

// Whether an account stands for two of those who petition once this is corrected.
bool AccountTwice(const v1::State& state, const v1::PeopleCorrected& corrected) {
  std::set<std::string_view> accounts;
  const auto& now = corrected.petitioner();
  return std::ranges::any_of(state.petitioner(), [&](const v1::Petitioner& one) {
    const auto at = std::ranges::find(now, one.petitioner_id(), &v1::PersonCorrection::petitioner_id);
    const std::string& account = at == now.end() ? one.person().user_id() : at->person().user_id();
    return !account.empty() && !accounts.insert(account).second;
  });
}

// Art. 20: a visit goes to the level that may decide, or to the next higher one.
bool VisitAboveLevel(const v1::RegisterRequest& request, const Organisation& receiver,
                     const reference::Reference& reference) {
  if (request.channel() != v1::VISIT || request.competent_org().empty()) return false;
  const auto* competent = LiveOrg(request.competent_org(), reference);
  return competent != nullptr && receiver.level() > competent->level() + 1;
}

// Which accounts may follow the petition: one's own, or those a clerk has seen the papers of.
void BindAccounts(const Ask& ask, v1::Registered* registered) {
  if (ask.who.role != kernel::v1::ROLE_PUB) return;
  for (auto& petitioner : *registered->mutable_petitioner()) petitioner.mutable_person()->clear_user_id();
  for (auto& agent : *registered->mutable_agent()) agent.mutable_person()->clear_user_id();
  if (!registered->petitioner().empty()) {
    registered->mutable_petitioner(0)->mutable_person()->set_user_id(ask.ctx.actor->user_id());
  }
}

}  // namespace

Receiver FindReceiver(std::string_view to_org, std::string_view area_code, bool accusation,
                      const reference::Reference& reference) {
  const int level = base::LevelOf(area_code);
  if (level == 0 || level > common::v1::CITY) {
    return {nullptr, Why(RefusalCode::kInvalid, "BAD_AREA", "area_code")};
  }
  if (!reference.AreaExists(level == common::v1::GRID ? base::CutTo(area_code, common::v1::VILLAGE)
                                                      : std::string(area_code))) {
    return {nullptr, Why(RefusalCode::kInvalid, "UNKNOWN_AREA", "area_code")};
  }
  if (!to_org.empty()) {
    const auto* org = LiveOrg(to_org, reference);
    if (org == nullptr || org->kind() == directory::v1::EXTERNAL) {
      return {nullptr, Why(RefusalCode::kInvalid, "UNKNOWN_ORG", "to_org")};
    }
    // Only a petition office of a county or city hands accusations to the discipline organ (Art. 22).
    const bool office = org->kind() == directory::v1::PETITION_OFFICE && org->level() >= common::v1::COUNTY;
    if (accusation && !office)
      return {nullptr, Why(RefusalCode::kGuard, "ACCUSATION_NEEDS_OFFICE", "to_org")};
    return {org, std::nullopt};
  }
  for (std::string at(area_code); base::LevelOf(at) != 0; at = base::ParentOf(at)) {
    if (accusation && base::LevelOf(at) < common::v1::COUNTY) continue;
    for (const auto* org : reference.OrgsIn(at, directory::v1::PETITION_OFFICE)) return {org, std::nullopt};
  }
  return {nullptr, Why(RefusalCode::kGuard, "NO_OFFICE", "to_org")};
}

Decision DecideRegister(const v1::RegisterRequest& request, const Ask& ask, const Organisation& receiver) {
  if (request.channel() == v1::CHANNEL_UNSPECIFIED || request.channel() == v1::HANDED_OVER) {
    return Refuse(RefusalCode::kInvalid, "VALUE_NEEDED", "channel");
  }
  if (auto refusal = CheckContent(request)) return Decision::Refuse(*std::move(refusal));
  if (auto refusal = CheckPeople(request, request.channel(), request.name_or_address_unclear())) {
    return Decision::Refuse(*std::move(refusal));
  }
  const bool oral = request.channel() == v1::VISIT || request.channel() == v1::PHONE;
  const bool by_petitioner = ask.who.role == kernel::v1::ROLE_PUB;
  if (!by_petitioner) {
    const std::string& why = request.not_accusation_reason();
    if (auto refusal = CheckNotAccusation(request.content_code(), request.type(), why))
      return Decision::Refuse(*std::move(refusal));
  }
  // Which came by letter, visit or reception is for whoever received it to say: they are counted (Art. 41).
  if (by_petitioner && request.channel() != v1::NET) {
    return Refuse(RefusalCode::kInvalid, "CHANNEL_NOT_ONLINE", "channel");
  }
  const int64_t received =
      by_petitioner || request.received_at_ms() == 0 ? ask.ctx.now_ms : request.received_at_ms();
  if (!IsEntryTime(received, ask.ctx.now_ms))
    return Refuse(RefusalCode::kInvalid, "BAD_TIME", "received_at_ms");
  if (!request.competent_org().empty() && LiveOrg(request.competent_org(), ask.reference) == nullptr) {
    return Refuse(RefusalCode::kInvalid, "UNKNOWN_ORG", "competent_org");
  }
  if (auto refusal = CheckRespondent(request.respondent_org(), ask)) return Decision::Refuse(*std::move(refusal));
  Decision decision;
  auto* registered = Register(&decision, ask, receiver, request.area_code());
  registered->set_matter_code(NewMatterCode(registered->area_code(), request.type() == v1::ACCUSATION, ask));
  registered->set_external_no(request.external_no());
  registered->set_respondent_org(request.respondent_org());
  registered->set_channel(request.channel());
  registered->set_type(request.type());
  registered->set_content_code(request.content_code());
  TakePeople(request, registered);
  *registered->mutable_content() = request.content();
  registered->set_intake_complete(true);
  registered->set_name_or_address_unclear(request.name_or_address_unclear());
  registered->set_visit_above_level(VisitAboveLevel(request, receiver, ask.reference));
  registered->set_received_at_ms(received);
  registered->set_recorded_by(oral ? ask.ctx.actor->user_id() : request.recorded_by());
  registered->set_along_sealed(request.type() == v1::ACCUSATION);
  registered->set_type_unconfirmed(by_petitioner && request.type() != v1::ACCUSATION);
  if (!by_petitioner && request.type() != v1::ACCUSATION)
    registered->set_not_accusation_reason(request.not_accusation_reason());
  BindAccounts(ask, registered);
  return WithFirstClock(std::move(decision), ask);
}

Decision DecideTakeReferral(const v1::TakeReferral& referral, const Ask& ask) {
  // The id is made of the referral's id, so a hand-over told twice finds its petition and changes nothing.
  if (ask.state.status() != v1::PETITION_STATUS_UNSPECIFIED || ask.state.has_parked()) return {};
  return RegisterOrPark(referral, ask);
}

Decision DecideRetryReferral(const Ask& ask) {
  if (!ask.state.has_parked() || ask.state.parked().retry_at_ms() > ask.ctx.now_ms) return {};
  return RegisterOrPark(ask.state.parked().referral(), ask);
}

Decision DecideCompleteIntake(const v1::CompleteIntakeRequest& request, const Ask& ask) {
  if (ask.state.intake_complete()) return Refuse(RefusalCode::kGuard, "INTAKE_ALREADY_COMPLETE");
  if (auto refusal = CheckContent(request)) return Decision::Refuse(*std::move(refusal));
  if (auto refusal = CheckPeople(request, ask.state.channel(), false))
    return Decision::Refuse(*std::move(refusal));
  if (request.type() == v1::ACCUSATION &&
      (ask.state.direct() || ask.state.office_level() < common::v1::COUNTY)) {
    return Refuse(RefusalCode::kGuard, "ACCUSATION_NEEDS_OFFICE", "type");
  }
  const std::string& why = request.not_accusation_reason();
  if (auto refusal = CheckNotAccusation(request.content_code(), request.type(), why))
    return Decision::Refuse(*std::move(refusal));
  if (auto refusal = CheckRespondent(request.respondent_org(), ask)) return Decision::Refuse(*std::move(refusal));
  Decision decision;
  auto* completed = decision.Emit()->mutable_intake_completed();
  completed->set_respondent_org(request.respondent_org());
  if (request.type() != v1::ACCUSATION) completed->set_not_accusation_reason(why);
  completed->set_type(request.type());
  completed->set_content_code(request.content_code());
  TakePeople(request, completed);
  KeepCopies(ask.state, completed);
  *completed->mutable_content() = request.content();
  if (request.type() != v1::ACCUSATION) return decision;
  // What the grid handed over as something else turns out to accuse the office it lies at: the one above receives it.
  const v1::State& state = ask.state;
  const auto* office = OfficeNotAccused(LiveOrg(state.office_org(), ask.reference),
                                        {request.respondent_org(), state.suggested_respondent_org()}, ask.reference);
  if (office == nullptr || office->id() == state.office_org()) return decision;
  completed->set_office_org(office->id());
  completed->set_office_area(office->area_code());
  completed->set_office_level(office->level());
  ClockChanges clocks(state, ask.reference, ask.ctx.now_ms);
  clocks.EndAll();
  clocks.Start("DP-01", From("retyped", office->id()));
  return With(std::move(decision), clocks);
}

Decision DecideCorrectPeople(const v1::CorrectPeopleRequest& request, const Ask& ask) {
  const v1::State& state = ask.state;
  if (!state.intake_complete()) return Refuse(RefusalCode::kGuard, "INTAKE_INCOMPLETE");
  if (request.petitioner().empty() && !request.agents_change()) {
    return Refuse(RefusalCode::kInvalid, "NOTHING_CHANGES", "petitioner");
  }
  if (!request.agents_change() && !request.agent().empty()) {
    return Refuse(RefusalCode::kInvalid, "VALUE_NEEDED", "agents_change");
  }
  // Whose petition it is the unit does not change any more, once it can be known: it might put another in their place.
  const bool by_unit = ask.who.role == kernel::v1::ROLE_PH;
  if (by_unit && !request.petitioner().empty() && !state.name_or_address_unclear()) {
    return Refuse(RefusalCode::kNotAllowed, "PETITIONERS_BY_CLERK", "petitioner");
  }
  if (auto refusal = CheckAgents(request.agent())) return Decision::Refuse(*std::move(refusal));
  if (request.reason().empty()) return Refuse(RefusalCode::kInvalid, "CONTENT_NEEDED", "reason");
  Decision decision;
  auto* corrected = decision.Emit()->mutable_people_corrected();
  corrected->set_reason(request.reason());
  corrected->set_agents_change(request.agents_change());
  *corrected->mutable_agent() = request.agent();
  for (const auto& agent : state.agent()) {  // who acts for others, by a mandate that lies with a copy, goes on
    if (request.agents_change() && !agent.copy_id().empty()) *corrected->add_agent() = agent;
  }
  for (int i = 0; i < request.petitioner_size(); ++i) {
    const auto& correction = request.petitioner(i);
    const auto at = std::ranges::find(state.petitioner(), correction.petitioner_id(), &v1::Petitioner::petitioner_id);
    if (at == state.petitioner().end()) {
      return Refuse(RefusalCode::kInvalid, "UNKNOWN_PETITIONER", Path("petitioner", i, "petitioner_id"));
    }
    if (at->died_at_ms() != 0) {  // then somebody takes over (record_successor)
      return Refuse(RefusalCode::kGuard, "DEATH_RECORDED", Path("petitioner", i, "petitioner_id"));
    }
    if (correction.person().name().empty() || correction.person().address().empty()) {
      return Refuse(RefusalCode::kInvalid, "NAME_AND_ADDRESS_NEEDED", Path("petitioner", i, "person"));
    }
    auto* taken = corrected->add_petitioner();
    *taken = correction;  // the account that follows it stays, unless a clerk has seen the papers of another
    if (taken->person().user_id().empty()) taken->mutable_person()->set_user_id(at->person().user_id());
  }
  if (AccountTwice(state, *corrected)) return Refuse(RefusalCode::kInvalid, "NAMED_TWICE", "petitioner");
  const bool now_clear = state.name_or_address_unclear() && EverybodyKnown(state, *corrected);
  corrected->set_now_clear(now_clear);
  ClockChanges clocks(state, ask.reference, ask.ctx.now_ms);
  // Art. 23: nobody could be told in writing, and now they can. That the fifteen days run from here is our reading.
  if (now_clear && state.status() == v1::RECEIVED_BY_UNIT) {
    clocks.Start("DP-03", From("people_known", state.unit_org()));
  } else if (now_clear && state.status() == v1::REGISTERED && state.direct()) {
    clocks.Start("DP-02", From("people_known", state.office_org()));
  }
  return With(std::move(decision), clocks);
}

Decision DecideConfirmType(const v1::ConfirmTypeRequest& request, const Ask& ask) {
  const v1::State& state = ask.state;
  if (!state.type_unconfirmed()) return Refuse(RefusalCode::kGuard, "TYPE_CONFIRMED");
  const std::string& why = request.not_accusation_reason();
  if (auto refusal = CheckNotAccusation(state.content_code(), state.type(), why))
    return Decision::Refuse(*std::move(refusal));
  Decision decision;
  decision.Emit()->mutable_type_confirmed()->set_not_accusation_reason(why);
  return decision;
}

Decision DecideRetype(const v1::RetypeRequest& request, const Ask& ask) {
  const v1::State& state = ask.state;
  if (!state.intake_complete()) return Refuse(RefusalCode::kGuard, "INTAKE_INCOMPLETE");
  if (request.type() == v1::PETITION_TYPE_UNSPECIFIED || request.type() == state.type()) {
    return Refuse(RefusalCode::kInvalid, "VALUE_NEEDED", "type");
  }
  if (request.reason().empty()) return Refuse(RefusalCode::kInvalid, "CONTENT_NEEDED", "reason");
  if (auto refusal = CheckRespondent(request.respondent_org(), ask)) return Decision::Refuse(*std::move(refusal));
  // What it asks for is settled once it is on its way. What it accuses somebody of may come to light at any time, after
  // its end too, or whom it is about would keep it by ending it; then it is taken from them (Art. 30).
  const bool seals = request.type() == v1::ACCUSATION;
  if (!seals && state.status() != v1::REGISTERED) return Decision::Refuse(WrongStatus(state));
  if (!seals && ask.who.role == kernel::v1::ROLE_PH) return Refuse(RefusalCode::kNotAllowed, "NOT_ALLOWED");
  Decision decision;
  auto* retyped = decision.Emit()->mutable_retyped();
  retyped->set_from(state.type());
  retyped->set_to(request.type());
  retyped->set_reason(request.reason());
  retyped->set_respondent_org(request.respondent_org());
  if (!seals) return decision;
  const auto* office = KeeperOf(request.respondent_org(), ask);
  if (office == nullptr) return Refuse(RefusalCode::kGuard, "ACCUSATION_NEEDS_OFFICE", "type");
  retyped->set_office_org(office->id());
  retyped->set_office_area(office->area_code());
  retyped->set_office_level(office->level());
  if (state.status() == v1::REGISTERED && !state.direct() && office->id() == state.office_org()) return decision;
  // Whoever keeps it from now on has received it (Art. 22); what others owed the petitioner falls away.
  ClockChanges clocks(state, ask.reference, ask.ctx.now_ms);
  clocks.EndAll();
  clocks.End("DP-18");  // nor is anything left of it with the unit
  clocks.Start("DP-01", From("retyped", office->id()));
  return With(std::move(decision), clocks);
}

}  // namespace petition
