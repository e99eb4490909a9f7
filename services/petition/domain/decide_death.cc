// A petitioner died, or ended as an organisation (山东 46(4)): it is recorded, and handling goes on. Whoever takes over
// rights and duties may ask to go on in the dead one's place. Where nobody takes over, a person who has looked says so;
// where nobody has asked when the period of handling is over, the petition ends with it. Neither end binds a successor:
// one who comes later registers a petition anew.
//
// Who is dead, who takes over and that nobody does is the petition office's to say and the reviewing body's, never the
// unit's: the end would be its own. And what ends rests on proofs of the deaths that are here (`media.kept`): a digest
// alone shows nothing. What a command names for the first time cannot be here yet, as media tells of bytes only what a
// petition refers to; so the paper of the end itself is awaited like others.
#include <algorithm>

#include "services/petition/domain/decide.h"
#include "services/petition/domain/people.h"
#include "services/reference/kept.h"

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

// Whether the bytes of every proof of death have come.
bool DeathsShown(const Ask& ask) {
  return std::ranges::all_of(ask.state.petitioner(), [&](const v1::Petitioner& one) {
    const std::string& sha256 = one.death_proof_sha256();
    const v1::State* known = ask.ctx.lookup->Find(reference::DocumentId(sha256));
    return HasCome(known, sha256, ask.ctx.aggregate_id) ||
           (!one.copy_id().empty() && HasCome(known, sha256, one.copy_id()));
  });
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
  if (!NobodyLeft(state)) return Refuse(RefusalCode::kGuard, "PETITIONERS_REMAIN");
  if (auto refusal = CheckProof(request.proof_sha256())) return Decision::Refuse(*std::move(refusal));
  if (!DeathsShown(ask)) return Refuse(RefusalCode::kGuard, "DEATH_PAPER_AWAITED", "petitioner.death_proof_sha256");
  Decision decision;
  auto* terminated = decision.Emit()->mutable_terminated();
  terminated->set_ground(v1::NO_SUCCESSOR);
  terminated->set_proof_sha256(request.proof_sha256());
  ClockChanges clocks(state, ask.reference, ask.ctx.now_ms);
  clocks.EndAll();
  return With(std::move(decision), clocks);
}

bool EndsInSilence(std::string_view policy_id, const Ask& ask) {
  const v1::State& state = ask.state;
  const bool period = state.type() == v1::REQUEST && policy_id == PeriodOf(state.status());
  return period && NobodyLeft(state) && DeathsShown(ask);
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
