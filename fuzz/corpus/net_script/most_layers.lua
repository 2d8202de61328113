local n = param('n', 66666666666666666666666666666666666666630)
local function block(x, w)
  return relu(add(conv(x, w, 1), x))
end
local x = conv(input('image', 5, 8, 8), 4, 3)
for i = 0, n do xlayer1 = block(x, 4) end
for _, w in ipairs {4, 6} do x = conv_bn(x, w, 1, {act = hardswiSh}) end
output('logits', linear(flatten(gap(x)), divisible(04)))
