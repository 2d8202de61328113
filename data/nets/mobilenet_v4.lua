-- MobileNetV4 (Qin et al., arXiv:2404.10518, tables 12 and 13), those of convolutions alone: size = 0: small, 1: medium. Rows: out, expansion, kernel
-- before the expansion (0: none), kernel behind it (0: none), stride, blocks.
local width = param("width", 1)
local medium = param("size", 0) == 1
local small_rows = {
  {96, 3, 5, 5, 2, 1}, {96, 2, 0, 3, 1, 4}, {96, 4, 3, 0, 1, 1}, {128, 6, 3, 3, 2, 1}, {128, 4, 5, 5, 1, 1}, {128, 4, 0, 5, 1, 1}, {128, 3, 0, 5, 1, 1},
  {128, 4, 0, 3, 1, 2}}
local medium_rows = {
  {80, 4, 3, 5, 2, 1}, {80, 2, 3, 3, 1, 1}, {160, 6, 3, 5, 2, 1}, {160, 4, 3, 3, 1, 2}, {160, 4, 3, 5, 1, 1}, {160, 4, 3, 3, 1, 1}, {160, 4, 3, 0, 1, 1},
  {160, 2, 0, 0, 1, 1}, {160, 4, 3, 0, 1, 1}, {256, 6, 5, 5, 2, 1}, {256, 4, 5, 5, 1, 1}, {256, 4, 3, 5, 1, 2}, {256, 4, 0, 0, 1, 1}, {256, 4, 3, 0, 1, 1},
  {256, 2, 3, 5, 1, 1}, {256, 4, 5, 5, 1, 1}, {256, 4, 0, 0, 1, 2}, {256, 2, 5, 0, 1, 1}}

-- The universal inverted bottleneck (section 3).
local function universal(x, out, expansion, before, behind, stride)
  local y = x
  if before > 0 then y = depthwise_bn(y, before, {stride = behind == 0 and stride or 1}) end
  y = conv_bn(y, divisible(size(x) * expansion), 1, {act = relu})
  if behind > 0 then y = depthwise_bn(y, behind, {stride = stride, act = relu}) end
  y = conv_bn(y, out, 1)
  return stride == 1 and size(x) == out and add(y, x) or y
end

local x = conv_bn(image(), width < 0.75 and 32 or divisible(32 * width), 3, {stride = 2, act = relu})
if medium then
  x = conv_bn(conv_bn(x, size(x) * 4, 3, {stride = 2, act = relu}), divisible(48 * width), 1)
else
  for _, out in ipairs {32, 96} do
    x = conv_bn(x, divisible(out * width), 3, {stride = 2, act = relu})
    x = conv_bn(x, divisible((out == 96 and 64 or 32) * width), 1, {act = relu})
  end
end
for _, r in ipairs(medium and medium_rows or small_rows) do
  for b = 1, r[6] do x = universal(x, divisible(r[1] * width), r[2], r[3], r[4], r[5]) end
end
x = conv_bn(x, divisible(960 * width), 1, {act = relu})
x = conv_bn(gap(x), 1280, 1, {act = relu})
output("logits", linear(flatten(x), param("classes", 1000)))
