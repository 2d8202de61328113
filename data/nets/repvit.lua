-- RepViT (Wang et al., arXiv:2307.09283, section 3), as it is deployed: the branches of each mixer are one convolution, the two heads one. M0.9 is 48
-- wide, M1.0 56, M1.1 64 with 12 blocks in stage 3.
local width = param("width", 48)
local depths = {2, 2, param("blocks3", 14), 2}

local function channel_mixer(x) return add(x, conv_act(conv_act(x, size(x) * 2, 1, {act = gelu}), size(x), 1)) end
local function block(x, excited)
  x = conv_act(x, size(x), 3, {groups = size(x)})
  if excited then x = excite(x, divisible(size(x) // 4), relu) end
  return channel_mixer(x)
end

local x = conv_act(image(), width // 2, 3, {stride = 2, act = gelu})
x = conv_act(x, width, 3, {stride = 2})
for stage, depth in ipairs(depths) do
  if stage > 1 then
    x = block(x, false)
    x = conv_act(x, size(x), 3, {stride = 2, groups = size(x)})
    x = channel_mixer(conv_act(x, size(x) * 2, 1))
  end
  for b = 1, depth do x = block(x, b % 2 == 1) end
end
classify(x, param("classes", 1000))
