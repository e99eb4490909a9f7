#pragma once
// The domain behind testproto.v1.Notes: notes that people left about their street. See testproto/notes.proto.

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/kernel/domain.h"
#include "testproto/notes.pb.h"

namespace notes {

struct Reference {};

struct NotesDomain {
  using State = testproto::v1::State;
  using Command = testproto::v1::Command;
  using Event = testproto::v1::Event;
  using Reference = notes::Reference;
  static constexpr std::string_view kService = "notes";
  static constexpr std::array<std::string_view, 1> kIndexes = {"area"};

  static kernel::Decision<Event> Decide(const State&, const Command&, const kernel::CommandContext<State>&,
                                        const Reference&);
  static void Apply(const Event&, int64_t now_ms, State*);
  static std::vector<kernel::Timer> Timers(const State&) { return {}; }
  static std::vector<kernel::IndexEntry> Indexes(std::string_view id, const State&);
  static std::vector<kernel::TallyEntry> Tallies(const State&);
  static std::optional<kernel::v1::Notice> Publish(std::string_view id, const Event&, const State& before,
                                                   const State& after);
  static Command Fire(std::string_view, int64_t) { return {}; }
  static void Observe(std::string_view, const State&, Reference*) {}
};

}  // namespace notes
