-- EfficientFormer (Li et al., arXiv:2206.01191, section 4, table 3): L1 48, 96, 224, 448 wide with 3, 2, 6, 4 blocks, the last of which attends.
-- Its two heads are averaged.
local widths = {param("width1", 48), param("width2", 96), param("width3", 224), param("width4", 448)}
local depths = {param("blocks1", 3), param("blocks2", 2), param("blocks3", 6), param("blocks4", 4)}
local attending = param("attending", 1)
local heads, key, value = 8, 32, 128

local function pooling_block(x)
  x = add(x, layer_scale(sub(avgpool(x, 3, 1, 1), x)))
  local y = conv_bn(x, size(x) * 4, 1, {bias = true, act = gelu})
  return add(x, layer_scale(conv_bn(y, size(x), 1, {bias = true})))
end

-- A bias for each pair of tokens, by how many rows and columns lie between them.
local function position_biases(side)
  local n = side * side
  local places = {}
  for i = 0, n - 1 do
    for j = 0, n - 1 do places[#places + 1] = math.abs(i // side - j // side) * side + math.abs(i % side - j % side) end
  end
  return reshape(gather(learned({heads, n}), 1, places), {heads, n, n})
end

local function attention(t, side)
  local n, width = size(t), size(t, 1)
  local all = transpose(reshape(linear(t, heads * (2 * key + value)), {n, heads, 2 * key + value}), {1, 0, 2})
  local q, k, v = slice(all, 2, 0, key), slice(all, 2, key, 2 * key), slice(all, 2, 2 * key, 2 * key + value)
  local scores = add(scale(matmul(q, transpose(k, {0, 2, 1})), key ^ -0.5), position_biases(side))
  local seen = transpose(matmul(softmax(scores, 2), v), {1, 0, 2})
  return linear(reshape(seen, {n, heads * value}), width)
end

local function attention_block(t, side)
  local width = size(t, 1)
  local function scaled(y) return mul(y, learned({1, width})) end
  t = add(t, scaled(attention(layernorm(t), side)))
  return add(t, scaled(linear(gelu(linear(layernorm(t), width * 4)), width)))
end

local x = conv_bn(image(), widths[1] // 2, 3, {stride = 2, bias = true, act = relu})
x = conv_bn(x, widths[1], 3, {stride = 2, bias = true, act = relu})
for stage = 1, 4 do
  if stage > 1 then x = conv_bn(x, widths[stage], 3, {stride = 2, bias = true}) end
  for b = 1, depths[stage] - (stage == 4 and attending or 0) do x = pooling_block(x) end
end
local side = size(x, 1)
local t = tokens(x)
for b = 1, attending do t = attention_block(t, side) end
local features = mean(layernorm(t), 0)
local classes = param("classes", 1000)
output("logits", scale(add(linear(features, classes), linear(features, classes)), 0.5))
