-- EfficientNet (Tan and Le, arXiv:1905.11946, table 1): B0 is width 1, depth 1; B1 1, 1.1; B2 1.1, 1.2; B3 1.2, 1.4; B4 1.4, 1.8; B5 1.6, 2.2.
-- lite = 1: EfficientNet-Lite, without excitation, bounded, stem and head as they are. tiny = 1: TinyNet (Han et al., arXiv:2010.14819, table 2), the
-- stem as it is, the head not narrower, blocks rounded. same = 1 (as lite has it): padding and norms as TensorFlow's. Rows: kernel,
-- expansion, out, blocks, stride. Names of parameters are EfficientNet-PyTorch's, whose files have TensorFlow's weights (same = 1).
local width = param("width", 1)
local depth = param("depth", 1)
local lite = param("lite", 0) == 1
local tiny = param("tiny", 0) == 1
local same = param("same", lite and 1 or 0) == 1
local epsilon = same and 1e-3 or 1e-5
local act = lite and relu6 or silu
local stages = {{3, 1, 16, 1, 1}, {3, 6, 24, 2, 2}, {5, 6, 40, 2, 2}, {3, 6, 80, 3, 2}, {5, 6, 112, 3, 1}, {5, 6, 192, 4, 2}, {3, 6, 320, 1, 1}}

-- A layer, and its names: "_blocks.0._expand_conv" with "_blocks.0._bn0".
local function named(at, layer, norm, options)
  options.name, options.norm, options.same, options.epsilon = at .. layer, at .. norm, same, epsilon
  return options
end

local function block(x, at, o)
  local wide = size(x) * o.expansion
  local y = x
  if wide ~= size(x) then y = conv_bn(y, wide, 1, named(at, "_expand_conv", "_bn0", {act = act})) end
  y = depthwise_bn(y, o.kernel, named(at, "_depthwise_conv", "_bn1", {stride = o.stride, act = act}))
  if not lite then y = excite(y, math.max(1, size(x) // 4), act, sigmoid, at .. "_se_reduce", at .. "_se_expand") end
  y = conv_bn(y, o.out, 1, named(at, "_project_conv", "_bn2", {}))
  if o.stride == 1 and size(x) == o.out then y = add(y, x) end
  return y
end

local x = conv_bn(image(), (lite or tiny) and 32 or divisible(32 * width), 3, named("", "_conv_stem", "_bn0", {stride = 2, act = act}))
local number = 0
for i, s in ipairs(stages) do
  local blocks = tiny and math.max(1, round(s[4] * depth)) or math.ceil(s[4] * depth)
  if lite and (i == 1 or i == #stages) then blocks = s[4] end
  for b = 1, blocks do
    x = block(x, "_blocks." .. number .. ".", {kernel = s[1], expansion = s[2], out = divisible(s[3] * width), stride = b == 1 and s[5] or 1})
    number = number + 1
  end
end
local head = lite and 1280 or divisible(1280 * width)
x = conv_bn(x, tiny and math.max(1280, head) or head, 1, named("", "_conv_head", "_bn1", {act = act}))
classify(x, param("classes", 1000), "_fc")
