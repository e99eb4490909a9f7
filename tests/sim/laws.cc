#include "tests/sim/laws.h"

namespace sim {

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
  CheckLogs(evidence, books, &broken);
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
  CheckNewcomer(books, &broken);
  CheckPetitionCounts(evidence.city, books, &broken);
  CheckGrading(evidence.city, books, &broken);
  CheckInspections(books, &broken);
  CheckInstructions(evidence.city, books, &broken);
  CheckOverlays(books, &broken);
  CheckWarnings(books, &broken);
  CheckSecrets(evidence, books, &broken);
  CheckDrained(evidence, books, &broken);
  return broken;
}

}  // namespace sim
