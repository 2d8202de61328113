-- MobileNet (Howard et al., arXiv:1704.04861, table 1), bounded activations. Rows: out, stride.
local width = param("width", 1)
local rows = {{64, 1}, {128, 2}, {128, 1}, {256, 2}, {256, 1}, {512, 2}, {512, 1}, {512, 1}, {512, 1}, {512, 1}, {512, 1}, {1024, 2}, {1024, 1}}

local x = conv_bn(image(), divisible(32 * width), 3, {stride = 2, act = relu6})
for _, r in ipairs(rows) do
  x = separable(x, {out = divisible(r[1] * width), kernel = 3, stride = r[2], act = relu6, act_behind = true})
end
classify(x, param("classes", 1000))
