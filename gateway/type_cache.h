#pragma once
// What protobuf's JSON reader and writer ask of every message they meet: its type, described as a message of its
// own. The library describes it anew each time; here each type is described once. The types of a catalog never
// change. Any thread.

#include <absl/base/thread_annotations.h>
#include <absl/container/flat_hash_map.h>
#include <absl/synchronization/mutex.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/type.pb.h>
#include <google/protobuf/util/type_resolver.h>

#include <memory>
#include <string>

namespace gateway {

class TypeCache final : public google::protobuf::util::TypeResolver {
 public:
  // `url_prefix` "type.googleapis.com". The pool outlives the cache.
  TypeCache(const std::string& url_prefix, const google::protobuf::DescriptorPool* pool);

  google::protobuf::util::Status ResolveMessageType(const std::string& url, google::protobuf::Type* type) override;
  google::protobuf::util::Status ResolveEnumType(const std::string& url, google::protobuf::Enum* type) override;

 private:
  const std::unique_ptr<google::protobuf::util::TypeResolver> source_;
  absl::Mutex mutex_;
  absl::flat_hash_map<std::string, google::protobuf::Type> messages_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<std::string, google::protobuf::Enum> enums_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace gateway
