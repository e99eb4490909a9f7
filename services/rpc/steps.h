#pragma once
// The steps of one matter as its log has them, page by page: who did what when, with the hashes that chain them. What
// was said stays out.

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/crypto.h"
#include "kernel/v1/record.pb.h"
#include "services/kernel/domain.h"
#include "services/rpc/exchange.h"
#include "services/rpc/page_token.h"

namespace rpc {

template <class Step>
void ShowStep(const kernel::v1::LogRecord& record, Step* step) {
  step->set_version(record.version());
  step->set_seq(record.seq());
  step->set_command(record.command());
  step->set_event_type(record.event_type());
  step->set_actor_id(record.actor_id());
  step->set_actor_role(record.actor_role());
  step->set_actor_org(record.actor_org());
  step->set_recorded_at_ms(record.recorded_at_ms());
  step->set_device_at_ms(record.device_at_ms());
  step->set_hash(base::Hex(record.hash()));
  step->set_previous_hash(base::Hex(record.previous_hash()));
}

struct EveryStep {
  bool operator()(const kernel::v1::LogRecord&) const { return true; }
};

// `version`: of the matter at the reader's moment, or an earlier one: what came later is not shown. `method`: what page
// tokens belong to, with the id. `bad_token`: the refusal of a token that is not of this list. `theirs`: whether a step
// is for the asker to read; a page has the fewer.
template <class Reader, class Request, class Response, class Theirs = EveryStep>
Answer ShowSteps(const Reader& reader, std::string_view method, const Request& request, uint64_t version,
                 size_t page_size, kernel::Refusal bad_token, Response* out, Theirs theirs = {}) {
  constexpr size_t kDigitsMax = 18;
  const std::string question = std::string(method) + " " + request.id();
  const auto position = PagePosition(question, request.page_token());
  if (!position || position->size() > kDigitsMax ||
      position->find_first_not_of("0123456789") != std::string::npos) {
    return bad_token;
  }
  const uint64_t after = position->empty() ? 0 : std::stoull(*position);
  const uint64_t left = after < version ? version - after : 0;
  const auto records = reader.History(request.id(), after, std::min<uint64_t>(page_size, left));
  if (!records.ok()) return records.status();
  for (const auto& record : *records) {
    if (theirs(record)) ShowStep(record, out->add_step());
  }
  const uint64_t read = after + records->size();
  if (read < version) out->set_next_page_token(PageToken(question, std::to_string(read)));
  return {};
}

}  // namespace rpc
