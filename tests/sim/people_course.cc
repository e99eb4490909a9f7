// The longer course of a mediation: recusal, pauses, extensions, danger, the committee above; and what follows an
// agreement: performance, visits, breach, mediating anew, the court's confirmation, completion, the archive.

#include <absl/strings/str_cat.h>
#include <absl/strings/substitute.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "services/mediation/domain/file_index.h"
#include "tests/sim/actors.h"
#include "tests/sim/city.h"

namespace sim {
namespace {

using absl::StrCat;
using absl::Substitute;
using kernel::v1::Actor;
using namespace mediation::v1;  // NOLINT: names of statuses

constexpr int64_t kDayMs = 86'400'000;

Actor Registrar(const City::Case& state) {
  return As(kernel::v1::ROLE_MR, state.committee_org(), state.committee_area(), "mr");
}
Actor Chair(const City::Case& state) {
  return As(kernel::v1::ROLE_MD, state.committee_org(), state.committee_area(), state.chair_user_id());
}
Actor Committee(const City::Case& state) {
  return As(kernel::v1::ROLE_MC, state.committee_org(), state.committee_area(), "mc");
}
// The county has committees of trades only: of any other trade's dispute the nearest one has to say no.
std::string CommitteeOfTrade(const City::Case& state) {
  const std::string& type = state.dispute_type();
  const bool labour = type == "D10" || type == "D11";
  return absl::StrCat("371403-committee-", labour ? "labour" : type == "D16" ? "traffic" : "medical");
}
Actor CourtLiaison() { return As(kernel::v1::ROLE_CT, "371403-court", kCounty, "court"); }

std::string PreChecks() {
  std::string text;
  for (int item = NOT_A_COURT_MATTER; item <= UNCLEAR_CONTENT; ++item)
    absl::StrAppend(&text, "precheck { item: ", PreCheckItem_Name(static_cast<PreCheckItem>(item)),
                    " clear: true } ");
  return text;
}

}  // namespace

std::string City::Consents(const Case& state) {
  std::string text;
  for (const auto& party : state.party())
    absl::StrAppend(&text, "consent { party_id: '", party.party_id(), "' proof_sha256: '", Scan(), "' ",
                    ConsentsAs(party), " } ");
  return text;
}

City::Maybe City::TakeCourse(const Case& state) {
  const int64_t now = world_.clock.NowMs();
  const uint64_t die = world_.random.Below(100);
  if (!state.recusal().empty() && die < 15) {
    return Step{Committee(state), Substitute("decide_recusal { mediator_user_id: '$0' outcome: $1 reason: '查无' $2 }",
                                             state.recusal(0).mediator_user_id(), Pick({"WAIVED", "GROUNDLESS"}),
                                             Consents(state))};
  }
  if (!state.recusal().empty() && die < 70) {
    return Step{Committee(state),
                Substitute("replace_mediator { chair_user_id: '$0' recusal_checked: true reason: '申请回避' }",
                           Named({"mediator-3", "mediator-4", "mediator-5", "mediator-6", "mediator-7"}))};
  }
  if (die < 20) {
    return Step{Registrar(state),
                Substitute("request_recusal { party_id: 'p2' mediator_user_id: '$0' ground: KINSHIP }",
                           state.chair_user_id())};
  }
  if (die < 45) {
    return Step{Committee(state), Substitute("pause { ground: $0 expected_end_at_ms: $1 $2 }",
                                             Pick({"APPRAISAL", "APPRAISAL", "BOTH_ASK"}),
                                             now + static_cast<int64_t>(1 + world_.random.Below(12)) * kDayMs,
                                             Consents(state))};
  }
  if (die < 70) {
    const bool months = state.dispute_type() != "D15" && state.kind() == PEOPLE && Chance(0.6);
    return Step{Chair(state), Substitute("extend { by { amount: $0 unit: $1 } reason: '双方同意' $2 }",
                                         months ? 1 : 1 + world_.random.Below(10),
                                         months                          ? "MO"
                                         : state.dispute_type() == "D15" ? "WD"
                                                                         : "D",
                                         Consents(state))};
  }
  if (die < 82) {
    return Step{Chair(state),
                Substitute("report_risk { ground: $0 facts: '$1' measures: '$1' informed { kind: POLICE "
                           "how: '电话' } }",
                           Pick({"VIOLENCE", "CROWD"}), Words("激化"))};
  }
  const std::string above = state.committee_level() <= 2 ? state.committee_area().substr(0, 9) + "-committee"
                                                         : CommitteeOfTrade(state);
  // A court's case goes on when the court has agreed; sometimes nobody asked it.
  const bool courts = state.kind() == COURT_DELEGATED || state.kind() == COURT_ENTRUSTED;
  const std::string consent =
      !courts || Chance(0.2) ? ""
      : Chance(0.5)          ? Substitute("court_consent { word: '$0' at_ms: $1 }",
                                          Pick({"立案庭电话同意", "立案庭电话同意", "同意"}), now)
                             : Substitute("court_consent { document_sha256: '$0' at_ms: $1 }", Scan(), now);
  return Step{Committee(state), Substitute("transfer_up { committee_org: '$0' ground: DIFFICULT reason: '疑难' $1 }",
                                           above, consent)};
}

City::Maybe City::WhilePaused(const Case& state) {
  if (Chance(0.6)) return std::nullopt;  // the appraisal takes its time
  return Step{Committee(state), "resume { remark: '鉴定完成' }"};
}

City::Maybe City::FollowThrough(const Case& state) {
  const uint64_t die = world_.random.Below(100);
  if (state.confirmation() == APPLIED || state.confirmation() == FILED) {
    if (die < 40) return std::nullopt;
    const std::string result = Pick({"FILED", "CONFIRMED", "CONFIRMED", "REJECTED", "WITHDRAWN"});
    return Step{CourtLiaison(),
                Substitute("record_confirmation { result: $0 case_no: '1' ruling_no: '2' ground: $1 }",
                           result, result == "REJECTED" ? "UNCLEAR_CONTENT" : "PRE_CHECK_ITEM_UNSPECIFIED")};
  }
  const bool broken = std::ranges::any_of(
      state.promise(), [](const Promise& promise) { return promise.state() == BREACHED; });
  if (broken && Chance(0.2))
    return Step{Chair(state), Substitute("remediate { reason: '重新协商' $0 }", Consents(state))};
  if (die < 18) {
    return Step{Chair(state), Substitute("follow_up { visit { mode: BY_PHONE party_id: 'p1' finding: '$0' "
                                         "satisfaction: 4 } }",
                                         Words("回访"))};
  }
  if (die < 42) {
    return Step{Chair(state), Substitute("perform { clause_no: 1 amount_fen: $0 receipt_sha256: '$1' }",
                                         Chance(0.5) ? 5000 : 2000, Scan())};
  }
  if (die < 52) {  // on the day, or before it by what the debtor says: whoever enters it may be wrong about that
    const std::string said =
        Chance(0.4) ? Substitute("repudiation { party_id: 'p2' kind: $0 how_known: '$1' proof_sha256: '$2' }",
                                 Pick({"SAID_PLAINLY", "SHOWN_BY_CONDUCT"}), Words("明确表示不付"), Scan())
                    : "";
    return Step{Chair(state),
                Substitute("report_breach { clause_no: 1 finding: '$0' persuasion: '$0' way_told: LAWSUIT $1 }",
                           Words("未履行"), said)};
  }
  if (die < 72) {
    return Step{
        Registrar(state),
        Substitute(
            "apply_confirmation { kind: $0 forum: '人民法院' forum_org: '371403-court' application_sha256: "
            "'$1' agreement_sha256: '$1' presided_proof_sha256: '$1' contacts_given: true $2 $3 }",
            Pick({"COURT", "COURT", "NOTARY"}), Scan(), Consents(state), PreChecks())};
  }
  if (die < 76 && state.confirmation() == REJECTED) {
    return Step{Committee(state),
                "end { reason: E05_TOO_FAR_APART remedy: JUDICIAL where_to_go: '法院' notice_how: '书面' }"};
  }
  return Step{Committee(state),
              Substitute("complete { outcome: $0 taken_over_case_no: '$2' $1 }",
                         Pick({"ALL_PERFORMED", "ALL_PERFORMED", "BY_LAWSUIT", "DECLARED_SETTLED"}),
                         Consents(state), Chance(0.9) ? "（2026）鲁1403民初3号" : "3")};
}

// Whoever closes the file does what its checklist says, or closes it with a reason, or tries too early.
City::Maybe City::CloseFile(const std::string& id, const Case& state) {
  const FileIndex index =
      mediation::FileIndexOf(state, [&](std::string_view sha256) { return HasCome(sha256, id); });
  if (index.complete() || Chance(0.2)) {
    return Step{Committee(state), StrCat("archive { volume_title: '纠纷卷' retention: TEN_YEARS ",
                                         Chance(0.3) ? "why_incomplete: '当事人已外出，多次联系未果' }" : "}")};
  }
  std::vector<std::pair<FormKind, FileTask>> tasks;
  for (const auto& line : index.line()) {
    for (const auto& task : line.task()) tasks.emplace_back(line.form(), task);
  }
  if (tasks.empty()) return std::nullopt;
  const auto& [form, task] = tasks[world_.random.Below(tasks.size())];
  if (task.kind() == UPLOAD_PAPER) {
    Upload(task.sha256());
    return std::nullopt;
  }
  if (task.kind() == RECORD_STEP) return std::nullopt;
  return Step{Registrar(state), Substitute("file_document { form: $0 sha256: '$1' title: '扫描件' party_id: '$2' }",
                                           FormKind_Name(form), Scan(), task.party_id())};
}

}  // namespace sim
