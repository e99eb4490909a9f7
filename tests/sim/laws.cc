#include "tests/sim/laws.h"

namespace sim {
namespace {

constexpr int64_t kUntilAllIsToldMs = 3 * int64_t{86'400'000};  // a night, and what a system may ask to wait

// Law 7, and for notify the others.
void JudgeBeside(const Evidence& evidence, Books* books, Broken* broken) {
  Beside& beside = evidence.beside;
  const size_t known = evidence.city.ears().leaks().size();
  if (const std::string left = beside.Settle(kUntilAllIsToldMs); !left.empty())
    broken->push_back("law 6: notify " + left);
  for (const std::string& request : beside.ledger().Unanswered()) broken->push_back("law 6: " + request);
  books->notify = ReadBook<notify::v1::State>(beside.notify().view());
  books->notify_anew = ReadBook<notify::v1::State>(beside.anew().view());
  for (const Node* node : beside.world().nodes) {
    for (const std::string& alarm : node->alarms())
      broken->push_back("law 6: the stream raised an alarm in " + node->name() + ": " + alarm);
  }
  CheckLogs(beside.world(), beside.ledger(), *books, broken);
  CheckRows(beside.world(), broken);
  CheckTold(beside, *books, broken);
  const auto& leaks = evidence.city.ears().leaks();
  for (size_t i = known; i < leaks.size(); ++i) broken->push_back("law 5: " + leaks[i]);
}

}  // namespace

Broken BrokenLaws(const Evidence& evidence) {
  Books books;
  books.now_ms = evidence.world.clock.NowMs();
  books.directory = ReadLog(evidence.city.directory().view());
  books.incident = ReadBook<incident::v1::State>(evidence.city.incident().view());
  books.media = ReadBook<media::v1::State>(evidence.city.media().view());
  books.mediation = ReadBook<mediation::v1::State>(evidence.city.mediation().view());
  books.petition = ReadBook<petition::v1::State>(evidence.city.petition().view(), evidence.city.sealer());
  books.oversight = ReadBook<oversight::v1::State>(evidence.city.oversight().view());
  books.anew = ReadBook<oversight::v1::State>(evidence.city.newcomer().view());
  Broken broken;
  CheckLogs(evidence.world, evidence.ledger, books, &broken);
  CheckNotices(books, &broken);
  CheckPapers(books, &broken);
  CheckClocks(books, &broken);
  CheckPetitionStatute(books, &broken);
  CheckMediationStatute(books, &broken);
  CheckNamed(books, &broken);
  CheckCounts(evidence.city, books, &broken);
  CheckOversightCounts(evidence.city, books, &broken);
  CheckCampaignCounts(evidence.city, books, &broken);
  CheckFigures(evidence.city, books, &broken);
  CheckNewcomer(evidence.city, books, &broken);
  CheckPetitionCounts(evidence.city, books, &broken);
  CheckGrading(evidence.city, books, &broken);
  CheckInspections(books, &broken);
  CheckInstructions(evidence.city, books, &broken);
  CheckOverlays(books, &broken);
  CheckWarnings(books, &broken);
  CheckSecrets(evidence, books, &broken);
  CheckDrained(evidence, books, &broken);
  JudgeBeside(evidence, &books, &broken);
  return broken;
}

}  // namespace sim
