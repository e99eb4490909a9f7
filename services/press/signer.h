#pragma once
// One place for a signature on a paper: the list "signers" of the page sign.html. Pure.

#include <string_view>

#include "services/press/template.h"

namespace press {

struct Signer {
  std::string_view role = {};  // "甲方"
  std::string_view name = {};
  std::string_view date = {};  // empty: for the pen
  bool finger = false;         // a square for a fingerprint 指印
  bool stamp = false;          // an organisation puts its seal 盖章; nobody's finger
  std::string_view by = {};    // who signs for whoever is named, on a line of its own
};
void AddSigner(const Signer& signer, Values* values);

}  // namespace press
