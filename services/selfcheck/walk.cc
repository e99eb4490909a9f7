#include "services/selfcheck/walk.h"

#include <algorithm>
#include <cctype>
#include <functional>
#include <initializer_list>
#include <iterator>
#include <set>
#include <utility>

#include "kernel/v1/options.pb.h"

namespace selfcheck {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::FileDescriptor;
using google::protobuf::MethodDescriptor;

// The words of a name between spaces, " online minutes ": a phrase stands in it where it stands between spaces.
std::string Spaced(std::string_view name) {
  std::string out = " ";
  for (const std::string& word : WordsOf(name)) out += word + " ";
  return out;
}

bool Says(const std::string& spaced, std::string_view phrase) {
  for (size_t at = spaced.find(phrase); at != std::string::npos; at = spaced.find(phrase, at + 1)) {
    if (at > 0 && spaced[at - 1] == ' ' && spaced[at + phrase.size()] == ' ') return true;
  }
  return false;
}
bool SaysAny(const std::string& spaced, std::initializer_list<std::string_view> phrases) {
  return std::ranges::any_of(phrases, [&](std::string_view phrase) { return Says(spaced, phrase); });
}
std::string SpacedOf(const FieldDescriptor& field) { return Spaced(field.name()); }

// "*" stands for any characters.
bool Fits(std::string_view pattern, std::string_view name) {
  const size_t star = pattern.find('*');
  if (star == std::string_view::npos) return pattern == name;
  if (!name.starts_with(pattern.substr(0, star))) return false;
  const std::string_view rest = pattern.substr(star + 1);
  for (size_t at = star; at <= name.size(); ++at) {
    if (Fits(rest, name.substr(at))) return true;
  }
  return false;
}

kernel::v1::FieldRule RuleOf(const FieldDescriptor& field) {
  return field.options().GetExtension(kernel::v1::field);
}
bool IsPersonal(const FieldDescriptor& field) {
  return RuleOf(field).personal() != kernel::v1::PERSONAL_NONE;
}
bool IsDemanded(const FieldDescriptor& field) {
  return RuleOf(field).required() || RuleOf(field).min_length() > 0;
}

bool AsksWhoSomebodyIs(const FieldDescriptor& field) {
  return field.cpp_type() == FieldDescriptor::CPPTYPE_STRING &&
         SaysAny(SpacedOf(field),
                 {"phone", "telephone", "mobile", "id number", "id card", "identity number", "email",
                  "birthday", "birth date", "date of birth", "passport", "bank account"});
}
bool IsOfPictures(const FieldDescriptor& field) {
  return SaysAny(SpacedOf(field), {"photo", "photos", "picture", "pictures", "video", "videos", "image",
                                   "images", "attachment", "attachments"});
}

bool HasField(const Descriptor& message, const std::function<bool(const FieldDescriptor&)>& wanted) {
  for (int i = 0; i < message.field_count(); ++i) {
    if (wanted(*message.field(i))) return true;
  }
  return false;
}

bool IsPosition(const Descriptor& message) {
  const auto says = [&](std::initializer_list<std::string_view> words) {
    return HasField(message, [&](const FieldDescriptor& field) {
      return field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE && SaysAny(SpacedOf(field), words);
    });
  };
  return says({"lat", "latitude"}) && says({"lon", "lng", "longitude"});
}
// A place and the moment of being there.
bool IsReading(const Descriptor& message) {
  const bool place = IsPosition(message) || HasField(message, [](const FieldDescriptor& field) {
                       return field.message_type() != nullptr && IsPosition(*field.message_type());
                     });
  return place && HasField(message, [](const FieldDescriptor& field) {
           return SaysAny(SpacedOf(field), {"ms", "seconds", "time", "timestamp", "at"});
         });
}
bool IsTrack(const FieldDescriptor& field) {
  if (!field.is_repeated() || field.is_map()) return false;
  if (field.message_type() == nullptr)
    return SaysAny(SpacedOf(field),
                   {"lat", "latitude", "latitudes", "lon", "lng", "longitude", "longitudes"});
  return IsPosition(*field.message_type()) || IsReading(*field.message_type());
}

bool IsPerson(const Descriptor& message) {
  const std::string last = WordsOf(message.name()).back();
  static const std::set<std::string> kPeople = {
      "person",     "people", "party",     "user",     "account",  "worker",  "resident", "household",
      "petitioner", "member", "applicant", "mediator", "reporter", "officer", "staff",    "citizen"};
  return kPeople.contains(last) || HasField(message, IsPersonal);
}
bool JudgesAPerson(const FieldDescriptor& field) {
  static const std::set<std::string> kTypes = {"Risk", "Light", "Card", "Colour", "Color"};
  const std::string type = field.enum_type() != nullptr ? field.enum_type()->name() : "";
  return kTypes.contains(type) ||
         SaysAny(SpacedOf(field), {"risk", "colour", "color", "grade", "label", "labels", "tag", "tags",
                                   "danger", "dangerous", "trust", "credit", "score", "rank", "light"});
}

void Reach(const Descriptor& message, std::set<const Descriptor*>* reached) {
  if (!reached->insert(&message).second) return;
  for (int i = 0; i < message.field_count(); ++i) {
    if (message.field(i)->message_type() != nullptr) Reach(*message.field(i)->message_type(), reached);
  }
}

class Walker {
 public:
  explicit Walker(std::span<const Exception> exceptions) : exceptions_(exceptions) {}

