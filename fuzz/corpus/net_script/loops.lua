local n = param('n', 2)
local function block(x, w)
  return relu(add(conv(x, w, 3), x))
end
local x = conv(input('image', 3, 8, 8), 4, 3)
for i = 1, n do x = block(x, 4) end
for _, w in ipairs {4, 6} do x = conv_bn(x, w, 1, {act = hardswish}) end
output('logits', linear(flatten(gap(x)), divisible(10)))
