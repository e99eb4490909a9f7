#include "gateway/self_check.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "base/calendar.h"
#include "gateway/limits.h"
#include "services/selfcheck/linked.h"

namespace gateway {
namespace {

using Json = nlohmann::ordered_json;
using selfcheck::Check;
using selfcheck::Proof;
using selfcheck::Rule;

struct Words {
  const char* id;
  const char* zh;
  const char* en;
};
// By Shown.
constexpr std::array<Words, 4> kShown = {{{"PASS", "通过", "passes"},
                                          {"FAIL", "不通过", "fails"},
                                          {"BY_TESTS", "由测试证明", "by tests"},
                                          {"NOT_SHOWN", "尚无证明", "not shown yet"}}};
const Words& TextOf(Shown shown) { return kShown[static_cast<size_t>(shown)]; }

// As the rest of the interface has its names.
std::string Text(std::string_view text) { return std::string(text); }

std::vector<const Check*> ChecksOf(std::string_view rule, const selfcheck::Walked& walked) {
  std::vector<const Check*> out;
  for (const Check& check : walked.checks) {
    if (check.rule == rule) out.push_back(&check);
  }
  return out;
}

std::vector<Proof> ProofsOf(std::string_view rule, std::span<const Proof> proofs) {
  std::vector<Proof> out;
  std::ranges::copy_if(proofs, std::back_inserter(out),
                       [&](const Proof& proof) { return proof.rule == rule; });
  return out;
}

Json JsonOf(const Check& check) {
  Json findings = Json::array(), exceptions = Json::array();
  for (const auto& finding : check.findings) {
    findings.push_back({{"name", finding.name}, {"zh", finding.zh}, {"en", finding.en}});
  }
  for (const auto& excused : check.excused) {
    exceptions.push_back({{"name", Text(excused.exception.name)},
                          {"reasonZh", Text(excused.exception.reason_zh)},
                          {"reasonEn", Text(excused.exception.reason_en)},
                          {"names", excused.names}});
  }
  return {{"zh", Text(check.zh)},
          {"en", Text(check.en)},
          {"lookedAt", check.looked_at},
          {"findings", std::move(findings)},
          {"exceptions", std::move(exceptions)}};
}

std::string Escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string English(std::string_view text) {
  return absl::StrCat("<span lang=\"en\">", Escaped(text), "</span>");
}
std::string Both(std::string_view zh, std::string_view en) {
  return absl::StrCat(Escaped(zh), " ", English(en));
}

constexpr std::string_view kHead = R"(<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>减负自检 Self-check</title>
<style>
@page { size: A4; margin: 16mm 15mm; }
body { margin: 0 auto; max-width: 46rem; padding: 1.5rem 1.25rem; color: #1d1d1b; background: #fff;
  font: 17px/1.55 "Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", sans-serif; }
h1 { margin: 0 0 .5rem; font-size: 1.9rem; }
h2 { margin: 0; font-size: 1.1rem; }
[lang="en"] { color: #555; font-size: .88em; font-weight: normal; }
section { padding: .8rem 0; border-top: 1px solid #bbb; break-inside: avoid; }
.result { float: right; margin-left: 1rem; padding: 0 .6rem; border: 2px solid #1d1d1b; font-weight: bold; }
.result.FAIL { background: #1d1d1b; color: #fff; }
.result.FAIL span { color: #fff; }
.result.NOT_SHOWN { border-style: dashed; }
ul { margin: .3rem 0 0; padding-left: 1.3rem; }
li { margin: .15rem 0; overflow-wrap: anywhere; }
code { font-family: "Noto Sans Mono CJK SC", "DejaVu Sans Mono", monospace; font-size: .86em; }
@media print { body { max-width: none; padding: 0; font-size: 10.5pt; } }
</style>
</head>
<body>
<h1>减负自检 <span lang="en">Self-check against formalism</span></h1>
)";

constexpr std::string_view kFoot = R"(<section>
<h2>怎么看 <span lang="en">How to read this</span></h2>
<ul>
<li>通过：程序刚才逐个看了自己的接口和存储结构，没有发现违反。看的是名称和选项，不是数据；行为由测试证明。
<span lang="en">passes: the program has just looked at each name and option of its interface and of what it
stores, and found no breach. Names, not data: behaviour is for tests.</span></li>
<li>由测试证明：本页看不到，列出的测试每次改动都要跑过。
<span lang="en">by tests: it cannot be seen from here; the tests named run at every change.</span></li>
<li>尚无证明：没有自查也没有测试，不当作做到。
<span lang="en">not shown yet: neither a check nor a test; it does not count as kept.</span></li>
<li>例外：名称像违反而实际不是的，逐条写明理由；不再需要的例外本身算不通过。
<span lang="en">exceptions: names that look like a breach and are none, each with its reason; one that is needed
no more fails the check.</span></li>
</ul>
<p>同样内容供程序读取：<code>/v1/self-check</code> <span lang="en">The same for machines.</span></p>
</section>
</body>
</html>
)";

std::string HtmlOf(const Check& check) {
  std::string out = absl::StrCat("<li>", Both(check.zh, check.en), "：看了 ", check.looked_at, " 处，");
  absl::StrAppend(&out, check.findings.empty() ? "没有发现违反。"
                                               : absl::StrCat("发现 ", check.findings.size(), " 处："));
  absl::StrAppend(&out,
                  English(absl::StrCat(check.looked_at, " looked at, ", check.findings.size(), " found.")));
  if (!check.findings.empty() || !check.excused.empty()) absl::StrAppend(&out, "<ul>");
  for (const auto& finding : check.findings) {
    absl::StrAppend(&out, "<li>✕ <code>", Escaped(finding.name), "</code> ", Both(finding.zh, finding.en),
                    "</li>\n");
  }
  for (const auto& excused : check.excused) {
    absl::StrAppend(&out, "<li>例外 ", English("exception"), " <code>", Escaped(excused.exception.name),
                    "</code> (", excused.names.size(), ")：",
                    Both(excused.exception.reason_zh, excused.exception.reason_en), "</li>\n");
  }
  if (!check.findings.empty() || !check.excused.empty()) absl::StrAppend(&out, "</ul>");
  return absl::StrCat(out, "</li>\n");
}

std::string HtmlOf(const Rule& rule, const SelfCheckResult& result) {
  const Words& shown = TextOf(ShownOf(rule.id, result.walked, result.proofs));
  std::string out =
      absl::StrCat("<section id=\"", Text(rule.id), "\">\n<p class=\"result ", shown.id, "\">", shown.zh, " ",
                   English(shown.en), "</p>\n<h2>", Text(rule.id), " ", Both(rule.zh, rule.en), "</h2>\n");
  const auto checks = ChecksOf(rule.id, result.walked);
  const auto proofs = ProofsOf(rule.id, result.proofs);
  if (checks.empty() && proofs.empty()) return absl::StrCat(out, "</section>\n");
  absl::StrAppend(&out, "<ul>\n");
  for (const Check* check : checks) absl::StrAppend(&out, HtmlOf(*check));
  for (const Proof& proof : proofs) {
    absl::StrAppend(&out, "<li>测试 ", English("test"), " <code>", Escaped(proof.test), "</code> (",
                    Escaped(proof.file), ")</li>\n");
  }
  return absl::StrCat(out, "</ul>\n</section>\n");
}

}  // namespace

Shown ShownOf(std::string_view rule, const selfcheck::Walked& walked, std::span<const Proof> proofs) {
  const auto checks = ChecksOf(rule, walked);
  if (std::ranges::any_of(checks, [](const Check* check) { return !check->findings.empty(); }))
    return Shown::kFail;
  if (!checks.empty()) return Shown::kPass;
  return ProofsOf(rule, proofs).empty() ? Shown::kNotShown : Shown::kByTests;
}

std::string SelfCheckJson(const SelfCheckResult& result) {
  Json rules = Json::array(), counts = Json::object();
  for (const Words& shown : kShown) counts[shown.id] = 0;
  for (const Rule& rule : selfcheck::Rules()) {
    const Words& shown = TextOf(ShownOf(rule.id, result.walked, result.proofs));
    counts[shown.id] = counts[shown.id].get<int>() + 1;
    Json checks = Json::array(), tests = Json::array();
    for (const Check* check : ChecksOf(rule.id, result.walked)) checks.push_back(JsonOf(*check));
    for (const Proof& proof : ProofsOf(rule.id, result.proofs)) {
      tests.push_back({{"test", Text(proof.test)}, {"file", Text(proof.file)}});
    }
    rules.push_back({{"id", Text(rule.id)},
                     {"zh", Text(rule.zh)},
                     {"en", Text(rule.en)},
                     {"result", shown.id},
                     {"checks", std::move(checks)},
                     {"tests", std::move(tests)}});
  }
  const selfcheck::Walked& walked = result.walked;
  const Json all = {{"checkedAtMs", result.at_ms},
                    {"version", result.version},
                    {"lookedAt",
                     {{"files", walked.files},
                      {"messages", walked.messages},
                      {"fields", walked.fields},
                      {"values", walked.values},
                      {"methods", walked.methods}}},
                    {"results", std::move(counts)},
                    {"rules", std::move(rules)}};
  return all.dump(1, ' ', false, Json::error_handler_t::replace);
}

std::string SelfCheckHtml(const SelfCheckResult& result) {
  const selfcheck::Walked& walked = result.walked;
  std::string out(kHead);
  absl::StrAppend(&out, "<p>正在运行的程序 (版本 ", Escaped(result.version), ") 于 ",
                  base::LocalText(result.at_ms), " 对自己的检查，对照减负规则 R1 至 R14，供备案。看了 ",
                  walked.files, " 个接口文件、", walked.messages, " 种消息、", walked.fields, " 个字段、",
                  walked.values, " 个枚举值、", walked.methods, " 个方法。<br>");
  absl::StrAppend(
      &out,
      English(absl::StrCat("What the running program found at itself, rule by rule, to be filed: ",
                           walked.messages, " messages, ", walked.fields, " fields, ", walked.values,
                           " values and ", walked.methods, " methods of ", walked.files, " files.")),
      "</p>\n");
  for (const Rule& rule : selfcheck::Rules()) absl::StrAppend(&out, HtmlOf(rule, result));
  return absl::StrCat(out, Text(kFoot));
}

void SelfCheck::Look() {
  const int64_t now_ms = clock_.NowMs();
  if (json_ != nullptr && std::abs(now_ms - looked_at_ms_) < kSelfCheckFreshMs) return;
  looked_at_ms_ = now_ms;
  const SelfCheckResult result{selfcheck::Walk(selfcheck::LinkedFiles(), selfcheck::Exceptions()),
                               selfcheck::Proofs(), now_ms, version_};
  json_ = std::make_shared<const std::string>(SelfCheckJson(result));
  html_ = std::make_shared<const std::string>(SelfCheckHtml(result));
}

HttpResponse SelfCheck::Serve(const HttpRequest& request) {
  Look();
  const bool page = request.path == kSelfCheckPage;
  HttpResponse response;
  response.Add("Content-Type", page ? "text/html; charset=utf-8" : "application/json")
      .Add("Cache-Control", "no-cache");
  response.Add("X-Content-Type-Options", "nosniff").Add("Referrer-Policy", "same-origin");
  // Its own style and nothing else: no script, no picture, no form.
  response.Add("Content-Security-Policy",
               "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
               "frame-ancestors 'none'");
  response.shared_body = page ? html_ : json_;
  return response;
}

}  // namespace gateway
