#pragma once
// The simulated city: the six services of this platform that keep matters, a small county, and people who report,
// work, mediate, petition and lead, each choosing by chance among what their position lets them try. Most carry their
// matters to the end; some try what they may not: a refusal must change nothing.
//
//   city.cc              founding, what happens when, one request through the edge
//   people_incident.cc   reporters, desks, units, verifiers
//   people_mediation.cc  registrars, mediators, parties            people_course.cc   the longer course
//   people_petition.cc   petitioners, clerks, petition offices     people_review.cc   units, heads, reviewing bodies
//   people_desk.cc       leaders with cases, backlog, receptions, and everybody who tries what they may not
//   people_oversight.cc  leaders and those who report to them
//   people_papers.cc     whoever scans and uploads what others name
//   people_grading.cc    supervision and the lead units of four-colour grading
//   people_inspections.cc  supervision that inspects, and the units it looks at

#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "services/directory/domain/directory.h"
#include "services/incident/domain/incident.h"
#include "services/media/domain/media.h"
#include "services/mediation/domain/mediation.h"
#include "services/oversight/domain/oversight.h"
#include "services/petition/domain/petition.h"
#include "services/rpc/sealed_vault.h"
#include "services/rpc/vault.h"
#include "tests/sim/ears.h"
#include "tests/sim/ledger.h"
#include "tests/sim/world.h"

namespace sim {

// Made once, in nodes.cc: each is a whole service.
extern template class DomainNode<directory::DirectoryDomain>;
extern template class DomainNode<incident::IncidentDomain>;
extern template class DomainNode<media::MediaDomain>;
extern template class DomainNode<mediation::MediationDomain>;
extern template class DomainNode<petition::PetitionDomain>;
extern template class DomainNode<oversight::OversightDomain>;

inline constexpr char kTaskIds[] = "task-";  // of four-colour grading
inline constexpr char kInspectionIds[] = "inspection-";

struct CityOptions {
  std::string policy_dir = "policy";
  int villages = 6;
  int year = 2026;  // whose working calendar is known at first; the next one is announced in its December
  Sabotage sabotage = Sabotage::kNone;
};

class City {
 public:
  using Incident = incident::v1::Incident;
  using Case = mediation::v1::State;
  using Petition = petition::v1::State;

  City(World& world, Ledger& ledger, const CityOptions& options);

  // Loads calendar, policies, areas and organisations into the directory, through its queue; returns when all
  // know them.
  void Found();
  // From now on people act, on average every `pause_ms`, until `until_ms`. With `winding_down` nothing new
  // begins.
  void Live(int64_t pause_ms, int64_t until_ms, bool winding_down = false);

  // The service of that name is heard through it too.
  void AddDoor(Door* door);

  Ears& ears() { return ears_; }
  const kernel::Sealer* sealer() const { return &sealed_; }  // who judges may read accusations
  const DomainNode<directory::DirectoryDomain>& directory() const { return directory_; }
  const DomainNode<incident::IncidentDomain>& incident() const { return incident_; }
  const DomainNode<media::MediaDomain>& media() const { return media_; }
  const DomainNode<mediation::MediationDomain>& mediation() const { return mediation_; }
  const DomainNode<petition::PetitionDomain>& petition() const { return petition_; }
  const DomainNode<oversight::OversightDomain>& oversight() const { return oversight_; }
  // A second one that nobody asks anything: it begins empty in the middle of it all, and hears everything again.
  const DomainNode<oversight::OversightDomain>& newcomer() const { return newcomer_; }

 private:
  // One try: who asks for what, as the text of the service's Command.
  struct Step {
    kernel::v1::Actor actor;
    std::string text;
  };
  using Maybe = std::optional<Step>;

  void Act(int64_t pause_ms, int64_t until_ms, bool winding_down);
  void Begin();
  void AnnounceNextYear();
  void Continue();

