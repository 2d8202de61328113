-- FBNet-C (Wu et al., arXiv:1812.03443, table 6). Rows: kernel, expansion, out, blocks, stride.
local rows = {
  {3, 1, 16, 1, 1}, {3, 6, 24, 1, 2}, {3, 1, 24, 2, 1}, {5, 6, 32, 1, 2}, {5, 3, 32, 1, 1}, {5, 6, 32, 1, 1}, {3, 6, 32, 1, 1}, {5, 6, 64, 1, 2},
  {5, 3, 64, 1, 1}, {5, 6, 64, 2, 1}, {5, 6, 112, 3, 1}, {5, 3, 112, 1, 1}, {5, 6, 184, 4, 2}, {3, 6, 352, 1, 1}}

local x = conv_bn(image(), 16, 3, {stride = 2, act = relu})
for _, r in ipairs(rows) do
  for b = 1, r[4] do
    x = inverted(x, {out = r[3], kernel = r[1], stride = b == 1 and r[5] or 1, wide = size(x) * r[2], expand = true, act = relu})
  end
end
classify(conv_bn(x, 1984, 1, {act = relu}), param("classes", 1000))
