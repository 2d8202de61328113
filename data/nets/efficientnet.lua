-- EfficientNet (Tan and Le, arXiv:1905.11946, table 1): B0 is width 1, depth 1; B1 1, 1.1; B2 1.1, 1.2; B3 1.2, 1.4; B4 1.4, 1.8; B5 1.6, 2.2.
-- lite = 1: EfficientNet-Lite, without excitation, bounded, stem and head as they are. tiny = 1: TinyNet (Han et al., arXiv:2010.14819, table 2), the
-- stem as it is, the head not narrower, blocks rounded. Rows: kernel, expansion, out, blocks, stride.
local width = param("width", 1)
local depth = param("depth", 1)
local lite = param("lite", 0) == 1
local tiny = param("tiny", 0) == 1
local act = lite and relu6 or silu
local stages = {{3, 1, 16, 1, 1}, {3, 6, 24, 2, 2}, {5, 6, 40, 2, 2}, {3, 6, 80, 3, 2}, {5, 6, 112, 3, 1}, {5, 6, 192, 4, 2}, {3, 6, 320, 1, 1}}

local x = conv_bn(image(), (lite or tiny) and 32 or divisible(32 * width), 3, {stride = 2, act = act})
for i, s in ipairs(stages) do
  local blocks = tiny and math.max(1, round(s[4] * depth)) or math.ceil(s[4] * depth)
  if lite and (i == 1 or i == #stages) then blocks = s[4] end
  for b = 1, blocks do
    local before = size(x)
    x = inverted(x, {out = divisible(s[3] * width), kernel = s[1], stride = b == 1 and s[5] or 1, wide = before * s[2], act = act,
                     reduced = not lite and math.max(1, before // 4)})
  end
end
local head = lite and 1280 or divisible(1280 * width)
x = conv_bn(x, tiny and math.max(1280, head) or head, 1, {act = act})
classify(x, param("classes", 1000))
