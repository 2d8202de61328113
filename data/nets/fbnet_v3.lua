-- FBNetV3 (Dai et al., arXiv:2006.02049, table 7 and what timm made of it): size = 0: B, 1: D, 2: G. Rows: kernel, expansion, out, blocks, stride,
-- excitation.
local variants = {
  {16, {16, 2}, 1344,
   {{5, 4, 24, 1, 2}, {5, 2, 24, 3, 1}, {5, 5, 40, 1, 2, true}, {5, 3, 40, 4, 1, true}, {5, 5, 72, 1, 2}, {3, 3, 72, 4, 1}, {3, 5, 120, 1, 1, true},
    {5, 3, 120, 5, 1, true}, {3, 6, 184, 1, 2, true}, {5, 4, 184, 5, 1, true}, {5, 6, 224, 1, 1, true}}},
  {24, {16, 2}, 1440,
   {{3, 5, 24, 1, 2}, {3, 2, 24, 5, 1}, {5, 4, 40, 1, 2, true}, {3, 3, 40, 4, 1, true}, {3, 5, 72, 1, 2}, {3, 3, 72, 4, 1}, {3, 5, 128, 1, 1, true},
    {5, 3, 128, 6, 1, true}, {3, 6, 208, 1, 2, true}, {5, 5, 208, 5, 1, true}, {5, 6, 240, 1, 1, true}}},
  {32, {24, 3}, 1728,
   {{5, 4, 40, 1, 2}, {5, 2, 40, 4, 1}, {5, 4, 56, 1, 2, true}, {5, 3, 56, 4, 1, true}, {5, 5, 104, 1, 2}, {3, 3, 104, 4, 1}, {3, 5, 160, 1, 1, true},
    {5, 3, 160, 8, 1, true}, {3, 6, 264, 1, 2, true}, {5, 5, 264, 6, 1, true}, {5, 6, 288, 2, 1, true}}}}
local variant = variants[param("size", 0) + 1]

-- The nearest multiple of eight, not below 95 hundredths.
local function nearly(x)
  local near = math.max(8, (x + 4) // 8 * 8)
  return math.tointeger(near < 0.95 * x and near + 8 or near)
end

local x = conv_bn(image(), variant[1], 3, {stride = 2, act = hardswish})
for b = 1, variant[2][2] do x = separable(x, {out = variant[2][1], kernel = 3, act = hardswish, skip = true}) end
for _, r in ipairs(variant[4]) do
  for b = 1, r[4] do
    x = inverted(x, {out = r[3], kernel = r[1], stride = b == 1 and r[5] or 1, wide = size(x) * r[2], act = hardswish,
                     reduced = r[6] and nearly(size(x) * 0.25), gate = hardsigmoid})
  end
end
x = conv_bn(x, variant[3], 1, {act = hardswish})
x = hardswish(conv(gap(x), 1984, 1))
output("logits", linear(flatten(x), param("classes", 1000)))
