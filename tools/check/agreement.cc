#include "tools/check/agreement.h"

#include <absl/strings/str_cat.h>

#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/status_macros.h"
#include "incident/v1/incident.pb.h"
#include "mediation/v1/mediation.pb.h"
#include "oversight/v1/oversight.pb.h"
#include "petition/v1/petition.pb.h"
#include "services/bus/event.h"
#include "services/incident/subscriptions.h"
#include "services/kernel/books.h"
#include "services/mediation/subscriptions.h"
#include "services/oversight/subscriptions.h"
#include "services/petition/subscriptions.h"
#include "tools/check/states.h"

namespace check {
namespace {

using kernel::v1::LogRecord;

// What every notice of this command must leave in the log. The others may find that there is nothing to do.
bool MustHaveEffect(std::string_view command) {
  return command == "observe" || command == "take_referral" || command == "hear_kept";
}

// Calls `each` with the commands that the notices of `source` lead to, up to `last`.
absl::Status ForEachNotice(
    const Ledger& source, uint64_t last, const kernel::Subscriptions& subscriptions,
    const std::function<void(uint64_t seq, const std::vector<kernel::Envelope>&)>& each) {
  bus::v1::Event event;
  std::string encoded;
  absl::Status status;
  RETURN_IF_ERROR(ForEachRecord(
      *source.kv, [&](uint64_t seq, uint32_t digest, std::string_view stored, const LogRecord& record) {
        if (!status.ok() || seq > last || !record.has_notice()) return;
        kernel::LogEntry entry{seq, digest, record.notice().topic(), record.notice().area_code(), stored};
        bool sealed = false;
        status = bus::EncodeEvent(source.format.log_id(), entry, &encoded, &sealed);
        if (!status.ok() || sealed) return;  // sealed ones are passed over by the inbox
        CHECK(event.ParseFromString(encoded)) << "an event that is none";
        auto commands = subscriptions(source.service, event);
        if (!commands.ok()) {
          status = commands.status();
        } else if (!commands->empty()) {
          each(seq, *commands);
        }
      }));
  return status;
}

// 0: the source says nothing that concerns the consumer.
absl::StatusOr<uint64_t> LastNoticeFor(const Ledger& source, const kernel::Subscriptions& subscriptions) {
  uint64_t last = 0;
  RETURN_IF_ERROR(ForEachNotice(source, source.head, subscriptions,
                                [&](uint64_t seq, const std::vector<kernel::Envelope>&) { last = seq; }));
  return last;
}

absl::StatusOr<uint32_t> DigestAt(const Ledger& ledger, uint64_t wanted) {
  std::optional<uint32_t> found;
  RETURN_IF_ERROR(ForEachRecord(*ledger.kv, [&](uint64_t seq, uint32_t digest, std::string_view, const LogRecord&) {
    if (seq == wanted) found = digest;
  }));
  if (!found) return absl::NotFoundError("no such entry");
  return *found;
}

bool IsEnded(mediation::v1::CaseStatus status) {
  using namespace mediation::v1;
  return status == EFFECTIVE || status == COMPLETED || status == ENDED || status == REFUSED ||
         status == CaseStatus::ARCHIVED;
}

// "learn_reference" carries the directory's notice in each service's own command.
const directory::v1::Notice* NoticeOf(const google::protobuf::Message& command) {
  const auto* field = command.GetDescriptor()->FindFieldByName("learn_reference");
  const auto* reflection = command.GetReflection();
  if (field == nullptr || !reflection->HasField(command, field)) return nullptr;
  const auto& learn = reflection->GetMessage(command, field);
  const auto* notice = learn.GetDescriptor()->FindFieldByName("notice");
  return &dynamic_cast<const directory::v1::Notice&>(learn.GetReflection()->GetMessage(learn, notice));
}

using Known = std::map<std::string, std::string>;  // aggregate id -> the notice as bytes

absl::StatusOr<Known> KnownReference(const Ledger& consumer) {
  Known known;
  const auto keep = [&known](const std::string& id, const directory::v1::Notice& notice) {
    if (id.starts_with("ref/")) known[id] = notice.SerializeAsString();
  };
  absl::Status status;
  if (consumer.service == "incident") {
    status = ForEachState<incident::v1::State>(
        consumer, [&](const std::string& id, const auto& state) { keep(id, state.reference().notice()); });
  } else if (consumer.service == "mediation") {
    status = ForEachState<mediation::v1::State>(
        consumer, [&](const std::string& id, const auto& state) { keep(id, state.reference()); });
  } else if (consumer.service == "petition") {
    status = ForEachState<petition::v1::State>(
        consumer, [&](const std::string& id, const auto& state) { keep(id, state.reference()); });
  } else {
    status = ForEachState<oversight::v1::State>(
        consumer, [&](const std::string& id, const auto& state) { keep(id, state.reference()); });
  }
  RETURN_IF_ERROR(status);
  return known;
}

absl::StatusOr<uint64_t> CursorOf(const Ledger& source, const Ledger& consumer) {
  ASSIGN_OR_RETURN(const auto cursor, kernel::CursorBook::Load(*consumer.kv, source.service));
  return cursor ? cursor->seq : 0;
}

// Names the first few ids that differ.
void CompareMaps(const std::string& what, const Known& said, const Known& known, Problems* problems) {
  for (const auto& [id, bytes] : said) {
    const auto at = known.find(id);
    if (at == known.end()) {
      problems->Add(absl::StrCat(what, ": ", id, " is missing"));
    } else if (at->second != bytes) {
      problems->Add(absl::StrCat(what, ": ", id, " is not what was last said of it"));
    }
  }
  for (const auto& [id, bytes] : known) {
    if (!said.contains(id)) problems->Add(absl::StrCat(what, ": ", id, " is there although nobody said so"));
  }
}

// Neither has said anything to the other that has not arrived: only then can what they hold be compared.
absl::StatusOr<bool> HeardEachOther(const Ledger& a, const kernel::Subscriptions& by_a, const Ledger& b,
                                    const kernel::Subscriptions& by_b) {
  ASSIGN_OR_RETURN(const uint64_t a_to, CursorOf(b, a));
  ASSIGN_OR_RETURN(const uint64_t b_to, CursorOf(a, b));
  ASSIGN_OR_RETURN(const uint64_t a_last, LastNoticeFor(b, by_a));
  ASSIGN_OR_RETURN(const uint64_t b_last, LastNoticeFor(a, by_b));
  return a_to >= a_last && b_to >= b_last;
}

// The cases that `service` handed over, by referral id: has the case ended?
absl::StatusOr<std::map<std::string, bool>> CasesFrom(std::string_view service, const Ledger& mediation,
                                                      Problems* problems) {
  std::map<std::string, bool> ended;
  RETURN_IF_ERROR(ForEachState<mediation::v1::State>(mediation, [&](const std::string&, const auto& state) {
    if (state.has_parked()) ended[state.parked().referral().origin().referral_id()] = false;
    if (state.origin().service() != service) return;
    if (!ended.try_emplace(state.origin().referral_id(), IsEnded(state.status())).second)
      problems->Add(absl::StrCat("referral ", state.origin().referral_id(), " became two cases"));
  }));
  return ended;
}

std::string PartKey(const std::string& code, const std::string& subject) { return absl::StrCat(code, " ", subject); }
template <class Said>
std::string NoticeIn(const Said& said) {
  if (said.has_incident()) return said.incident().SerializeAsString();
  return said.has_petition() ? said.petition().SerializeAsString() : said.mediation().SerializeAsString();
}
std::string PartValue(uint64_t version, const std::string& notice) { return absl::StrCat(version, " ", notice); }

}  // namespace

absl::StatusOr<Heard> CompareStream(const Ledger& source, const Ledger& consumer,
                                    const kernel::Subscriptions& subscriptions, Problems* problems) {
  const std::string who = absl::StrCat(consumer.service, " hears ", source.service);
  Heard heard;
  heard.head = source.head;
  ASSIGN_OR_RETURN(const auto cursor, kernel::CursorBook::Load(*consumer.kv, source.service));
  if (!cursor) {
    problems->Add(absl::StrCat(who, ": it has never heard anything"));
    return heard;
  }
  heard.cursor = cursor->seq;
  if (cursor->log_id != source.format.log_id() || cursor->epoch != source.format.epoch())
    problems->Add(absl::StrCat(who, ": its place is in another history"));
  const auto digest = DigestAt(source, cursor->seq);
  if (cursor->seq > 0 && (!digest.ok() || *digest != cursor->digest))
    problems->Add(absl::StrCat(who, ": entry ", cursor->seq, " is not the one it has heard"));
  RETURN_IF_ERROR(ForEachNotice(
      source, source.head, subscriptions, [&](uint64_t seq, const std::vector<kernel::Envelope>& commands) {
        if (seq > cursor->seq) {
          ++heard.unheard;
          return;
        }
        ++heard.notices;
        const bool effect = consumer.by_cause.contains(absl::StrCat(source.service, "/", seq));
        ++(effect ? heard.had_effect : heard.without_effect);
        if (!effect && MustHaveEffect(commands.front().command_name))
          problems->Add(absl::StrCat(who, ": notice ", seq, " had no effect"));
      }));
  for (auto at = consumer.by_cause.lower_bound(source.service + "/"); at != consumer.by_cause.end(); ++at) {
    if (!at->first.starts_with(source.service + "/")) break;
    if (std::stoull(at->first.substr(source.service.size() + 1)) > cursor->seq)
      problems->Add(absl::StrCat(who, ": it acted upon ", at->first, ", which lies beyond its cursor"));
  }
  return heard;
}

absl::Status CompareReference(const Ledger& directory, const Ledger& consumer,
                              const kernel::Subscriptions& subscriptions, Problems* problems) {
  ASSIGN_OR_RETURN(const uint64_t cursor, CursorOf(directory, consumer));
  Known said;
  RETURN_IF_ERROR(
      ForEachNotice(directory, cursor, subscriptions, [&](uint64_t, const std::vector<kernel::Envelope>& commands) {
        for (const auto& envelope : commands) {
          const auto* notice = NoticeOf(*envelope.command);
          if (notice != nullptr) said[envelope.aggregate_id] = notice->SerializeAsString();
        }
      }));
  ASSIGN_OR_RETURN(const Known known, KnownReference(consumer));
  CompareMaps(absl::StrCat("reference data of ", consumer.service), said, known, problems);
  return absl::OkStatus();
}

absl::Status CompareStandings(const Ledger& source, const Ledger& oversight, Problems* problems) {
  ASSIGN_OR_RETURN(const uint64_t cursor, CursorOf(source, oversight));
  Known said, known;
  RETURN_IF_ERROR(ForEachNotice(
      source, cursor, oversight::Subscriptions(), [&](uint64_t, const std::vector<kernel::Envelope>& commands) {
        for (const auto& envelope : commands) {
          const auto& command = dynamic_cast<const oversight::v1::Command&>(*envelope.command);
          if (!command.has_observe()) continue;  // a campaign's task is no matter
          const auto& heard = command.observe();
          const std::string notice = NoticeIn(heard);
          said[PartKey(envelope.aggregate_id, heard.subject_id())] = PartValue(heard.subject_version(), notice);
        }
      }));
  RETURN_IF_ERROR(ForEachState<oversight::v1::State>(oversight, [&](const std::string& id, const auto& state) {
    for (const auto& part : state.matter().part()) {
      if (part.service() != source.service) continue;
      known[PartKey(id, part.subject_id())] = PartValue(part.version(), NoticeIn(part));
    }
  }));
  CompareMaps(absl::StrCat("oversight's picture of ", source.service), said, known, problems);
  return absl::OkStatus();
}

absl::StatusOr<uint64_t> CompareReferrals(const Ledger& incident, const Ledger& mediation, Problems* problems) {
  ASSIGN_OR_RETURN(const bool all_heard, HeardEachOther(incident, incident::Subscriptions(), mediation,
                                                        mediation::Subscriptions()));
  ASSIGN_OR_RETURN(const auto ended, CasesFrom("incident", mediation, problems));
  std::set<std::string> handed_over;
  RETURN_IF_ERROR(ForEachState<incident::v1::State>(incident, [&](const std::string& id, const auto& state) {
    const auto& referral = state.incident().referral();
    if (referral.service() != "mediation") return;
    handed_over.insert(referral.referral().referral_id());
    if (!all_heard) return;
    const auto at = ended.find(referral.referral().referral_id());
    const bool waits = state.incident().standing().status() == incident::v1::REFERRED;
    if (at == ended.end()) {
      problems->Add(absl::StrCat("matter ", id, " was handed to mediation, which has no case for it"));
    } else if (at->second && waits) {
      problems->Add(absl::StrCat("matter ", id, " waits for a mediation that has ended"));
    } else if (!at->second && !waits && !referral.ended()) {
      problems->Add(absl::StrCat("matter ", id, " has gone on although its mediation has not ended"));
    }
  }));
  return handed_over.size();
}

absl::StatusOr<uint64_t> ComparePetitionReferrals(const Ledger& petition, const Ledger& mediation,
                                                  Problems* problems) {
  ASSIGN_OR_RETURN(const bool all_heard, HeardEachOther(petition, petition::Subscriptions(), mediation,
                                                        mediation::Subscriptions()));
  ASSIGN_OR_RETURN(const auto ended, CasesFrom("petition", mediation, problems));
  uint64_t handed_over = 0;
  RETURN_IF_ERROR(ForEachState<petition::v1::State>(petition, [&](const std::string& id, const auto& state) {
    if (state.mediation_referral_id().empty()) return;
    ++handed_over;
    if (!all_heard) return;
    const auto at = ended.find(state.mediation_referral_id());
    const bool waits = state.mediation() == petition::v1::REFERRED || state.mediation() == petition::v1::TAKEN;
    if (at == ended.end()) {
      problems->Add(absl::StrCat("petition ", id, " was handed to mediation, which has no case for it"));
    } else if (at->second && waits) {
      problems->Add(absl::StrCat("petition ", id, " waits for a mediation that has ended"));
    }
  }));
  return handed_over;
}

absl::StatusOr<uint64_t> CompareHandedPetitions(const Ledger& incident, const Ledger& petition,
                                                Problems* problems) {
  ASSIGN_OR_RETURN(const bool all_heard, HeardEachOther(incident, incident::Subscriptions(), petition,
                                                        petition::Subscriptions()));
  std::set<std::string> taken;
  RETURN_IF_ERROR(ForEachState<petition::v1::State>(petition, [&](const std::string&, const auto& state) {
    if (state.has_parked()) taken.insert(state.parked().referral().origin().referral_id());
    if (state.origin().service() != "incident") return;
    if (!taken.insert(state.origin().referral_id()).second)
      problems->Add(absl::StrCat("referral ", state.origin().referral_id(), " became two petitions"));
  }));
  uint64_t handed_over = 0;
  RETURN_IF_ERROR(ForEachState<incident::v1::State>(incident, [&](const std::string& id, const auto& state) {
    const auto& referral = state.incident().referral();
    if (referral.service() != "petition") return;
    ++handed_over;
    if (all_heard && !taken.contains(referral.referral().referral_id()))
      problems->Add(absl::StrCat("matter ", id, " was handed to the petition office, which has no petition of it"));
  }));
  return handed_over;
}

}  // namespace check
