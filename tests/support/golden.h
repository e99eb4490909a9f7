#pragma once
// Recorded streams of a domain D: what an event meant when it was written, it means for ever. A file holds events with
// their times ("@<ms>" begins one) and the state they folded to ("=" begins it).

#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace tests {

inline std::string ReadStream(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

template <class D>
std::string FoldStream(const std::string& stream, std::string* expected) {
  typename D::State state;
  std::istringstream lines(stream);
  std::string line, text;
  int64_t at = 0;
  bool in_state = false;
  auto flush = [&] {
    typename D::Event event;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &event)) << text;
    if (!text.empty()) D::Apply(event, at, &state);
    text.clear();
  };
  while (std::getline(lines, line)) {
    if (!in_state && (line.starts_with("@") || line == "=")) {
      flush();
      in_state = line == "=";
      if (!in_state) at = std::stoll(line.substr(1));
    } else {
      (in_state ? *expected : text) += line + "\n";
    }
  }
  std::string folded;
  google::protobuf::TextFormat::PrintToString(state, &folded);
  return folded;
}

template <class D>
void ExpectStreamsFold(const char* folder, int at_least) {
  int streams = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::string expected;
    const std::string folded = FoldStream<D>(ReadStream(entry.path()), &expected);
    typename D::State state;
    ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(expected, &state)) << entry.path();
    std::string canonical;
    google::protobuf::TextFormat::PrintToString(state, &canonical);
    EXPECT_EQ(folded, canonical) << entry.path();
    ++streams;
  }
  EXPECT_GE(streams, at_least);
}

// Every event the service can write has a stream that holds it.
template <class D>
void ExpectStreamsHoldEveryEvent(const char* folder) {
  std::string all;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) all += ReadStream(entry.path());
  const auto* body = D::Event::descriptor()->FindOneofByName("body");
  for (int i = 0; i < body->field_count(); ++i) {
    EXPECT_NE(all.find("\n" + body->field(i)->name() + " {"), std::string::npos) << body->field(i)->name();
  }
}

}  // namespace tests
