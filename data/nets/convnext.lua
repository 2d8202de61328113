-- ConvNeXt (Liu et al., arXiv:2201.03545, section 2; the small ones are of timm): width 40, 48, 64 with 2, 2, 6, 2 blocks are atto, femto, pico;
-- 80 with 2, 2, 8, 2 nano; 96 with 3, 3, 9, 3 tiny.
local width = param("width", 96)
local depths = {param("blocks1", 3), param("blocks2", 3), param("blocks3", 9), param("blocks4", 3)}

local function block(x)
  local y = layernorm2d(conv(x, size(x), 7, {groups = size(x), bias = true}))
  y = conv_act(conv_act(y, 4 * size(x), 1, {act = gelu}), size(x), 1)
  return add(x, layer_scale(y))
end

local x = layernorm2d(conv(image(), width, 4, {stride = 4, padding = 0, bias = true}))
for stage = 1, 4 do
  if stage > 1 then x = conv(layernorm2d(x), 2 * size(x), 2, {stride = 2, padding = 0, bias = true}) end
  for b = 1, depths[stage] do x = block(x) end
end
output("logits", linear(layernorm(flatten(gap(x))), param("classes", 1000)))
