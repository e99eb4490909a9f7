// Handing a matter to mediation or petition and hearing how it ended (I19, I20, I21). The referral id guards
// against doing it twice; the newest version heard of each foreign aggregate is kept, so that a notice has
// its effect once.

#include <algorithm>
#include <set>
#include <string>

#include "services/incident/domain/deciding.h"
#include "services/incident/domain/limits.h"
#include "services/reference/mentions.h"

namespace incident {
namespace {

static_assert(kAttachmentsMax <= reference::kHandedMax);  // all of them are given along

int64_t AnswerDueMs(const Deciding& d) {
  const auto* rule = d.known.directory().FindRule("DM-08");
  if (rule == nullptr || rule->length().amount() == 0) return 0;
  return MomentAfter(d.now(), rule->length(), d.known) - 1;
}

// 移送材料: the receiving body looks at what came in with the matter. What was found and done since is the grid's own.
void GiveAlong(const v1::Intake& intake, v1::Referral* referral) {
  std::set<std::string> given;
  for (const v1::Attachment& attachment : intake.attachment()) {
    if (reference::IsDigest(attachment.sha256()) && given.insert(attachment.sha256()).second) {
      referral->add_handed_document(attachment.sha256());
    }
  }
}

void EmitReferral(const Deciding& d, v1::Event* event, v1::Referral* referral, std::string_view name,
                  int64_t* cap) {
  referral->set_referral_id(std::string(d.ctx.aggregate_id) + "-" + std::to_string(d.ctx.version + 1));
  referral->set_scale(d.matter().intake().scale());
  GiveAlong(d.matter().intake(), referral);
  referral->set_answer_due_ms(AnswerDueMs(d));
  v1::Standing* standing = event->mutable_standing();
  *standing = With(d.matter().standing(), v1::REFERRED);
  standing->set_holder_org(d.CentreAt(standing->current_level()));
  Clocks clocks = d.ClocksFor(name);
  clocks.Cancel("DI-02");
  if (clocks.Runs("DI-05") || clocks.Runs("DA-05")) {
    *cap = MomentAfter(d.now(), d.known.directory().policies().incident().referral_pause_cap(), d.known);
  }
  clocks.Pause("DI-05", "REFERRED");
  clocks.Pause("DA-05", "REFERRED");
  clocks.Into(event);
}

// False: this version of that aggregate was heard before.
bool IsNews(const v1::Incident& matter, std::string_view source, std::string_view subject, uint64_t version) {
  return std::ranges::none_of(matter.applied(), [&](const v1::Applied& a) {
    return a.source() == source && a.subject_id() == subject && a.version() >= version;
  });
}

v1::Applied Heard(std::string_view source, const std::string& subject, uint64_t version) {
  v1::Applied applied;
  applied.set_source(std::string(source));
  applied.set_subject_id(subject);
  applied.set_version(version);
  return applied;
}

// What the other service's news means here, whichever service it is.
enum class News { kNone, kAnswered, kSettled, kEnded, kPerformed, kBreached, kRisk };

struct Hearing {
  std::string_view source;
  std::string_view event;  // the topic without the service
  std::string subject_id;
  std::string subject_code;
  uint64_t version = 0;
  std::string reason;  // E-code, refusal code
  int level = 0;       // of who settled it
  v1::ClosureType closure = v1::VIA_MEDIATION;
  int failed_sessions = 0;
  bool performed = true;  // of completed: false when a court took it over
  v1::Mediated mediated;  // of mediation: how
};

News NewsOf(const Hearing& h) {
  if (h.source == "mediation") {
    if (h.event == "referral_received" || h.event == "registered" || h.event == "accepted")
      return News::kAnswered;
    if (h.event == "effective") return News::kSettled;
    if (h.event == "completed") return h.performed ? News::kPerformed : News::kNone;
    if (h.event == "refused" || h.event == "ended") return News::kEnded;
    if (h.event == "breached") return News::kBreached;
    if (h.event == "risk_reported") return News::kRisk;
    return News::kNone;
  }
  if (h.event == "registered") return News::kAnswered;
  if (h.event == "accepted") return News::kSettled;
  if (h.event == "not_accepted" || h.event == "redirected" || h.event == "withdrawn") return News::kEnded;
  if (h.event == "closed") return News::kEnded;  // before anybody accepted it: its petitioner died
  return News::kNone;
}

void EmitReturned(const Deciding& d, const Hearing& h, v1::Event* event) {
  event->mutable_referral_returned()->set_reason_code(h.reason);
  event->mutable_referral_returned()->set_failed_sessions(h.failed_sessions);
  *event->mutable_referral_returned()->mutable_applied() = Heard(h.source, h.subject_id, h.version);
  v1::Standing* standing = event->mutable_standing();
  *standing = With(d.matter().standing(), v1::ACCEPTED);
  standing->set_lead_org(d.CentreAt(standing->current_level()));
  standing->set_holder_org(standing->lead_org());
  Clocks clocks = d.ClocksFor("referral_returned");
  clocks.Resume("DI-05");
  clocks.Resume("DA-05");
  clocks.BindHandling(standing->holder_org());
  clocks.Begin("DI-02", {.holder = standing->holder_org(), .urgent = IsUrgent(d.matter().intake())});
  clocks.Into(event);
}

void EmitSettled(const Deciding& d, const Hearing& h, v1::Event* event) {
  // Mediation settles the dispute; a petition that was accepted has only changed hands.
  EmitClosed(d, h.closure, h.closure == v1::VIA_MEDIATION, event);
  auto* closed = event->mutable_closed();
  closed->set_resolved_level(std::max(closed->resolved_level(), h.level));
  closed->set_subject_id(h.subject_id);
  closed->set_subject_code(h.subject_code);
  if (h.closure == v1::VIA_MEDIATION) *closed->mutable_mediated() = h.mediated;
  *closed->mutable_applied() = Heard(h.source, h.subject_id, h.version);
}

// It was closed long ago, and what closed it goes on: whether the dispute is over is another question.
void EmitNoted(const Hearing& h, bool resolved, v1::Event* event) {
  auto* noted = event->mutable_resolution_noted();
  noted->set_resolved(resolved);
  noted->set_reason(std::string(h.event));
  *noted->mutable_applied() = Heard(h.source, h.subject_id, h.version);
}

Decision Hear(const Hearing& h, const Deciding& d) {
  Decision decision;
  if (!IsNews(d.matter(), h.source, h.subject_id, h.version)) return decision;
  const bool waiting = d.matter().standing().status() == v1::REFERRED;
  const v1::Applied applied = Heard(h.source, h.subject_id, h.version);
  switch (NewsOf(h)) {
    case News::kAnswered: {
      if (!waiting) break;
      auto* answered = decision.Emit()->mutable_referral_answered();
      answered->set_subject_id(h.subject_id);
      answered->set_subject_code(h.subject_code);
      answered->set_answer(std::string(h.event));
      *answered->mutable_applied() = applied;
      break;
    }
    case News::kSettled:
    case News::kEnded: {
      const bool settled = NewsOf(h) == News::kSettled;
      if (waiting) {
        settled ? EmitSettled(d, h, decision.Emit()) : EmitReturned(d, h, decision.Emit());
      } else if (h.closure == v1::VIA_MEDIATION) {  // mediated anew after a breach, or rejected by the court
        EmitNoted(h, settled, decision.Emit());
      }
      break;
    }
    case News::kPerformed:
    case News::kBreached: {
      const bool performed = NewsOf(h) == News::kPerformed;
      if (!waiting) {
        EmitNoted(h, performed, decision.Emit());
      } else if (performed) {  // performed at once, or the news of the agreement is still under way
        EmitSettled(d, h, decision.Emit());
      }
      break;
    }
    case News::kRisk: {
      auto* raised = decision.Emit()->mutable_risk_raised();
      raised->set_risk(common::v1::HIGH);
      *raised->mutable_applied() = applied;
      break;
    }
    case News::kNone:
      break;
  }
  return decision;
}

std::string_view EventOf(std::string_view topic) {
  const size_t dot = topic.find('.');
  return dot == std::string_view::npos ? topic : topic.substr(dot + 1);
}

// News of another referral of this matter, or of an older one, is not ours to act on.
template <class Origin>
bool IsAboutUs(const Deciding& d, const Origin& origin) {
  return origin.service() == "incident" && origin.aggregate_id() == d.ctx.aggregate_id &&
         (origin.referral_id().empty() ||
          origin.referral_id() == d.matter().referral().referral().referral_id());
}

}  // namespace

namespace {

// Others hear of a sealed matter that there is one, nothing else: a referral would wait for ever for an answer.
Decision SealedStaysHere() {
  return NoGuard("SEALED_STAYS_HERE", "保密事项不能通过系统移送，请按保密规定线下移送。",
                 "A sealed matter is not referred through the platform; hand it over by the rules of secrecy.");
}

}  // namespace

Decision DecideReferToMediation(const v1::ReferToMediationRequest& c, const Deciding& d) {
  if (d.matter().intake().sealed()) return SealedStaysHere();
  const auto* type = d.known.directory().FindDisputeType(c.dispute_type());
  if (type == nullptr || type->retired()) {
    return NoField("dispute_type", "UNKNOWN_DISPUTE_TYPE", "请选择纠纷类型。", "Choose the type of dispute.");
  }
  const auto* committee = d.known.directory().FindOrg(c.committee_org());
  if (!c.committee_org().empty() && (committee == nullptr || committee->kind() != directory::v1::COMMITTEE)) {
    return NoField("committee_org", "UNKNOWN_COMMITTEE", "没有这个调解委员会。",
                   "There is no such committee.");
  }
  const int parties = std::max(c.party_count(), d.matter().intake().party_size());
  if (parties < 2) {
    return NoField("party_count", "PARTIES_NEEDED", "调解至少要有两方当事人。",
                   "Mediation needs at least two parties.");
  }
  Decision decision;
  v1::Event* event = decision.Emit();
  auto* referred = event->mutable_referred_to_mediation();
  int64_t cap = 0;
  EmitReferral(d, event, referred->mutable_referral(), "referred_to_mediation", &cap);
  referred->mutable_referral()->set_dispute_type(c.dispute_type());
  referred->mutable_referral()->set_party_count(parties);
  referred->mutable_referral()->set_consent_known(c.consent_known());
  referred->mutable_referral()->set_committee_org(c.committee_org());
  referred->set_facts(c.facts());
  referred->set_cap_at_ms(cap);
  return decision;
}

Decision DecideReferToPetition(const v1::ReferToPetitionRequest& c, const Deciding& d) {
  if (d.matter().intake().sealed()) return SealedStaysHere();
  const v1::Reporter& reporter = d.matter().reporter();
  if (reporter.contact().name().empty() && reporter.user_id().empty() &&
      d.matter().intake().party().empty()) {
    return NoGuard("PETITIONER_NEEDED", "转信访须有信访人身份，请先补充。",
                   "A petition needs its petitioner; add who it is.");
  }
  Decision decision;
  v1::Event* event = decision.Emit();
  auto* referred = event->mutable_referred_to_petition();
  int64_t cap = 0;
  EmitReferral(d, event, referred->mutable_referral(), "referred_to_petition", &cap);
  referred->set_against_org(c.against_org());
  referred->set_facts(c.facts());
  referred->set_cap_at_ms(cap);
  return decision;
}

// The handling period waits at most 45 days for the other service; then it runs on.
Decision DecideCapReferral(const Deciding& d) {
  Decision decision;
  const auto& referral = d.matter().referral();
  if (d.matter().standing().status() != v1::REFERRED || referral.cap_at_ms() == 0) return decision;
  if (d.now() < referral.cap_at_ms()) return decision;
  v1::Event* event = decision.Emit();
  event->mutable_referral_cap_reached();
  Clocks clocks = d.ClocksFor("referral_cap_reached");
  clocks.Resume("DI-05");
  clocks.Resume("DA-05");
  clocks.Into(event);
  return decision;
}

Decision DecideHearMediation(const v1::HearMediation& c, const Deciding& d) {
  if (!IsAboutUs(d, c.notice().origin())) return {};
  Hearing h;
  h.source = "mediation";
  h.event = EventOf(c.topic());
  h.subject_id = c.subject_id();
  h.subject_code = c.matter_code();
  h.version = c.version();
  h.level = c.notice().level();
  h.failed_sessions = c.notice().failed_sessions();
  h.performed = c.notice().performed();
  h.mediated.set_kind(c.notice().kind());
  h.mediated.set_amount_band(c.notice().amount_band());
  h.mediated.set_committee_org(c.notice().committee_org());
  h.reason = c.notice().refusal_code();
  if (h.reason.empty() && c.notice().end_reason() != mediation::v1::END_REASON_UNSPECIFIED) {
    h.reason = mediation::v1::EndReason_Name(c.notice().end_reason()).substr(0, 3);
  }
  return Hear(h, d);
}

Decision DecideHearPetition(const v1::HearPetition& c, const Deciding& d) {
  if (!IsAboutUs(d, c.notice().origin())) return {};
  Hearing h;
  h.source = "petition";
  h.event = EventOf(c.topic());
  h.subject_id = c.subject_id();
  h.subject_code = c.matter_code();
  h.version = c.version();
  h.level = c.notice().level();
  h.reason = c.notice().refusal_code();
  if (h.event == "withdrawn") h.reason = "WITHDRAWN";
  if (h.event == "closed") h.reason = "PETITION_TERMINATED";
  h.closure = v1::VIA_PETITION;
  return Hear(h, d);
}

}  // namespace incident
