-- MnasNet (Tan et al., arXiv:1807.11626, figure 7). excite = 0: B1; 1: A1, with excitation. Rows: kernel, expansion, out, blocks, stride, excitation.
local a1 = param("excite", 0) == 1
local width = param("width", 1)
local b1_stages = {{3, 3, 24, 3, 2}, {5, 3, 40, 3, 2}, {5, 6, 80, 3, 2}, {3, 6, 96, 2, 1}, {5, 6, 192, 4, 2}, {3, 6, 320, 1, 1}}
local a1_stages = {{3, 6, 24, 2, 2}, {5, 3, 40, 3, 2, true}, {3, 6, 80, 4, 2}, {3, 6, 112, 2, 1, true}, {5, 6, 160, 3, 2, true}, {3, 6, 320, 1, 1}}

local x = conv_bn(image(), divisible(32 * width), 3, {stride = 2, act = relu})
x = separable(x, {out = divisible(16 * width), kernel = 3, act = relu})
for _, s in ipairs(a1 and a1_stages or b1_stages) do
  for b = 1, s[4] do
    local before = size(x)
    x = inverted(x, {out = divisible(s[3] * width), kernel = s[1], stride = b == 1 and s[5] or 1, wide = before * s[2], act = relu,
                     reduced = s[6] and math.max(1, before // 4)})
  end
end
x = conv_bn(x, 1280, 1, {act = relu})
classify(x, param("classes", 1000))
