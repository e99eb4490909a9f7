// P27: a petition ends when all who petition withdraw, and goes on for the others when some of them do. Who came with a
// copy that is sealed (Art. 30) leaves by the same event, entered by a clerk as a withdrawal is: whoever reads the
// original cannot tell which of both it was.
#include <algorithm>
#include <string>
#include <utility>

#include "services/petition/domain/decide.h"
#include "services/petition/domain/limits.h"
#include "services/petition/domain/people.h"

namespace petition {
namespace {

using kernel::RefusalCode;

bool Holds(const auto& ids, const std::string& id) { return std::ranges::find(ids, id) != ids.end(); }

// Those named in the request, or, of a petitioner who names nobody, the petitioner. An agent of several says for whom.
std::optional<kernel::Refusal> FindNamed(const v1::WithdrawRequest& request, const Ask& ask, Leavers* out) {
  const bool online = ask.who.role == kernel::v1::ROLE_PUB;
  for (int i = 0; i < request.petitioner_id_size(); ++i) {
    const std::string& id = request.petitioner_id(i);
    const auto& named = ask.state.petitioner();
    const auto at = std::ranges::find(named, id, &v1::Petitioner::petitioner_id);
    if (at == named.end() || (online && !SpeaksFor(*at, ask))) {
      return Why(RefusalCode::kInvalid, "UNKNOWN_PETITIONER", "petitioner_id[" + std::to_string(i) + "]");
    }
    if (!Holds(out->petitioner_id, id)) out->petitioner_id.push_back(id);
  }
  if (!online || !out->petitioner_id.empty()) return std::nullopt;
  std::vector<std::string> spoken_for;
  for (const auto& one : ask.state.petitioner()) {
    if (one.person().user_id() == ask.ctx.actor->user_id()) out->petitioner_id.push_back(one.petitioner_id());
    if (SpeaksFor(one, ask)) spoken_for.push_back(one.petitioner_id());
  }
  if (!out->petitioner_id.empty()) return std::nullopt;
  if (spoken_for.size() != 1) return Why(RefusalCode::kInvalid, "VALUE_NEEDED", "petitioner_id");
  out->petitioner_id = std::move(spoken_for);
  return std::nullopt;
}

// The copies (or "") nobody is left of: who acts for these acts for nobody here any more.
void AddDeserted(const v1::State& state, Leavers* out) {
  for (const auto& leaver : state.petitioner()) {
    if (!Holds(out->petitioner_id, leaver.petitioner_id()) || Holds(out->copy_id, leaver.copy_id())) continue;
    const bool stays = std::ranges::any_of(state.petitioner(), [&](const v1::Petitioner& one) {
      return one.copy_id() == leaver.copy_id() && !Holds(out->petitioner_id, one.petitioner_id());
    });
    const bool unnamed_stay = std::ranges::any_of(state.unnamed(), [&](const v1::UnnamedOfCopy& one) {
      return one.copy_id() == leaver.copy_id() && one.count() > out->unnamed;
    });
    if (!stays && !unnamed_stay) out->copy_id.push_back(leaver.copy_id());
  }
}

// Who leaves; nobody, if all of them do, and the petition ends.
std::optional<kernel::Refusal> FindLeavers(const v1::WithdrawRequest& request, const Ask& ask, Leavers* out) {
  const v1::State& state = ask.state;
  const bool online = ask.who.role == kernel::v1::ROLE_PUB;
  if (request.unnamed() < 0 || request.unnamed() > (online ? 0 : UnnamedIn(state)))
    return Why(RefusalCode::kInvalid, "UNNAMED_LEAVE", "unnamed");
  if (auto refusal = FindNamed(request, ask, out)) return refusal;
  out->unnamed = request.unnamed();
  if (!out->any()) return std::nullopt;  // what a clerk enters, all of them have signed
  const bool one_stays = static_cast<int>(out->petitioner_id.size()) < state.petitioner_size();
  const bool others_stay = out->unnamed < UnnamedIn(state);
  if (online && !one_stays && others_stay) return Why(RefusalCode::kGuard, "OTHERS_ASK_TOO", "petitioner_id");
  if (one_stays || others_stay) {  // of those whom nobody names a clerk knows that they stay
    AddDeserted(state, out);
  } else {
    *out = {};
  }
  return std::nullopt;
}

// Whether what came as `copy_id` into the original came in by way of `sealed`: it is that copy, or a copy of it.
bool CameBy(const std::string& sealed, std::string copy_id, const std::string& original_id, const Ask& ask) {
  for (int hop = 0; hop < kMergeHopsMax && !copy_id.empty() && copy_id != original_id; ++hop) {
    if (copy_id == sealed) return true;
    const v1::State* copy = ask.ctx.lookup->Find(copy_id);
    copy_id = copy == nullptr ? std::string() : std::string(copy->primary_id());
  }
  return false;
}

Leavers CameWithSealed(const v1::State& original, const std::string& original_id, const Ask& ask) {
  const std::string sealed(ask.ctx.aggregate_id);
  Leavers leavers;
  const auto came = [&](const std::string& copy_id) {
    if (Holds(leavers.copy_id, copy_id)) return true;
    if (copy_id.empty() || !CameBy(sealed, copy_id, original_id, ask)) return false;
    leavers.copy_id.push_back(copy_id);
    return true;
  };
  for (const auto& one : original.petitioner()) {
    if (came(one.copy_id())) leavers.petitioner_id.push_back(one.petitioner_id());
  }
  for (const auto& agent : original.agent()) came(agent.copy_id());
  for (const auto& unnamed : original.unnamed()) {
    if (came(unnamed.copy_id())) leavers.unnamed += unnamed.count();
  }
  leavers.unnamed = std::min(leavers.unnamed, UnnamedIn(original));
  return leavers;
}

// Nobody is left who petitions: as when the last one withdraws.
void End(const v1::State& original, const std::string& original_id, const Ask& ask, Decision* decision) {
  auto* event = decision->EmitTo(original_id);
  event->mutable_withdrawn();
  ClockChanges clocks(original, ask.reference, ask.ctx.now_ms);
  clocks.EndAll();
  clocks.WriteTo(event);
  if (!HandedToMediation(original)) return;
  decision->EmitTo(original_id)->mutable_hand_over_lapsed()->set_referral_id(original.mediation_referral_id());
}

}  // namespace

bool SpeaksFor(const v1::Petitioner& petitioner, const Ask& ask) {
  const std::string& user = ask.ctx.actor->user_id();
  if (user.empty()) return false;
  return petitioner.person().user_id() == user || std::ranges::any_of(ask.state.agent(), [&](const v1::Agent& agent) {
           return agent.person().user_id() == user && agent.copy_id() == petitioner.copy_id();
         });
}

v1::PeopleLeft LeftBy(const Leavers& leavers, const v1::State& state) {
  v1::PeopleLeft left;
  for (const std::string& id : leavers.petitioner_id) left.add_petitioner_id(id);
  for (const std::string& id : leavers.copy_id) left.add_copy_id(id);
  const int leaving = static_cast<int>(leavers.petitioner_id.size());
  const int stay = state.petitioner_size() - leaving;
  // The count may be lower than the names: a clerk knew two entries to be one person.
  left.set_petitioner_count(std::max(state.petitioner_count() - leaving - leavers.unnamed, stay));
  return left;
}

Decision DecideWithdraw(const v1::WithdrawRequest& request, const Ask& ask) {
  // What was decided stands until those who were told give it up: a paper that staff bring might come of pressing them.
  if (ask.who.role != kernel::v1::ROLE_PUB && IsAnswered(ask.state.status())) {
    return Refuse(RefusalCode::kGuard, "WITHDRAWAL_IS_THEIRS");
  }
  if (request.statement().empty()) return Refuse(RefusalCode::kInvalid, "CONTENT_NEEDED", "statement");
  // Online it is the petitioner's own word. What a clerk enters somebody else has said, and signed.
  if (ask.who.role != kernel::v1::ROLE_PUB && request.proof_sha256().empty()) {
    return Refuse(RefusalCode::kInvalid, "WITHDRAWAL_PAPER_NEEDED", "proof_sha256");
  }
  if (!request.proof_sha256().empty()) {
    if (auto bad = CheckDigest(request.proof_sha256(), "proof_sha256")) return Decision::Refuse(*std::move(bad));
  }
  Leavers leavers;
  if (auto refusal = FindLeavers(request, ask, &leavers)) return Decision::Refuse(*std::move(refusal));
  Decision decision;
  if (leavers.any()) {  // what the others ask goes on
    auto* left = decision.Emit()->mutable_people_left();
    *left = LeftBy(leavers, ask.state);
    left->set_statement(request.statement());
    left->set_proof_sha256(request.proof_sha256());
    return decision;
  }
  auto* withdrawn = decision.Emit()->mutable_withdrawn();
  withdrawn->set_statement(request.statement());
  withdrawn->set_proof_sha256(request.proof_sha256());
  ClockChanges clocks(ask.state, ask.reference, ask.ctx.now_ms);
  clocks.EndAll();
  return With(std::move(decision), clocks);
}

Decision WithLeaving(Decision decision, const Ask& ask) {
  if (decision.refusal || ask.state.status() != v1::MERGED || Sealed(ask.state)) return decision;
  const bool seals = std::ranges::any_of(decision.events, [](const auto& emitted) {
    return emitted.aggregate_id.empty() && emitted.event.retyped().to() == v1::ACCUSATION;
  });
  if (!seals) return decision;
  std::string id = ask.state.primary_id();
  const v1::State* found = ask.ctx.lookup->Find(id);
  for (int hop = 0; hop < kMergeHopsMax && found != nullptr && found->status() == v1::MERGED; ++hop) {
    id = found->primary_id();
    found = ask.ctx.lookup->Find(id);
  }
  // Once the answer is out the unit reads nobody who came with a copy, sealed or not; what they were told is theirs.
  if (found == nullptr || Sealed(*found) || !IsInFirstHandling(*found)) return decision;
  const v1::State original = *found;  // looking for others may move it
  const Leavers leavers = CameWithSealed(original, id, ask);
  if (!leavers.any()) return decision;
  const v1::PeopleLeft left = LeftBy(leavers, original);
  const bool nobody = original.intake_complete() && left.petitioner_count() == 0;
  if (nobody) {
    End(original, id, ask, &decision);
  } else {
    *decision.EmitTo(id)->mutable_people_left() = left;
  }
  return decision;
}

}  // namespace petition