  void Add(const FileDescriptor& file) {
    ++walked_.files;
    for (int i = 0; i < file.message_type_count(); ++i) AddMessage(*file.message_type(i));
    for (int i = 0; i < file.enum_type_count(); ++i) AddEnum(*file.enum_type(i));
    for (int s = 0; s < file.service_count(); ++s) {
      for (int m = 0; m < file.service(s)->method_count(); ++m) AddMethod(*file.service(s)->method(m));
    }
  }

  Walked Finish() {
    CheckWords("R1", "名称里没有排名、打卡、积分、在线时长、连续天数一类字段",
               "no name says ranking, check-in, points, online time or streaks");
    CheckWords("R2", "名称里没有数量指标、零报告一类字段", "no name says quotas or nil reports");
    CheckWords("R3", "名称里没有轨迹一类字段", "no name says tracks");
    CheckFields("R3", "没有一串位置：位置只在做事的那一刻记一次",
                "no row of positions: a place is read once, with an act", fields_, IsTrack);
    CheckPictures();
    CheckReports();
    CheckNotices();
    CheckFields(
        "R9", "请求里的电话、证件号都标明是个人信息，先进保险柜",
        "every request field for a telephone or identity number is marked and goes to the vault first",
        OfRequests(),
        [](const FieldDescriptor& field) { return AsksWhoSomebodyIs(field) && !IsPersonal(field); });
    CheckMassTasks();
    CheckWords("R14", "名称里没有打分、评级、重点人员、画像一类字段",
               "no name says scores, ratings, key persons or profiles");
    CheckPersons();
    CheckExceptions();
    std::ranges::stable_sort(walked_.checks, {},
                             [](const Check& check) { return std::stoi(std::string(check.rule.substr(1))); });
    return std::move(walked_);
  }

 private:
  using Fields = std::vector<const FieldDescriptor*>;
  using Test = std::function<bool(const FieldDescriptor&)>;

