#include "tests/rpc/notes.h"

namespace notes {

kernel::Decision<NotesDomain::Event> NotesDomain::Decide(const State& state, const Command& command,
                                                         const kernel::CommandContext<State>&, const Reference&) {
  kernel::Decision<Event> decision;
  if (command.has_create()) {
    if (command.create().text() == "refuse me") {
      kernel::Refusal refusal;
      refusal.reason = "NOT_THIS_TEXT";
      refusal.message_zh = "不收这样的话。";
      refusal.message_en = "Not these words.";
      return decltype(decision)::Refuse(refusal);
    }
    *decision.Emit()->mutable_created() = command.create();
  } else if (state.erased()) {
    kernel::Refusal refusal;
    refusal.code = kernel::RefusalCode::kWrongStatus;
    refusal.reason = "ERASED";
    return decltype(decision)::Refuse(refusal);
  } else if (command.has_amend()) {
    *decision.Emit()->mutable_amended() = command.amend();
  } else {
    *decision.Emit()->mutable_erased() = command.erase();
  }
  return decision;
}

void NotesDomain::Apply(const Event& event, int64_t, State* state) {
  if (event.has_created()) {
    state->set_text(event.created().text());
    state->set_area_code(event.created().area_code());
    state->set_assigned(event.created().assigned());
    *state->mutable_party() = event.created().party();
    *state->mutable_phone() = event.created().phone();
  }
  if (event.has_amended()) state->set_text(event.amended().text());
  if (event.has_erased()) state->set_erased(true);
}

std::vector<kernel::IndexEntry> NotesDomain::Indexes(std::string_view id, const State& state) {
  if (id.empty() || state.area_code().empty()) return {};
  return {{"area", state.area_code()}};
}

std::vector<kernel::TallyEntry> NotesDomain::Tallies(const State& state) {
  if (state.area_code().empty()) return {};
  return {{"all"}};
}

std::optional<kernel::v1::Notice> NotesDomain::Publish(std::string_view, const Event& event, const State&,
                                                       const State& after) {
  kernel::v1::Notice notice;
  notice.set_topic(event.has_created() ? "notes.created" : "notes.changed");
  notice.set_area_code(after.area_code());
  return notice;
}

}  // namespace notes
