#include "services/mediation/domain/papers.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "services/kernel/document_mark.h"
#include "services/mediation/domain/limits.h"
#include "services/reference/kept.h"

namespace mediation {
namespace {

using v1::Command;
using Papers = std::vector<v1::ReferredPaper>;

void Add(v1::FormKind form, const std::string& sha256, const std::string& party_id, Papers* papers) {
  if (sha256.empty()) return;
  auto& paper = papers->emplace_back();
  paper.set_form(form);
  paper.set_sha256(sha256);
  paper.set_party_id(party_id);
}

void Add(v1::FormKind form, const google::protobuf::RepeatedPtrField<v1::PartyConsent>& consents, Papers* papers) {
  for (const auto& consent : consents) Add(form, consent.proof_sha256(), consent.party_id(), papers);
}

// A paper that is filed, a receipt and the papers of a confirmation stand in the case itself.
Papers PapersOf(const Command& command) {
  Papers papers;
  switch (command.body_case()) {
    case Command::kReceiveReferral:  // both sides of a petition agreed before it was handed over
      Add(v1::F1_APPLICATION_OR_REGISTER, command.receive_referral().consent_proof_sha256(), "", &papers);
      break;
    case Command::kRecordConsent:  // 自愿申请调解: said with the application, or signed on the register
      Add(v1::F1_APPLICATION_OR_REGISTER, command.record_consent().proof_sha256(), command.record_consent().party_id(),
          &papers);
      break;
    case Command::kSign:
      Add(v1::F8_AGREEMENT, command.sign().proof_sha256(), command.sign().party_id(), &papers);
      break;
    case Command::kSeal:
      Add(v1::F8_AGREEMENT, command.seal().proof_sha256(), "", &papers);
      break;
    case Command::kTransferUp:  // the court's letter lies beside what says where the case came from
      Add(v1::F1_APPLICATION_OR_REGISTER, command.transfer_up().court_consent().document_sha256(), "", &papers);
      break;
    case Command::kReportBreach:  // what the debtor wrote, beside the records of the visits
      Add(v1::F10_VISITS, command.report_breach().repudiation().proof_sha256(), "", &papers);
      break;
    // What both sides agreed to on the way belongs to the record of the mediation.
    case Command::kDecideRecusal:
      Add(v1::F7_SESSION_RECORD, command.decide_recusal().consent(), &papers);
      break;
    case Command::kPause:
      Add(v1::F7_SESSION_RECORD, command.pause().consent(), &papers);
      break;
    case Command::kExtend:
      Add(v1::F7_SESSION_RECORD, command.extend().consent(), &papers);
      break;
    case Command::kRemediate:
      Add(v1::F7_SESSION_RECORD, command.remediate().consent(), &papers);
      break;
    case Command::kComplete:  // both declare that nothing is owed any more
      Add(v1::F9_RECEIPTS, command.complete().consent(), &papers);
      break;
    default:
      break;
  }
  return papers;
}

}  // namespace

std::optional<kernel::Refusal> KeepPapers(const Command& command, const Ask& ask, Decision* decision) {
  if (decision->refusal || decision->events.empty()) return std::nullopt;
  Papers papers = PapersOf(command);
  if (ask.state.paper_size() + static_cast<int>(papers.size()) > kPapersMax) {
    return Why(kernel::RefusalCode::kLimit, "TOO_LONG");
  }
  for (auto& paper : papers) {
    paper.set_by_user_id(ask.ctx.actor->user_id());
    *decision->events.front().event.add_paper() = std::move(paper);
  }
  return std::nullopt;
}

Received ReceivedBy(kernel::Lookup<v1::State>& lookup, std::string case_id) {
  return [&lookup, case_id = std::move(case_id)](std::string_view sha256) {
    return HasCome(lookup.Find(reference::DocumentId(sha256)), sha256, case_id);
  };
}

bool HasCome(const v1::State* known, std::string_view sha256, std::string_view case_id) {
  return known != nullptr && known->has_kept_document() &&
         kernel::IsKeptFor(known->kept_document(), kernel::MatterMark(sha256, "mediation", case_id));
}

}  // namespace mediation
