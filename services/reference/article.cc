#include "services/reference/article.h"

#include <algorithm>
#include <optional>
#include <span>
#include <utility>

namespace reference {
namespace {

using Pair = std::pair<std::string_view, std::string_view>;

constexpr std::string_view kDefault = "平台默认";
constexpr std::string_view kCategory = "事件分类 ";

constexpr Pair kNames[] = {
    {"人民法院在线调解规则", "Rules of the People's Courts on Online Mediation"},
    {"人民调解法", "People's Mediation Law"},
    {"人民调解工作若干规定", "Provisions on People's Mediation Work"},
    {"劳动争议调解仲裁法", "Labour Dispute Mediation and Arbitration Law"},
    {"医疗纠纷预防和处理条例", "Regulations on the Prevention and Handling of Medical Disputes"},
    {"道路交通安全法实施条例", "Regulations implementing the Road Traffic Safety Law"},
    {"民事诉讼法", "Civil Procedure Law"},
    {"信访工作条例", "Regulations on Petition Work"},
    {"山东省信访条例", "Petition Regulations of Shandong"},
    {"山东省政务服务热线管理办法（2020）", "Shandong Measures for Government Service Hotlines (2020)"},
    {"最高人民法院关于人民法院特邀调解的规定", "Provisions of the Supreme People's Court on Invited Mediation"},
    {"德州市“重点工作攻坚年”实施方案（2020）“接诉即办”：15个工作日办结",
     "Dezhou Implementation Plan of 2020 (swift response to appeals): done within 15 working days"},
    {"德州市“重点工作攻坚年”实施方案（2020）“接诉即办”：1个工作日核实",
     "Dezhou Implementation Plan of 2020 (swift response to appeals): verified within 1 working day"},
    {"德州市“重点工作攻坚年”实施方案（2020）“接诉即办”：30个工作日办结",
     "Dezhou Implementation Plan of 2020 (swift response to appeals): done within 30 working days"},
    {"德州市“重点工作攻坚年”实施方案（2020）“接诉即办”：3个工作日回应",
     "Dezhou Implementation Plan of 2020 (swift response to appeals): answered within 3 working days"},
};

// What the platform says of itself behind "平台默认：".
constexpr Pair kNotes[] = {
    {"书面反馈依信访工作条例第四十条，期限参照山东省信访条例第五十九条",
     "the written answer by the Regulations on Petition Work, art. 40; its period as in the Petition Regulations of "
     "Shandong, art. 59"},
    {"人民法院委派的依人民法院在线调解规则第十二条",
     "if assigned by a court, Rules of the People's Courts on Online Mediation, art. 12"},
    {"人民调解工作若干规定第三十六条“适时”", "Provisions on People's Mediation Work, art. 36 (\"in due time\")"},
    {"信访工作条例第十八条未定期限", "Regulations on Petition Work, art. 18, names no period"},
    {"信访工作条例第二十九条未定期限", "Regulations on Petition Work, art. 29, names no period"},
    {"信访工作条例第三十二条未定期限", "Regulations on Petition Work, art. 32, names no period"},
    {"信访工作条例第二十五条“及时”", "Regulations on Petition Work, art. 25 (\"promptly\")"},
    {"参照人民法院在线调解规则第十五条", "as in the Rules of the People's Courts on Online Mediation, art. 15"},
    {"当月最后一个工作日", "the last working day of the month"},
    {"一般预警一个工作日，强预警两小时", "one working day, two hours for a strong warning"},
    {"强预警两小时", "two hours for a strong warning"},  // of clocks that were started before
    {"次月7日止核实，8日零时冻结", "verified until the 7th of the next month, frozen when the 8th begins"},
    {"见 yellow_percent、yellow_at_least", "see yellow_percent, yellow_at_least"},
};

// Where no provision names the period but somebody does, or a table does.
constexpr Pair kGrounds[] = {
    {"依纠纷类型，见 mediation.textproto", "by the type of the dispute, see mediation.textproto"},
    {"德州市“四色”督查：每月10日公示上月情况，遇休息日不顺延",
     "four-colour supervision of Dezhou: the month before is published on the 10th, rest day or not"},
    {"批示要求的报告期限", "by when the instruction asks for a report"},
    {"督查反馈的整改期限", "by when the inspection asks that it be put right"},
};

std::string_view Among(std::span<const Pair> pairs, std::string_view text) {
  const auto at = std::ranges::find(pairs, text, &Pair::first);
  return at == pairs.end() ? std::string_view() : at->second;
}

bool Take(std::string_view* text, std::string_view front) {
  if (!text->starts_with(front)) return false;
  text->remove_prefix(front.size());
  return true;
}

// A Chinese numeral below a thousand at the front of `text`; 0: none.
int TakeNumber(std::string_view* text) {
  constexpr std::string_view kDigits[] = {"一", "二", "三", "四", "五", "六", "七", "八", "九"};
  int sum = 0;
  int digit = 0;
  while (true) {
    bool taken = Take(text, "零");
    for (int i = 0; i < 9 && !taken; ++i) {
      if (Take(text, kDigits[i])) {
        digit = i + 1;
        taken = true;
      }
    }
    if (!taken && Take(text, "十")) {
      sum += (digit == 0 ? 1 : digit) * 10;
      digit = 0;
      taken = true;
    }
    if (!taken && Take(text, "百")) {
      sum += digit * 100;
      digit = 0;
      taken = true;
    }
    if (!taken) return sum + digit;
  }
}

// "第三十三条第二款" at the front of `text` -> ", art. 33, para. 2".
std::optional<std::string> TakePlace(std::string_view* text) {
  std::string out;
  constexpr Pair kParts[] = {{"条", "art."}, {"款", "para."}, {"项", "item"}};
  while (Take(text, "第")) {
    const int number = TakeNumber(text);
    bool known = false;
    for (const auto& [zh, en] : kParts) {
      if (number == 0 || known || !Take(text, zh)) continue;
      out += ", " + std::string(en) + " " + std::to_string(number);
      known = true;
    }
    if (!known) return std::nullopt;
  }
  return out;
}

// One or more provisions, joined by "、".
std::optional<std::string> Citations(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    std::string_view rest = text;
    std::string_view name;
    for (const auto& [zh, en] : kNames) {
      if (name.empty() && Take(&rest, zh)) name = en;
    }
    if (name.empty() && out.empty()) return std::nullopt;
    const auto place = TakePlace(&rest);
    if (!place || (name.empty() && place->empty())) return std::nullopt;
    if (!name.empty()) {
      out += (out.empty() ? "" : "; ") + std::string(name) + *place;
    } else {
      out += *place;  // a further article of the same law
    }
    if (!rest.empty() && !Take(&rest, "、")) return std::nullopt;
    text = rest;
  }
  return out;
}

}  // namespace

std::string ArticleEn(std::string_view article) {
  std::string_view rest = article;
  if (Take(&rest, kCategory)) return "incident category " + std::string(rest);
  if (const auto ground = Among(kGrounds, article); !ground.empty()) return std::string(ground);
  if (!Take(&rest, kDefault)) return Citations(article).value_or(std::string(article));
  if (rest.empty()) return "platform default";
  if (!Take(&rest, "：")) return std::string(article);
  if (const auto note = Among(kNotes, rest); !note.empty()) return "platform default: " + std::string(note);
  return "platform default: " + Citations(rest).value_or(std::string(rest));
}

}  // namespace reference
