#pragma once
// What the procedures of several services have in common: a table with a row for each command, each row with those who
// may ask (role and place). The places and the rest of the checks are the domain's. Pure.
//
// A Rule has `command` and `askers`; an asker has `role` and `where`, an enum with kNobody (an empty slot) and kService
// (the platform itself: a timer or another service's notice).

#include <algorithm>
#include <iterator>
#include <string_view>

#include "kernel/v1/actor.pb.h"

namespace kernel {

inline bool IsService(const v1::Actor& actor) { return actor.user_id().empty() && !actor.service().empty(); }

// Null: nobody may ask for it.
template <class Rules, class BodyCase>
auto* FindRow(const Rules& rules, BodyCase command) {
  const auto found = std::ranges::find_if(rules, [&](const auto& rule) { return rule.command == command; });
  return found == std::end(rules) ? nullptr : &*found;
}

// Whether the actor has a role of this row, wherever.
template <class Rule>
bool HasRole(const Rule& rule, const v1::Actor& actor) {
  return std::ranges::any_of(rule.askers, [&](const auto& asker) {
    using Where = decltype(asker.where);
    if (asker.where == Where::kNobody) return false;
    if (asker.where == Where::kService) return IsService(actor);
    return std::ranges::any_of(actor.grant(), [&](const v1::Grant& grant) { return grant.role() == asker.role; });
  });
}

// A member of the oneof of commands: "ask_consent", and as paths and answers name it: "askConsent".
template <class Command>
std::string_view NameOf(typename Command::BodyCase command) {
  const auto* field = Command::descriptor()->FindFieldByNumber(static_cast<int>(command));
  return field == nullptr ? std::string_view() : std::string_view(field->name());
}
template <class Command>
std::string_view VerbOf(typename Command::BodyCase command) {
  const auto* field = Command::descriptor()->FindFieldByNumber(static_cast<int>(command));
  return field == nullptr ? std::string_view() : std::string_view(field->json_name());
}

}  // namespace kernel
