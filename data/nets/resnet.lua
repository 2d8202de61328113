-- Residual nets (He et al., arXiv:1512.03385) and what came of them: ResNet-D's stem and shortcuts (arXiv:1812.01187, section 4.2), groups
-- (ResNeXt, arXiv:1611.05431). blocks1 .. blocks4: 2,2,2,2 is ResNet-18; 3,4,6,3 -34, and with bottlenecks -50; 3,4,23,3 -101.
local depths = {param("blocks1", 3), param("blocks2", 4), param("blocks3", 6), param("blocks4", 3)}
local bottleneck = param("bottleneck", 1) == 1
local d = param("d", 0) == 1
local groups = param("groups", 1)
local base = param("base_width", 64)

local function shortcut(x, out, stride)
  if stride == 1 and size(x) == out then return x end
  if d then
    if stride > 1 then x = avgpool(x, 2, 2) end
    return conv_bn(x, out, 1)
  end
  return conv_bn(x, out, 1, {stride = stride})
end

local function block(x, width, stride)
  if not bottleneck then
    local y = conv_bn(conv_bn(x, width, 3, {stride = stride, act = relu}), width, 3)
    return relu(add(y, shortcut(x, width, stride)))
  end
  local inner = width * base // 64 * groups
  local y = conv_bn(x, inner, 1, {act = relu})
  y = conv_bn(y, inner, 3, {stride = stride, groups = groups, act = relu})
  y = conv_bn(y, width * 4, 1)
  return relu(add(y, shortcut(x, width * 4, stride)))
end

local x = image()
if d then
  x = conv_bn(x, 32, 3, {stride = 2, act = relu})
  x = conv_bn(x, 32, 3, {act = relu})
  x = conv_bn(x, 64, 3, {act = relu})
else
  x = conv_bn(x, 64, 7, {stride = 2, act = relu})
end
x = maxpool(x, 3, 2, 1)
for stage = 1, 4 do
  for i = 1, depths[stage] do
    x = block(x, 64 << (stage - 1), (stage > 1 and i == 1) and 2 or 1)
  end
end
classify(x, param("classes", 1000))
