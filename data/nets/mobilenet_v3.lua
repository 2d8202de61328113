-- MobileNet V3 (Howard et al., arXiv:1905.02244, tables 1 and 2). small = 1: the small one. Rows: kernel, channels inside (over those before), out,
-- excitation, rectifier instead of hard swish, stride.
local small = param("small", 0) == 1
local width = param("width", 1)
local large_rows = {
  {3, 1, 16, false, true, 1}, {3, 4, 24, false, true, 2}, {3, 3, 24, false, true, 1}, {5, 3, 40, true, true, 2}, {5, 3, 40, true, true, 1},
  {5, 3, 40, true, true, 1}, {3, 6, 80, false, false, 2}, {3, 2.5, 80, false, false, 1}, {3, 2.3, 80, false, false, 1}, {3, 2.3, 80, false, false, 1},
  {3, 6, 112, true, false, 1}, {3, 6, 112, true, false, 1}, {5, 6, 160, true, false, 2}, {5, 6, 160, true, false, 1}, {5, 6, 160, true, false, 1}}
local small_rows = {
  {3, 1, 16, true, true, 2}, {3, 4.5, 24, false, true, 2}, {3, 3.67, 24, false, true, 1}, {5, 4, 40, true, false, 2}, {5, 6, 40, true, false, 1},
  {5, 6, 40, true, false, 1}, {5, 3, 48, true, false, 1}, {5, 3, 48, true, false, 1}, {5, 6, 96, true, false, 2}, {5, 6, 96, true, false, 1},
  {5, 6, 96, true, false, 1}}

local x = conv_bn(image(), width < 0.75 and 16 or divisible(16 * width), 3, {stride = 2, act = hardswish})
for _, r in ipairs(small and small_rows or large_rows) do
  local wide = divisible(size(x) * r[2])
  x = inverted(x, {out = divisible(r[3] * width), kernel = r[1], stride = r[6], wide = wide, act = r[5] and relu or hardswish,
                   reduced = r[4] and divisible(wide * 0.25), excite_act = relu, gate = hardsigmoid})
end
x = conv_bn(x, divisible((small and 576 or 960) * width), 1, {act = hardswish})
x = hardswish(conv(gap(x), small and 1024 or 1280, 1, {bias = true}))
output("logits", linear(flatten(x), param("classes", 1000)))
