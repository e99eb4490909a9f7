#include "services/kernel/sealer.h"

#include <absl/strings/str_cat.h>

#include <utility>

#include "base/check.h"
#include "base/status_macros.h"

namespace kernel {
namespace {

using storage::KeySpace;

std::string PlaceOf(std::string_view what, std::string_view aggregate_id, uint64_t version) {
  return absl::StrCat(std::string(what), "/", std::string(aggregate_id), "/", version);
}

absl::StatusOr<std::string> Opened(const Sealer* sealer, const std::string& place, const std::string& sealed) {
  if (sealer == nullptr) return absl::FailedPreconditionError("cannot read what is sealed: the sealing key is missing");
  auto clear = sealer->Open(place, sealed);
  if (!clear) return absl::DataLossError("cannot read what is sealed: another key, or altered");
  return *std::move(clear);
}

}  // namespace

void SealState(const Sealer& sealer, std::string_view aggregate_id, v1::StateRecord* record) {
  record->set_sealed_state(sealer.Seal(PlaceOf("state", aggregate_id, record->version()), record->state()));
  record->clear_state();
}

void SealRecord(const Sealer& sealer, v1::LogRecord* record) {
  v1::SealedPart part;
  part.set_device_at_ms(record->device_at_ms());
  part.set_actor_id(std::move(*record->mutable_actor_id()));
  part.set_actor_role(record->actor_role());
  part.set_actor_org(std::move(*record->mutable_actor_org()));
  part.set_command(std::move(*record->mutable_command()));
  part.set_event_type(std::move(*record->mutable_event_type()));
  part.set_event(std::move(*record->mutable_event()));
  record->clear_device_at_ms();
  record->clear_actor_id();
  record->clear_actor_role();
  record->clear_actor_org();
  record->clear_command();
  record->clear_event_type();
  record->clear_event();
  record->set_sealed(
      sealer.Seal(PlaceOf("event", record->aggregate_id(), record->version()), part.SerializeAsString()));
}

absl::Status OpenState(const Sealer* sealer, std::string_view aggregate_id, v1::StateRecord* record) {
  if (record->sealed_state().empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(*record->mutable_state(),
                   Opened(sealer, PlaceOf("state", aggregate_id, record->version()), record->sealed_state()));
  record->clear_sealed_state();
  return absl::OkStatus();
}

absl::Status OpenRecord(const Sealer* sealer, v1::LogRecord* record) {
  if (record->sealed().empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::string clear, Opened(sealer, PlaceOf("event", record->aggregate_id(), record->version()),
                                                   record->sealed()));
  v1::SealedPart part;
  if (!part.ParseFromString(clear)) return absl::DataLossError("cannot read what is sealed: it is damaged");
  record->set_device_at_ms(part.device_at_ms());
  record->set_actor_id(std::move(*part.mutable_actor_id()));
  record->set_actor_role(part.actor_role());
  record->set_actor_org(std::move(*part.mutable_actor_org()));
  record->set_command(std::move(*part.mutable_command()));
  record->set_event_type(std::move(*part.mutable_event_type()));
  record->set_event(std::move(*part.mutable_event()));
  record->clear_sealed();
  return absl::OkStatus();
}

absl::StatusOr<std::optional<v1::StateRecord>> ReadState(const storage::View& view, const Sealer* sealer,
                                                         std::string_view aggregate_id) {
  ASSIGN_OR_RETURN(auto stored, view.Get(KeySpace::kState, aggregate_id));
  if (!stored && sealer != nullptr) {
    ASSIGN_OR_RETURN(stored, view.Get(KeySpace::kSealedState, aggregate_id));
  }
  if (!stored) return std::optional<v1::StateRecord>();
  v1::StateRecord record;
  if (!record.ParseFromString(*stored)) {
    return absl::DataLossError(
        absl::StrCat("cannot read the state of ", std::string(aggregate_id), ": its record is damaged"));
  }
  RETURN_IF_ERROR(OpenState(sealer, aggregate_id, &record));
  return std::optional<v1::StateRecord>(std::move(record));
}

}  // namespace kernel