  void AddMessage(const Descriptor& message) {
    if (message.options().map_entry()) return;
    ++walked_.messages;
    messages_.push_back(&message);
    names_.push_back({message.full_name(), Spaced(message.name())});
    for (int i = 0; i < message.field_count(); ++i) {
      ++walked_.fields;
      fields_.push_back(message.field(i));
      names_.push_back({message.field(i)->full_name(), Spaced(message.field(i)->name())});
    }
    for (int i = 0; i < message.enum_type_count(); ++i) AddEnum(*message.enum_type(i));
    for (int i = 0; i < message.nested_type_count(); ++i) AddMessage(*message.nested_type(i));
  }
  void AddEnum(const EnumDescriptor& type) {
    names_.push_back({type.full_name(), Spaced(type.name())});
    for (int i = 0; i < type.value_count(); ++i) {
      ++walked_.values;
      names_.push_back({type.full_name() + "." + type.value(i)->name(), Spaced(type.value(i)->name())});
    }
  }
  void AddMethod(const MethodDescriptor& method) {
    ++walked_.methods;
    names_.push_back({method.full_name(), Spaced(method.name())});
    Reach(*method.input_type(), &requests_);
  }

  // Excused, or a finding.
  void Report(Check* check, const std::string& name, std::string zh, std::string en) {
    const auto exception = std::ranges::find_if(
        exceptions_, [&](const Exception& e) { return e.rule == check->rule && Fits(e.name, name); });
    if (exception == exceptions_.end()) {
      check->findings.push_back({name, std::move(zh), std::move(en)});
      return;
    }
    used_.insert(&*exception);
    const auto known = std::ranges::find_if(
        check->excused, [&](const Excused& e) { return e.exception.name == exception->name; });
    if (known == check->excused.end()) {
      check->excused.push_back({*exception, {name}});
    } else {
      known->names.push_back(name);
    }
  }

  void CheckWords(std::string_view rule, std::string_view zh, std::string_view en) {
    Check check{rule, zh, en, names_.size(), {}, {}};
    for (const auto& [name, spaced] : names_) {
      const auto word =
          std::ranges::find_if(Words(), [&](const Word& w) { return w.rule == rule && Says(spaced, w.en); });
      if (word == Words().end()) continue;
      const std::string said(word->en);
      Report(&check, name, "名称里有“" + said + "”", "its name says \"" + said + "\"");
    }
    walked_.checks.push_back(std::move(check));
  }

  void CheckFields(std::string_view rule, std::string_view zh, std::string_view en, const Fields& fields,
                   const Test& breaks) {
    Check check{rule, zh, en, fields.size(), {}, {}};
    for (const FieldDescriptor* field : fields) {
      if (breaks(*field))
        Report(&check, field->full_name(), "不是：" + std::string(zh), "not so: " + std::string(en));
    }
    walked_.checks.push_back(std::move(check));
  }

  Fields FieldsOf(const std::set<const Descriptor*>& messages) const {
    Fields out;
    for (const FieldDescriptor* field : fields_) {
      if (messages.contains(field->containing_type())) out.push_back(field);
    }
    return out;
  }
  Fields OfRequests() const { return FieldsOf(requests_); }

  // A picture is demanded where its field must be filled, or where a number or a yes asks for it. The second needs
  // room for the ground beside it.
  void CheckPictures() {
    Fields of_pictures;
    std::ranges::copy_if(fields_, std::back_inserter(of_pictures),
                         [](const FieldDescriptor* f) { return IsOfPictures(*f); });
    CheckFields("R3", "照片录像从不必填；要求照片的地方有依据一栏",
                "no picture is a required field; what asks for one has room for its ground", of_pictures,
                [](const FieldDescriptor& field) {
                  const auto type = field.cpp_type();
                  const bool asks = type != FieldDescriptor::CPPTYPE_MESSAGE &&
                                    type != FieldDescriptor::CPPTYPE_STRING &&
                                    type != FieldDescriptor::CPPTYPE_ENUM;
                  const bool grounded = HasField(*field.containing_type(), [](const FieldDescriptor& other) {
                    return other.cpp_type() == FieldDescriptor::CPPTYPE_STRING && IsOfPictures(other) &&
                           SaysAny(SpacedOf(other), {"ground", "reason", "article"});
                  });
                  return IsDemanded(field) || (asks && !grounded);
                });
  }

