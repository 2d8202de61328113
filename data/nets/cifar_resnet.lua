-- Residual nets for pictures of 32 x 32 (He et al., arXiv:1512.03385, section 4.2): 6n + 2 layers, shortcuts without weights (option A).
-- n = 3, 5, 7, 9: ResNet-20, -32, -44, -56.
local n = param("n", 3)
local classes = param("classes", 10)

local function conv_bn(x, width, stride, at, number)
  return bn(conv(x, width, 3, {stride = stride, name = at .. "conv" .. number}), {name = at .. "bn" .. number})
end

-- Every second pixel, and as many channels of zeros before as behind.
local function shortcut(x, width)
  local missing = width - size(x)
  x = slice(slice(x, 1, 0, size(x, 1), 2), 2, 0, size(x, 2), 2)
  return pad_channels(x, missing // 2, missing - missing // 2)
end

local x = relu(conv_bn(input("image", 3, 32, 32), 16, 1, "", 1))
for stage, width in ipairs {16, 32, 64} do
  for block = 0, n - 1 do
    local stride = (stage > 1 and block == 0) and 2 or 1
    local at = "layer" .. stage .. "." .. block .. "."
    local y = relu(conv_bn(x, width, stride, at, 1))
    y = conv_bn(y, width, 1, at, 2)
    if stride > 1 then x = shortcut(x, width) end
    x = relu(add(y, x))
  end
end
output("logits", linear(flatten(gap(x)), classes, {name = "linear"}))
