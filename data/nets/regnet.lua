-- RegNet (Radosavovic et al., arXiv:2003.13678, section 3.3): widths from a line, rounded to powers of wm. excite = 1: RegNetY.
local depth = param("depth", 13)
local w0, wa, wm = param("w0", 24), param("wa", 36.44), param("wm", 2.49)
local group_width = param("group_width", 8)
local excited = param("excite", 0) == 1

-- Halves go to the even neighbour, as the paper's own code has it.
local function round_even(x)
  local whole = round(x)
  return (whole - x == 0.5 and whole % 2 == 1) and whole - 1 or whole
end

local stages = {}  -- width and blocks
for j = 0, depth - 1 do
  local steps = round(math.log((w0 + wa * j) / w0) / math.log(wm))
  local w = round_even(w0 * wm ^ steps / 8) * 8
  if #stages > 0 and stages[#stages][1] == w then
    stages[#stages][2] = stages[#stages][2] + 1
  else
    stages[#stages + 1] = {w, 1}
  end
end

local function block(x, out, stride, group)
  local y = conv_bn(x, out, 1, {act = relu})
  y = conv_bn(y, out, 3, {stride = stride, groups = out // group, act = relu})
  if excited then y = excite(y, round(size(x) * 0.25), relu) end
  y = conv_bn(y, out, 1)
  if stride > 1 or size(x) ~= out then x = conv_bn(x, out, 1, {stride = stride}) end
  return relu(add(y, x))
end

local x = conv_bn(image(), 32, 3, {stride = 2, act = relu})
for _, s in ipairs(stages) do
  local group = math.min(group_width, s[1])
  local out = round_even(s[1] / group) * group
  for b = 1, s[2] do x = block(x, out, b == 1 and 2 or 1, group) end
end
classify(x, param("classes", 1000))
