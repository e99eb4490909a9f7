#include "services/press/template.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <kainjow/mustache.hpp>

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "base/status_macros.h"
#include "services/press/limits.h"
#include "services/press/press_pages.h"

namespace press {
namespace {

using kainjow::mustache::data;
using kainjow::mustache::mustache;

data DataOf(const Values& values) {
  data out{data::type::object};
  for (const auto& [name, text] : values.texts()) out.set(name, data(text));
  for (const auto& [name, flag] : values.flags()) out.set(name, data(flag));
  for (const auto& [name, rows] : values.lists()) {
    data list{data::type::list};
    for (const Values& row : rows) list.push_back(DataOf(row));
    out.set(name, list);
  }
  return out;
}

// Finds partials among the templates and remembers names that nobody filled.
class Lookup final : public kainjow::mustache::context<std::string> {
 public:
  Lookup(const data* values, const std::map<std::string, std::string, std::less<>>& texts)
      : context(values), texts_(texts) {}
  const data* get(const std::string& name) const override {
    const data* found = context::get(name);
    if (found == nullptr) missing_.insert(name);
    return found;
  }
  const data* get_partial(const std::string& name) const override {
    const auto it = texts_.find(name);
    if (it == texts_.end()) {
      missing_.insert("> " + name);
      return nullptr;
    }
    return &partials_.emplace(name, data(it->second)).first->second;
  }
  const std::set<std::string>& missing() const { return missing_; }

 private:
  const std::map<std::string, std::string, std::less<>>& texts_;
  mutable std::set<std::string> missing_;
  mutable std::map<std::string, data> partials_;
};

// What is wrong with the way a template names its values.
std::optional<std::string> Unsafe(std::string_view text) {
  bool in_tag = false;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text.substr(i, 2) == "{{") {
      const size_t at = text.find_first_not_of(" \t\r\n", i + 2);
      const char kind = at == std::string_view::npos ? ' ' : text[at];
      if (kind == '{' || kind == '&') return "a value that is not escaped";
      if (kind == '=') return "a change of the brackets";
      if (in_tag) return "a value inside a tag";
      const size_t end = text.find("}}", i);
      if (end == std::string_view::npos) return "an open bracket";
      i = end + 1;
      continue;
    }
    if (text[i] == '<') in_tag = true;
    if (text[i] == '>') in_tag = false;
  }
  for (const std::string_view tag : {"<script", "<style", "<iframe", "<object", "<link", "javascript:", "url("}) {
    if (text.find(tag) != std::string_view::npos) return absl::StrCat("\"", std::string(tag), "\"");
  }
  return std::nullopt;
}

// What was typed in several lines becomes as many paragraphs: each begins as a paragraph does, and a page may end
// between them. Only values stand between these tags, and values hold no tags: they are escaped.
std::string EachLineItself(std::string html) {
  constexpr std::string_view kBegin = "<p class=\"text", kEnd = "</p>";
  std::string out;
  std::string_view rest = html;
  for (size_t at = rest.find(kBegin); at != std::string_view::npos; at = rest.find(kBegin)) {
    const size_t text = rest.find('>', at), end = rest.find(kEnd, at);
    if (text == std::string_view::npos || end == std::string_view::npos || text > end) break;
    const std::string_view tag = rest.substr(at, text + 1 - at);
    out += rest.substr(0, at);
    std::string_view lines = rest.substr(text + 1, end - text - 1);
    bool any = false;
    while (!lines.empty()) {
      const std::string_view line = lines.substr(0, lines.find_first_of("\r\n"));
      lines.remove_prefix(std::min(lines.size(), line.size() + 1));
      if (line.find_first_not_of(" \t") == std::string_view::npos) continue;
      absl::StrAppend(&out, any ? "\n" : "", std::string(tag), std::string(line), std::string(kEnd));
      any = true;
    }
    if (!any) absl::StrAppend(&out, std::string(tag), std::string(kEnd));
    rest.remove_prefix(end + kEnd.size());
  }
  return out.append(rest);
}

}  // namespace

Values& Values::Text(std::string_view name, std::string_view text) {
  texts_.insert_or_assign(std::string(name), std::string(text));
  return Flag(absl::StrCat("has_", std::string(name)), !text.empty());
}

Values& Values::Flag(std::string_view name, bool value) {
  flags_.insert_or_assign(std::string(name), value);
  return *this;
}

Values& Values::List(std::string_view name) {
  lists_.try_emplace(std::string(name));
  return *this;
}

Values& Values::Row(std::string_view list) { return lists_[std::string(list)].emplace_back(); }

absl::StatusOr<Templates> Templates::Make(std::span<const Source> own) {
  Templates templates;
  for (const Source& source : pages::kPages) {
    if (source.name != "style") RETURN_IF_ERROR(templates.Read(source));
  }
  for (const Source& source : own) RETURN_IF_ERROR(templates.Read(source));
  return templates;
}

absl::Status Templates::Read(const Source& source) {
  const std::string name(source.name);
  auto wrong = [&](std::string_view why) {
    return absl::InvalidArgumentError(absl::StrCat("template ", name, ": ", std::string(why)));
  };
  if (source.text.size() > kTemplateBytesMax) return wrong("too long");
  if (const auto why = Unsafe(source.text)) return wrong(*why);
  mustache parsed{std::string(source.text)};
  if (!parsed.is_valid()) return wrong(parsed.error_message());
  texts_.insert_or_assign(name, std::string(source.text));
  return absl::OkStatus();
}

absl::StatusOr<std::string> Templates::Fill(std::string_view name, const Values& values) const {
  const auto it = texts_.find(name);
  if (it == texts_.end()) return absl::InternalError(absl::StrCat("no template ", std::string(name)));
  mustache parsed(it->second);
  const data filled = DataOf(values);
  Lookup lookup(&filled, texts_);
  std::string html = parsed.render(lookup);
  if (!parsed.is_valid()) return absl::InternalError(parsed.error_message());
  if (!lookup.missing().empty()) {
    return absl::InternalError(absl::StrCat("template ", std::string(name), " names what is not filled: ",
                                            absl::StrJoin(lookup.missing(), " ")));
  }
  html = EachLineItself(std::move(html));
  if (html.size() > kHtmlBytesMax) return absl::ResourceExhaustedError("the paper is too long");
  return html;
}

std::string EscapeHtml(std::string_view text) { return kainjow::mustache::html_escape(std::string(text)); }

}  // namespace press
