#pragma once
// The test domain: jars in areas, beans in jars, alarms on jars. See testproto/jar.proto.

#include <array>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "jar.pb.h"
#include "services/kernel/domain.h"

namespace jar {

struct Reference {
  std::string word;                        // learned from "ref/word"
  std::function<void()> on_crash = [] {};  // what the Crash command does to the process
};

struct JarDomain {
  using State = v1::State;
  using Command = v1::Command;
  using Event = v1::Event;
  using Reference = jar::Reference;
  static constexpr std::string_view kService = "jar";
  static constexpr std::array<std::string_view, 2> kIndexes = {"area", "status"};
  static constexpr uint32_t kViewsRevision = 2;

  static kernel::Decision<Event> Decide(const State&, const Command&, const kernel::CommandContext<State>&,
                                        const Reference&);
  static void Apply(const Event&, int64_t now_ms, State*);
  static std::vector<kernel::Timer> Timers(const State&);
  static std::vector<kernel::IndexEntry> Indexes(std::string_view id, const State&);
  static std::vector<kernel::TallyEntry> Tallies(const State&);
  static size_t HeadedBytes(const kernel::IndexEntry&);
  static std::optional<kernel::v1::Notice> Publish(std::string_view id, const Event&, const State& before,
                                                   const State& after);
  static Command Fire(std::string_view timer, int64_t due_ms);
  static void Answer(const State&, kernel::v1::Receipt*);
  static void Observe(std::string_view id, const State&, Reference*);
  static bool Sealed(const State&);
};
static_assert(kernel::Domain<JarDomain> && kernel::AnswersWithState<JarDomain> && kernel::SealsStates<JarDomain>);

}  // namespace jar
