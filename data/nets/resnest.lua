-- ResNeSt (Zhang et al., arXiv:2004.08955, section 3): split attention in ResNet-D's bottlenecks. radix 2, cardinality 1, base_width 64 is
-- ResNeSt-50; fused = 0 makes each split a convolution of its own.
local depths = {param("blocks1", 3), param("blocks2", 4), param("blocks3", 6), param("blocks4", 3)}
local radix = param("radix", 2)
local cardinality = param("cardinality", 1)
local base = param("base_width", 64)
local stem = param("stem", 32)
local fused = param("fused", 1) == 1

-- The channels of split s of r.
local function part(x, s, r)
  local each = size(x) // r
  return slice(x, 0, (s - 1) * each, s * each)
end

local function split_attention(x, width)
  local splits = {}
  if fused then
    local y = conv_bn(x, width * radix, 3, {groups = cardinality * radix, act = relu})
    for s = 1, radix do splits[s] = radix > 1 and part(y, s, radix) or y end
  else
    for s = 1, radix do splits[s] = conv_bn(radix > 1 and part(x, s, radix) or x, width, 3, {groups = cardinality, act = relu}) end
  end
  local sum = splits[1]
  for s = 2, radix do sum = add(sum, splits[s]) end
  local inner = math.max(32, divisible(width * radix * 0.25))
  local a = relu(bn(conv(gap(sum), inner, 1, {groups = cardinality, bias = true})))
  a = conv(a, width * radix, 1, {groups = cardinality, bias = true})
  if radix == 1 then return mul(sum, sigmoid(a)) end
  -- Over the splits of each channel: [cardinality][radix][channels].
  a = softmax(transpose(reshape(a, {cardinality, radix, width // cardinality}), {1, 0, 2}), 0)
  a = reshape(a, {radix * width, 1, 1})
  local out = mul(splits[1], part(a, 1, radix))
  for s = 2, radix do out = add(out, mul(splits[s], part(a, s, radix))) end
  return out
end

local function block(x, planes, stride)
  local width = planes * base // 64 * cardinality
  local y = split_attention(conv_bn(x, width, 1, {act = relu}), width)
  if stride > 1 then y = avgpool(y, 3, 2, 1) end
  y = conv_bn(y, planes * 4, 1)
  if stride > 1 or size(x) ~= planes * 4 then
    if stride > 1 then x = avgpool(x, 2, 2) end
    x = conv_bn(x, planes * 4, 1)
  end
  return relu(add(y, x))
end

local x = conv_bn(image(), stem, 3, {stride = 2, act = relu})
x = conv_bn(x, stem, 3, {act = relu})
x = conv_bn(x, stem * 2, 3, {act = relu})
x = maxpool(x, 3, 2, 1)
for stage, planes in ipairs {64, 128, 256, 512} do
  for b = 1, depths[stage] do x = block(x, planes, (stage > 1 and b == 1) and 2 or 1) end
end
classify(x, param("classes", 1000))
