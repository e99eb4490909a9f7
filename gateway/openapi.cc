#include "gateway/openapi.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <set>

#include "gateway/feed_api.h"
#include "gateway/json_shape.h"
#include "gateway/openapi_schema.h"
#include "gateway/path_template.h"
#include "gateway/self_check.h"
#include "gateway/session_api.h"
#include "gateway/set_field.h"

namespace gateway {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using Json = nlohmann::ordered_json;
using Kind = PathTemplate::Segment::Kind;

std::string Lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

Json ProblemSchema() {
  const Json text = {{"type", "string"}};
  return {
      {"type", "object"},
      {"description", "RFC 9457"},
      {"properties",
       {{"type", text},
        {"title", text},
        {"status", {{"type", "integer"}}},
        {"detail", {{"type", "string"}, {"description", "中文"}}},
        {"detail_en", text},
        {"instance", text},
        {"code", text},
        {"reason", text},
        {"domain", text},
        {"metadata", {{"type", "object"}, {"additionalProperties", text}}},
        {"errors",
         {{"type", "array"},
          {"items",
           {{"type", "object"},
            {"properties", {{"pointer", text}, {"detail", text}, {"detail_en", text}, {"code", text}}}}}}},
        {"requestId", text},
        {"retryAfterMs", {{"type", "integer"}}}}},
      {"required", {"type", "title", "status", "detail", "code", "reason", "requestId"}}};
}

Json ProblemAnswer() {
  return {
      {"description", "出错 problem"},
      {"content", {{"application/problem+json", {{"schema", {{"$ref", "#/components/schemas/Problem"}}}}}}}};
}

// OpenAPI knows neither "**" nor several segments in one parameter: each becomes a plain {name}.
std::string OpenApiPath(const PathTemplate& path) {
  std::string out;
  for (size_t i = 0; i < path.segments.size(); ++i) {
    const auto starts = std::find_if(path.variables.begin(), path.variables.end(),
                                     [&](const auto& v) { return v.first == i; });
    if (starts != path.variables.end()) {
      absl::StrAppend(&out, "/{", starts->field_path, "}");
      i = starts->last - 1;
    } else {
      out += "/" + (path.segments[i].kind == Kind::kLiteral ? path.segments[i].literal : std::string("_"));
    }
  }
  return path.verb.empty() ? out : absl::StrCat(out, ":", path.verb);
}

class Writer {
 public:
  Writer(const Catalog& catalog, const Comments& comments)
      : catalog_(catalog), comments_(comments), schemas_(catalog, comments) {}

  void Add(const Method& method, const Binding& binding, size_t number) {
    const auto path = ParsePathTemplate(binding.path);
    if (!path.ok()) return;  // the catalog has read it before
    Json operation;
    operation["tags"] = {method.service};
    operation["operationId"] =
        absl::StrCat(method.descriptor->full_name(), number == 0 ? "" : absl::StrCat(".", number));
    std::string comment = comments_.OfMethod(method.descriptor->full_name());
    operation["summary"] = comment.empty() ? method.descriptor->name() : comment;
    operation["parameters"] = Parameters(method, binding);
    if (binding.body != Binding::Body::kNone) operation["requestBody"] = Body(method, binding);
    operation["responses"] = {{"200", GoodAnswer(method, binding)},
                              {"default", {{"$ref", "#/components/responses/Problem"}}}};
    operation["security"] = Security(method);
    if (method.access.role_size() > 0) {
      Json roles = Json::array();
      for (const int role : method.access.role())
        roles.push_back(kernel::v1::Role_Name(static_cast<kernel::v1::Role>(role)));
      operation["x-roles"] = std::move(roles);
    }
    operation["x-rate-class"] = method.rate_class;
    paths_[OpenApiPath(*path)][Lower(binding.http_method)] = std::move(operation);
  }

  // Of the gateway itself.
  void AddOwn(const char* path, const char* verb, const char* id, const char* summary, const char* type) {
    Json answer = {{"description", "OK"}};
    if (type != nullptr) answer["content"] = {{type, {{"schema", {{"type", "object"}}}}}};
    paths_[path][verb] = {
        {"tags", {"gateway"}},
        {"operationId", id},
        {"summary", summary},
        {"responses",
         {{"200", std::move(answer)}, {"default", {{"$ref", "#/components/responses/Problem"}}}}},
        {"security", Json::array({Json::object(), {{"session", Json::array()}}})}};
  }

  Json Finish(std::string_view title, std::string_view version) {
    Json schemas = schemas_.components();
    schemas["Problem"] = ProblemSchema();
    Json tags = Json::array();
    std::set<std::string> seen;
    for (const auto& method : catalog_.methods()) {
      if (!seen.insert(method->service).second) continue;
      Json tag = {{"name", method->service}};
      if (std::string c = comments_.OfService(method->service); !c.empty()) tag["description"] = c;
      tags.push_back(std::move(tag));
    }
    tags.push_back({{"name", "gateway"}, {"description", "会话与实时动态 sessions and the live feed"}});
    return {{"openapi", "3.1.0"},
            {"info",
             {{"title", title},
              {"version", version},
              {"license", {{"name", "Apache-2.0"}, {"identifier", "Apache-2.0"}}}}},
            {"servers", Json::array({{{"url", "/"}}})},
            {"tags", std::move(tags)},
            {"paths", std::move(paths_)},
            {"components",
             {{"schemas", std::move(schemas)},
              {"responses", {{"Problem", ProblemAnswer()}}},
              {"securitySchemes",
               {{"bearer", {{"type", "http"}, {"scheme", "bearer"}, {"bearerFormat", "JWT"}}},
                {"session", {{"type", "apiKey"}, {"in", "cookie"}, {"name", "fq_session"}}}}}}}};
  }

