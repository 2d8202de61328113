-- RepVGG (Ding et al., arXiv:2101.03697, table 2), as it is deployed: convolutions of three, nothing beside them. A0 is a = 0.75, b = 2.5; A1 1, 2.5;
-- A2 1.5, 2.75; B0 1, 2.5 with 4, 6, 16, 1 blocks.
local a, b = param("a", 0.75), param("b", 2.5)
local stages = {{64 * a, param("blocks1", 2)}, {128 * a, param("blocks2", 4)}, {256 * a, param("blocks3", 14)}, {512 * b, param("blocks4", 1)}}

local x = conv_act(image(), math.tointeger(math.min(64, 64 * a)), 3, {stride = 2, act = relu})
for _, s in ipairs(stages) do
  for block = 1, s[2] do x = conv_act(x, math.tointeger(s[1]), 3, {stride = block == 1 and 2 or 1, act = relu}) end
end
classify(x, param("classes", 1000))