  void CheckReports() {
    std::set<const Descriptor*> reports;
    std::ranges::copy_if(messages_, std::inserter(reports, reports.end()), [&](const Descriptor* message) {
      return message->name() == "ReportRequest" && requests_.contains(message);
    });
    CheckFields("R6", "一线上报没有必填项：缺什么，中心来补",
                "a report from the field has no required field: the desk asks later", FieldsOf(reports),
                IsDemanded);
  }

  void CheckNotices() {
    std::set<const Descriptor*> notices;
    for (const Descriptor* message : messages_) {
      if (message->name() == "Notice") Reach(*message, &notices);
    }
    CheckFields("R9", "服务之间的通知里没有个人信息字段",
                "no notice between services has a field for personal data", FieldsOf(notices),
                [](const FieldDescriptor& field) { return IsPersonal(field) || AsksWhoSomebodyIs(field); });
  }

  // Whatever request asks something of the grids carries what its asker has seen of the cost.
  void CheckMassTasks() {
    Fields asking;
    std::ranges::copy_if(OfRequests(), std::back_inserter(asking), [](const FieldDescriptor* field) {
      return field->message_type() != nullptr && field->message_type()->name() == "Asked";
    });
    CheckFields("R13", "凡要求网格填报的请求，都带着布置者看过的用时",
                "every request that asks something of the grids carries the cost its asker has seen", asking,
                [](const FieldDescriptor& field) {
                  return field.containing_type()->FindFieldByName("seen_cost_minutes") == nullptr;
                });
  }

  void CheckPersons() {
    std::set<const Descriptor*> persons;
    std::ranges::copy_if(messages_, std::inserter(persons, persons.end()),
                         [](const Descriptor* m) { return IsPerson(*m); });
    CheckFields("R14", "记人的地方没有风险、颜色、等级、标签",
                "what holds a person has no risk, colour, grade or label", FieldsOf(persons), JudgesAPerson);
  }

  void CheckExceptions() {
    for (const Exception& exception : exceptions_) {
      if (used_.contains(&exception)) continue;
      const auto check =
          std::ranges::find_if(walked_.checks, [&](const Check& c) { return c.rule == exception.rule; });
      if (check == walked_.checks.end()) continue;
      check->findings.push_back({std::string(exception.name), "这条例外已经没有对应的名称，应删去",
                                 "this exception excuses nothing any more: remove it"});
    }
  }

  const std::span<const Exception> exceptions_;
  std::set<const Exception*> used_;
  Walked walked_;
  std::vector<std::pair<std::string, std::string>> names_;  // full, and in words
  std::vector<const Descriptor*> messages_;
  Fields fields_;
  std::set<const Descriptor*> requests_;
};

}  // namespace

std::vector<Word> SaidIn(std::string_view sentence) {
  std::string letters(sentence);
  std::ranges::replace_if(
      letters, [](char c) { return std::isalpha(static_cast<unsigned char>(c)) == 0; }, ' ');
  const std::string spaced = Spaced(letters);
  std::vector<Word> said;
  std::ranges::copy_if(Words(), std::back_inserter(said), [&](const Word& word) {
    return Says(spaced, word.en) || (!word.zh.empty() && sentence.find(word.zh) != std::string_view::npos);
  });
  return said;
}

std::vector<std::string> WordsOf(std::string_view name) {
  std::vector<std::string> words(1);
  bool lower_before = false;
  for (const char c : name) {
    const bool upper = std::isupper(static_cast<unsigned char>(c)) != 0;
    const bool ends = c == '_' || c == ' ' || c == '-' || c == '.';
    if ((ends || (upper && lower_before)) && !words.back().empty()) words.emplace_back();
    if (!ends) words.back() += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    lower_before = !ends && !upper;
  }
  if (words.size() > 1 && words.back().empty()) words.pop_back();
  return words;
}

Walked Walk(std::span<const FileDescriptor* const> files, std::span<const Exception> exceptions) {
  Walker walker(exceptions);
  for (const FileDescriptor* file : files) walker.Add(*file);
  return walker.Finish();
}

}  // namespace selfcheck
