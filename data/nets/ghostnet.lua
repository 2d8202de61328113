-- GhostNet (Han et al., arXiv:1911.11907, table 1). Rows: kernel, channels inside, out, excitation, stride.
local width = param("width", 1)
local rows = {
  {3, 16, 16, false, 1}, {3, 48, 24, false, 2}, {3, 72, 24, false, 1}, {5, 72, 40, true, 2}, {5, 120, 40, true, 1}, {3, 240, 80, false, 2},
  {3, 200, 80, false, 1}, {3, 184, 80, false, 1}, {3, 184, 80, false, 1}, {3, 480, 112, true, 1}, {3, 672, 112, true, 1}, {5, 672, 160, true, 2},
  {5, 960, 160, false, 1}, {5, 960, 160, true, 1}, {5, 960, 160, false, 1}, {5, 960, 160, true, 1}}

-- Half of the channels by a convolution, the other half from those by a cheap one.
local function ghost(x, out, act)
  local half = (out + 1) // 2
  local first = conv_bn(x, half, 1, {act = act})
  local both = concat({first, depthwise_bn(first, 3, {act = act})})
  return size(both) > out and slice(both, 0, 0, out) or both
end

local x = conv_bn(image(), divisible(16 * width, 4), 3, {stride = 2, act = relu})
for _, r in ipairs(rows) do
  local kernel, wide, out, stride = r[1], divisible(r[2] * width, 4), divisible(r[3] * width, 4), r[5]
  local y = ghost(x, wide, relu)
  if stride > 1 then y = depthwise_bn(y, kernel, {stride = stride}) end
  if r[4] then y = excite(y, divisible(wide * 0.25, 4), relu, hardsigmoid) end
  y = ghost(y, out)
  if stride > 1 or size(x) ~= out then x = conv_bn(depthwise_bn(x, kernel, {stride = stride}), out, 1) end
  x = add(y, x)
end
x = conv_bn(x, divisible(960 * width, 4), 1, {act = relu})
x = relu(conv(gap(x), 1280, 1, {bias = true}))
output("logits", linear(flatten(x), param("classes", 1000)))
