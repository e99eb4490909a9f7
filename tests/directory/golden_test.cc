// A recorded stream of every event, and the states it must fold to, for ever: tests/golden/directory. Lines
// of events.txt: aggregate id, time in ms, event; of states.txt: aggregate id, state; parts separated by a
// tab. Lines are added, never changed.
#include <google/protobuf/text_format.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <set>
#include <string>

#include "services/directory/domain/directory.h"

namespace directory {
namespace {

TEST(Golden, TheRecordedStreamFoldsToTheRecordedStates) {
  std::map<std::string, v1::State> states;
  std::set<std::string> seen;
  std::ifstream events("tests/golden/directory/events.txt");
  ASSERT_TRUE(events.is_open());
  for (std::string line; std::getline(events, line);) {
    const size_t first = line.find('\t');
    const size_t second = line.find('\t', first + 1);
    ASSERT_NE(second, std::string::npos) << line;
    v1::Event event;
    ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(line.substr(second + 1), &event)) << line;
    const auto* body = v1::Event::descriptor()->FindOneofByName("body");
    seen.insert(event.GetReflection()->GetOneofFieldDescriptor(event, body)->name());
    DirectoryDomain::Apply(event, std::stoll(line.substr(first + 1)), &states[line.substr(0, first)]);
  }
  std::ifstream recorded("tests/golden/directory/states.txt");
  ASSERT_TRUE(recorded.is_open());
  for (std::string line; std::getline(recorded, line);) {
    const std::string id = line.substr(0, line.find('\t'));
    v1::State state;
    ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(line.substr(id.size() + 1), &state)) << line;
    google::protobuf::util::MessageDifferencer differencer;
    std::string difference;
    differencer.ReportDifferencesToString(&difference);
    EXPECT_TRUE(differencer.Compare(state, states[id])) << id << ": " << difference;
    states.erase(id);
  }
  for (const auto& [id, state] : states)
    ADD_FAILURE() << "no recorded state: " << id << "\t" << state.ShortDebugString();
  const auto* body = v1::Event::descriptor()->FindOneofByName("body");
  for (int i = 0; i < body->field_count(); ++i) {
    EXPECT_TRUE(seen.contains(body->field(i)->name())) << body->field(i)->name() << " is not in the stream";
  }
}

}  // namespace
}  // namespace directory
