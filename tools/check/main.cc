// fengqiao-check DATA_DIR [--caught-up|--rejoin] [--sealing-key FILE]
//
// Is what the services of a stopped installation have on disk true?
//
// Of each service: the chains of its log hold; no request and no notice had its effect twice; states, indexes, timers,
// tallies and counters are what a replay of the log makes of it; the search index holds what the states say. Between
// them: every notice was heard, in the same history; reference data, oversight's picture and referrals say the same on
// both sides; and every document that a service was told of lies in media's store.
//
// --rejoin: lets restored services follow each other again, if they come from one backup (rejoin.h). The one call that
// changes anything.
// --sealing-key: of accusations, if it does not lie in DATA_DIR/../keys/petition.sealing. The services' master keys are
// looked for in that folder; without them the search indexes are not compared.
// --caught-up: a notice that was not heard yet is an error too. Exit: 0 all true, 1 not (standard error says
// what), 2 wrong arguments. Keeps all states of one service in memory at a time.

#include <absl/strings/str_cat.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/status_macros.h"
#include "services/directory/domain/directory.h"
#include "services/incident/domain/incident.h"
#include "services/incident/searched.h"
#include "services/incident/subscriptions.h"
#include "services/kernel/replay.h"
#include "services/media/domain/media.h"
#include "services/media/subscriptions.h"
#include "services/mediation/domain/mediation.h"
#include "services/mediation/searched.h"
#include "services/mediation/subscriptions.h"
#include "services/notify/domain/notify.h"
#include "services/notify/subscriptions.h"
#include "services/oversight/domain/oversight.h"
#include "services/oversight/subscriptions.h"
#include "services/petition/domain/petition.h"
#include "services/petition/searched.h"
#include "services/petition/subscriptions.h"
#include "services/rpc/sealed_vault.h"
#include "storage/log_check.h"
#include "tools/check/agreement.h"
#include "tools/check/documents.h"
#include "tools/check/ledger.h"
#include "tools/check/rejoin.h"
#include "tools/check/searched.h"

