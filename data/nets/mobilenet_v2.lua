-- MobileNet V2 (Sandler et al., arXiv:1801.04381, table 2). `fixed`: the stem and the head keep their widths, whatever the width is.
local width = param("width", 1)
local depth = param("depth", 1)
local fixed = param("fixed", 0) == 1
local stages = {{1, 16, 1, 1}, {6, 24, 2, 2}, {6, 32, 3, 2}, {6, 64, 4, 2}, {6, 96, 3, 1}, {6, 160, 3, 2}, {6, 320, 1, 1}}

local x = conv_bn(image(), fixed and 32 or divisible(32 * width), 3, {stride = 2, act = relu6})
for i, s in ipairs(stages) do
  local expand, out, blocks, stride = s[1], divisible(s[2] * width), s[3], s[4]
  if not (fixed and (i == 1 or i == #stages)) then blocks = math.ceil(blocks * depth) end
  for b = 1, blocks do
    x = inverted(x, {out = out, kernel = 3, stride = b == 1 and stride or 1, wide = size(x) * expand, act = relu6})
  end
end
x = conv_bn(x, fixed and 1280 or math.max(1280, divisible(1280 * width)), 1, {act = relu6})
classify(x, param("classes", 1000))