  // people_incident.cc
  void Report();
  void ReportByPublic();
  void WorkOnIncident();
  void Campaign();
  void WorkOnTask();
  Maybe StepFor(const Incident& matter);
  Maybe WhileReported(const Incident& matter);
  Maybe WhileAccepted(const Incident& matter);
  Maybe WhileDispatched(const Incident& matter);
  Maybe WhileProcessing(const Incident& matter);
  Maybe WhileSuspended(const Incident& matter);
  Maybe WhileVerified(const Incident& matter);
  Maybe WhileClosed(const Incident& matter);
  Maybe AnswerRequests(const Incident& matter);
  Maybe StepOfAppeal(const Incident& matter);
  Maybe Merge(const Incident& matter);
  Step Supplement(const Incident& matter);
  kernel::v1::Actor Desk(const Incident& matter, int at_least = 0) const;
  kernel::v1::Actor Unit(const std::string& org);
  kernel::v1::Actor Verifier(const Incident& matter) const;
  Step ByReporter(const Incident& matter, std::string command, std::string fields) const;
  std::string UnitFor(const Incident& matter, int level);

  // people_mediation.cc
  void Apply();
  void WorkOnCase();
  Maybe StepFor(const std::string& id, const Case& state);
  Maybe SeekConsent(const Case& state);
  Maybe Mediate(const Case& state);
  Maybe Sign(const Case& state);
  // people_course.cc
  Maybe TakeCourse(const Case& state);
  Maybe WhilePaused(const Case& state);
  Maybe FollowThrough(const Case& state);
  Maybe CloseFile(const std::string& id, const Case& state);
  std::string Consents(const Case& state);
  // As what whoever acts for this party says yes; a guardian whom nobody recorded says who they are.
  static std::string ConsentsAs(const mediation::v1::Party& party);
  std::string TwoParties(const std::string& user);

  // people_papers.cc
  std::string Scan();
  void Upload(const std::string& sha256);
  void FinishUpload(const std::string& id);
  void LookAtBlob(const std::string& sha256);
  bool HoldsInSilence(const std::string& sha256) const;
  bool HasCome(std::string_view sha256, std::string_view case_id) const;
  std::string SignedPaper(const std::string& id, const Petition& state) const;  // that came; empty: none has

  // people_petition.cc
  void Raise();
  void WorkOnPetition();
  Maybe StepFor(const std::string& id, const Petition& state);
  Maybe WhileRegistered(const std::string& id, const Petition& state);
  Maybe WhileForwarded(const Petition& state);
  Maybe WhileReceived(const std::string& id, const Petition& state);
  Maybe WhileSealed(const Petition& state);
  Maybe AfterDeath(const Petition& state);
  Step Correct(const Petition& state);
  Step SettleByMediation(const Petition& state);
  Step Withdraw(const Petition& state);
  Maybe Accept(const Petition& state);
  Maybe TurnAway(const Petition& state);
  Maybe LinkEarlier(const std::string& id, const Petition& state);
  Step Forward(const Petition& state);
  std::string Petitioner(std::string_view more = {});
  std::string Content(bool sealed);
  static std::string NoAccusation();
  std::string Notice();
  static kernel::v1::Actor Clerk(const Petition& state);
  static kernel::v1::Actor Office(const Petition& state);
  static kernel::v1::Actor Handler(const Petition& state);
  static kernel::v1::Actor Head(const Petition& state);
  static kernel::v1::Actor Asker(const Petition& state);

  // people_review.cc
  Maybe WhileHandled(const std::string& id, const Petition& state);
  Step Settle(const std::string& id, const Petition& state);
  Maybe Handle(const Petition& state);
  Step Deliver(const kernel::v1::Actor& by, const petition::v1::Stage& stage);
  Maybe WhileDelivered(const Petition& state);
  Maybe WhileReviewed(const Petition& state);
  Step Decide(const Petition& state, const kernel::v1::Actor& reviewer);

