#pragma once
// The simulated city: the four services of this platform, a small county out of the official list, and
// people who report,
// work, mediate and lead, each choosing by chance among what their position lets them try. Much is refused;
// that is part of
// it: a refusal must change nothing.

#include <memory>
#include <string>
#include <vector>

#include "services/directory/domain/directory.h"
#include "services/incident/domain/incident.h"
#include "services/mediation/domain/mediation.h"
#include "services/oversight/domain/oversight.h"
#include "services/rpc/vault.h"
#include "tests/sim/ledger.h"
#include "tests/sim/world.h"

namespace sim {

struct CityOptions {
  std::string policy_dir = "policy";
  std::string area_dir = "policy/areas/dezhou-2023";
  int villages = 6;
};

class City {
 public:
  City(World& world, Ledger& ledger, const CityOptions& options);

  // Loads calendar, policies, areas and organisations into the directory, through its queue; returns when
  // all know them.
  void Found();
  // From now on people act, on average every `pause_ms`, until `until_ms`.
  void Live(int64_t pause_ms, int64_t until_ms);

  // Laws that need to know what a matter is: 3, 4 and that referrals had one effect.
  std::vector<std::string> BrokenLaws() const;
  const std::vector<std::string>& secrets() const { return secrets_; }
  std::string Census() const;  // how many matters ended in which status

 private:
  using Incident = incident::v1::Incident;

  void FoundRest(const CityOptions& options);
  void Act(int64_t pause_ms, int64_t until_ms);
  void Report();
  void WorkOnIncident();
  void WorkOnCase();
  void Lead();
  void Campaign();

  std::string StepFor(const Incident& matter, kernel::v1::Actor* actor);
  std::string StepWhileDispatched(const Incident& matter, kernel::v1::Actor* actor);
  std::string StepWhileProcessing(const Incident& matter, kernel::v1::Actor* actor);
  std::string StepAfterwards(const Incident& matter, kernel::v1::Actor* actor);
  std::string StepFor(const mediation::v1::State& state, kernel::v1::Actor* actor);
  kernel::v1::Actor Desk(const Incident& matter) const;
  kernel::v1::Actor Unit(const std::string& org);
  std::string Pick(std::initializer_list<const char*> texts);

  // Submits `text` (textproto of the service's Command) about `id`; sealed as the real edge would.
  template <class D>
  void Ask(DomainNode<D>& node, const std::string& id, bool creates, const kernel::v1::Actor& actor,
           const std::string& text);

  World& world_;
  Ledger& ledger_;
  const CityOptions options_;
  rpc::Vault vault_;
  DomainNode<directory::DirectoryDomain> directory_;
  DomainNode<incident::IncidentDomain> incident_;
  DomainNode<mediation::MediationDomain> mediation_;
  DomainNode<oversight::OversightDomain> oversight_;
  std::vector<std::string> grids_, departments_, committees_;
  std::string county_;
  std::vector<std::string> matters_, cases_;  // ids known to people
  std::vector<std::string> secrets_;
  uint64_t people_ = 0;
};

}  // namespace sim
