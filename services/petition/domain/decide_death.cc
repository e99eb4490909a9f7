// A petitioner died, or ended as an organisation (山东 46(4)): it is recorded, and handling goes on. Whoever takes over
// rights and duties may ask to go on in the dead one's place. Where nobody takes over, a person who has looked says so;
// where nobody has asked when the period of handling is over, the petition ends with it. Neither end binds a successor:
// one who comes later registers a petition anew.
#include <algorithm>

#include "services/petition/domain/decide.h"
#include "services/petition/domain/people.h"

namespace petition {
namespace {

using kernel::Refusal, kernel::RefusalCode;

const v1::Petitioner* FindPetitioner(std::string_view id, const v1::State& state) {
  const auto at = std::ranges::find(state.petitioner(), id, &v1::Petitioner::petitioner_id);
  return at == state.petitioner().end() ? nullptr : &*at;
}

std::optional<Refusal> CheckProof(const std::string& sha256) {
  if (sha256.empty()) return Why(RefusalCode::kInvalid, "CONTENT_NEEDED", "proof_sha256");
  return CheckDigest(sha256, "proof_sha256");
}

// The period in which it is handled, reviewed, re-reviewed.
std::string_view PeriodOf(v1::PetitionStatus status) {
  switch (status) {
    case v1::ACCEPTED:
      return "DP-05";
    case v1::REVIEWING:
      return "DP-08";
    case v1::RECHECKING:
      return "DP-10";
    default:
      return {};
  }
}

}  // namespace

Decision DecideRecordDeath(const v1::RecordDeathRequest& request, const Ask& ask) {
  if (ask.state.type() != v1::REQUEST) return Refuse(RefusalCode::kGuard, "OTHER_TYPE");
  const v1::Petitioner* petitioner = FindPetitioner(request.petitioner_id(), ask.state);
  if (petitioner == nullptr) return Refuse(RefusalCode::kInvalid, "UNKNOWN_PETITIONER", "petitioner_id");
  if (petitioner->died_at_ms() != 0) return Refuse(RefusalCode::kGuard, "DEATH_RECORDED", "petitioner_id");
  if (request.died_at_ms() <= 0 || request.died_at_ms() > ask.ctx.now_ms) {
    return Refuse(RefusalCode::kInvalid, "BAD_TIME", "died_at_ms");
  }
  if (auto refusal = CheckProof(request.proof_sha256())) return Decision::Refuse(*std::move(refusal));
  Decision decision;
  auto* died = decision.Emit()->mutable_petitioner_died();
  died->set_petitioner_id(request.petitioner_id());
  died->set_died_at_ms(request.died_at_ms());
  died->set_proof_sha256(request.proof_sha256());
  return decision;
}

Decision DecideRecordSuccessor(const v1::RecordSuccessorRequest& request, const Ask& ask) {
  const v1::Petitioner* petitioner = FindPetitioner(request.petitioner_id(), ask.state);
  if (petitioner == nullptr) return Refuse(RefusalCode::kInvalid, "UNKNOWN_PETITIONER", "petitioner_id");
  if (petitioner->died_at_ms() == 0) return Refuse(RefusalCode::kGuard, "DEATH_NOT_RECORDED", "petitioner_id");
  if (request.person().name().empty()) {
    return Refuse(RefusalCode::kInvalid, "NAME_AND_ADDRESS_NEEDED", "person.name");
  }
  if (request.person().address().empty()) {
    return Refuse(RefusalCode::kInvalid, "NAME_AND_ADDRESS_NEEDED", "person.address");
  }
  const int64_t applied = request.applied_at_ms() == 0 ? ask.ctx.now_ms : request.applied_at_ms();
  if (applied < petitioner->died_at_ms() || applied > ask.ctx.now_ms) {
    return Refuse(RefusalCode::kInvalid, "BAD_TIME", "applied_at_ms");
  }
  if (auto refusal = CheckProof(request.proof_sha256())) return Decision::Refuse(*std::move(refusal));
  Decision decision;
  auto* succeeded = decision.Emit()->mutable_succeeded();
  succeeded->set_petitioner_id(request.petitioner_id());
  *succeeded->mutable_person() = request.person();
  succeeded->set_applied_at_ms(applied);
  succeeded->set_proof_sha256(request.proof_sha256());
  return decision;
}

Decision DecideTerminate(const v1::TerminateRequest& request, const Ask& ask) {
  const v1::State& state = ask.state;
  if (state.type() != v1::REQUEST) return Refuse(RefusalCode::kGuard, "OTHER_TYPE");
  const bool under_review = state.status() == v1::REVIEWING || state.status() == v1::RECHECKING;
  if (under_review && ask.who.role == kernel::v1::ROLE_PH) {  // not whom the review is about
    return Refuse(RefusalCode::kNotAllowed, "NOT_ALLOWED");
  }
  if (!NobodyLeft(state)) return Refuse(RefusalCode::kGuard, "PETITIONERS_REMAIN");
  if (auto refusal = CheckProof(request.proof_sha256())) return Decision::Refuse(*std::move(refusal));
  Decision decision;
  auto* terminated = decision.Emit()->mutable_terminated();
  terminated->set_ground(v1::NO_SUCCESSOR);
  terminated->set_proof_sha256(request.proof_sha256());
  ClockChanges clocks(state, ask.reference, ask.ctx.now_ms);
  clocks.EndAll();
  return With(std::move(decision), clocks);
}

bool EndsInSilence(std::string_view policy_id, const v1::State& state) {
  return state.type() == v1::REQUEST && policy_id == PeriodOf(state.status()) && NobodyLeft(state);
}

Decision EndInSilence(std::string_view policy_id, const Ask& ask) {
  Decision decision;
  decision.Emit()->mutable_terminated()->set_ground(v1::SUCCESSOR_SILENT);
  ClockChanges clocks(ask.state, ask.reference, ask.ctx.now_ms);
  clocks.Cancel(policy_id);  // it ended with the period, as the law says; nobody was late
  clocks.EndAll();
  return With(std::move(decision), clocks);
}

}  // namespace petition