  // people_desk.cc
  Maybe WorkAround(const Petition& state);
  Maybe LeadCase(const Petition& state);
  Maybe KeepBacklog(const Petition& state);
  void Receive();
  void Meddle();
  void Knock();
  Step AnyStep();

  // people_oversight.cc
  void Lead();
  void Supervise();
  void FollowInstruction();
  void HeedWarning();
  void HoldToAccount();
  void FollowSuggestion(const std::string& id, const oversight::v1::SuggestionState& suggestion);
  std::string AnyMatterCode();

  // people_inspections.cc
  void Inspect(int64_t until_ms);
  void StepOnInspection();
  void PlanInspection();
  Step StepOfInspection(const oversight::v1::InspectionState& inspection);
  Step StrikeAny(const oversight::v1::InspectionState& inspection);
  Step StepOfRectification(const oversight::v1::UnitRectification& unit);

  // people_grading.cc
  void Grade(int64_t until_ms);
  void PlanTask(const std::string& area);
  void StepOnTask(const std::string& area);
  Step OrderOnTask(const std::string& id, const std::string& area, const oversight::v1::PlannedTask& task);
  void StepOnScorecard(const std::string& area);
  Step StepOnMonth(const std::string& id, const std::string& area, const std::string& lead_org, int32_t month,
                   const oversight::v1::MilestoneMonth& entry);

  // people_staff.cc
  void Appoint(const std::vector<std::string>& mediating);
  void OpenAccount(const std::string& user, const std::string& home);
  void GiveOffice(const std::string& user, std::string_view role, const std::string& org);
  std::string Named(std::initializer_list<const char*> fit);

  std::string Pick(std::initializer_list<const char*> texts);
  bool Chance(double p) { return world_.random.Chance(p); }
  const std::string& AnyOf(const std::vector<std::string>& list) {
    return list[world_.random.Below(list.size())];
  }
  std::string Words(std::string_view what);        // free text, marked
  std::string Person(std::string_view more = {});  // a person with everything that must not leak
  void Tamper();

  // Submits `text` (textproto of the service's Command) about `id`; sealed as the real edge would. An empty
  // id is minted.
  template <class D>
  void Ask(DomainNode<D>& node, const std::string& id, bool creates, const Step& step,
           Ledger::Refused refused = {});
  template <class D>
  void OnAccepted(bool creates, const std::string& id);

  World& world_;
  Ledger& ledger_;
  const CityOptions options_;
  Ears ears_;
  rpc::Vault vault_;
  rpc::SealedVault sealed_;
  DomainNode<directory::DirectoryDomain> directory_;
  DomainNode<incident::IncidentDomain> incident_;
  DomainNode<media::MediaDomain> media_;
  DomainNode<mediation::MediationDomain> mediation_;
  DomainNode<petition::PetitionDomain> petition_;
  DomainNode<oversight::OversightDomain> oversight_, newcomer_;
  std::vector<std::string> grids_, departments_, committees_;
  // Ids known to people, by what they may still be good for.
  std::vector<std::string> matters_, ended_, cases_, instructions_, campaigns_;
  std::vector<std::string> petitions_, answered_, accusations_;
  std::set<std::string> told_of_;  // petitions with copies, or brought to a reception
  std::set<std::string> known_petitions_;
  struct Uploading {
    std::string sha256;
    kernel::v1::Actor by;
  };
  std::map<std::string, Uploading> uploads_;              // under way: what becomes of each
  std::map<std::string, kernel::v1::Actor> namers_;       // of each paper, the first person who named it
  // Page tokens: what was handed over is found in the lists, nobody was told its id.
  std::string cases_seen_, petitions_seen_;
  policy::v1::Calendar calendar_, next_calendar_;
  int64_t announced_ms_ = 0;
  bool next_year_announced_ = false;
  uint64_t people_ = 0, planned_ = 0;
  bool leaked_ = false;
};

}  // namespace sim
