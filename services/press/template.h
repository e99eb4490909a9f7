#pragma once
// Page templates: Mustache (https://mustache.github.io/mustache.5.html), strict. A template is a piece of HTML; every
// value is escaped, always: the forms of Mustache that do not escape are refused when the template is read, and so is a
// value inside a tag, where escaping text would not be enough. A name that nobody filled is an error of ours and is
// told, never left empty on an official paper. Immutable after Read; any thread.
//
//   {{name}}               a text, escaped
//   {{#name}} … {{/name}}  for each row of a list; or once, if a flag is set
//   {{^name}} … {{/name}}  if a list is empty or a flag is not set
//   {{> name}}             another template of the same set
//
// A paragraph of class "text" becomes one for each line of what it holds.

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <list>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "services/press/source.h"

namespace press {

// What a template is filled with. A text also sets the flag "has_<name>".
class Values {
 public:
  Values& Text(std::string_view name, std::string_view text);
  Values& Flag(std::string_view name, bool value);
  Values& List(std::string_view name);  // at least there, if empty
  Values& Row(std::string_view list);   // a new row; stays valid. Names not found in it are looked for around it

  const std::map<std::string, std::string, std::less<>>& texts() const { return texts_; }
  const std::map<std::string, bool, std::less<>>& flags() const { return flags_; }
  const std::map<std::string, std::list<Values>, std::less<>>& lists() const { return lists_; }

 private:
  std::map<std::string, std::string, std::less<>> texts_;
  std::map<std::string, bool, std::less<>> flags_;
  std::map<std::string, std::list<Values>, std::less<>> lists_;
};

class Templates {
 public:
  // Those that every service uses (signatures, the square for a fingerprint), then `own`.
  static absl::StatusOr<Templates> Make(std::span<const Source> own);
  // INVALID_ARGUMENT, naming the template, if one is not strict.
  absl::Status Read(const Source& source);
  bool Has(std::string_view name) const { return texts_.contains(name); }
  // INTERNAL if a name is not filled or there is no such template.
  absl::StatusOr<std::string> Fill(std::string_view name, const Values& values) const;

 private:
  std::map<std::string, std::string, std::less<>> texts_;
};

std::string EscapeHtml(std::string_view text);

}  // namespace press
