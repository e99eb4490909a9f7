#pragma once
// Two tables say who may ask a command: the access rules of the methods, which the gateway and the edge of a service
// read before anything else, and the rules table of the domain, which answers "what may I do now". Where the first is
// narrower, somebody is offered what they are refused; where it is wider, it promises what nobody does.

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "kernel/v1/options.pb.h"

namespace tests {

// Roles of people by the name of a command, as the domain's table has them; a command of the platform alone has none.
using AskedBy = std::map<std::string, std::set<kernel::v1::Role>>;

// `service`: "petition.v1.Petitions". A method for anybody, or for whoever has signed in, leaves it to the table.
inline void ExpectGateAsTable(const std::string& service, const google::protobuf::Descriptor& command,
                              const AskedBy& table) {
  const auto* methods = command.file()->pool()->FindServiceByName(service);
  ASSERT_NE(methods, nullptr) << service;
  std::map<const google::protobuf::Descriptor*, kernel::v1::AccessRule> gate;
  for (int i = 0; i < methods->method_count(); ++i) {
    const auto* method = methods->method(i);
    gate[method->input_type()] = method->options().GetExtension(kernel::v1::access);
  }
  for (const auto& [name, wanted] : table) {
    const auto* field = command.FindFieldByName(name);
    ASSERT_NE(field, nullptr) << name;
    const auto at = gate.find(field->message_type());
    if (at == gate.end()) {
      EXPECT_TRUE(wanted.empty()) << name << " is for people, and no method takes it";
      continue;
    }
    const auto& rule = at->second;
    if (rule.public_() || rule.signed_in()) continue;
    std::set<kernel::v1::Role> admitted;
    for (const int role : rule.role()) admitted.insert(static_cast<kernel::v1::Role>(role));
    const auto named = [](const std::set<kernel::v1::Role>& roles) {
      std::string text;
      for (const auto role : roles) text += " " + kernel::v1::Role_Name(role);
      return text;
    };
    EXPECT_EQ(named(admitted), named(wanted)) << name << ": the method's roles are not those of the table";
  }
}

// Of a table whose rows have askers, each a role and a place (services/kernel/rule_table.h).
template <class Rules, class Name>
AskedBy RolesOf(const Rules& rules, Name name) {
  AskedBy roles;
  for (const auto& rule : rules) {
    auto& who = roles[std::string(name(rule.command))];
    for (const auto& asker : rule.askers) {
      using Where = decltype(asker.where);
      if (asker.where != Where::kNobody && asker.where != Where::kService) who.insert(asker.role);
    }
  }
  return roles;
}

// Roles that a row keeps as bits.
inline std::set<kernel::v1::Role> RolesIn(uint64_t bits) {
  std::set<kernel::v1::Role> roles;
  for (int role = kernel::v1::ROLE_PUB; role < kernel::v1::ROLE_SYS; ++role) {
    if ((bits >> role & 1) != 0) roles.insert(static_cast<kernel::v1::Role>(role));
  }
  return roles;
}

}  // namespace tests
