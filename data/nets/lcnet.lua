-- PP-LCNet (Cui et al., arXiv:2109.15099, table 1). The four choices of section 3, each of which can be left: hard swish (act = 0: rectifier),
-- excitation near the end (excite = 0), kernels of five near the end (large = 0), a wide layer before the classes (head = 0).
local width = param("width", 1)
local act = param("act", 1) == 1 and hardswish or relu
local excited = param("excite", 1) == 1
local large = param("large", 1) == 1 and 5 or 3
local head = param("head", 1) == 1
local rows = {{3, 32, 1}, {3, 64, 2}, {3, 64, 1}, {3, 128, 2}, {3, 128, 1}, {3, 256, 2}, {large, 256, 1}, {large, 256, 1}, {large, 256, 1}, {large, 256, 1},
              {large, 256, 1}, {large, 512, 2, true}, {large, 512, 1, true}}

local x = conv_bn(image(), divisible(16 * width), 3, {stride = 2, act = act})
for _, r in ipairs(rows) do
  x = separable(x, {out = divisible(r[2] * width), kernel = r[1], stride = r[3], act = act, act_behind = true,
                    reduced = r[4] and excited and size(x) // 4, excite_act = relu, gate = hardsigmoid})
end
x = gap(x)
if head then x = act(conv(x, 1280, 1, {bias = true})) end
output("logits", linear(flatten(x), param("classes", 1000)))