 private:
  static Json Security(const Method& method) {
    Json any = Json::array();
    if (method.access.public_()) any.push_back(Json::object());
    any.push_back({{"bearer", Json::array()}});
    any.push_back({{"session", Json::array()}});
    return any;
  }

  // A file says its own content type.
  Json GoodAnswer(const Method& method, const Binding& binding) {
    if (method.gives_file) {
      const Json bytes = {{"type", "string"}, {"format", "binary"}};
      return {{"description", "OK"}, {"content", {{"*/*", {{"schema", bytes}}}}}};
    }
    const Descriptor* output = binding.response_field == nullptr ? method.descriptor->output_type()
                                                                 : binding.response_field->message_type();
    return {{"description", "OK"}, {"content", {{"application/json", {{"schema", schemas_.Ref(output)}}}}}};
  }

  static std::set<std::string> BoundNames(const Binding& binding) {
    std::set<std::string> names;
    for (const FieldPath& path : binding.variables) names.insert(DottedOf(path));
    return names;
  }

  Json Parameters(const Method& method, const Binding& binding) {
    Json out = Json::array();
    for (const FieldPath& path : binding.variables) {
      Json parameter = {{"name", DottedOf(path)}, {"in", "path"}, {"required", true}};
      parameter["schema"] = schemas_.OfField(path.back());
      out.push_back(std::move(parameter));
    }
    if (binding.body != Binding::Body::kAll) {
      const std::set<std::string> bound = BoundNames(binding);
      AddQuery(*method.descriptor->input_type(), "", "", binding, bound, 0, &out);
    }
    const auto header = [&](const char* name, bool required) {
      out.push_back(
          {{"name", name}, {"in", "header"}, {"required", required}, {"schema", {{"type", "string"}}}});
    };
    if (method.request_id != nullptr) header("Idempotency-Key", true);
    if (method.expected_version != nullptr) header("If-Match", false);
    if (binding.http_method == "GET") header("If-None-Match", false);
    return out;
  }

  void AddQuery(const Descriptor& message, const std::string& dotted, const std::string& name,
                const Binding& binding, const std::set<std::string>& bound, int depth, Json* out) {
    for (int i = 0; i < message.field_count(); ++i) {
      const FieldDescriptor* field = message.field(i);
      const std::string path = dotted + field->name();
      if (field->is_map() || field == binding.body_field || bound.contains(path)) continue;
      const bool nested = field->message_type() != nullptr && !HasOwnJson(*field->message_type());
      if (nested && (field->is_repeated() || depth >= 3)) continue;
      if (nested) {
        AddQuery(*field->message_type(), path + ".", name + field->json_name() + ".", binding, bound,
                 depth + 1, out);
        continue;
      }
      const auto* rule = catalog_.RuleOf(field);
      if (rule != nullptr && rule->output_only()) continue;
      Json parameter = {{"name", name + field->json_name()}, {"in", "query"}};
      if (rule != nullptr && rule->required() && depth == 0) parameter["required"] = true;
      parameter["schema"] = schemas_.OfField(field);
      out->push_back(std::move(parameter));
    }
  }

  Json Body(const Method& method, const Binding& binding) {
    Json schema;
    if (binding.body == Binding::Body::kField) {
      schema = schemas_.Ref(binding.body_field->message_type());
    } else {
      std::set<std::string> without;
      for (const FieldPath& path : binding.variables) {
        if (path.size() == 1) without.insert(path[0]->json_name());
      }
      schema = schemas_.Without(method.descriptor->input_type(), without);
    }
    return {{"required", true}, {"content", {{"application/json", {{"schema", std::move(schema)}}}}}};
  }

  const Catalog& catalog_;
  const Comments& comments_;
  OpenApiSchemas schemas_;
  Json paths_ = Json::object();
};

}  // namespace

std::string OpenApiJson(const Catalog& catalog, std::string_view title, std::string_view version,
                        std::string_view descriptor_set) {
  const Comments comments(descriptor_set);
  Writer writer(catalog, comments);
  for (const auto& method : catalog.methods()) {
    for (size_t i = 0; i < method->bindings.size(); ++i) writer.Add(*method, method->bindings[i], i);
  }
  writer.AddOwn(kSessionPath, "post", "gateway.SignIn", "网页登录 web sign-in", "application/json");
  writer.AddOwn(kSessionPath, "get", "gateway.Session", "当前会话 the session of this browser",
                "application/json");
  writer.AddOwn(kSessionPath, "delete", "gateway.SignOut", "退出登录 sign out", nullptr);
  writer.AddOwn(kFeedPath, "get", "gateway.Feed", "实时动态 live feed (Server-Sent Events)",
                "text/event-stream");
  writer.AddOwn(kSelfCheckPath, "get", "gateway.SelfCheck",
                "减负自检 what the program finds when it looks at itself against the product rules", "application/json");
  if (catalog.HasService("media.v1.Media")) {
    const std::string one = absl::StrCat(kUploadsPath, "/{id}");
    writer.AddOwn(kUploadsPath, "post", "gateway.CreateUpload", "新建上传 begin an upload (tus 1.0)", nullptr);
    writer.AddOwn(kUploadsPath, "options", "gateway.Uploads", "上传协议 what of tus is spoken", nullptr);
    writer.AddOwn(one.c_str(), "head", "gateway.UploadOffset", "上传进度 how far it is (tus 1.0)", nullptr);
    writer.AddOwn(one.c_str(), "patch", "gateway.AppendUpload", "续传 more of it (tus 1.0)", nullptr);
    writer.AddOwn(one.c_str(), "delete", "gateway.TerminateUpload", "取消上传 give it up (tus 1.0)", nullptr);
  }
  return writer.Finish(title, version).dump(1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace gateway