namespace check {
namespace {

template <kernel::Domain D>
absl::StatusOr<Ledger> CheckAlone(const std::string& data_dir, Problems* problems,
                                  const kernel::Sealer* sealer = nullptr) {
  const std::string service(D::kService);
  ASSIGN_OR_RETURN(Ledger ledger, ReadLedger(data_dir + "/" + service, service, problems));
  ASSIGN_OR_RETURN(const auto chains, storage::CheckLog(*ledger.kv));
  if (chains.first_bad_seq != 0)
    problems->Add(absl::StrCat(service, ": log entry ", chains.first_bad_seq, ": ", chains.problem));
  ASSIGN_OR_RETURN(const auto replay, kernel::Replay<D>::Run(*ledger.kv, sealer));
  ledger.sealer = sealer;
  ASSIGN_OR_RETURN(const auto difference, replay.Compare(*ledger.kv));
  if (difference) problems->Add(absl::StrCat(service, ": is not what its log says: ", difference->Text()));
  std::printf("%-9s  %llu entries, %llu matters and other things, %llu requests; %s its replay\n",
              service.c_str(), static_cast<unsigned long long>(replay.entries()),
              static_cast<unsigned long long>(chains.matters), static_cast<unsigned long long>(ledger.requests),
              difference ? "NOT equal to" : "equal to");
  return ledger;
}

absl::Status CheckPair(const Ledger& source, const Ledger& consumer, const kernel::Subscriptions& subscriptions,
                       bool caught_up, Problems* problems) {
  ASSIGN_OR_RETURN(const Heard heard, CompareStream(source, consumer, subscriptions, problems));
  std::printf("%-9s hears %-9s  %llu of %llu entries; %llu notices: %llu with effect, %llu without\n",
              consumer.service.c_str(), source.service.c_str(), static_cast<unsigned long long>(heard.cursor),
              static_cast<unsigned long long>(heard.head), static_cast<unsigned long long>(heard.notices),
              static_cast<unsigned long long>(heard.had_effect),
              static_cast<unsigned long long>(heard.without_effect));
  if (caught_up && heard.unheard > 0) {
    problems->Add(absl::StrCat(consumer.service, " hears ", source.service, ": ", heard.unheard,
                               " notices were not heard yet"));
  }
  return absl::OkStatus();
}

// The key of sealed matters; null: it is not where it is looked for, a problem only if something is sealed.
absl::StatusOr<std::unique_ptr<rpc::SealedStates>> SealerFrom(const std::string& file) {
  if (!std::filesystem::exists(file)) return std::unique_ptr<rpc::SealedStates>();
  ASSIGN_OR_RETURN(const std::string key, rpc::Vault::ReadKeyFile(file));
  return std::make_unique<rpc::SealedStates>(rpc::CipherProfile::kAesGcm, key);
}

template <kernel::Domain D>
using MakeDescribe = search::Describe<D>(std::shared_ptr<const search::Terms>, const rpc::Vault*,
                                         const storage::View*);

template <kernel::Domain D>
absl::Status CheckSearch(const Ledger& ledger, const std::string& data_dir, MakeDescribe<D> describe,
                         Problems* problems) {
  const std::string key_file = absl::StrCat(data_dir, "/../keys/", ledger.service, ".master");
  if (!std::filesystem::exists(key_file)) {
    std::printf("%-9s  search index not compared: no %s\n", ledger.service.c_str(), key_file.c_str());
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const rpc::Vault vault, rpc::Vault::FromFile(rpc::CipherProfile::kAesGcm, key_file));
  const auto terms = std::make_shared<const search::Terms>(vault.Fingerprint(search::kKeyOf));
  return CompareSearch<D>(ledger, absl::StrCat(data_dir, "/", ledger.service, "/search"), terms,
                          describe(terms, &vault, ledger.kv.get()), problems);
}

absl::Status CheckDocuments(const Ledger& media, const std::string& data_dir, const Ledger& incident,
                            const Ledger& mediation, const Ledger& petition, Problems* problems) {
  ASSIGN_OR_RETURN(const Documents documents, CompareDocuments(media, absl::StrCat(data_dir, "/media/blobs"), incident,
                                                               mediation, petition, problems));
  std::printf("%llu documents in media; services were told of %llu; %zu are referred to and never came\n",
              static_cast<unsigned long long>(documents.kept), static_cast<unsigned long long>(documents.believed),
              documents.awaited.size());
  return absl::OkStatus();
}

absl::Status CheckAll(const std::string& data_dir, bool caught_up, const std::string& sealing_key_file,
                      Problems* problems) {
  ASSIGN_OR_RETURN(const auto sealer, SealerFrom(sealing_key_file));
  ASSIGN_OR_RETURN(const Ledger directory, CheckAlone<directory::DirectoryDomain>(data_dir, problems));
  ASSIGN_OR_RETURN(const Ledger incident, CheckAlone<incident::IncidentDomain>(data_dir, problems));
  ASSIGN_OR_RETURN(const Ledger mediation, CheckAlone<mediation::MediationDomain>(data_dir, problems));
  ASSIGN_OR_RETURN(const Ledger oversight, CheckAlone<oversight::OversightDomain>(data_dir, problems));
  ASSIGN_OR_RETURN(const Ledger petition, CheckAlone<petition::PetitionDomain>(data_dir, problems, sealer.get()));
  ASSIGN_OR_RETURN(const Ledger media, CheckAlone<media::MediaDomain>(data_dir, problems));
  ASSIGN_OR_RETURN(const Ledger notify, CheckAlone<notify::NotifyDomain>(data_dir, problems));
  RETURN_IF_ERROR(CheckDocuments(media, data_dir, incident, mediation, petition, problems));
  RETURN_IF_ERROR(CheckSearch<incident::IncidentDomain>(incident, data_dir, incident::Describe, problems));
  RETURN_IF_ERROR(CheckSearch<mediation::MediationDomain>(mediation, data_dir, mediation::Describe, problems));
  RETURN_IF_ERROR(CheckSearch<petition::PetitionDomain>(petition, data_dir, petition::Describe, problems));
  const auto by_media = media::Subscriptions();
  const auto by_notify = notify::Subscriptions();
  const auto by_incident = incident::Subscriptions();
  const auto by_mediation = mediation::Subscriptions();
  const auto by_oversight = oversight::Subscriptions();
  const auto by_petition = petition::Subscriptions();
  for (const Ledger* source : {&directory, &mediation, &oversight, &petition})
    RETURN_IF_ERROR(CheckPair(*source, incident, by_incident, caught_up, problems));
  for (const Ledger* source : {&directory, &incident, &media, &oversight, &petition})
    RETURN_IF_ERROR(CheckPair(*source, mediation, by_mediation, caught_up, problems));
  for (const Ledger* source : {&directory, &incident, &media, &mediation})
    RETURN_IF_ERROR(CheckPair(*source, petition, by_petition, caught_up, problems));
  for (const Ledger* source : {&directory, &incident, &mediation, &petition})
    RETURN_IF_ERROR(CheckPair(*source, oversight, by_oversight, caught_up, problems));
  for (const Ledger* source : {&directory, &incident, &mediation, &petition})
    RETURN_IF_ERROR(CheckPair(*source, media, by_media, caught_up, problems));
  for (const Ledger* source : {&directory, &incident, &mediation, &oversight, &petition})
    RETURN_IF_ERROR(CheckPair(*source, notify, by_notify, caught_up, problems));
  RETURN_IF_ERROR(CompareReference(directory, incident, by_incident, problems));
  RETURN_IF_ERROR(CompareReference(directory, mediation, by_mediation, problems));
  RETURN_IF_ERROR(CompareReference(directory, oversight, by_oversight, problems));
  RETURN_IF_ERROR(CompareReference(directory, petition, by_petition, problems));
  RETURN_IF_ERROR(CompareStandings(incident, oversight, problems));
  RETURN_IF_ERROR(CompareStandings(mediation, oversight, problems));
  RETURN_IF_ERROR(CompareStandings(petition, oversight, problems));
  ASSIGN_OR_RETURN(const uint64_t handed_over, CompareReferrals(incident, mediation, problems));
  ASSIGN_OR_RETURN(const uint64_t handed_on, ComparePetitionReferrals(petition, mediation, problems));
  ASSIGN_OR_RETURN(const uint64_t petitions, CompareHandedPetitions(incident, petition, problems));
  std::printf("%llu matters and %llu petitions were handed to mediation, %llu matters to the petition office\n",
              static_cast<unsigned long long>(handed_over), static_cast<unsigned long long>(handed_on),
              static_cast<unsigned long long>(petitions));
  return absl::OkStatus();
}

absl::Status RejoinAll(const std::string& data_dir, Problems* problems) {
  std::vector<Ledger> ledgers;
  for (const char* service : {"directory", "incident", "mediation", "oversight", "petition", "media", "notify"}) {
    ASSIGN_OR_RETURN(Ledger ledger, ReadLedger(absl::StrCat(data_dir, "/", service), service, problems));
    ledgers.push_back(std::move(ledger));
  }
  ASSIGN_OR_RETURN(const uint64_t changed, Rejoin(data_dir, std::move(ledgers), problems));
  std::printf("%llu streams go on where the backup left them\n", static_cast<unsigned long long>(changed));
  return absl::OkStatus();
}

}  // namespace
}  // namespace check

