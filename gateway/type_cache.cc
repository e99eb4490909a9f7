#include "gateway/type_cache.h"

#include <google/protobuf/util/type_resolver_util.h>

namespace gateway {

using google::protobuf::util::Status;

TypeCache::TypeCache(const std::string& url_prefix, const google::protobuf::DescriptorPool* pool)
    : source_(google::protobuf::util::NewTypeResolverForDescriptorPool(url_prefix, pool)) {}

Status TypeCache::ResolveMessageType(const std::string& url, google::protobuf::Type* type) {
  {
    absl::ReaderMutexLock lock(&mutex_);
    if (const auto known = messages_.find(url); known != messages_.end()) {
      *type = known->second;
      return {};
    }
  }
  Status status = source_->ResolveMessageType(url, type);
  if (!status.ok()) return status;  // not kept: what is asked for may come from outside and has no bound
  absl::MutexLock lock(&mutex_);
  messages_.try_emplace(url, *type);
  return status;
}

Status TypeCache::ResolveEnumType(const std::string& url, google::protobuf::Enum* type) {
  {
    absl::ReaderMutexLock lock(&mutex_);
    if (const auto known = enums_.find(url); known != enums_.end()) {
      *type = known->second;
      return {};
    }
  }
  Status status = source_->ResolveEnumType(url, type);
  if (!status.ok()) return status;
  absl::MutexLock lock(&mutex_);
  enums_.try_emplace(url, *type);
  return status;
}

}  // namespace gateway
