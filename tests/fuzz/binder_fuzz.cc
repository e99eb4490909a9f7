// Paths, queries and bodies against templates, router and binder of the echo interface: nothing crashes, and
// a message that is bound survives being written and read.
//   input := method "\n" path "\n" query "\n" body      or      "T" template
#include <google/protobuf/message.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/check.h"
#include "echo.pb.h"
#include "gateway/binder.h"
#include "gateway/catalog.h"
#include "gateway/path_template.h"
#include "gateway/transcode.h"

namespace {

std::string_view TakeLine(std::string_view* in) {
  const size_t end = in->find('\n');
  const std::string_view line = in->substr(0, end);
  in->remove_prefix(end == std::string_view::npos ? in->size() : end + 1);
  return line;
}

const gateway::Catalog& Echo() {
  static const auto catalog = gateway::Catalog::FromFiles({echo::v1::Note::descriptor()->file()});
  CHECK(catalog.ok());
  return **catalog;
}

void BindOne(std::string_view in) {
  gateway::BindInput input;
  const std::string_view method = TakeLine(&in);
  const std::string_view path = TakeLine(&in);
  gateway::Catalog::Target target{};
  if (Echo().Route(method, path, &target, &input.captures)) return;
  input.method = target.method;
  input.binding = target.binding;
  input.query = TakeLine(&in);
  input.body = in;
  std::unique_ptr<google::protobuf::Message> message;
  if (const auto problem = gateway::Bind(Echo(), input, &message)) {
    CHECK_EQ(problem->status, 400);
    CHECK(!problem->zh.empty() && !problem->en.empty());
    return;
  }
  (void)gateway::CheckRules(*input.method, message.get());
  const std::string wire = message->SerializeAsString();
  std::string json;
  CHECK(gateway::WireToJson(Echo(), message->GetDescriptor(), wire, &json));
  std::string again;
  CHECK(!gateway::JsonToWire(Echo(), message->GetDescriptor(), json, "", &again, nullptr)) << json;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view in(reinterpret_cast<const char*>(data), size);
  if (!in.empty() && in[0] == 'T') {
    (void)gateway::ParsePathTemplate(in.substr(1));
  } else {
    BindOne(in);
  }
  return 0;
}
