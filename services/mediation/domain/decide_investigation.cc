// M9 the other way: people are asked, or a place is looked at, outside a session 调查.
#include <absl/strings/str_format.h>

#include <optional>
#include <utility>

#include "services/mediation/domain/decide.h"
#include "services/mediation/domain/limits.h"

namespace mediation {
namespace {

using kernel::Refusal, kernel::RefusalCode;

std::optional<Refusal> CheckWhen(const v1::Investigation& told, const Ask& ask) {
  if (told.started_at_ms() < ask.state.accepted_at_ms() || told.started_at_ms() > ask.ctx.now_ms) {
    return Why(RefusalCode::kInvalid, "BAD_TIME", "investigation.started_at_ms");
  }
  if (told.ended_at_ms() < told.started_at_ms() || told.ended_at_ms() > ask.ctx.now_ms) {
    return Why(RefusalCode::kInvalid, "BAD_TIME", "investigation.ended_at_ms");
  }
  return std::nullopt;
}

// A party is known; of anybody else the form asks who it is and as what.
std::optional<Refusal> CheckAsked(const v1::Investigation& told, const v1::State& state) {
  if (told.asked().empty()) return Why(RefusalCode::kInvalid, "ASKED_WHOM_NEEDED", "investigation.asked");
  if (told.asked_size() > kAskedMax) return Why(RefusalCode::kLimit, "TOO_LONG", "investigation.asked");
  for (int i = 0; i < told.asked_size(); ++i) {
    const v1::Asked& asked = told.asked(i);
    if (!asked.party_id().empty()) {
      if (FindParty(state, asked.party_id()) == nullptr) {
        return Why(RefusalCode::kInvalid, "UNKNOWN_PARTY", absl::StrFormat("investigation.asked[%d].party_id", i));
      }
      continue;
    }
    if (asked.name().empty()) {
      return Why(RefusalCode::kInvalid, "ASKED_WHOM_NEEDED", absl::StrFormat("investigation.asked[%d].name", i));
    }
    if (asked.standing().empty()) {
      return Why(RefusalCode::kInvalid, "ASKED_AS_WHAT_NEEDED",
                 absl::StrFormat("investigation.asked[%d].standing", i));
    }
  }
  return std::nullopt;
}

std::optional<Refusal> CheckTold(const v1::Investigation& told) {
  if (told.place().empty()) return Why(RefusalCode::kInvalid, "CONTENT_NEEDED", "investigation.place");
  if (told.took_part_size() > kAskedMax) return Why(RefusalCode::kLimit, "TOO_LONG", "investigation.took_part");
  for (int i = 0; i < told.took_part_size(); ++i) {
    if (told.took_part(i).name().empty()) {
      return Why(RefusalCode::kInvalid, "CONTENT_NEEDED", absl::StrFormat("investigation.took_part[%d].name", i));
    }
  }
  if (told.record().empty()) return Why(RefusalCode::kInvalid, "CONTENT_NEEDED", "investigation.record");
  if (told.record().size() > kRecordCharactersMax * 4) {
    return Why(RefusalCode::kLimit, "TOO_LONG", "investigation.record");
  }
  if (told.signed_sha256_size() > kAttachmentsMax) {
    return Why(RefusalCode::kLimit, "TOO_LONG", "investigation.signed_sha256");
  }
  return std::nullopt;
}

}  // namespace

Decision DecideInvestigate(const v1::InvestigateRequest& request, const Ask& ask) {
  if (auto refusal = CheckMayMediate(ask)) return Decision::Refuse(*std::move(refusal));
  if (ask.state.investigation_size() >= kInvestigationsMax) return Refuse(RefusalCode::kLimit, "INVESTIGATION_LIMIT");
  const v1::Investigation& told = request.investigation();
  if (auto refusal = CheckWhen(told, ask)) return Decision::Refuse(*std::move(refusal));
  if (auto refusal = CheckAsked(told, ask.state)) return Decision::Refuse(*std::move(refusal));
  if (auto refusal = CheckTold(told)) return Decision::Refuse(*std::move(refusal));
  Decision decision;
  auto* kept = decision.Emit()->mutable_investigated()->mutable_investigation();
  *kept = told;
  kept->set_no(ask.state.investigation_size() + 1);
  kept->set_mediator_user_id(ask.ctx.actor->user_id());
  return decision;
}

}  // namespace mediation
