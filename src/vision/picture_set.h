// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Workloads made of a folder of pictures, or of a tar archive: "pictures:FOLDER", or "pictures:FOLDER,COUNT" for an even share of them.
// What a picture shows is said by the folder that it lies in (cat/0001.jpg), or by a WordNet number that its name begins with
// (n01440764_tench.jpg). Pictures of neither kind, and those of nets that find other things than classes, have no label.
#pragma once

#include <string>
#include <vector>

#include "base/status.h"
#include "core/workload.h"
#include "vision/image.h"
#include "vision/model_card.h"

namespace tradewind {

// A sample's id: the picture's path, or an archive's with '@', offset, '+' and bytes; then '#' and its label where there is one.
struct PictureRef {
  std::string path;
  int64_t label = -1;
  uint64_t offset = 0, bytes = 0;  // which part of an archive; 0 bytes: the whole file
};
std::string ToSampleId(const PictureRef& picture);
PictureRef ParseSampleId(const std::string& id);
// As ReadImage (image.h); of an archive its part.
Result<Image> ReadPicture(const PictureRef& picture);

// What a net takes for pictures, and their labels (-1 where there is none).
struct PictureInputs {
  std::vector<Tensor> tensors{};
  std::vector<int64_t> labels{};
};
// All of a workload of LoadPictures, for an input as SidesOf has it.
Result<PictureInputs> ReadInputs(const Workload& workload, const ModelCard& card, const GraphEdge& edge);

// The recalled samples are pictures, in the order of their names. WordNet numbers become labels in their order, where there are as many as
// the card has labels. kNotFound for no folder, kInvalidInput for one without pictures, for a label that the card does not have, or another
// spec.
Result<Workload> LoadPictures(const std::string& spec, const ModelCard& card);

}  // namespace tradewind
