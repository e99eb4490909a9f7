#pragma once
// The seven laws of ARCHITECTURE.md, checked from outside after a run: against the databases as they lie there,
// each by a way of its own. Each text begins with the law it is about.
//
//   1 law_log.cc       acknowledged = in the log once, in order; what is stored = what the log makes of it
//   2 law_notices.cc   each notice in its publisher's log had exactly one effect of the right kind at each hearer
//     law_papers.cc: who waits for a paper hears that it came, once; no file is closed before
//   3 law_clocks.cc    each clock that came due said so once or was withdrawn; somebody answers for every open matter
//     law_statute_petition.cc, law_statute_mediation.cc: and is due on the day the statutes give, read a second time
//     law_named.cc: nobody is named to mediate, to lead or to receive who did not hold the post
//   4 law_counts.cc    one code is one matter; counters, lists and lights equal a recount by brute force
//     law_counts_petition.cc, law_counts_oversight.cc: of petitions, and of what oversight makes of all three;
//     law_counts_figures.cc: each figure, read a second time from what the services said until the end of its period
//     law_overlays.cc: the orders of oversight that a matter shows are those that are out for it
//     law_grading.cc: every grade, freeze, publication and version, and K-24, a second time from the text of 3.6.5
//     law_inspections.cc: no finding is lost, and each feedback ends in a report or in the word that it is late
//     law_instructions.cc: what was withdrawn asks for nothing; whoever asked for what was refused hears why
//     law_warnings.cc: and each early warning that must be raised was, and climbs while nobody acknowledges it
//     law_anew.cc: and oversight begun anew in the middle of it ends with the same matters, counters and lists
//   5 law_secrets.cc   no personal value in clear anywhere but, sealed, in the vault
//   6 law_drained.cc   after the faults stop nothing is left behind
//   7 law_told.cc      who must know is told once, when they may be disturbed, and nobody else; notify begun anew ends
//                      with the same boxes
//     law_hooks.cc: so are the systems of units, by webhooks

#include <string>

#include "tests/sim/beside.h"
#include "tests/sim/books.h"
#include "tests/sim/city.h"
#include "tests/sim/ledger.h"
#include "tests/sim/told.h"
#include "tests/sim/world.h"

namespace sim {

struct Evidence {
  const World& world;
  const Ledger& ledger;
  City& city;
  Beside& beside;
  std::string log_lines;      // what the process wrote to its log
  std::string did_not_drain;  // "" or what is left
};

// The city is judged as it stands there. Then it stands still while notify tells what waits for the morning, and that
// is judged.
Broken BrokenLaws(const Evidence& evidence);

void CheckLogs(const World& world, const Ledger& ledger, const Books& books, Broken* broken);
void CheckNotices(const Books& books, Broken* broken);
void CheckPapers(const Books& books, Broken* broken);
void CheckClocks(const Books& books, Broken* broken);
void CheckPetitionStatute(const Books& books, Broken* broken);
void CheckMediationStatute(const Books& books, Broken* broken);
void CheckNamed(const Books& books, Broken* broken);
void CheckCounts(const City& city, const Books& books, Broken* broken);
void CheckOversightCounts(const City& city, const Books& books, Broken* broken);
void CheckCampaignCounts(const City& city, const Books& books, Broken* broken);
void CheckFigures(const City& city, const Books& books, Broken* broken);
void CheckNewcomer(const City& city, const Books& books, Broken* broken);
void CheckPetitionCounts(const City& city, const Books& books, Broken* broken);
void CheckGrading(const City& city, const Books& books, Broken* broken);
void CheckInspections(const Books& books, Broken* broken);
void CheckInstructions(const City& city, const Books& books, Broken* broken);
void CheckWarnings(const Books& books, Broken* broken);
void CheckOverlays(const Books& books, Broken* broken);
void CheckSecrets(const Evidence& evidence, const Books& books, Broken* broken);
// No personal value in clear and no accusation in any database of that world.
void CheckRows(const World& world, Broken* broken);
void CheckTold(const Beside& beside, const Books& books, Broken* broken);
void CheckHooks(const Beside& beside, const MustKnow& must, const Told& told, const Books& books, Broken* broken);
void CheckDrained(const Evidence& evidence, const Books& books, Broken* broken);

}  // namespace sim
