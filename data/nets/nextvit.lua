-- Next-ViT (Li et al., arXiv:2207.05501, section 3, table 3), as it is deployed: the norms before a fully connected layer are folded into it.
-- blocks3 = 10: small, 20: base, 30: large.
local blocks3 = param("blocks3", 10)
local heads_of = 32  -- channels of a head

local function embed(x, out, stride)
  if stride == 2 then x = avgpool(x, 2, 2) end
  if stride == 2 or size(x) ~= out then x = conv_bn(x, out, 1) end
  return x
end

-- Attention by convolutions in groups, a head each.
local function convolutional_attention(x)
  return conv(conv_bn(x, size(x), 3, {groups = size(x) // heads_of, act = relu}), size(x), 1)
end

local function mlp(x, ratio) return conv_act(conv_act(x, size(x) * ratio, 1, {act = relu}), size(x), 1) end

local function convolution_block(x, out, stride)
  x = embed(x, out, stride)
  x = add(x, convolutional_attention(x))
  return add(x, mlp(x, 3))
end

-- Keys and values are of the means of `reduce` squared tokens in a row.
local function attention(x, reduce)
  local width = size(x)
  local heads = width // heads_of
  local t = tokens(x)
  local function part(from, order) return transpose(reshape(linear(from, width), {size(from), heads, heads_of}), order) end
  local few = t
  if reduce > 1 then few = mean(reshape(t, {size(t) // reduce ^ 2, reduce ^ 2, width}), 1) end
  local q, k, v = part(t, {1, 0, 2}), part(few, {1, 2, 0}), part(few, {1, 0, 2})
  local seen = matmul(softmax(matmul(scale(q, heads_of ^ -0.5), k), 2), v)
  local out = linear(reshape(transpose(seen, {1, 0, 2}), {size(t), width}), width)
  return picture(out, size(x, 1), size(x, 2))
end

local function transformer_block(x, out, stride, reduce)
  local global = divisible(out * 3 // 4, 32)
  x = embed(x, global, stride)
  x = add(x, attention(x, reduce))
  local near = embed(x, out - global, 1)
  near = add(near, convolutional_attention(near))
  x = concat({x, near})
  return add(x, mlp(x, 2))
end

local x = conv_bn(image(), 64, 3, {stride = 2, act = relu})
x = conv_bn(x, 32, 3, {act = relu})
x = conv_bn(x, 64, 3, {act = relu})
x = conv_bn(x, 64, 3, {stride = 2, act = relu})
for b = 1, 3 do x = convolution_block(x, 96, 1) end
for b = 1, 3 do x = convolution_block(x, 192, b == 1 and 2 or 1) end
x = transformer_block(x, 256, 1, 4)
for b = 1, blocks3 do
  local stride = b == 1 and 2 or 1
  x = b % 5 == 0 and transformer_block(x, 512, stride, 2) or convolution_block(x, 384, stride)
end
for b = 1, 2 do x = convolution_block(x, 768, b == 1 and 2 or 1) end
x = transformer_block(x, 1024, 1, 1)
classify(bn(x), param("classes", 1000))
