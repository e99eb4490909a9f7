#include "services/directory/domain/directory.h"
#include "services/incident/domain/incident.h"
#include "services/media/domain/media.h"
#include "services/mediation/domain/mediation.h"
#include "services/notify/domain/notify.h"
#include "services/oversight/domain/oversight.h"
#include "services/petition/domain/petition.h"
#include "tests/sim/node.h"

namespace sim {

template class DomainNode<directory::DirectoryDomain>;
template class DomainNode<incident::IncidentDomain>;
template class DomainNode<media::MediaDomain>;
template class DomainNode<mediation::MediationDomain>;
template class DomainNode<petition::PetitionDomain>;
template class DomainNode<oversight::OversightDomain>;
template class DomainNode<notify::NotifyDomain>;

}  // namespace sim
