-- MobileOne (Vasu et al., arXiv:2206.04040, table 2), as it is deployed: each block's branches are one convolution. S0 is as below; S1 96, 192, 512,
-- 1280 wide behind a stem of 64; S2 96, 256, 640, 2048.
local stem = param("stem", 48)
local stages = {{param("width1", 48), 2}, {param("width2", 128), 8}, {param("width3", 256), 10}, {param("width4", 1024), 1}}

local x = conv_act(image(), stem, 3, {stride = 2, act = relu})
for _, s in ipairs(stages) do
  for b = 1, s[2] do
    x = conv_act(x, size(x), 3, {stride = b == 1 and 2 or 1, groups = size(x), act = relu})
    x = conv_act(x, s[1], 1, {act = relu})
  end
end
classify(x, param("classes", 1000))