int main(int argc, char** argv) {
  std::vector<std::string> args(argv + 1, argv + argc);
  std::string how, sealing_key_file;
  bool good = !args.empty();
  for (size_t i = 1; i < args.size() && good; ++i) {
    if (args[i] == "--sealing-key" && i + 1 < args.size()) {
      sealing_key_file = args[++i];
    } else {
      good = how.empty() && (args[i] == "--caught-up" || args[i] == "--rejoin");
      how = args[i];
    }
  }
  if (!good) {
    std::fputs("usage: fengqiao-check DATA_DIR [--caught-up|--rejoin] [--sealing-key FILE]\n"
               "DATA_DIR: of a stopped installation\n", stderr);
    return 2;
  }
  if (sealing_key_file.empty()) sealing_key_file = args[0] + "/../keys/petition.sealing";
  check::Problems problems;
  const absl::Status status = how == "--rejoin"
                                  ? check::RejoinAll(args[0], &problems)
                                  : check::CheckAll(args[0], how == "--caught-up", sealing_key_file, &problems);
  if (!status.ok()) problems.Add(std::string(status.message()));
  for (const std::string& text : problems.shown()) std::fprintf(stderr, "%s\n", text.c_str());
  if (problems.count() == 0) return 0;
  std::fprintf(stderr, "不一致 / not true: %zu problems\n", problems.count());
  return 1;
}
